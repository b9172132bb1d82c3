using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sahulat.Office.Find;

/// <summary>Words of a page in the form in which they are looked for, and their keyed hashes. Digits of all scripts, forms of yeh and kaf, vowel signs, nukta and joiners are folded; a second, coarser form (the skeleton) finds what a scanner misread.</summary>
internal static class Words
{
    public const int Most = 600;

    public static int[] Marks(Seals seals, IEnumerable<string> scopes) => [.. scopes.Distinct().Select(s => Hash(seals, "scope", s))];

    /// <summary>Hashes of what a page holds: words, their skeletons where they differ, whole numbers with their strokes and hyphens, and two runs of digits side by side as one number, since scanners break numbers apart.</summary>
    /// <param name="known">What words of other texts came to, for many texts at once; null when there is only this one.</param>
    public static int[] Of(Seals seals, string text, Dictionary<string, int[]>? known = null)
    {
        var found = new HashSet<int>();
        var words = Split(text).Take(3 * Most).ToArray();
        foreach (var (left, right) in words.Zip(words.Skip(1)))
            if (left.Length + right.Length <= 20 && (left + right).All(char.IsAsciiDigit)) found.Add(Hash(seals, "word", left + right));
        foreach (var word in words.Distinct().Take(Most))
        {
            if (known?.GetValueOrDefault(word) is not { } hashes)
            {
                hashes = Coarse(seals, word) is { } coarse ? [Exact(seals, word), coarse] : [Exact(seals, word)];
                known?.Add(word, hashes);
            }

            found.UnionWith(hashes);
        }

        return [.. found];
    }

    public static int Exact(Seals seals, string word) => Hash(seals, "word", word);

    /// <returns>Null for a word too short to be found coarsely.</returns>
    public static int? Coarse(Seals seals, string word) => Skeleton(word) is { Length: > 2 } skeleton ? Hash(seals, "skeleton", skeleton) : null;

    /// <summary>Normalised words. <c>1187/2024</c> is a word of its own beside its two parts.</summary>
    public static IEnumerable<string> Split(string text)
    {
        foreach (var run in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var folded = Fold(run);
            var parts = folded.Split(['/', '-', '.', ',', '(', ')', ':', ';', '|', '"', '\'', '،', '۔', '؛', '।', '?', '!', '’', '‘', '“', '”', '[', ']', '*', '+', '='], StringSplitOptions.RemoveEmptyEntries);
            foreach (var part in parts) if (part.Length is > 0 and <= 40) yield return part;
            var whole = folded.Trim('/', '-', '.', ',', '(', ')', ':', ';', '،', '۔', '।');
            if (parts.Length > 1 && whole.Length <= 40 && whole.Any(char.IsAsciiDigit)) yield return whole;
        }
    }

    public static string Fold(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKD))
        {
            var category = char.GetUnicodeCategory(c);
            if (category is UnicodeCategory.Format or UnicodeCategory.Control) continue;
            // Nukta and Arabic or Latin marks go; vowel signs of Devanagari belong to the word.
            if (category is UnicodeCategory.NonSpacingMark && !(c is >= '\u0900' and <= '\u097F' && c != '\u093C')) continue;
            if (category is UnicodeCategory.DecimalDigitNumber) folded.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)));
            else folded.Append(char.ToLowerInvariant(c switch { 'ي' or 'ى' or 'ئ' or 'ے' or 'ې' => 'ی', 'ك' => 'ک', 'ه' or 'ھ' or 'ۃ' or 'ة' or 'ۂ' or 'ۀ' => 'ہ', 'أ' or 'إ' or 'ٱ' or 'آ' => 'ا', 'ؤ' => 'و', '–' or '—' or '‐' or '‑' => '-', '٫' => '.', _ => c }));
        }

        return folded.ToString();
    }

    /// <summary>Letters that differ only by dots, vowel signs, or are easily taken for one another by a scanner fall together.</summary>
    public static string Skeleton(string word)
    {
        var skeleton = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            if (c is >= '\u0900' and <= '\u097F' && char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) continue;
            var s = c switch
            {
                'ب' or 'پ' or 'ت' or 'ٹ' or 'ث' or 'ن' or 'ی' or 'ں' => 'ب',
                'ج' or 'چ' or 'ح' or 'خ' => 'ح',
                'د' or 'ڈ' or 'ذ' => 'د',
                'ر' or 'ڑ' or 'ز' or 'ژ' => 'ر',
                'س' or 'ش' => 'س',
                'ص' or 'ض' => 'ص',
                'ط' or 'ظ' => 'ط',
                'ع' or 'غ' => 'ع',
                'ف' or 'ق' => 'ف',
                'ک' or 'گ' => 'ک',
                'o' => '0',
                'l' or 'i' => '1',
                'ब' => 'व',
                'भ' => 'म',
                'घ' => 'ध',
                _ => c,
            };
            if (skeleton.Length == 0 || skeleton[^1] != s) skeleton.Append(s);
        }

        return skeleton.ToString();
    }

    /// <summary>The lowest integers are left free: the index of words has the places of pages there.</summary>
    private static int Hash(Seals seals, string kind, string value)
    {
        var hash = BinaryPrimitives.ReadInt32BigEndian(seals.Hash("words/" + kind, value));
        return hash < int.MinValue + 100_000 ? hash + 100_000 : hash;
    }
}
