using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Transparency.Tree;

/// <summary>Takes every entry's digest into the tree and signs a checkpoint, in one transaction with its cursor: no leaf is left out, none is there twice.</summary>
internal sealed class TreeFollower(LogIdentity log, TimeProvider time) : IFollower
{
    public string Name => "transparency.tree";

    public IReadOnlyCollection<string> Kinds => [];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var size = await work.One<long>("select size from transparency.tree for update");
        var edge = await TileEdge.Load(work, size);
        foreach (var entry in entries) edge.Add(Merkle.Leaf(entry.Digest));
        var tiles = edge.Changed();
        await work.Execute("insert into transparency.leaf (leaf, position, digest) select * from unnest(@leaves, @positions, @digests)",
            new { leaves = entries.Select((_, i) => size + i).ToArray(), positions = entries.Select(e => e.Position).ToArray(), digests = entries.Select(e => e.Digest).ToArray() });
        await work.Execute("insert into transparency.tile (level, number, hashes) select * from unnest(@levels, @numbers, @hashes) on conflict (level, number) do update set hashes = excluded.hashes",
            new { levels = tiles.Keys.Select(k => k.Level).ToArray(), numbers = tiles.Keys.Select(k => k.Number).ToArray(), hashes = tiles.Values.ToArray() });
        var root = await Merkle.Root(edge.Size, Tiles.Reader((level, number) => Read(work, tiles, level, number)));
        await work.Execute("update transparency.tree set size = @Size", new { edge.Size });
        await work.Execute("insert into transparency.checkpoint (size, root, note, at) values (@Size, @root, @note, @now)", new { edge.Size, root, note = log.Sign(edge.Size, root), now = time.GetUtcNow() });
    }

    private static async Task<byte[]?> Read(Work work, IReadOnlyDictionary<(int, long), byte[]> fresh, int level, long number) =>
        fresh.TryGetValue((level, number), out var tile) ? tile : await work.One<byte[]>("select hashes from transparency.tile where level = @level and number = @number", new { level, number });
}
