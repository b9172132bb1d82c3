using Sahulat.Kernel.Data;
using Sahulat.Messaging.Accept;

namespace Sahulat.Messaging.Deliver;

/// <param name="Doubtful">It was leased before, or its last answer did not come: <paramref name="Provider"/> may have it already.</param>
internal sealed record Item(Guid Id, int Lane, Guid Service, int Attempt, string? Provider, bool Doubtful, string Class, string Template, string? Reference, int Step, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, byte[]? Content, long LeasedAt)
{
    /// <summary>Held in memory by the node that accepted it.</summary>
    public IReadOnlyList<Step>? Steps { get; init; }
}

internal sealed class QueueStore(Database database, TimeProvider time)
{
    /// <summary>Leases due messages of one lane, shared evenly among the services that wait in it, however long each one's own queue is.</summary>
    private const string Sql = """
        with recursive s(service) as (
          (select service from messaging.queue where channel = @channel and lane = @lane order by service limit 1)
          union all
          select (select q.service from messaging.queue q where q.channel = @channel and q.lane = @lane and q.service > s.service order by q.service limit 1) from s where s.service is not null),
        waiting as (select service, count(*) over () as among from s where service is not null),
        picked as (
          select p.id, p.before from waiting w cross join lateral (
            select q.id, q.provider as before from messaging.queue q
            where q.channel = @channel and q.lane = @lane and q.service = w.service and q.due_at <= @now
            order by q.due_at limit greatest(1, @want / w.among) for update skip locked) p),
        leased as (
          update messaging.queue q set leased = true, attempt = q.attempt + 1, due_at = @until, provider = coalesce(q.provider, (@deal)[1 + abs(hashtext(q.id::text)) % 16])
          from picked where q.id = picked.id
          returning q.id, q.service, q.attempt, q.provider, picked.before is not null as doubtful)
        select l.id, l.service, l.attempt, l.provider, l.doubtful, m.class, m.template, m.reference, m.step, m.created_at, m.expires_at, m.content
        from leased l join messaging.message m on m.id = l.id order by m.id
        """;

    public async Task<IReadOnlyList<Item>> Claim(string channel, int lane, int want, string[] deal, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var stamp = time.GetTimestamp();
        var rows = await database.Query<Row>(Sql, new { channel, lane = (short)lane, want, now, until = now + AcceptBatch.Lease, deal }, ct);
        return [.. rows.Select(r => new Item(r.Id, lane, r.Service, r.Attempt, r.Provider, r.Doubtful, r.Class, r.Template, r.Reference, r.Step, r.CreatedAt, r.ExpiresAt, r.Content, stamp))];
    }

    /// <summary>Gives back what was leased and not tried.</summary>
    public Task Return(IReadOnlyList<Item> items, CancellationToken ct) => database.Execute("""
        update messaging.queue q set leased = false, due_at = @now, provider = case when n.doubtful then q.provider end from unnest(@ids, @attempts, @doubtful) as n(id, attempt, doubtful) where q.id = n.id and q.attempt = n.attempt
        """, new { now = time.GetUtcNow(), ids = items.Select(i => i.Id).ToArray(), attempts = items.Select(i => i.Attempt).ToArray(), doubtful = items.Select(i => i.Doubtful).ToArray() }, ct);

    private sealed record Row(Guid Id, Guid Service, int Attempt, string? Provider, bool Doubtful, string Class, string Template, string? Reference, short Step, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, byte[]? Content);
}
