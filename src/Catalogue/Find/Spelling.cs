using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sahulat.Catalogue.Find;

/// <summary>How words are compared over scripts and spellings.</summary>
internal static class Spelling
{
    /// <summary>Lower case, one form of each letter, no vowel signs of the Arabic script; split where a word ends.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var c in Compatible(text))
        {
            if (c is '\u200C' or '\u200D' or '\'' or '\u2019') continue;
            var category = char.GetUnicodeCategory(c);
            var devanagari = c is >= '\u0900' and <= '\u097F';
            if (category is UnicodeCategory.NonSpacingMark && !devanagari) continue;
            if (char.IsLetterOrDigit(c) || devanagari && category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) word.Append(Letter(c));
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0) yield return word.ToString();
    }

    /// <summary>The consonants of a word as rough Latin letters, so that ڈومیسائل, डोमिसाइल and domisile are one.</summary>
    public static string Skeleton(string word)
    {
        var rough = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            var sound = Sound(word, i);
            if (sound == '\0') continue;
            if (sound is 'a' or 'v' or 'y' && rough.Length > 0) continue;
            if (rough.Length == 0 || rough[^1] != sound) rough.Append(sound);
        }

        return rough.ToString();
    }

    /// <summary>Insertions, deletions, changes and swaps of neighbours, given up beyond <paramref name="most"/>.</summary>
    public static int Distance(string a, string b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most) return most + 1;
        Span<int> before = stackalloc int[b.Length + 1], last = stackalloc int[b.Length + 1], now = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = Math.Min(now[j], before[j - 2] + 1);
                least = Math.Min(least, now[j]);
            }

            if (least > most) return most + 1;
            var spare = before;
            before = last;
            last = now;
            now = spare;
        }

        return last[b.Length];
    }

    /// <summary>Which letters a word has, a bit each; some letters share one.</summary>
    public static ulong Letters(string word)
    {
        var letters = 0UL;
        foreach (var c in word) letters |= 1UL << (c & 63);
        return letters;
    }

    /// <summary>Whether words of these letters can be so near at all: a slip brings at most one letter and takes at most one away.</summary>
    public static bool Within(ulong a, ulong b, int slips) => BitOperations.PopCount(a & ~b) <= slips && BitOperations.PopCount(b & ~a) <= slips;

    /// <summary>Share of common three-letter pieces (Dice); given up, as 0, once it must stay under <paramref name="least"/>.</summary>
    public static double Trigrams(string a, string b, double least = 0)
    {
        if (a.Length < 3 || b.Length < 3) return 0;
        var (all, missing) = (a.Length + b.Length - 4, 0);
        var most = a.Length - 2 - (least * all / 2);
        for (var i = 0; i + 3 <= a.Length; i++)
            if (!b.AsSpan().Contains(a.AsSpan(i, 3), StringComparison.Ordinal) && ++missing > most) return 0;
        var share = 2.0 * (a.Length - 2 - missing) / all;
        return share >= least ? share : 0;
    }

    private static string Compatible(string text)
    {
        try
        {
            // Latin letters lose their accents in form KD; what is left is put together again for Devanagari and Arabic.
            var decomposed = text.Normalize(NormalizationForm.FormKD).ToLowerInvariant();
            return string.Concat(decomposed.Where(c => c is not (>= '\u0300' and <= '\u036F' or >= '\u0653' and <= '\u065F')));
        }
        catch (ArgumentException)
        {
            return string.Concat(text.Where(c => !char.IsSurrogate(c))).ToLowerInvariant();
        }
    }

    private static char Letter(char c) => c switch
    {
        'ي' or 'ى' or 'ې' or 'ێ' or 'ؠ' or 'ے' or 'ئ' or 'ۍ' => 'ی',
        'ك' => 'ک',
        'ة' or 'ه' or 'ھ' or 'ۂ' or 'ۃ' or 'ە' => 'ہ',
        'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
        'ؤ' or 'ۆ' or 'ۄ' or 'ۇ' => 'و',
        'ں' => 'ن',
        _ when char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber => (char)('0' + (int)char.GetNumericValue(c)),
        _ => c,
    };

    /// <summary>a: a vowel; 0: silent.</summary>
    private static char Sound(string word, int i)
    {
        var c = word[i];
        var next = i + 1 < word.Length ? word[i + 1] : '\0';
        return c switch
        {
            >= '0' and <= '9' => c,
            'a' or 'e' or 'i' or 'o' or 'u' => 'a',
            'h' => i == 0 ? 'h' : '\0',
            'w' => 'v',
            'z' => 'j',
            'q' or 'x' => 'k',
            'c' => next is 'e' or 'i' or 'y' ? 's' : next == 'h' ? 'c' : 'k',
            'p' when next == 'h' => 'f',
            >= 'a' and <= 'z' => c,
            'ا' or 'ع' => 'a',
            'ب' => 'b',
            'پ' => 'p',
            'ت' or 'ٹ' or 'ط' => 't',
            'ث' or 'س' or 'ص' or 'ش' => 's',
            'ج' or 'ذ' or 'ز' or 'ض' or 'ظ' or 'ژ' => 'j',
            'چ' => 'c',
            'ح' or 'ہ' => i == 0 ? 'h' : '\0',
            'خ' or 'ق' or 'ک' => 'k',
            'د' or 'ڈ' or 'ڑ' => 'd',
            'ر' => 'r',
            'غ' or 'گ' => 'g',
            'ف' => 'f',
            'ل' => 'l',
            'م' => 'm',
            'ن' => 'n',
            'و' => 'v',
            'ی' => 'y',
            >= 'अ' and <= 'औ' => 'a',
            'क' or 'ख' => 'k',
            'ग' or 'घ' => 'g',
            'च' or 'छ' => 'c',
            'ज' or 'झ' => 'j',
            'ट' or 'ठ' or 'त' or 'थ' => 't',
            'ड' or 'ढ' or 'द' or 'ध' => 'd',
            'ण' or 'न' or 'ङ' or 'ञ' or 'ं' or 'ँ' => 'n',
            'प' => 'p',
            'फ' => 'f',
            'ब' or 'भ' => 'b',
            'म' => 'm',
            'य' => 'y',
            'र' => 'r',
            'ल' or 'ळ' => 'l',
            'व' => 'v',
            'श' or 'ष' or 'स' => 's',
            'ह' => i == 0 ? 'h' : '\0',
            _ => '\0',
        };
    }
}
