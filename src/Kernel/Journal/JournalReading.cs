using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Journal;

/// <summary>Reading a stream, and proving that nobody changed it.</summary>
public static class JournalReading
{
    private const string Columns = "position, stream, version, kind, at, actor, body::text as body, digest";

    public static Task<IReadOnlyList<JournalEntry>> Stream(this Database database, string stream, CancellationToken ct = default) =>
        database.Query<JournalEntry>($"select {Columns} from journal.entry where stream = @stream order by version", new { stream }, ct);

    /// <summary>Recomputes the chain of one stream.</summary>
    /// <returns>The first version that does not fit, or null when the chain and its head are whole.</returns>
    public static async Task<long?> FirstBroken(this Database database, string stream, CancellationToken ct = default)
    {
        var previous = Chain.Start;
        var version = 0L;
        foreach (var e in await database.Stream(stream, ct))
        {
            version++;
            var body = Chain.Canonicalise(System.Text.Encoding.UTF8.GetBytes(e.Body));
            var digest = Chain.Digest(previous, e.Stream, version, e.Kind, e.At, e.Actor, body);
            if (e.Version != version || !digest.AsSpan().SequenceEqual(e.Digest)) return version;
            previous = digest;
        }

        var head = await database.One<byte[]>("select digest from journal.stream where stream = @stream", new { stream }, ct);
        return head is null || head.AsSpan().SequenceEqual(previous) ? null : version;
    }
}
