using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Journal;

/// <summary>A part of the program that reads the journal and follows: it applies entries and moves its cursor in one transaction, on one node at a time.</summary>
public interface IFollower
{
    /// <summary>Permanent: the cursor's name.</summary>
    string Name { get; }

    /// <summary>Empty: every kind.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>Applies entries in order. Throwing leaves the cursor where it was; the batch comes again.</summary>
    Task Apply(Work work, IReadOnlyList<JournalEntry> entries);
}

/// <summary>How far a follower has looked on this node and found nothing: what lies between its cursor and there does not concern it.</summary>
public sealed class Lookout
{
    private (string Xid, long Position) cursor;
    private string? until;

    internal (string Xid, long Position) From((string Xid, long Position) at) => until is not null && at == cursor ? (until, 0) : at;

    internal void Passed((string Xid, long Position) at, string limit) => (cursor, until) = (at, limit);
}

/// <summary>One step of a follower.</summary>
public static class FollowerStep
{
    public const int BatchSize = 500;

    /// <summary>Transactions that a follower may read past again after a restart without having written down that they hold nothing for it.</summary>
    private const long Stride = 1000;

    private const string After = """
        from journal.entry e
        where (e.xid, e.position) > (@xid::xid8, @position) and e.xid < @limit::xid8 and (cardinality(@kinds) = 0 or e.kind = any(@kinds))
        order by e.xid, e.position limit @size
        """;

    /// <summary>Applies the next batch. The cursor row is locked, so two nodes can never apply the same entry, and nothing at or above the oldest running transaction is read, so nothing committed late is skipped. Where there is nothing to apply, nothing is locked or written.</summary>
    /// <returns>How many entries were applied; fewer than <see cref="BatchSize"/> means that it has caught up.</returns>
    public static async Task<int> Run(Database database, IFollower follower, Lookout lookout, CancellationToken ct)
    {
        if (!await Concerned(database, follower, lookout, ct)) return 0;
        return await database.Write(async work =>
        {
            await work.Execute("insert into journal.cursor (follower) values (@Name) on conflict do nothing", new { follower.Name });
            var (cursor, position, limit) = await work.One<(string, long, string)>("select xid::text, position, pg_snapshot_xmin(pg_current_snapshot())::text from journal.cursor where follower = @Name for update", new { follower.Name });
            // Everything below the limit had ended before this statement, so it is visible to this one.
            var from = lookout.From((cursor, position));
            var entries = (await work.Query<Row>($"select e.position, e.stream, e.version, e.kind, e.at, e.actor, e.body::text as body, e.digest, e.xid::text as xid {After}",
                new { xid = from.Xid, position = from.Position, limit, kinds = follower.Kinds.ToArray(), size = BatchSize })).ToArray();
            if (entries.Length == 0) return 0;
            await follower.Apply(work, [.. entries.Select(r => new JournalEntry(r.Position, r.Stream, r.Version, r.Kind, r.At, r.Actor, r.Body, r.Digest))]);
            await work.Execute("update journal.cursor set xid = @Xid::xid8, position = @Position, applied = applied + @n, failed_at = null, failure = null where follower = @Name",
                new { entries[^1].Xid, entries[^1].Position, follower.Name, n = entries.Length });
            return entries.Length;
        }, ct);
    }

    private static async Task<bool> Concerned(Database database, IFollower follower, Lookout lookout, CancellationToken ct)
    {
        var (cursor, position, limit, far) = await database.One<(string?, long, string, bool)>("""
            select c.xid::text, c.position, s.xmin::text, (s.xmin::text::bigint - c.xid::text::bigint) > @Stride
            from journal.cursor c, (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) s where c.follower = @Name
            """, new { follower.Name, Stride }, ct);
        if (cursor is null) return true;
        var from = lookout.From((cursor, position));
        if ((await database.Query<int>($"select 1 {After}", new { xid = from.Xid, position = from.Position, limit, kinds = follower.Kinds.ToArray(), size = 1 }, ct)).Count > 0) return true;
        lookout.Passed((cursor, position), limit);
        // What concerns others is passed over for good, now and then rather than every time; not when another node has moved the cursor meanwhile.
        if (far) await database.Execute("update journal.cursor set xid = @limit::xid8, position = 0 where follower = @Name and xid = @cursor::xid8 and position = @position", new { limit, follower.Name, cursor, position });
        return false;
    }

    private sealed record Row(long Position, string Stream, long Version, string Kind, DateTimeOffset At, string Actor, string Body, byte[] Digest, string Xid);
}
