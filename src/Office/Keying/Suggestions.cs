using System.Text.RegularExpressions;
using Sahulat.Office.Find;

namespace Sahulat.Office.Keying;

/// <summary>What a page's text suggests for its keyed fields. Pure; a person confirms.</summary>
internal sealed record Suggestions(IReadOnlyList<string> Dates, IReadOnlyList<string> Numbers, IReadOnlyList<string> Khasras, IReadOnlyList<string> Villages, IReadOnlyList<string> Names)
{
    private const int Most = 8;

    public static Suggestions Of(IEnumerable<string> texts)
    {
        var text = string.Join('\n', texts);
        // Digits of all scripts and dashes are folded; letters stay as they are written.
        var plain = new string([.. text.Select(c => char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : c is '–' or '—' or '۔' ? '-' : c)]);
        return new Suggestions(
            Found(SuggestionPatterns.Date().Matches(plain).Select(m => m.Value).Where(IsDate)),
            Found(SuggestionPatterns.Number().Matches(plain).Select(m => m.Value).Where(n => !IsDate(n))),
            Found(SuggestionPatterns.Khasra().Matches(plain).Select(m => m.Groups[1].Value.Trim(' ', ',', '-'))),
            Found(SuggestionPatterns.Village().Matches(plain).Select(m => m.Groups[1].Value.Trim())),
            Found(SuggestionPatterns.Son().Matches(plain).SelectMany(m => new[] { m.Groups[1].Value.Trim(), m.Groups[2].Value.Trim() }).Where(n => n.Length > 2)));
    }

    private static IReadOnlyList<string> Found(IEnumerable<string> all) => [.. all.Where(s => s.Length is > 0 and <= 80).DistinctBy(Words.Fold).Take(Most)];

    private static bool IsDate(string text)
    {
        var parts = text.Split('/', '-', '.');
        return parts.Length == 3 && int.TryParse(parts[0], out var day) && int.TryParse(parts[1], out var month) && parts[2].Length is 2 or 4 && day is >= 1 and <= 31 && month is >= 1 and <= 12;
    }
}

internal static partial class SuggestionPatterns
{
    [GeneratedRegex(@"(?<![\d/.-])\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?![\d/-]|\.\d)", RegexOptions.None, 500)]
    public static partial Regex Date();

    [GeneratedRegex(@"(?<![\w/])(?:[A-Za-z]{1,6}[/-])?\d{1,6}(?:[/-][\w]{1,8}){1,3}(?![\w/])", RegexOptions.None, 500)]
    public static partial Regex Number();

    /// <summary>khasra, survey; خسرہ, کھسرہ; खसरा</summary>
    [GeneratedRegex(@"(?:khasra|khassra|survey|خسرہ|خسره|کھسرہ|खसरा)\s*(?:no\.?|nos\.?|number|نمبر|नंबर|नं\.?|संख्या)?\s*[:.]?\s*((?:\d{1,6}(?:/\d{1,4})?\s*,?\s*){1,6})", RegexOptions.IgnoreCase, 500)]
    public static partial Regex Khasra();

    /// <summary>village, mouza; موضع, گاؤں; मौजा, गांव, ग्राम</summary>
    [GeneratedRegex(@"(?:village|mouza|mauza|موضع|گاؤں|गांव|गाँव|ग्राम|मौजा)\s*[:.]?\s*([\p{L}\p{M}]{2,30}(?: (?!tehsil|tehsel|تحصیل|तहसील|district|ضلع|जिला)[\p{Lu}][\p{L}\p{M}]{1,30})?)", RegexOptions.IgnoreCase, 500)]
    public static partial Regex Village();

    /// <summary>A son or daughter of B: S/o, D/o, W/o; ولد, دختر, زوجہ; पुत्र, पुत्री, पत्नी</summary>
    [GeneratedRegex(@"([\p{Lu}\p{Lo}][\p{L}\p{M}]{1,20}(?: [\p{Lu}\p{Lo}][\p{L}\p{M}]{1,20}){0,2})\s+(?:[SsDdWw]/[Oo]\.?|son of|daughter of|wife of|ولد|دختر|زوجہ|पुत्र|पुत्री|पत्नी)\s+(?:(?:Sh|Shri|Smt)\.?\s+)?([\p{Lu}\p{Lo}][\p{L}\p{M}]{1,20}(?: [\p{Lu}\p{Lo}][\p{L}\p{M}]{1,20}){0,2})", RegexOptions.None, 500)]
    public static partial Regex Son();
}
