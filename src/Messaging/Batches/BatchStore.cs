using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Batches;

internal sealed record BatchRequest(string Template, int? Version, string Lang, IReadOnlyList<string>? Channels, string? Class, DateTimeOffset? SendAfter, DateTimeOffset? ExpiresAt, string Name);

/// <summary>One row as it was sent: recipient, personalisation, lang, reference.</summary>
internal sealed record BatchRow(JsonObject Json);

/// <summary>Batches and their rows; what a row says is sealed until it is worked on.</summary>
internal sealed class BatchStore(Database database, Vault vault, TimeProvider time)
{
    internal sealed record RowFault(string Pointer, string Code, string?[]? Args);

    internal sealed record Shown(Guid Id, string Name, string State, int Total, int Accepted, int Faulty, int Cancelled, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, IReadOnlyDictionary<string, int> Messages);

    private sealed record Row(Guid Id, string Name, string State, int Total, int Accepted, int Faulty, int Cancelled, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt);

    public static string Context(Guid id) => $"messaging.batch/{id:N}";

    public async Task<Result<Guid>> Store(Client client, BatchRequest request, IReadOnlyList<BatchRow> rows, string idemKey, byte[] digest, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return await database.Write<Result<Guid>>(async work =>
        {
            var key = (await vault.Keys(work, [DayKeys.Of("batch", now)], DayKeys.Retention))[DayKeys.Of("batch", now)];
            var made = await work.Execute("""
                insert into messaging.batch (id, service, key_kind, name, request, idem_key, idem_digest, total, state, created_at)
                values (@id, @Service, @KeyKind, @name, @request, @idemKey, @digest, @total, 'running', @now) on conflict do nothing
                """, new { id, client.Service, client.KeyKind, name = request.Name[..Math.Min(200, request.Name.Length)], request = JsonSerializer.SerializeToUtf8Bytes(request, DayKeys.Json), idemKey, digest, total = rows.Count, now });
            if (made == 0)
            {
                var (before, with) = await work.One<(Guid, byte[])>("select id, idem_digest from messaging.batch where service = @Service and idem_key = @idemKey", new { client.Service, idemKey });
                return with.AsSpan().SequenceEqual(digest) ? before : MessageProblems.KeyReused;
            }

            await using var copy = await work.Connection.BeginBinaryImportAsync("copy messaging.batch_row (batch, row, content) from stdin (format binary)", ct);
            for (var i = 0; i < rows.Count; i++)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(id, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(i + 1, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(vault.Seal(key, JsonSerializer.SerializeToUtf8Bytes(rows[i].Json, DayKeys.Json), $"{Context(id)}/{i + 1}"), NpgsqlDbType.Bytea, ct);
            }

            await copy.CompleteAsync(ct);
            return id;
        }, ct);
    }

    /// <summary>Progress: rows worked on, and the states of the messages made of them.</summary>
    public async Task<Shown?> Show(Guid service, Guid id, CancellationToken ct)
    {
        if (await database.One<Row>("select id, name, state, total, accepted, faulty, cancelled, created_at, ended_at from messaging.batch where id = @id and service = @service", new { id, service }, ct) is not { } b) return null;
        var states = await database.Query<(string Status, int N)>("select status, count(*)::int from messaging.message where batch = @id group by status", new { id }, ct);
        return new(b.Id, b.Name, b.State, b.Total, b.Accepted, b.Faulty, b.Cancelled, b.CreatedAt, b.EndedAt, states.ToDictionary(s => s.Status, s => s.N));
    }

    /// <summary>What is not yet with a provider stays here: rows not worked on, and messages still queued.</summary>
    /// <returns>False when nothing was left to cancel.</returns>
    public async Task<bool> Cancel(Guid service, Guid id, CancellationToken ct) => await database.Write(async work =>
    {
        var now = time.GetUtcNow();
        // Locks the batch, so that no more of its rows are being worked on.
        var state = await work.One<string>("select state from messaging.batch where id = @id and service = @service for update", new { id, service });
        if (state == "cancelled") return false;
        var rows = await work.Execute("update messaging.batch_row set state = 'cancelled', content = null where batch = @id and state = 'waiting'", new { id });
        var queued = (await work.Query<Guid>("delete from messaging.queue q using messaging.message m where m.batch = @id and q.id = m.id and (not q.leased or q.due_at < @now) and q.provider is null returning q.id", new { id, now })).ToArray();
        if (rows + queued.Length == 0) return false;
        await StatusWriter.Apply(work, [.. queued.Select(m => new Change(m, null, Status.Cancelled, "batch-cancelled"))], now);
        await work.Execute("update messaging.batch set state = 'cancelled', cancelled = cancelled + @n, ended_at = coalesce(ended_at, @now) where id = @id", new { id, n = rows + queued.Length, now });
        return true;
    }, ct);
}
