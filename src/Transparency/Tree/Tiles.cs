using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Transparency.Tree;

/// <summary>The tree as it is kept: tiles of 256 hashes, eight levels of the tree in each (C2SP tlog-tiles).</summary>
internal static class Tiles
{
    public const int Width = 256, Height = 8, HashSize = 32;

    public static Task<byte[]?> Read(Database database, int level, long number, CancellationToken ct) =>
        database.One<byte[]>("select hashes from transparency.tile where level = @level and number = @number", new { level, number }, ct);

    /// <summary>Hashes of subtrees from tiles, each tile read once.</summary>
    public static SubtreeHash Reader(Func<int, long, Task<byte[]?>> read)
    {
        var known = new Dictionary<(int, long), byte[]>();
        return async (height, index) =>
        {
            var (level, inTile) = (height / Height, height % Height);
            var first = index << inTile;
            var key = (level, first / Width);
            if (!known.TryGetValue(key, out var tile)) known[key] = tile = await read(level, first / Width) ?? throw new InvalidOperationException($"the tree has no tile {level}/{first / Width}");
            return Fold(tile, (int)(first % Width), 1 << inTile);
        };
    }

    /// <summary>The root over so many hashes of a tile, a power of two.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> tile, int first, int count) => count == 1
        ? tile.Slice(first * HashSize, HashSize).ToArray()
        : Merkle.Node(Fold(tile, first, count / 2), Fold(tile, first + (count / 2), count / 2));
}

/// <summary>The right edge of the tree while leaves are added: of each level the last tile, and what became full.</summary>
internal sealed class TileEdge(long size)
{
    private readonly List<MemoryStream> last = [];
    private readonly List<long> numbers = [];
    private readonly Dictionary<(int Level, long Number), byte[]> changed = [];

    public long Size { get; private set; } = size;

    public static async Task<TileEdge> Load(Work work, long size)
    {
        var edge = new TileEdge(size);
        var rest = size;
        for (var level = 0; rest > 0; level++, rest /= Tiles.Width)
        {
            var hashes = rest % Tiles.Width == 0 ? null : await work.One<byte[]>("select hashes from transparency.tile where level = @level and number = @number", new { level, number = rest / Tiles.Width });
            edge.Level(level, rest / Tiles.Width).Write(hashes ?? []);
        }

        return edge;
    }

    public void Add(byte[] leafHash)
    {
        Add(0, leafHash);
        Size++;
    }

    /// <summary>Tiles that are new or longer than before.</summary>
    public IReadOnlyDictionary<(int Level, long Number), byte[]> Changed()
    {
        for (var level = 0; level < last.Count; level++)
            if (last[level].Length > 0) changed[(level, numbers[level])] = last[level].ToArray();
        return changed;
    }

    private void Add(int level, byte[] hash)
    {
        var tile = Level(level, 0);
        tile.Write(hash);
        if (tile.Length < Tiles.Width * Tiles.HashSize) return;
        var full = tile.ToArray();
        changed[(level, numbers[level]++)] = full;
        tile.SetLength(0);
        Add(level + 1, Tiles.Fold(full, 0, Tiles.Width));
    }

    private MemoryStream Level(int level, long number)
    {
        if (last.Count == level)
        {
            last.Add(new MemoryStream());
            numbers.Add(number);
        }

        return last[level];
    }
}
