using System.Globalization;
using System.Text;

namespace Sahulat.Messaging.Flows;

/// <summary>Words as people type them on any keyboard, in one form to compare.</summary>
internal static class FlowWords
{
    /// <summary>More than this nobody types as an answer; the rest is cut.</summary>
    public const int Most = 2000;

    /// <summary>What a person wrote, fit to keep: NFC, no NUL, no control or direction characters, no halves of pairs, at most <see cref="Most"/> characters. Joiners stay.</summary>
    public static string Safe(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.Length > Most) text = text[..Most];
        var safe = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(c).Append(text[++i]);
                continue;
            }

            if (char.IsSurrogate(c) || c is '\u061C' or '\uFEFF' or '\uFFFE' or '\uFFFF' or (>= '\u200E' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')) continue;
            if (char.IsControl(c) || c is '\u2028' or '\u2029') safe.Append(c is '\0' ? "" : " ");
            else safe.Append(c);
        }

        return safe.ToString().Normalize(NormalizationForm.FormC).Trim();
    }

    /// <summary>For comparing: small letters, ASCII digits, one space between words, without punctuation, vowel marks and stretching; letters that keyboards of Arabic, Urdu and Kashmiri write differently are one.</summary>
    public static string Clean(string? text)
    {
        var safe = Safe(text);
        var clean = new StringBuilder(safe.Length);
        foreach (var c in safe)
        {
            var category = char.GetUnicodeCategory(c);
            if (category == UnicodeCategory.DecimalDigitNumber) clean.Append((char)('0' + (int)char.GetNumericValue(c)));
            else if (c is '\u0640' or '\u200C' or '\u200D' || c is >= '\u064B' and <= '\u065F' or '\u0670') continue;
            else if (c is 'ي' or 'ى' or 'ې') clean.Append('ی');
            else if (c == 'ك') clean.Append('ک');
            else if (c is 'ه' or 'ة' or 'ۀ') clean.Append('ہ');
            else if (c is 'أ' or 'إ') clean.Append('ا');
            else if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || char.IsLetter(c) || char.IsSurrogate(c)) clean.Append(char.ToLowerInvariant(c));
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
        }

        return clean.ToString().TrimEnd();
    }

    /// <summary>The ASCII digits in a text; null when it holds anything else but what people put between digits.</summary>
    public static string? Digits(string text)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber) digits.Append((char)('0' + (int)char.GetNumericValue(c)));
            else if (!char.IsWhiteSpace(c) && c is not ('-' or '.' or '#' or '*' or ')' or '(' or '+')) return null;
        }

        return digits.Length == 0 ? null : digits.ToString();
    }
}
