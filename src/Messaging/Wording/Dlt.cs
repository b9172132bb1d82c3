using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

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

    /// <summary>Whether this installation sends SMS to Indian numbers only as registered.</summary>
    public static bool Required(IConfiguration configuration) => configuration["Sahulat:Messaging:Dlt"] == "required";

    public static Mismatch? Compare(string registered, string text)
    {
        var (literals, gaps) = Pieces(registered);
        var pattern = new System.Text.StringBuilder("^").Append(Regex.Escape(literals[0]));
        for (var i = 0; i < gaps.Count; i++) pattern.Append('(').Append(gaps[i].Pattern).Append(')').Append(Regex.Escape(literals[i + 1]));
        if (Regex.IsMatch(text, pattern.Append("\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1))) return null;
        return Where(literals, gaps, text);
    }

    /// <summary>The fixed texts, and what may stand between each two of them. Variables side by side are one longer one.</summary>
    private static (List<string> Literals, List<Gap> Gaps) Pieces(string registered)
    {
        var (literals, gaps, from) = (new List<string>(), new List<Gap>(), 0);
        foreach (Match m in Variable().Matches(registered))
        {
            var (before, kind) = (registered[from..m.Index], m.Groups[1].Value);
            from = m.Index + m.Length;
            if (before.Length == 0 && gaps.Count > 0 && gaps[^1].Kind == kind && Kind(kind, 2) != Kind(kind, 1)) gaps[^1] = gaps[^1] with { Count = gaps[^1].Count + 1 };
            else
            {
                literals.Add(before);
                gaps.Add(new(kind, 1));
            }
        }

        literals.Add(registered[from..]);
        return (literals, gaps);
    }

    private sealed record Gap(string Kind, int Count)
    {
        public string Pattern => Dlt.Kind(Kind, Count);
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

    private static Mismatch Where(List<string> literals, List<Gap> gaps, string text)
    {
        var at = Common(literals[0], text, 0);
        if (at < literals[0].Length) return new(at, literals[0][at..]);
        for (var i = 0; i < gaps.Count; i++)
        {
            var next = literals[i + 1];
            var found = next.Length == 0 ? (i == gaps.Count - 1 ? text.Length : at) : text.IndexOf(next, at, StringComparison.Ordinal);
            if (found < 0) return new(at, $"{{#{gaps[i].Kind}#}}{next}");
            if (!Regex.IsMatch(text[at..found], $"^(?:{gaps[i].Pattern})\\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)) return new(at, $"{{#{gaps[i].Kind}#}}");
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

    private static string Kind(string kind, int count) => kind switch
    {
        "numeric" => $"\\d{{0,{Longest * count}}}",
        "alphanumeric" or "var" => $".{{0,{Longest * count}}}",
        "cbn" => "\\+?\\d{3,15}",
        "email" => "[^\\s@]{1,64}@[^\\s@]{1,190}",
        // Links and app links: one word with a registered domain, which the operator knows.
        _ => "\\S{1,100}",
    };

    [GeneratedRegex(@"\{#([a-z]+)#\}")]
    private static partial Regex Variable();
}
