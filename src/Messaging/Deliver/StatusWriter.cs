using Npgsql;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Messaging.Clients;

namespace Sahulat.Messaging.Deliver;

/// <summary>States in the order in which they may follow each other: a state never gives way to one of the same or a lower rank. Delivered outranks a failure, because receipts come late and out of order.</summary>
internal static class Status
{
    public const string Created = "created", Sent = "sent", Delivered = "delivered", Read = "read", Expired = "expired", Cancelled = "cancelled";
    public const string Temporary = "temporary-failure", Permanent = "permanent-failure", Technical = "technical-failure";

    public static short Rank(string status) => status switch { Created => 0, "sending" => 10, Sent => 20, Expired or Temporary or Technical => 30, Permanent or Cancelled => 40, Delivered => 50, Read => 60, _ => 0 };
}

/// <param name="Attempt">Whose lease it ends; null for a receipt, which ends whatever lease there is.</param>
/// <param name="Status">Null when nothing is known but that it must be tried again.</param>
/// <param name="KeepProvider">It is not known whether that provider has it.</param>
internal sealed record Change(Guid Id, int? Attempt, string? Status, string? Reason = null, string? Provider = null, string? Ref = null, DateTimeOffset? RetryAt = null, bool KeepProvider = false);

/// <summary>Writes what became of messages, many to a commit, and what the services are to be told.</summary>
internal sealed class StatusWriter : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly GroupCommit<Change, bool> commit;

    public StatusWriter(Database database, TimeProvider time)
    {
        this.time = time;
        commit = new(database, async (work, changes) =>
        {
            await Apply(work, changes, this.time.GetUtcNow());
            return new bool[changes.Count];
        }, writers: 1, batch: 500);
    }

    public Task Write(Change change) => commit.Submit(change);

    public static async Task Apply(Work work, IReadOnlyList<Change> changes, DateTimeOffset now)
    {
        var ended = changes.Where(c => c.RetryAt is null).OrderBy(c => c.Id).ToArray();
        var again = changes.Where(c => c.RetryAt is not null).OrderBy(c => c.Id).ToArray();
        // Of several states of one message in a batch the highest counts.
        var states = changes.Where(c => c.Status is not null).GroupBy(c => c.Id).Select(g => g.MaxBy(c => Status.Rank(c.Status!))! with { Ref = g.Select(c => c.Ref).FirstOrDefault(r => r is not null), Provider = g.Select(c => c.Provider).FirstOrDefault(p => p is not null) }).OrderBy(c => c.Id).ToArray();
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        if (ended.Length > 0)
            batch.BatchCommands.Add(new("delete from messaging.queue q using unnest($1::uuid[], $2::int[]) as o(id, attempt) where q.id = o.id and (o.attempt is null or q.attempt = o.attempt)")
            { Parameters = { P(ended, c => c.Id), P(ended, c => c.Attempt) } });
        if (again.Length > 0)
            batch.BatchCommands.Add(new("""
                update messaging.queue q set leased = false, due_at = o.due_at, provider = case when o.keep then q.provider end
                from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::boolean[]) as o(id, attempt, due_at, keep) where q.id = o.id and q.attempt = o.attempt
                """)
            { Parameters = { P(again, c => c.Id), P(again, c => c.Attempt), P(again, c => c.RetryAt!.Value.UtcDateTime), P(again, c => c.KeepProvider) } });
        if (states.Length > 0)
            batch.BatchCommands.Add(new(StatesSql)
            {
                Parameters =
                {
                    P(states, c => c.Id), P(states, c => c.Status!), P(states, c => Status.Rank(c.Status!)), P(states, c => c.Reason), P(states, c => c.Provider), P(states, c => c.Ref),
                    P(states, c => c.Status is Status.Permanent or Status.Technical), new() { Value = now.UtcDateTime }, new() { Value = Client.Own.Service },
                },
            });
        if (batch.BatchCommands.Count == 0) return;
        var told = new List<Append>();
        await using (var reader = await batch.ExecuteReaderAsync(work.Cancelled))
        {
            do
            {
                while (await reader.ReadAsync(work.Cancelled))
                    told.Add(Append.To($"message/{reader.GetGuid(0):N}", null, new MessageTold(reader.GetString(1), Outcome(reader.GetString(2)), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4)), Actor.Sahulat("messaging"), now));
            }
            while (await reader.NextResultAsync(work.Cancelled));
        }

        await work.Append(told);
    }

    private static string Outcome(string status) => status switch { Status.Sent => "sent", Status.Delivered or Status.Read => "delivered", _ => "failed" };

    // A failed message that has another way to its person takes it.
    private const string StatesSql = """
        with o as (select * from unnest($1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::boolean[]) as o(id, status, rank, reason, provider, ref, failed)),
        changed as (
          update messaging.message m set
            step = m.step + (o.failed and not m.simulated and m.step + 1 < cardinality(m.channels))::int,
            status = case when o.failed and not m.simulated and m.step + 1 < cardinality(m.channels) then 'created' else o.status end,
            rank = case when o.failed and not m.simulated and m.step + 1 < cardinality(m.channels) then 5 else o.rank end,
            reason = coalesce(o.reason, m.reason), provider = coalesce(o.provider, m.provider), provider_ref = coalesce(o.ref, m.provider_ref),
            sent_at = case when o.rank in (20, 50, 60) then coalesce(m.sent_at, $8) else m.sent_at end,
            completed_at = case when o.rank >= 30 then $8 else m.completed_at end
          from o where m.id = o.id and m.rank < o.rank
          returning m.id, m.service, m.status, m.rank, m.reason, m.step, m.channels, m.class, m.expires_at, m.reference, m.tell),
        onward as (
          insert into messaging.queue (id, lane, channel, service, due_at, expires_at)
          select id, case when class in ('otp', 'emergency') then 0 when class = 'bulk' then 2 else 1 end, channels[step + 1], service, $8, expires_at from changed where status = 'created'
          on conflict (id) do update set channel = excluded.channel, due_at = excluded.due_at, provider = null, leased = false),
        happened as (
          insert into messaging.event (service, kind, subject, status, reason, at)
          select service, 'message', id, status, reason, $8 from changed where rank >= 30 and service <> $9 returning position, service),
        called as (
          insert into messaging.callback (position, service, due_at, since)
          select h.position, h.service, $8, $8 from happened h join messaging.service s on s.id = h.service where s.callback_url is not null)
        select id, reference, status, channels[step + 1], reason from changed where tell and rank >= 20
        """;

    private static NpgsqlParameter P<T>(Change[] rows, Func<Change, T> pick) => new() { Value = rows.Select(pick).ToArray() };

    public ValueTask DisposeAsync() => commit.DisposeAsync();
}
