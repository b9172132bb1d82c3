using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Api;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Batches;

/// <summary>Turns the rows of batches into messages, a few hundred in a transaction: a row becomes its message, or keeps its faults, exactly once. On any number of nodes.</summary>
internal sealed class BatchRun(Database database, Vault vault, Preparation preparation, AcceptBatch accept, Limits limits, Dispatcher dispatcher, TimeProvider time, ILogger<BatchRun> log) : BackgroundService
{
    private const int Chunk = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim signal = new(0, 1);

    /// <summary>A batch was stored here. Those of other nodes are found by looking.</summary>
    public void Wake()
    {
        try
        {
            if (signal.CurrentCount == 0) signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another woke it at the same moment.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(Poll, stoppingToken);
                while (await Once(stoppingToken))
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception fault)
            {
                log.LogError(fault, "a batch could not be worked on; it will be tried again");
                await Task.Delay(Poll, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private sealed record Head(Guid Id, Guid Service, string Code, string Name, string KeyKind, bool Trial, int PerMinute, int PerDay, int InternationalPerDay, bool MayWarn, byte[] Request, DateTimeOffset CreatedAt);

    /// <summary>The next rows of a warning; else of the batch of which the fewest are done.</summary>
    public async Task<bool> Once(CancellationToken ct)
    {
        var worked = await database.Write(async work =>
        {
            var head = await work.One<Head>("""
                select b.id, b.service, s.code, s.name, b.key_kind, s.trial, s.per_minute, s.per_day, s.international_per_day, s.may_warn, b.request, b.created_at
                from messaging.batch b join messaging.service s on s.id = b.service where b.state = 'running' order by convert_from(b.request, 'UTF8')::jsonb ->> 'class' = 'emergency' desc nulls last, b.accepted + b.faulty, b.id limit 1 for update of b skip locked
                """);
            if (head is null) return false;
            var rows = await work.Query<(int Row, byte[] Content)>("select row, content from messaging.batch_row where batch = @Id and state = 'waiting' order by row limit @Chunk", new { head.Id, Chunk });
            if (rows.Count > 0) await Work(work, head, rows, ct);
            if (rows.Count < Chunk) await work.Execute("update messaging.batch set state = 'ended', ended_at = @now where id = @Id and state = 'running'", new { head.Id, now = time.GetUtcNow() });
            return true;
        }, ct);
        if (worked) dispatcher.Wake();
        return worked;
    }

    private async Task Work(Work work, Head head, IReadOnlyList<(int Row, byte[] Content)> rows, CancellationToken ct)
    {
        var client = new Client(head.Service, head.Code, head.Name, Guid.Empty, head.KeyKind, "", head.Trial, int.MaxValue, head.PerDay, head.InternationalPerDay, head.MayWarn);
        var request = JsonSerializer.Deserialize<BatchRequest>(head.Request, DayKeys.Json)!;
        var key = (await vault.Keys(work, [DayKeys.Of("batch", head.CreatedAt)], DayKeys.Retention))[DayKeys.Of("batch", head.CreatedAt)];
        var messages = new List<(int Row, NewMessage Message)>(rows.Count);
        var faulty = new List<(int Row, string Faults)>();
        foreach (var (row, content) in rows)
        {
            var made = await Prepare(client, head.Id, request, (JsonObject)JsonNode.Parse(vault.Open(key, content, $"{BatchStore.Context(head.Id)}/{row}"))!, ct);
            if (made.Ok && await limits.Take(client, Limits.IsAbroad(made.Value), ct) is { } full) made = full;
            if (made.Ok) messages.Add((row, made.Value));
            else faulty.Add((row, Faults(made.Problem)));
        }

        try
        {
            await Store(work, head, messages, faulty);
        }
        catch
        {
            foreach (var (_, message) in messages) limits.Back(client, Limits.IsAbroad(message));
            throw;
        }
    }

    private async Task Store(Work work, Head head, List<(int Row, NewMessage Message)> messages, List<(int Row, string Faults)> faulty)
    {
        NewMessage[] made = [.. messages.Select(m => m.Message)];
        // A campaign waits in the queue, which shares it out among services.
        if (made.Any(m => m.Lane == 0)) await accept.WriteNow(work, made);
        else if (made.Length > 0) await accept.Write(work, made);
        await work.Execute("""
            update messaging.batch_row r set state = n.state, faults = n.faults::jsonb, message = n.message, content = null
            from unnest(@rows, @states, @faults, @messages) as n(row, state, faults, message) where r.batch = @Id and r.row = n.row
            """, new
        {
            head.Id,
            rows = messages.Select(m => m.Row).Concat(faulty.Select(f => f.Row)).ToArray(),
            states = messages.Select(_ => "accepted").Concat(faulty.Select(_ => "faulty")).ToArray(),
            faults = messages.Select(_ => (string?)null).Concat(faulty.Select(f => f.Faults)).ToArray(),
            messages = messages.Select(m => (Guid?)m.Message.Id).Concat(faulty.Select(_ => (Guid?)null)).ToArray(),
        });
        await work.Execute("update messaging.batch set accepted = accepted + @a, faulty = faulty + @f where id = @Id", new { head.Id, a = messages.Count, f = faulty.Count });
    }

    private async ValueTask<Result<NewMessage>> Prepare(Client client, Guid batch, BatchRequest request, JsonObject row, CancellationToken ct)
    {
        var check = new Check();
        foreach (var (name, _) in row) check.That(name is "recipient" or "personalisation" or "lang" or "reference", "/" + name, "unknown-field");
        var to = RequestReading.To(row["recipient"], check);
        var values = RequestReading.Values(row["personalisation"], "/personalisation", check);
        var lang = Lang.Find(row["lang"]?.ToString() ?? request.Lang);
        check.That(lang is not null, "/lang", "not-a-choice");
        if (!check.Ok) return check.ToProblem();
        return await preparation.Prepare(client, new MessageRequest(request.Template, request.Version, to, lang!, values, row["reference"]?.ToString(), request.Channels, request.Class ?? "bulk", request.SendAfter, request.ExpiresAt), batch, null, null, ct);
    }

    private static string Faults(Problem problem) => JsonSerializer.Serialize(
        problem.Faults.Count > 0 ? problem.Faults.Select(f => new BatchStore.RowFault(f.Pointer, f.Code, [.. f.Args.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture))])) : [new BatchStore.RowFault("", problem.Code, null)], MessagesEndpoint.Json);
}
