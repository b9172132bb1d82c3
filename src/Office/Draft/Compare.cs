namespace Sahulat.Office.Draft;

/// <param name="Sign">' ' kept, '-' gone, '+' new.</param>
internal readonly record struct Change(char Sign, string Text);

/// <summary>What changed between two versions, word by word (longest common subsequence).</summary>
internal static class Compare
{
    private const int Most = 3000;

    public static IReadOnlyList<Change> Words(string before, string after)
    {
        var (a, b) = (Split(before), Split(after));
        if (a.Length > Most || b.Length > Most) return before == after ? [new(' ', after)] : [new('-', before), new('+', after)];
        var length = new ushort[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--)
                length[i, j] = a[i] == b[j] ? (ushort)(length[i + 1, j + 1] + 1) : Math.Max(length[i + 1, j], length[i, j + 1]);
        var changes = new List<Change>();
        void Add(char sign, string word)
        {
            if (changes.Count > 0 && changes[^1].Sign == sign) changes[^1] = new Change(sign, $"{changes[^1].Text} {word}");
            else changes.Add(new Change(sign, word));
        }

        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                Add(' ', a[i]);
                i++;
                j++;
            }
            else if (j == b.Length || (i < a.Length && length[i + 1, j] >= length[i, j + 1])) Add('-', a[i++]);
            else Add('+', b[j++]);
        }

        return changes;
    }

    private static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
