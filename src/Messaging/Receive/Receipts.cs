using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Receive;

/// <summary>Keeps every call of a provider as it came, and applies it in the same commit. One that meets no message yet waits and is tried again; one that cannot be read stays to be looked at.</summary>
internal sealed class Receipts : BackgroundService, IAsyncDisposable
{
    private const int Tries = 20;

    private readonly Database database;
    private readonly Vault vault;
    private readonly Accounts accounts;
    private readonly Incoming incoming;
    private readonly TimeProvider time;
    private readonly Converse.TalkSignal signal;
    private readonly ILogger<Receipts> log;
    private readonly GroupCommit<Arrived, bool> commit;

    public Receipts(Database database, Vault vault, Accounts accounts, Incoming incoming, TimeProvider time, Converse.TalkSignal signal, ILogger<Receipts> log)
    {
        (this.database, this.vault, this.accounts, this.incoming, this.time, this.signal, this.log) = (database, vault, accounts, incoming, time, signal, log);
        commit = new(database, Write, writers: 1, batch: 500);
    }

    private sealed record Arrived(Guid Id, string Provider, DateTimeOffset At, byte[] Body, HookRead? Read);

    /// <summary>Answers after the commit, so that the provider may forget it.</summary>
    public async Task Keep(string provider, HookCall call, IHook hook, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var read = Read(hook, call);
        await commit.Submit(new(Guid.CreateVersion7(now), provider, now, JsonSerializer.SerializeToUtf8Bytes(call, DayKeys.Json), read), ct);
        if (read?.Messages.Count > 0) signal.Wake();
    }

    private HookRead? Read(IHook hook, HookCall call)
    {
        try
        {
            return hook.Read(call);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            log.LogWarning("a call of a provider cannot be read: {Fault}", e.GetType().Name);
            return null;
        }
    }

    private async Task<IReadOnlyList<bool>> Write(Work work, IReadOnlyList<Arrived> calls)
    {
        var now = time.GetUtcNow();
        var days = calls.Select(c => DayKeys.Of("receipt", c.At)).Append(DayKeys.Of("incoming", now)).Distinct().ToArray();
        var keys = await vault.Keys(work, days, DayKeys.Retention);
        var outcomes = await Apply(work, [.. calls.Select(c => (c.Provider, c.Read))], now);
        // What a person wrote is kept as such; the call around it says nothing more.
        var raw = calls.Select((c, i) => (Call: c, Outcome: outcomes[i])).Where(c => c.Call.Read is not { Messages.Count: > 0, Receipts.Count: 0 }).ToArray();
        if (raw.Length == 0) return new bool[calls.Count];
        await using var command = work.Command("insert into messaging.receipt (id, provider, at, body, outcome) select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::bytea[], $5::text[])");
        command.Parameters.Add(new() { Value = raw.Select(c => c.Call.Id).ToArray() });
        command.Parameters.Add(new() { Value = raw.Select(c => c.Call.Provider).ToArray() });
        command.Parameters.Add(new() { Value = raw.Select(c => c.Call.At.UtcDateTime).ToArray() });
        command.Parameters.Add(new() { Value = raw.Select(c => vault.Seal(keys[DayKeys.Of("receipt", c.Call.At)], c.Call.Body, Context(c.Call.Id))).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = raw.Select(c => c.Outcome).ToArray() });
        await command.ExecuteNonQueryAsync(work.Cancelled);
        return new bool[calls.Count];
    }

    /// <returns>For each call: applied, unreadable, or null when a message it tells of is not there yet.</returns>
    private async Task<string?[]> Apply(Work work, IReadOnlyList<(string Provider, HookRead? Read)> calls, DateTimeOffset now)
    {
        var told = calls.SelectMany((c, i) => (c.Read?.Receipts ?? []).Select(r => (I: i, c.Provider, Told: r))).ToArray();
        var byRef = told.Where(t => t.Told.Id is null && t.Told.Ref is not null).ToArray();
        var found = byRef.Length == 0 ? [] : (await work.Query<(string Provider, string Ref, Guid Id)>("select m.provider, m.provider_ref, m.id from messaging.message m join unnest(@providers, @refs) as n(provider, ref) on m.provider = n.provider and m.provider_ref = n.ref",
            new { providers = byRef.Select(t => t.Provider).ToArray(), refs = byRef.Select(t => t.Told.Ref).ToArray() })).DistinctBy(r => (r.Provider, r.Ref)).ToDictionary(r => (r.Provider, r.Ref), r => r.Id);
        var byId = told.Where(t => t.Told.Id is not null).Select(t => t.Told.Id!.Value).Distinct().ToArray();
        var known = byId.Length == 0 ? [] : (await work.Query<Guid>("select id from messaging.message where id = any(@byId)", new { byId })).ToHashSet();
        var outcomes = calls.Select(c => c.Read is null ? "unreadable" : "applied").ToArray<string?>();
        var changes = new List<Change>(told.Length);
        foreach (var (i, provider, t) in told)
        {
            var id = t.Id is { } given ? (known.Contains(given) ? given : (Guid?)null) : t.Ref is { } r && found.TryGetValue((provider, r), out var matched) ? matched : null;
            if (id is { } message) changes.Add(new(message, null, t.Status, t.Reason, provider, t.Id is null ? null : t.Ref));
            else outcomes[i] = null;
        }

        if (changes.Count > 0) await StatusWriter.Apply(work, changes, now);
        var said = calls.SelectMany(c => (c.Read?.Messages ?? []).Select(m => (c.Provider, m))).ToArray();
        if (said.Length > 0) await incoming.Write(work, said, now);
        return outcomes;
    }

    /// <summary>Tries again what met no message. A receipt can be quicker than the answer to the call that it is about.</summary>
    public async Task Again(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await database.Write(async work =>
        {
            var rows = await work.Query<(Guid Id, string Provider, DateTimeOffset At, byte[] Body, int Tries)>("select id, provider, at, body, tries from messaging.receipt where outcome is null order by at limit 500 for update skip locked");
            if (rows.Count == 0) return;
            var keys = await vault.Keys(work, [.. rows.Select(r => DayKeys.Of("receipt", r.At)).Append(DayKeys.Of("incoming", now)).Distinct()], DayKeys.Retention);
            var calls = rows.Select(r => (r.Provider, accounts.Find(r.Provider)?.Provider is IHook hook ? Read(hook, JsonSerializer.Deserialize<HookCall>(vault.Open(keys[DayKeys.Of("receipt", r.At)], r.Body, Context(r.Id)), DayKeys.Json)!) : null)).ToArray();
            var outcomes = await Apply(work, calls, now);
            for (var i = 0; i < rows.Count; i++)
                await work.Execute("update messaging.receipt set outcome = @outcome, tries = tries + 1 where id = @Id", new { rows[i].Id, outcome = outcomes[i] ?? (rows[i].Tries + 1 >= Tries ? "unmatched" : null) });
        }, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var often = new PeriodicTimer(TimeSpan.FromSeconds(15), time);
        while (await often.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Again(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(fault, "waiting receipts could not be tried; they will be again");
            }
        }
    }

    private static string Context(Guid id) => $"messaging.receipt/{id:N}";

    public ValueTask DisposeAsync() => commit.DisposeAsync();
}
