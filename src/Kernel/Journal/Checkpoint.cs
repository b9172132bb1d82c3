using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sahulat.Kernel.Journal;

/// <summary>Who signs checkpoints, in the form of C2SP signed-note: <c>name+hash+base64(1 || public key)</c>.</summary>
public sealed record LogKey(string Name, byte[] PublicKey)
{
    /// <summary>The first four bytes of SHA-256 over name, line feed, algorithm and key.</summary>
    public byte[] Hash => SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', 1, .. PublicKey])[..4];

    public override string ToString() => $"{Name}+{Convert.ToHexStringLower(Hash)}+{Convert.ToBase64String([1, .. PublicKey])}";

    /// <summary>Null when it is not a key of this kind.</summary>
    public static LogKey? Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || parts[0].Length == 0) return null;
        var bytes = new byte[64];
        if (!Convert.TryFromBase64String(parts[2], bytes, out var length) || length != 33 || bytes[0] != 1) return null;
        var key = new LogKey(parts[0], bytes[1..33]);
        return Convert.ToHexStringLower(key.Hash) == parts[1] ? key : null;
    }
}

/// <summary>A tree's size and root as C2SP tlog-checkpoint writes them, in a signed note.</summary>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    public string Body => $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToBase64String(Root)}\n";

    public string Sign(ReadOnlySpan<byte> seed)
    {
        var key = new LogKey(Origin, Ed25519.PublicKey(seed));
        return $"{Body}\n— {Origin} {Convert.ToBase64String([.. key.Hash, .. Ed25519.Sign(seed, Encoding.UTF8.GetBytes(Body))])}\n";
    }

    /// <summary>Null unless the note is whole and signed by <paramref name="key"/>.</summary>
    public static Checkpoint? Open(string note, LogKey key)
    {
        var end = note.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) return null;
        var body = note[..(end + 1)];
        var lines = body.Split('\n');
        if (lines.Length < 4 || lines[0] != key.Name || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return null;
        var root = new byte[33];
        if (!Convert.TryFromBase64String(lines[2], root, out var length) || length != 32) return null;
        foreach (var line in note[(end + 2)..].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            var bytes = new byte[128];
            if (parts.Length == 3 && parts[0] == "—" && parts[1] == key.Name && Convert.TryFromBase64String(parts[2], bytes, out var n) && n == 4 + Ed25519.SignatureSize
                && bytes.AsSpan(0, 4).SequenceEqual(key.Hash) && Ed25519.Verify(key.PublicKey, Encoding.UTF8.GetBytes(body), bytes[4..n])) return new Checkpoint(lines[0], size, root[..32]);
        }

        return null;
    }
}
