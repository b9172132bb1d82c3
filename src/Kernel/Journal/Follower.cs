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
public sealed class Lookout(IFollower follower)
{
    public IFollower Follower => follower;

    /// <summary>Where the cursor stood when nothing was found, and up to which transaction.</summary>
    internal (string Xid, long Position) Cursor { get; private set; } = ("0", -1);

    internal string Until { get; private set; } = "0";

    internal (string Xid, long Position) From((string Xid, long Position) at) => at == Cursor ? (Until, 0) : at;

    internal void Passed((string Xid, long Position) at, string limit) => (Cursor, Until) = (at, limit);
}

/// <summary>One step of a follower.</summary>
public static class FollowerStep
{
    public const int BatchSize = 500;

    /// <summary>Transactions that a follower may read past again after a restart without having written down that they hold nothing for it.</summary>
    private const long Stride = 1000;

    /// <summary>Asks in one statement, without a lock, which followers have something to apply.</summary>
    public static async Task<IReadOnlyList<Lookout>> Concerned(Database database, IReadOnlyList<Lookout> lookouts, CancellationToken ct)
    {
        if (lookouts.Count == 0) return [];
        var looks = await database.Query<Look>("""
            select n.name, c.xid::text as xid, c.position, s.xmin::text as "limit", s.xmin::text::bigint - c.xid::text::bigint > @Stride as far,
              c.follower is null or exists (
                select from journal.entry e where (e.xid, e.position) > (f.xid, f.position) and e.xid < s.xmin and (n.kinds = '' or e.kind = any(string_to_array(n.kinds, ',')))) as concerned
            from unnest(@names, @kinds, @xids, @positions, @untils) as n(name, kinds, xid, position, until)
            cross join (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) s
            left join journal.cursor c on c.follower = n.name
            cross join lateral (select case when passed then n.until::xid8 else c.xid end as xid, case when passed then 0 else c.position end as position from (select c.xid = n.xid::xid8 and c.position = n.position) as p(passed)) f
            """, new
        {
            Stride,
            names = lookouts.Select(l => l.Follower.Name).ToArray(),
            kinds = lookouts.Select(l => string.Join(',', l.Follower.Kinds)).ToArray(),
            xids = lookouts.Select(l => l.Cursor.Xid).ToArray(),
            positions = lookouts.Select(l => l.Cursor.Position).ToArray(),
            untils = lookouts.Select(l => l.Until).ToArray(),
        }, ct);
        var concerned = new List<Lookout>();
        foreach (var look in looks)
        {
            var lookout = lookouts.First(l => l.Follower.Name == look.Name);
            if (look.Concerned)
            {
                concerned.Add(lookout);
                continue;
            }

            lookout.Passed((look.Xid!, look.Position), look.Limit);
            // What concerns others is passed over for good, now and then rather than every time; not when another node has moved the cursor meanwhile.
            if (look.Far) await database.Execute("update journal.cursor set xid = @Limit::xid8, position = 0 where follower = @Name and xid = @Xid::xid8 and position = @Position", look, ct);
        }

        return concerned;
    }

    /// <summary>Applies the next batch. The cursor row is locked, so two nodes can never apply the same entry, and nothing at or above the oldest running transaction is read, so nothing committed late is skipped. Where there is nothing to apply, nothing is written.</summary>
    /// <returns>How many entries were applied; fewer than <see cref="BatchSize"/> means that it has caught up.</returns>
    public static Task<int> Run(Database database, Lookout lookout, CancellationToken ct) => database.Write(async work =>
    {
        var follower = lookout.Follower;
        await work.Execute("insert into journal.cursor (follower) values (@Name) on conflict do nothing", new { follower.Name });
        var (cursor, position, limit) = await work.One<(string, long, string)>("select xid::text, position, pg_snapshot_xmin(pg_current_snapshot())::text from journal.cursor where follower = @Name for update", new { follower.Name });
        // Everything below the limit had ended before this statement, so it is visible to this one.
        var from = lookout.From((cursor, position));
        var entries = (await work.Query<Row>("""
            select e.position, e.stream, e.version, e.kind, e.at, e.actor, e.body::text as body, e.digest, e.xid::text as xid from journal.entry e
            where (e.xid, e.position) > (@Xid::xid8, @Position) and e.xid < @limit::xid8 and (cardinality(@kinds) = 0 or e.kind = any(@kinds)) order by e.xid, e.position limit @size
            """, new { from.Xid, from.Position, limit, kinds = follower.Kinds.ToArray(), size = BatchSize })).ToArray();
        if (entries.Length == 0) return 0;
        await follower.Apply(work, [.. entries.Select(r => new JournalEntry(r.Position, r.Stream, r.Version, r.Kind, r.At, r.Actor, r.Body, r.Digest))]);
        await work.Execute("update journal.cursor set xid = @Xid::xid8, position = @Position, applied = applied + @n, failed_at = null, failure = null where follower = @Name",
            new { entries[^1].Xid, entries[^1].Position, follower.Name, n = entries.Length });
        return entries.Length;
    }, ct);

    private sealed record Look
    {
        public string Name { get; init; } = "";
        public string? Xid { get; init; }
        public long Position { get; init; }
        public string Limit { get; init; } = "";
        public bool Far { get; init; }
        public bool Concerned { get; init; }
    }

    private sealed record Row(long Position, string Stream, long Version, string Kind, DateTimeOffset At, string Actor, string Body, byte[] Digest, string Xid);
}
