using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Accept;

/// <param name="Replayed">The same key and body came before: this is that message.</param>
internal sealed record Accepted(Guid Id, bool Replayed);

/// <summary>Writes many messages and their places in the queue with two statements. A message for whose channel this node has room is born leased to it, and is handed over without being looked for.</summary>
internal sealed class AcceptBatch : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly Vault vault;
    private readonly Dispatcher dispatcher;
    private readonly Limits limits;
    private readonly GroupCommit<Entry, Result<Accepted>> commit;

    public AcceptBatch(Database database, Vault vault, Dispatcher dispatcher, Limits limits)
    {
        (this.vault, this.dispatcher, this.limits) = (vault, dispatcher, limits);
        commit = new(database, Write, writers: 2, batch: 250);
    }

    private sealed record Entry(NewMessage Message, Reserved? Reserved);

    public async Task<Result<Accepted>> Accept(NewMessage message, CancellationToken ct)
    {
        var reserved = message.SendAfter is null ? dispatcher.Reserve(message) : null;
        try
        {
            var result = await commit.Submit(new(message, reserved), CancellationToken.None).WaitAsync(ct);
            if (result.Ok && !result.Value.Replayed) dispatcher.Written(reserved, message);
            else reserved?.Release();
            return result;
        }
        catch (Exception)
        {
            // Written or not, the lease of a row that nobody holds runs out and it is found again.
            reserved?.Release();
            throw;
        }
    }

    /// <summary>Within the caller's transaction; the queue finds them after the commit.</summary>
    public Task<IReadOnlyList<Result<Accepted>>> Write(Work work, IReadOnlyList<NewMessage> messages) => Write(work, [.. messages.Select(m => new Entry(m, null))]);

    /// <summary>Within the caller's transaction; after the commit they go out from memory as far as there is room, in the order in which they were given.</summary>
    public async Task WriteNow(Work work, IReadOnlyList<NewMessage> messages)
    {
        var entries = new List<Entry>(messages.Count);
        // Once one must wait in the queue, those after it do so too: a person reads pieces in order.
        foreach (var message in messages) entries.Add(new(message, entries is [.., { Reserved: null }] || message.SendAfter is not null ? null : dispatcher.Reserve(message, inTurn: true)));
        IReadOnlyList<Result<Accepted>>? answers = null;
        work.Afterwards(committed =>
        {
            for (var i = 0; i < entries.Count; i++)
                if (committed && answers?[i] is { Ok: true, Value.Replayed: false }) dispatcher.Written(entries[i].Reserved, entries[i].Message);
                else entries[i].Reserved?.Release();
        });
        answers = await Write(work, entries);
    }

    private async Task<IReadOnlyList<Result<Accepted>>> Write(Work work, IReadOnlyList<Entry> entries)
    {
        var answers = new Result<Accepted>?[entries.Count];
        var keys = await vault.Keys(work, [.. entries.Select(e => DayKeys.Of(e.Message.Class, e.Message.At)).Distinct()], DayKeys.Retention);
        var written = await Insert(work, entries, [.. entries.Select(e => vault.Seal(keys[DayKeys.Of(e.Message.Class, e.Message.At)], JsonSerializer.SerializeToUtf8Bytes(new Content(e.Message.Steps), DayKeys.Json), DayKeys.Context(e.Message.Id)))]);
        for (var i = 0; i < entries.Count; i++)
            if (written.Contains(entries[i].Message.Id)) answers[i] = new Accepted(entries[i].Message.Id, false);
        var known = Enumerable.Range(0, entries.Count).Where(i => answers[i] is null).ToArray();
        if (known.Length > 0) await Replay(work, entries, known, answers);
        await limits.Count(work, [.. Enumerable.Range(0, entries.Count).Where(i => answers[i] is { Ok: true, Value.Replayed: false }).Select(i => entries[i].Message)]);
        return answers!;
    }

    private static async Task<HashSet<Guid>> Insert(Work work, IReadOnlyList<Entry> entries, byte[][] contents)
    {
        await using var command = work.Command("""
            with n as (
              select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::bytea[], $10::text[], $11::uuid[], $12::text[], $13::bytea[], $14::smallint[], $15::boolean[], $16::bytea[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::smallint[], $21::text[], $22::timestamptz[], $23::boolean[], $24::text[], $25::boolean[])
                as n(id, service, key_kind, class, template, version, lang, channels, contact, reference, batch, idem_key, idem_digest, segments, simulated, content, created_at, send_after, expires_at, lane, channel, due_at, leased, provider, tell)),
            m as (
              insert into messaging.message (id, service, key_kind, class, template, version, lang, channels, contact, reference, batch, idem_key, idem_digest, status, rank, segments, simulated, content, created_at, send_after, expires_at, tell)
              select id, service, key_kind, class, template, version, lang, string_to_array(channels, ','), contact, reference, batch, idem_key, idem_digest, 'created', 0, segments, simulated, content, created_at, send_after, expires_at, tell from n
              on conflict do nothing returning id)
            insert into messaging.queue (id, lane, channel, service, due_at, expires_at, leased, attempt, provider)
            select n.id, n.lane, n.channel, n.service, n.due_at, n.expires_at, n.leased, n.leased::int, n.provider from n join m on m.id = n.id returning id
            """);
        void P<T>(Func<Entry, T> pick) => command.Parameters.Add(new() { Value = entries.Select(pick).ToArray() });
        P(e => e.Message.Id); P(e => e.Message.Service); P(e => e.Message.KeyKind); P(e => e.Message.Class); P(e => e.Message.Template); P(e => e.Message.Version); P(e => e.Message.Steps[0].Lang);
        P(e => string.Join(',', e.Message.Steps.Select(s => s.Channel)));
        P(e => e.Message.Contact); P(e => e.Message.Reference); P(e => e.Message.Batch); P(e => e.Message.IdemKey); P(e => e.Message.IdemDigest); P(e => (short)e.Message.Steps[0].Segments); P(e => e.Message.Simulated);
        command.Parameters.Add(new() { Value = contents, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        P(e => e.Message.At.UtcDateTime); P(e => e.Message.SendAfter?.UtcDateTime); P(e => e.Message.ExpiresAt.UtcDateTime); P(e => e.Message.Lane); P(e => e.Message.QueueChannel);
        P(e => (e.Reserved is null ? e.Message.DueAt : e.Message.At + Lease).UtcDateTime); P(e => e.Reserved is not null); P(e => e.Reserved?.Provider); P(e => e.Message.Tell);
        var written = new HashSet<Guid>(entries.Count);
        await using var reader = await command.ExecuteReaderAsync(work.Cancelled);
        while (await reader.ReadAsync(work.Cancelled)) written.Add(reader.GetGuid(0));
        return written;
    }

    private static async Task Replay(Work work, IReadOnlyList<Entry> entries, int[] asked, Result<Accepted>?[] answers)
    {
        var stored = (await work.Query<(Guid Id, Guid Service, string Key, byte[] Digest)>(
            "select m.id, m.service, m.idem_key, m.idem_digest from messaging.message m join unnest(@services, @keys) as n(service, key) on m.service = n.service and m.idem_key = n.key",
            new { services = asked.Select(i => entries[i].Message.Service).ToArray(), keys = asked.Select(i => entries[i].Message.IdemKey).ToArray() })).DistinctBy(r => (r.Service, r.Key)).ToDictionary(r => (r.Service, r.Key));
        foreach (var i in asked)
        {
            var m = entries[i].Message;
            var row = stored[(m.Service, m.IdemKey!)];
            answers[i] = row.Digest.AsSpan().SequenceEqual(m.IdemDigest) ? new Accepted(row.Id, true) : MessageProblems.KeyReused;
        }
    }

    public ValueTask DisposeAsync() => commit.DisposeAsync();
}
