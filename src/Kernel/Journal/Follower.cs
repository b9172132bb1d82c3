using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Journal;

/// <summary>A part of the program that reads the journal and follows: it applies entries and moves its cursor in one transaction, on one node at a time.</summary>
public interface IFollower
{
    /// <summary>Permanent: the cursor's name.</summary>
    string Name { get; }

    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>Applies entries in order. Throwing leaves the cursor where it was; the batch comes again.</summary>
    Task Apply(Work work, IReadOnlyList<JournalEntry> entries);
}

/// <summary>One step of a follower.</summary>
public static class FollowerStep
{
    public const int BatchSize = 500;

    /// <summary>Applies the next batch. The cursor row is locked, so two nodes can never apply the same entry, and nothing at or above the oldest running transaction is read, so nothing committed late is skipped.</summary>
    /// <returns>How many entries were applied; fewer than <see cref="BatchSize"/> means that it has caught up.</returns>
    public static async Task<int> Run(Database database, IFollower follower, CancellationToken ct) => await database.Write(async work =>
    {
        await work.Execute("insert into journal.cursor (follower) values (@Name) on conflict do nothing", new { follower.Name });
        await work.Execute("select 1 from journal.cursor where follower = @Name for update", new { follower.Name });
        var entries = (await work.Query<Row>("""
            select e.position, e.stream, e.version, e.kind, e.at, e.actor, e.body::text as body, e.digest, e.xid::text as xid
            from journal.entry e, journal.cursor c
            where c.follower = @Name and (e.xid, e.position) > (c.xid, c.position)
              and e.xid < pg_snapshot_xmin(pg_current_snapshot()) and e.kind = any(@kinds)
            order by e.xid, e.position limit @limit
            """, new { follower.Name, kinds = follower.Kinds.ToArray(), limit = BatchSize })).ToArray();
        if (entries.Length == 0) return 0;
        await follower.Apply(work, [.. entries.Select(r => new JournalEntry(r.Position, r.Stream, r.Version, r.Kind, r.At, r.Actor, r.Body, r.Digest))]);
        await work.Execute("update journal.cursor set xid = @Xid::xid8, position = @Position, applied = applied + @n, failed_at = null, failure = null where follower = @Name",
            new { entries[^1].Xid, entries[^1].Position, follower.Name, n = entries.Length });
        return entries.Length;
    }, ct);

    private sealed record Row(long Position, string Stream, long Version, string Kind, DateTimeOffset At, string Actor, string Body, byte[] Digest, string Xid);
}
