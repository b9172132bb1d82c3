using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Certify;

/// <summary>The words of a certificate with the answers filled in.</summary>
internal sealed partial class CertificateText(IReadOnlyList<SummaryRow> rows, string place, string reference, Lang lang)
{
    /// <summary>The names in braces, in their order.</summary>
    public static IEnumerable<string> Names(string template) => Named().Matches(template).Select(m => m.Groups[1].Value).Distinct();

    /// <param name="escape">Applied to every word and every value; each value is set off in its own direction.</param>
    public string Fill(string template, Func<string, string> escape)
    {
        var html = new StringBuilder(template.Length * 2);
        var at = 0;
        foreach (Match match in Named().Matches(template))
        {
            var value = Value(match.Groups[1].Value);
            // A number or date of a few letters is not broken at its hyphens.
            html.Append(escape(template[at..match.Index])).Append(value.Length <= 20 && !value.Contains(' ') ? "<b class=\"n\"><bdi>" : "<b><bdi>").Append(escape(value)).Append("</bdi></b>");
            at = match.Index + match.Length;
        }

        return html.Append(escape(template[at..])).ToString();
    }

    /// <summary>One answer as people read it; the rows of a group and the parts of a person one after another.</summary>
    public string Value(string name) => name switch
    {
        "place" => Clean(place),
        "reference" => reference,
        _ => Clean(rows.FirstOrDefault(r => r.Pointer == "/" + name)?.Value ?? string.Join(Between, rows.Where(r => r.Pointer.StartsWith($"/{name}/", StringComparison.Ordinal))
            .GroupBy(r => r.Pointer.Split('/') is [_, _, var row, _, ..] ? row : "").Select(g => string.Join(Comma, g.Select(r => r.Value))))),
    };

    private string Comma => lang.RightToLeft ? "، " : ", ";

    private string Between => lang.RightToLeft ? "؛ " : "; ";

    /// <summary>Without control characters and marks of direction, with which one person's name could rearrange the words around it. The joiners that Urdu and Hindi spell with stay.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is 0x200C or 0x200D) clean.Append(rune);
            else if (Rune.IsWhiteSpace(rune)) clean.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned)) clean.Append(rune);
        }

        return clean.ToString().Normalize().Trim();
    }

    [GeneratedRegex(@"\{([a-z][a-z0-9_]*)\}")]
    private static partial Regex Named();
}
