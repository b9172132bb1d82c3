using System.Globalization;
using System.Text.RegularExpressions;

namespace Sahulat.Office.Link;

/// <summary>What a noting may cite.</summary>
/// <param name="Flags">The page of each, by its mark.</param>
/// <param name="Files">Other files by their number as it is shown.</param>
internal sealed record Citable(int Pages, int Notes, IReadOnlyDictionary<string, int> Flags, IReadOnlyDictionary<string, Guid> Files);

/// <param name="Page">Where it cites a page, or a flag on it.</param>
/// <param name="Note">Where it cites a paragraph.</param>
/// <param name="File">Where it cites another file.</param>
internal readonly record struct Said(string Text, int? Page = null, int? Note = null, Guid? File = null);

/// <summary>References as officials write them: <c>page 3</c>, <c>p. 3/c</c>, <c>flag 'A'</c>, <c>para 4</c>, <c>4/n</c>, in English, Hindi and Urdu, and the number of another file. What cites nothing that is there stays text.</summary>
internal static partial class References
{
    public static IReadOnlyList<Said> In(string text, Citable citable)
    {
        var found = new List<(int At, int Length, Said Said)>();
        foreach (Match m in Written().Matches(text))
        {
            if (m.Groups["page"] is { Success: true } page && Digits(page.Value) is var p && p >= 1 && p <= citable.Pages) found.Add((m.Index, m.Length, new Said(m.Value, Page: p)));
            else if (m.Groups["para"] is { Success: true } para && Digits(para.Value) is var n && n >= 1 && n <= citable.Notes) found.Add((m.Index, m.Length, new Said(m.Value, Note: n)));
            else if (m.Groups["flag"] is { Success: true } flag && citable.Flags.TryGetValue(flag.Value.ToUpperInvariant(), out var at)) found.Add((m.Index, m.Length, new Said(m.Value, Page: at)));
        }

        foreach (var (number, file) in citable.Files)
            for (var at = text.IndexOf(number, StringComparison.Ordinal); at >= 0; at = text.IndexOf(number, at + number.Length, StringComparison.Ordinal))
                if (Ends(text, at - 1) && Ends(text, at + number.Length)) found.Add((at, number.Length, new Said(number, File: file)));
        var pieces = new List<Said>();
        var done = 0;
        foreach (var (at, length, said) in found.OrderBy(f => f.At).ThenByDescending(f => f.Length))
        {
            if (at < done) continue;
            if (at > done) pieces.Add(new Said(text[done..at]));
            pieces.Add(said);
            done = at + length;
        }

        if (done < text.Length) pieces.Add(new Said(text[done..]));
        return pieces;
    }

    /// <summary>What may be the number of a file: written together, with a stroke in it.</summary>
    public static IEnumerable<string> Numbers(string text) => Stroked().Matches(text).Select(m => m.Value).Where(v => v.Length <= 60);

    /// <summary>Whether no number goes on there: a letter or digit, or a sign with one behind it.</summary>
    private static bool Ends(string text, int at) => at < 0 || at >= text.Length || !(char.IsLetterOrDigit(text[at]) || text[at] is '/' or '-');

    private static int Digits(string written) => written.Aggregate(0, (n, c) => (n * 10) + CharUnicodeInfo.GetDecimalDigitValue(c));

    [GeneratedRegex("""
        (?<![\p{L}\p{M}\d/.-])(?:
          (?:pages?|pp?\.|पृष्ठ|पेज|सफ़ा|सफा|صفحہ|صفحات|صفحے|صفحه)\s*(?:no\.\s*)?(?<page>\d{1,5})(?:/c)?
          | (?<page>\d{1,5})/c
          | (?:paragraphs?|paras?\.?|पैरा|अनुच्छेद|پیراگراف|پیرا)\s*(?:no\.\s*)?(?<para>\d{1,5})(?:/n)?
          | (?<para>\d{1,5})/n
          | (?:flags?|फ्लैग|फ़्लैग|झंडी|فلیگ|جھنڈی)\s*['"‘’“”]?(?<flag>\p{L}[\p{L}\p{M}]{0,2})['"‘’“”]?
        )(?![\p{L}\p{M}\d/])
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Written();

    [GeneratedRegex(@"[\p{L}\p{M}\d][\p{L}\p{M}\d.&()-]*(?:/[\p{L}\p{M}\d.&()-]*)*/[\p{L}\p{M}\d.&()-]*[\p{L}\p{M}\d)]", RegexOptions.CultureInvariant)]
    private static partial Regex Stroked();
}
