using System.Globalization;
using System.Text;

namespace Sahulat.Kernel.Journal;

/// <summary>An inclusion proof as text (C2SP tlog-proof): the leaf's number, the hashes beside its way to the root, and a signed checkpoint.</summary>
public sealed record InclusionProof(long Leaf, IReadOnlyList<byte[]> Path, string Note)
{
    private const string Header = "c2sp.org/tlog-proof@v1";

    public override string ToString()
    {
        var text = new StringBuilder().Append(Header).Append('\n').Append(CultureInfo.InvariantCulture, $"index {Leaf}\n");
        foreach (var hash in Path) text.Append(Convert.ToBase64String(hash)).Append('\n');
        return text.Append('\n').Append(Note).ToString();
    }

    public static InclusionProof? Parse(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) return null;
        var lines = text[..end].Split('\n');
        if (lines.Length < 2 || lines[0] != Header || !lines[1].StartsWith("index ", StringComparison.Ordinal) || !long.TryParse(lines[1].AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var leaf)) return null;
        var path = new List<byte[]>();
        foreach (var line in lines.Skip(2))
        {
            var hash = new byte[33];
            if (path.Count >= 63 || !Convert.TryFromBase64String(line, hash, out var length) || length != 32) return null;
            path.Add(hash[..32]);
        }

        return new InclusionProof(leaf, path, text[(end + 2)..]);
    }

    /// <summary>The checkpoint that the leaf is proved in; null when signature, path or leaf do not fit.</summary>
    public Checkpoint? Proves(ReadOnlySpan<byte> leafData, LogKey key) =>
        Checkpoint.Open(Note, key) is { } checkpoint && Merkle.Includes(checkpoint.Root, checkpoint.Size, Leaf, Merkle.Leaf(leafData), Path) ? checkpoint : null;
}
