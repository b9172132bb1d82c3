using System.Globalization;
using System.Text.RegularExpressions;

namespace Sahulat.Messaging.Wording;

/// <summary>What an operator's scrubber compares (TRAI, TCCCPR 2018): the text must equal the registered template byte for byte around its variables, and each variable must be of its kind.</summary>
internal static partial class Dlt
{
    /// <summary>Where a text leaves its registered template. <paramref name="Position"/> counts UTF-16 units from 0; <paramref name="Expected"/> is the registered text there.</summary>
    public sealed record Mismatch(int Position, string Expected);

    /// <summary>TRAI: 0 to 30 characters a variable.</summary>
    private const int Longest = 30;

    private static readonly string[] Signs = ["var", "numeric", "alphanumeric", "url", "urlott", "cbn", "email"];

    public static string Tag(string type) => $"{{#{(Signs.Contains(type) ? type : "var")}#}}";

    public static Mismatch? Compare(string registered, string text)
    {
        var pieces = Variable().Split(registered);
        var kinds = Variable().Matches(registered).Select(m => m.Groups[1].Value).ToArray();
        // Split with one group gives text, kind, text, kind, …, text.
        var literals = pieces.Where((_, i) => i % 2 == 0).ToArray();
        var pattern = new System.Text.StringBuilder("^").Append(Regex.Escape(literals[0]));
        for (var i = 0; i < kinds.Length; i++) pattern.Append('(').Append(Kind(kinds[i])).Append(')').Append(Regex.Escape(literals[i + 1]));
        if (Regex.IsMatch(text, pattern.Append("\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromMilliseconds(200))) return null;
        return Where(literals, kinds, text);
    }

    /// <summary>Promotional messages, and service messages by consent, go out between 10:00 and 21:00 in India only (error 651).</summary>
    public static DateTimeOffset Allowed(string category, DateTimeOffset at)
    {
        if (category is not ("promotional" or "service-explicit")) return at;
        var local = at.ToOffset(TimeSpan.FromMinutes(330));
        if (local.Hour >= 10 && local.Hour < 21) return at;
        var day = local.Hour < 10 ? local.Date : local.Date.AddDays(1);
        return new DateTimeOffset(day.AddHours(10), local.Offset).ToUniversalTime();
    }

    /// <summary>Refusals by DLT scrubbing: the same elsewhere, so neither retried nor sent through another provider.</summary>
    public static bool IsRefusal(string? code) => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 600 and <= 670;

    private static Mismatch Where(string[] literals, string[] kinds, string text)
    {
        var at = Common(literals[0], text, 0);
        if (at < literals[0].Length) return new(at, literals[0][at..]);
        for (var i = 0; i < kinds.Length; i++)
        {
            var next = literals[i + 1];
            var found = next.Length == 0 ? (i == kinds.Length - 1 ? text.Length : at) : text.IndexOf(next, at, StringComparison.Ordinal);
            if (found < 0) return new(at, $"{{#{kinds[i]}#}}{next}");
            if (!Regex.IsMatch(text[at..found], $"^(?:{Kind(kinds[i])})\\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)) return new(at, $"{{#{kinds[i]}#}}");
            at = found + next.Length;
        }

        return new(Math.Min(at, text.Length), "");
    }

    private static int Common(string a, string b, int from)
    {
        var n = from;
        while (n < a.Length && n < b.Length && a[n] == b[n]) n++;
        return n;
    }

    private static string Kind(string kind) => kind switch
    {
        "numeric" => $"\\d{{0,{Longest}}}",
        "alphanumeric" or "var" => $".{{0,{Longest}}}",
        "cbn" => "\\+?\\d{3,15}",
        "email" => "[^\\s@]{1,64}@[^\\s@]{1,190}",
        // Links and app links: one word with a registered domain, which the operator knows.
        _ => "\\S{1,100}",
    };

    [GeneratedRegex(@"\{#([a-z]+)#\}")]
    private static partial Regex Variable();
}
