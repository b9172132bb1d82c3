using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Journal;

/// <summary>Runs every follower of this node; the one that holds a follower's advisory lock runs it, the others wait to take over.</summary>
internal sealed class FollowerHost(Database database, IEnumerable<IFollower> followers, TimeProvider time, ILogger<FollowerHost> log) : BackgroundService
{
    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(2);

    /// <summary>Between a commit that is heard and the step that follows it: under load a step then takes many entries, and its cost is shared.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(30);

    private volatile TaskCompletionSource bell = New();

    protected override Task ExecuteAsync(CancellationToken stop) =>
        Task.WhenAll([Listen(stop), .. followers.Select(f => Run(f, stop))]);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task Listen(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Open(stop);
                connection.Notification += (_, _) => Ring();
                await connection.ExecuteAsync("listen journal");
                while (true) await connection.WaitAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                log.LogWarning("journal notifications lost ({Reason}); listening again", e.Message);
                await Pause(SafetyNet, stop);
            }
        }
    }

    private void Ring() => Interlocked.Exchange(ref bell, New()).TrySetResult();

    private async Task Run(IFollower follower, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var guard = await database.Open(stop);
                if (!await guard.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(hashtextextended(@key, 0))", new { key = "follower:" + follower.Name }))
                {
                    await Pause(SafetyNet, stop);
                    continue;
                }

                var lookout = new Lookout();
                while (true)
                {
                    var heard = bell.Task;
                    while (await FollowerStep.Run(database, follower, lookout, stop) == FollowerStep.BatchSize)
                    {
                    }

                    await Task.WhenAny(heard, Pause(SafetyNet, stop));
                    await Pause(Gather, stop);
                    stop.ThrowIfCancellationRequested();
                    await guard.ExecuteAsync("select 1");
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                log.LogError(e, "follower {Follower} failed; it will try the same entries again", follower.Name);
                await Note(follower, e);
                await Pause(SafetyNet, stop);
            }
        }
    }

    private async Task Note(IFollower follower, Exception e)
    {
        try
        {
            await database.Execute("update journal.cursor set failed_at = @at, failure = @failure where follower = @Name", new { at = time.GetUtcNow(), failure = e.GetType().Name, follower.Name });
        }
        catch (Exception lost) when (lost is NpgsqlException or IOException)
        {
            log.LogWarning("could not note the failure of {Follower}", follower.Name);
        }
    }

    private static Task Pause(TimeSpan span, CancellationToken stop) => Task.Delay(span, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

/// <summary>For verbs, sweeps and tests: run followers here and now until everything committed before the call has been applied.</summary>
public sealed class Followers(Database database, IEnumerable<IFollower> all)
{
    /// <summary>Everything that was committed or running when this was called has been applied by the named followers (all when none is named) on return.</summary>
    public async Task CatchUp(CancellationToken ct, params string[] names)
    {
        var chosen = all.Where(f => names.Length == 0 || names.Contains(f.Name)).ToArray();
        // A number drawn now is above every running transaction's; a snapshot's xmax is only above those that ended.
        var barrier = await database.One<string>("select pg_current_xact_id()::text", ct: ct);
        while (!await database.One<bool>("select pg_snapshot_xmin(pg_current_snapshot()) >= @barrier::xid8", new { barrier }, ct)) await Task.Yield();
        var lookouts = chosen.ToDictionary(f => f, _ => new Lookout());
        int moved;
        do
        {
            moved = 0;
            foreach (var follower in chosen)
            {
                int step;
                while ((step = await FollowerStep.Run(database, follower, lookouts[follower], ct)) > 0) moved += step;
            }
        }
        while (moved > 0);
    }
}
