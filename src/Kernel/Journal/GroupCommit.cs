using System.Threading.Channels;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Journal;

/// <summary>Many small writes in one commit: callers wait on a bounded channel, a few writers commit up to <c>batch</c> of them at once, and each caller is answered only after its commit. When a batch fails, its rows go one by one, so that a bad row fails alone.</summary>
public sealed class GroupCommit<TIn, TOut> : IAsyncDisposable
{
    private readonly Channel<Item> channel;
    private readonly Task[] writers;
    private readonly Database database;
    private readonly Func<Work, IReadOnlyList<TIn>, Task<IReadOnlyList<TOut>>> write;
    private readonly int batch;

    /// <param name="write">Writes all of them and returns their answers in the same order; throws to refuse the whole.</param>
    public GroupCommit(Database database, Func<Work, IReadOnlyList<TIn>, Task<IReadOnlyList<TOut>>> write, int writers = 2, int batch = 100, int waiting = 10_000)
    {
        (this.database, this.write, this.batch) = (database, write, batch);
        channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(waiting) { FullMode = BoundedChannelFullMode.Wait });
        this.writers = [.. Enumerable.Range(0, writers).Select(_ => Task.Run(Run))];
    }

    /// <summary>Answers after the commit. Once queued, a write cannot be taken back: cancelling only stops the waiting.</summary>
    public async Task<TOut> Submit(TIn input, CancellationToken ct = default)
    {
        var item = new Item(input);
        await channel.Writer.WriteAsync(item, ct);
        return await item.Answer.Task.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Writer.TryComplete();
        await Task.WhenAll(writers);
    }

    private async Task Run()
    {
        var items = new List<Item>(batch);
        while (await channel.Reader.WaitToReadAsync())
        {
            items.Clear();
            while (items.Count < batch && channel.Reader.TryRead(out var item)) items.Add(item);
            if (items.Count > 0) await Commit(items);
        }
    }

    /// <param name="tries">A lone row that met another's at the same moment (unique key, deadlock) is tried again: now it sees the other.</param>
    private async Task Commit(List<Item> items, int tries = 3)
    {
        try
        {
            var answers = await database.Write(work => write(work, [.. items.Select(i => i.Input)]));
            for (var i = 0; i < items.Count; i++) items[i].Answer.TrySetResult(answers[i]);
        }
        catch (Exception) when (items.Count > 1)
        {
            foreach (var item in items) await Commit([item]);
        }
        catch (PostgresException e) when (tries > 1 && (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected))
        {
            await Commit(items, tries - 1);
        }
        catch (Exception e)
        {
            items[0].Answer.TrySetException(e);
        }
    }

    private sealed record Item(TIn Input)
    {
        public TaskCompletionSource<TOut> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
