using System.Numerics;
using System.Security.Cryptography;

namespace Sahulat.Kernel.Journal;

/// <summary>The hash of a complete subtree: <paramref name="index"/> counts subtrees of 2^<paramref name="height"/> leaves from the left.</summary>
public delegate ValueTask<byte[]> SubtreeHash(int height, long index);

/// <summary>Merkle trees by RFC 6962, section 2.1: SHA-256, leaves behind a zero byte, nodes behind a one.</summary>
public static class Merkle
{
    /// <summary>The root of a tree without leaves.</summary>
    public static readonly byte[] Empty = SHA256.HashData([]);

    public static byte[] Leaf(ReadOnlySpan<byte> data)
    {
        Span<byte> buffer = stackalloc byte[1 + data.Length];
        buffer[0] = 0;
        data.CopyTo(buffer[1..]);
        return SHA256.HashData(buffer);
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> buffer = stackalloc byte[65];
        buffer[0] = 1;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[33..]);
        return SHA256.HashData(buffer);
    }

    public static async ValueTask<byte[]> Root(long size, SubtreeHash at) => size == 0 ? Empty : await Range(0, size, at);

    /// <summary>The hashes beside the way from a leaf to the root, lowest first.</summary>
    public static async ValueTask<IReadOnlyList<byte[]>> Inclusion(long leaf, long size, SubtreeHash at)
    {
        if (leaf < 0 || leaf >= size) throw new ArgumentOutOfRangeException(nameof(leaf));
        var path = new List<byte[]>();
        var (low, high) = (0L, size);
        while (high - low > 1)
        {
            var middle = low + Half(high - low);
            if (leaf < middle)
            {
                path.Add(await Range(middle, high, at));
                high = middle;
            }
            else
            {
                path.Add(await Range(low, middle, at));
                low = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The hashes that show that the tree of <paramref name="old"/> leaves is the beginning of the tree of <paramref name="size"/>.</summary>
    public static async ValueTask<IReadOnlyList<byte[]>> Consistency(long old, long size, SubtreeHash at)
    {
        if (old < 1 || old > size) throw new ArgumentOutOfRangeException(nameof(old));
        var path = new List<byte[]>();
        var (low, high, whole) = (0L, size, true);
        while (high != old)
        {
            var middle = low + Half(high - low);
            if (old <= middle)
            {
                path.Add(await Range(middle, high, at));
                high = middle;
            }
            else
            {
                path.Add(await Range(low, middle, at));
                (low, whole) = (middle, false);
            }
        }

        if (!whole) path.Add(await Range(low, high, at));
        path.Reverse();
        return path;
    }

    /// <summary>RFC 9162, section 2.1.3.2.</summary>
    public static bool Includes(ReadOnlySpan<byte> root, long size, long leaf, byte[] leafHash, IReadOnlyList<byte[]> path)
    {
        if (leaf < 0 || leaf >= size) return false;
        var (fn, sn, hash) = (leaf, size - 1, leafHash);
        foreach (var beside in path)
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                hash = Node(beside, hash);
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                hash = Node(hash, beside);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && root.SequenceEqual(hash);
    }

    /// <summary>RFC 9162, section 2.1.4.2.</summary>
    public static bool Extends(ReadOnlySpan<byte> oldRoot, long old, ReadOnlySpan<byte> root, long size, IReadOnlyList<byte[]> path)
    {
        if (old < 1 || old > size) return false;
        if (old == size) return path.Count == 0 && oldRoot.SequenceEqual(root);
        var all = BitOperations.IsPow2(old) ? [oldRoot.ToArray(), .. path] : path;
        if (all.Count == 0) return false;
        var (fn, sn) = (old - 1, size - 1);
        while ((fn & 1) == 1) (fn, sn) = (fn >> 1, sn >> 1);
        var (one, two) = (all[0], all[0]);
        foreach (var hash in all.Skip(1))
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                (one, two) = (Node(hash, one), Node(hash, two));
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                two = Node(two, hash);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && oldRoot.SequenceEqual(one) && root.SequenceEqual(two);
    }

    private static async ValueTask<byte[]> Range(long low, long high, SubtreeHash at)
    {
        var size = high - low;
        if (BitOperations.IsPow2(size)) return await at(BitOperations.Log2((ulong)size), low / size);
        var middle = low + Half(size);
        var (left, right) = (await Range(low, middle, at), await Range(middle, high, at));
        return Node(left, right);
    }

    /// <summary>The largest power of two below <paramref name="n"/>.</summary>
    private static long Half(long n) => 1L << BitOperations.Log2((ulong)(n - 1));
}

/// <summary>Grows a tree leaf by leaf, keeping only its right edge.</summary>
public sealed class MerkleEdge
{
    private readonly List<byte[]> edge = [];

    public long Size { get; private set; }

    public void Add(byte[] leaf)
    {
        var hash = leaf;
        for (var rest = Size; (rest & 1) == 1; rest >>= 1)
        {
            hash = Merkle.Node(edge[^1], hash);
            edge.RemoveAt(edge.Count - 1);
        }

        edge.Add(hash);
        Size++;
    }

    public byte[] Root()
    {
        if (edge.Count == 0) return Merkle.Empty;
        var root = edge[^1];
        for (var i = edge.Count - 2; i >= 0; i--) root = Merkle.Node(edge[i], root);
        return root;
    }
}
