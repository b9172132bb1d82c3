using System.Globalization;
using System.Text;

namespace Sahulat.Catalogue.Forms;

/// <summary>Text as people type it, in normal form.</summary>
internal static class Cleaning
{
    /// <summary>NFC, without marks that show nothing (LRM, RLM, ALM, BOM), without space around, one kind of line end. Joiners (ZWJ, ZWNJ) stay: Urdu and Hindi need them.</summary>
    public static string Text(string text)
    {
        var plain = text.AsSpan().IndexOfAnyInRange('\u0080', '\uFFFF') < 0;
        if (!plain)
        {
            if (HasLoneSurrogate(text)) return text;
            if (!text.IsNormalized(NormalizationForm.FormC)) text = text.Normalize(NormalizationForm.FormC);
            if (text.AsSpan().IndexOfAny("\u200E\u200F\u061C\uFEFF") >= 0) text = string.Concat(text.Where(c => c is not ('\u200E' or '\u200F' or '\u061C' or '\uFEFF')));
        }

        if (text.Contains('\r', StringComparison.Ordinal)) text = text.ReplaceLineEndings("\n");
        return text.Trim(' ', '\n', '\t', '\u00A0');
    }

    /// <summary>NUL, control characters, characters that turn the direction of what follows, and halves of surrogate pairs.</summary>
    public static bool HasForbidden(string text, bool multiline)
    {
        foreach (var c in text)
        {
            if (c < ' ')
            {
                if (!multiline || c is not ('\n' or '\t')) return true;
            }
            else if (c >= '\u007F' && (c <= '\u009F' || c is >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\uFFFE' or '\uFFFF')) return true;
        }

        return HasLoneSurrogate(text);
    }

    /// <summary>Arabic-Indic, Persian and Devanagari digits as ASCII.</summary>
    public static string Digits(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\u0080', '\uFFFF') < 0) return text;
        return string.Concat(text.Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber ? (char)('0' + (int)char.GetNumericValue(c)) : c));
    }

    /// <summary>The ten digits of a mobile number written with spaces, hyphens, +91 or a leading 0.</summary>
    public static string Mobile(string text)
    {
        text = string.Concat(Digits(text).Where(c => c is not (' ' or '-')));
        if (text.Length == 13 && text.StartsWith("+91", StringComparison.Ordinal)) return text[3..];
        if (text.Length == 12 && text.StartsWith("91", StringComparison.Ordinal)) return text[2..];
        return text.Length == 11 && text[0] == '0' ? text[1..] : text;
    }

    private static bool HasLoneSurrogate(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }

        return false;
    }
}
