using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Converse;

/// <summary>Carries conversations on: many contacts to a commit, each contact one message after another. One whose flow waits for another room is taken out of the many and carried on apart.</summary>
internal sealed class Conversations(Database database, FlowStore flows, ConversationStore store, Answering answering, TalkSignal signal, TimeProvider time, ILogger<Conversations> log) : BackgroundService
{
    private const int Rounds = 2, Batch = 250, MostHeard = 5000, MostOfOne = 200, Tries = 3;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, bool> apart = new();
    private readonly SemaphoreSlim hands = new(8);

    /// <summary>One round of the many.</summary>
    /// <returns>How many contacts were answered or taken apart.</returns>
    public async Task<int> Round(CancellationToken ct)
    {
        var book = await flows.Book(ct);
        var (set, written) = (new List<Guid>(), new List<Guid>());
        await database.Write(async work =>
        {
            (set, written) = ([], []);
            var rows = await ConversationStore.Claim(work, Batch, [.. apart.Keys]);
            if (rows.Count == 0) return;
            if (rows.Count == Batch) signal.Wake();
            var heard = await store.Heard(work, [.. rows.Select(r => r.Id)], MostHeard, MostOfOne);
            var held = await store.Open(work, rows);
            var waited = await answering.Waited(work, rows, heard);
            var taken = new List<Taken>(rows.Count);
            foreach (var row in rows)
            {
                if (!heard.Contains(row.Id)) continue;
                if (await answering.Answer(work, book, row, held.GetValueOrDefault(row.Id), [.. heard[row.Id]], outside: false, waited.Contains(row.Id), ct) is { } done) taken.Add(done);
                else set.Add(row.Id);
            }

            await store.Write(work, taken);
            written = [.. taken.Select(t => t.After.Id)];
        }, ct);
        foreach (var id in set)
            if (apart.TryAdd(id, true)) _ = Task.Run(() => Apart(id, ct), CancellationToken.None);
        Tell(written);
        return written.Count + set.Count;
    }

    /// <summary>Answers now whatever this contact wrote, for channels that wait for the answer.</summary>
    public async Task Now(Guid id, CancellationToken ct)
    {
        var book = await flows.Book(ct);
        await database.Write(async work =>
        {
            if (await ConversationStore.Lock(work, id) is not { } row) return;
            var heard = (await store.Heard(work, [id], MostOfOne, MostOfOne))[id].ToArray();
            if (heard.Length == 0) return;
            var held = await store.Open(work, [row]);
            await store.Write(work, [(await answering.Answer(work, book, row, held.GetValueOrDefault(id), heard, outside: true, offer: true, ct))!]);
        }, ct);
        Tell([id]);
    }

    /// <summary>Acts on one conversation under its lock: an official speaks, takes it, gives it back.</summary>
    public async Task<Result<Done>> With(Guid id, Func<Work, Book, Conversation, Held, ValueTask<Result<Taken>>> act, CancellationToken ct)
    {
        var book = await flows.Book(ct);
        var result = await database.Write<Result<Done>>(async work =>
        {
            if (await ConversationStore.Lock(work, id) is not { } row || (await store.Open(work, [row])).GetValueOrDefault(id) is not { } held) return Problem.NotFound;
            var taken = await act(work, book, row, held);
            if (!taken.Ok) return taken.Problem;
            await store.Write(work, [taken.Value]);
            return Done.It;
        }, ct);
        if (result.Ok) Tell([id]);
        return result;
    }

    public async Task Late(CancellationToken ct)
    {
        var book = await flows.Book(ct);
        var written = new List<Guid>();
        await database.Write(async work =>
        {
            var rows = await ConversationStore.Late(work, Batch, time.GetUtcNow());
            var held = await store.Open(work, rows);
            var taken = new List<Taken>();
            foreach (var row in rows) taken.Add(await answering.Late(work, book, row, held.GetValueOrDefault(row.Id), ct));
            await store.Write(work, taken);
            written = [.. rows.Select(r => r.Id)];
        }, ct);
        Tell(written);
    }

    /// <summary>While one round waits for PostgreSQL another steps.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([.. Enumerable.Range(0, Rounds).Select(_ => Task.Run(() => Answer(stoppingToken), CancellationToken.None)), Task.Run(() => Watch(stoppingToken), CancellationToken.None)]);

    private async Task Answer(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await Round(stop) == 0) await signal.Wait(Poll, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception fault)
            {
                log.LogError(fault, "a round of conversations failed; each is tried apart");
                await EachApart(stop);
            }
        }
    }

    /// <summary>One bad conversation must not hold up the others.</summary>
    private async Task EachApart(CancellationToken stop)
    {
        try
        {
            foreach (var id in await database.Query<Guid>("select distinct conversation from messaging.inbox limit 200", ct: stop))
                if (apart.TryAdd(id, true)) await Apart(id, stop);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // The database is away: the next round comes after the pause.
        }

        await signal.Wait(Poll, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task Watch(CancellationToken stop)
    {
        using var often = new PeriodicTimer(Poll, time);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await often.WaitForNextTickAsync(stop);
                await Late(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception fault)
            {
                log.LogWarning(fault, "conversations whose time has passed could not be looked for; they will be again");
            }
        }
    }

    private async Task Apart(Guid id, CancellationToken ct)
    {
        await hands.WaitAsync(CancellationToken.None);
        try
        {
            await Now(id, ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            log.LogError(fault, "conversation {Conversation} could not be carried on", id);
            await GiveUp(id);
        }
        catch (OperationCanceledException)
        {
            // The node stops; another, or the next start, finds the message in the inbox.
        }
        finally
        {
            hands.Release();
            apart.TryRemove(id, out _);
            signal.Wake();
        }
    }

    /// <summary>After some tries the message is left as received, so that the contact's next ones are heard.</summary>
    private async Task GiveUp(Guid id)
    {
        try
        {
            await database.Execute("""
                with first as (select conversation, id from messaging.inbox where conversation = @id order by position limit 1),
                tried as (update messaging.inbox i set tries = tries + 1 from first f where i.conversation = f.conversation and i.id = f.id and i.tries + 1 < @Tries returning i.id)
                delete from messaging.inbox i using first f where i.conversation = f.conversation and i.id = f.id and i.tries + 1 >= @Tries
                """, new { id, Tries });
        }
        catch (Exception fault)
        {
            log.LogWarning(fault, "the tries of conversation {Conversation} could not be counted", id);
        }
    }

    private void Tell(IReadOnlyList<Guid> ids)
    {
        if (ids.Count == 0) return;
        signal.Changed(ids);
    }
}

/// <summary>Wakes whoever waits: the worker when something was written to us, a page when its conversation went on, here or on another node.</summary>
internal sealed class TalkSignal
{
    private readonly SemaphoreSlim work = new(0, 1);
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> waiting = new();

    public void Wake()
    {
        try
        {
            if (work.CurrentCount == 0) work.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another woke it at the same moment.
        }
    }

    public Task Wait(TimeSpan longest, CancellationToken ct) => work.WaitAsync(longest, ct);

    public Task Change(Guid conversation) => waiting.GetOrAdd(conversation, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(IReadOnlyList<Guid> conversations)
    {
        foreach (var id in conversations)
            if (waiting.TryRemove(id, out var source)) source.TrySetResult();
    }
}
