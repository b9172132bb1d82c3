using System.Text;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Templates;

/// <param name="Text">What the person reads. For email the plain part.</param>
/// <param name="Values">In the template's order, for channels that fill an approved template themselves.</param>
internal sealed record Rendered(string Channel, string Lang, string? Subject, string Text, string? Encoding, int Segments, string[] Values);

/// <summary>Fills a template. Values are plain text: markup, hidden characters and line breaks have no place in them.</summary>
internal static class Rendering
{
    public static Rendered Render(Template template, string channel, Lang asked, IReadOnlyDictionary<string, string> values)
    {
        var lang = template.Language(channel, asked);
        var words = template.Words(channel)!;
        var body = words.Body[lang];
        var plain = channel is "sms" or "ussd" or "voice";
        var gsm = plain && Gsm7.Holds(template.Variables.Aggregate(body, (t, v) => t.Replace($"{{{v.Name}}}", "", StringComparison.Ordinal)));
        var isolate = !plain && Lang.Find(lang)!.RightToLeft;
        string Value(string name) => gsm ? Gsm7.Plain(values[name]) : isolate && !IsLink(values[name]) ? $"\u2068{values[name]}\u2069" : values[name];
        var text = Fill(template, body, Value);
        var subject = words.Subject is { } subjects ? Fill(template, subjects.GetValueOrDefault(lang) ?? subjects["en"], Value) : null;
        var measured = plain ? Gsm7.Measure(text) : null;
        return new(channel, lang, subject, text, measured?.Encoding, measured?.Parts ?? 1, [.. template.Variables.Select(v => values[v.Name])]);
    }

    /// <summary>Every value that is missing, too many, too long or not plain, with its pointer.</summary>
    public static void Check(Template template, IReadOnlyDictionary<string, string> values, string pointer, Check check)
    {
        foreach (var name in values.Keys)
            check.That(template.Variables.Any(v => v.Name == name), $"{pointer}/{Escape(name)}", "unknown-field");
        foreach (var v in template.Variables)
        {
            var at = $"{pointer}/{Escape(v.Name)}";
            if (!check.That(values.TryGetValue(v.Name, out var value) && value.Length > 0, at, "required")) continue;
            check.That(value!.Length <= v.Max, at, "too-long", v.Max);
            check.That(!value.Any(Hidden), at, "control-characters");
            check.That(!Markup(value), at, "markup");
            if (v.Type == "numeric") check.That(value.All(char.IsDigit), at, "not-a-number");
            if (v.Type == "url") check.That(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http", at, "bad-format");
        }
    }

    /// <summary>What stands around an address would become a part of it where a program makes it a link.</summary>
    private static bool IsLink(string value) => value.StartsWith("https://", StringComparison.Ordinal) || value.StartsWith("http://", StringComparison.Ordinal);

    private static bool Hidden(char c) => char.IsControl(c) || c is '\u202a' or '\u202b' or '\u202c' or '\u202d' or '\u202e' or '\ufeff' or '\ufffe' or '\uffff';

    private static bool Markup(string value)
    {
        for (var i = value.IndexOf('<', StringComparison.Ordinal); i >= 0 && i + 1 < value.Length; i = value.IndexOf('<', i + 1))
            if (char.IsAsciiLetter(value[i + 1]) || value[i + 1] is '/' or '!' or '?') return true;
        return false;
    }

    private static string Fill(Template template, string text, Func<string, string> value)
    {
        var filled = new StringBuilder(text.Length + 60);
        for (var i = 0; i < text.Length;)
        {
            var open = text.IndexOf('{', i);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0) return filled.Append(text, i, text.Length - i).ToString();
            var name = text[(open + 1)..close];
            filled.Append(text, i, open - i);
            if (template.Variables.Any(v => v.Name == name)) filled.Append(value(name));
            else filled.Append(text, open, close - open + 1);
            i = close + 1;
        }

        return filled.ToString();
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
