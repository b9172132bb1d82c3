using Sahulat.Contracts.Transparency;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Transparency.Tree;

namespace Sahulat.Transparency.Receipt;

internal sealed class Receipts(Database database, LogIdentity log) : IReceipts
{
    public async Task<InclusionReceipt?> Prove(string stream, long version, CancellationToken ct)
    {
        var row = await database.One<Row>("""
            select l.leaf, e.kind, e.at, e.actor, e.body::text as body, e.digest, p.digest as previous, c.size, c.note
            from journal.entry e join transparency.leaf l on l.position = e.position left join journal.entry p on p.stream = e.stream and p.version = e.version - 1,
                 (select size, note from transparency.checkpoint order by size desc limit 1) c
            where e.stream = @stream and e.version = @version and l.leaf < c.size
            """, new { stream, version }, ct);
        if (row is null) return null;
        var path = await Merkle.Inclusion(row.Leaf, row.Size, Tiles.Reader((level, number) => Tiles.Read(database, level, number, ct)));
        var body = Chain.Canonicalise(System.Text.Encoding.UTF8.GetBytes(row.Body));
        return new InclusionReceipt(stream, version, row.Kind, Chain.Microseconds(row.At), row.Actor, body, Convert.ToHexStringLower(row.Previous ?? Chain.Start), Convert.ToHexStringLower(row.Digest), new InclusionProof(row.Leaf, path, row.Note).ToString(), log.Key.ToString());
    }

    private sealed class Row
    {
        public long Leaf { get; init; }

        public string Kind { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public string Actor { get; init; } = "";

        public string Body { get; init; } = "";

        public byte[] Digest { get; init; } = [];

        public byte[]? Previous { get; init; }

        public long Size { get; init; }

        public string Note { get; init; } = "";
    }
}
