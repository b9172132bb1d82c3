using System.Globalization;
using System.Text;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel.Journal;

namespace Sahulat.Transparency.Audit;

/// <summary>An entry as audited. <paramref name="Leaf"/> and <paramref name="LeafDigest"/> are what the log took in; null while it has not.</summary>
internal readonly record struct AuditedEntry(long Position, string Stream, long Version, string Kind, DateTimeOffset At, string Actor, string Body, byte[] Digest, long? Leaf, byte[]? LeafDigest);

/// <summary>Checks entries that come stream by stream in order of version, then the tree. Keeps 32 bytes an entry.</summary>
internal sealed class Auditor
{
    private readonly List<byte[]?> leaves = [];
    private string? stream;
    private long version;
    private (long Position, AuditFault Fault)? first;

    public long Entries { get; private set; }

    public long Streams { get; private set; }

    /// <param name="computed">What its content gives after the entry before it.</param>
    public void Add(AuditedEntry e, byte[] computed)
    {
        Entries++;
        if (e.Stream != stream) (stream, version, Streams) = (e.Stream, 0, Streams + 1);
        version++;
        if (e.Version != version) Wrong(e, $"version {version.ToString(CultureInfo.InvariantCulture)} is missing before it");
        else if (!computed.AsSpan().SequenceEqual(e.Digest)) Wrong(e, "its content does not give its digest after the entry before it: it was changed");
        else if (e.LeafDigest is { } taken && !taken.AsSpan().SequenceEqual(e.Digest)) Wrong(e, "its digest is not the one that the public log took in: it was rewritten");
        version = e.Version;
        if (e.Leaf is not { } leaf) return;
        while (leaves.Count <= leaf) leaves.Add(null);
        leaves[(int)leaf] = e.Digest;
    }

    /// <summary>The head of a stream says how far it goes.</summary>
    public void Head(string name, long last, byte[] digest, long seen, byte[] seenDigest)
    {
        if (last != seen || !digest.AsSpan().SequenceEqual(seenDigest)) Wrong(long.MaxValue - 1, new AuditFault(null, name, seen + 1, "the stream's head names an entry that is not there"));
    }

    public AuditReport Finish(IEnumerable<(long Size, byte[] Root, string Note)> checkpoints, LogKey key)
    {
        var edge = new MerkleEdge();
        var count = 0L;
        foreach (var (size, root, note) in checkpoints)
        {
            count++;
            while (edge.Size < size)
            {
                var at = (int)edge.Size;
                if (at >= leaves.Count || leaves[at] is not { } digest)
                {
                    Wrong(long.MaxValue - 2, new AuditFault(null, null, null, $"entry {at.ToString(CultureInfo.InvariantCulture)} of the public log is not in the journal: it was removed"));
                    return Report(count, edge.Size);
                }

                edge.Add(Merkle.Leaf(digest));
            }

            var signed = Checkpoint.Open(note, key);
            if (signed is null) Wrong(long.MaxValue, new AuditFault(null, null, null, $"the checkpoint of {size.ToString(CultureInfo.InvariantCulture)} entries is not signed by {key.Name}"));
            else if (signed.Size != size || !signed.Root.AsSpan().SequenceEqual(root) || !edge.Root().AsSpan().SequenceEqual(root)) Wrong(long.MaxValue, new AuditFault(null, null, null, $"the checkpoint of {size.ToString(CultureInfo.InvariantCulture)} entries does not fit the journal"));
        }

        return Report(count, edge.Size);
    }

    private AuditReport Report(long checkpoints, long leafCount) => new(Entries, Streams, leafCount, checkpoints, first?.Fault);

    private void Wrong(AuditedEntry e, string what) => Wrong(e.Position, new AuditFault(e.Position, e.Stream, e.Version, what));

    private void Wrong(long position, AuditFault fault)
    {
        if (first is null || position < first.Value.Position) first = (position, fault);
    }

    /// <summary>The digest that the entry's own content gives after the one before it.</summary>
    public static byte[] Compute(AuditedEntry e, ReadOnlySpan<byte> before) =>
        Chain.Digest(before, e.Stream, e.Version, e.Kind, e.At, e.Actor, Chain.Canonicalise(Encoding.UTF8.GetBytes(e.Body)));
}
