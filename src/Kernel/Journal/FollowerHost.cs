using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Journal;

/// <summary>Runs the followers whose advisory locks this node holds; other nodes wait to take over. One connection hears of commits and holds the locks, one statement asks which followers are concerned, and only those open a transaction.</summary>
internal sealed class FollowerHost(Database database, IEnumerable<IFollower> followers, TimeProvider time, ILogger<FollowerHost> log) : BackgroundService
{
    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(2);

    /// <summary>Between a commit that is heard and the step that follows it: under load a step then takes many entries, and its cost is shared.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(30);

    private volatile TaskCompletionSource bell = New();

    /// <summary>What is led here is led for as long as the connection lives that holds the locks.</summary>
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var term = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var led = new ConcurrentDictionary<string, Led>();
            var following = Follow(led, term.Token);
            try
            {
                await Hold(led, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                log.LogWarning("journal notifications lost ({Reason}); listening again", e.Message);
            }

            await term.CancelAsync();
            await following;
            await Pause(SafetyNet, stop);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task Hold(ConcurrentDictionary<string, Led> led, CancellationToken stop)
    {
        await using var connection = await database.Open(stop);
        connection.Notification += (_, _) => Ring();
        await connection.ExecuteAsync("listen journal");
        for (var looked = 0L; ;)
        {
            if (looked == 0 || time.GetElapsedTime(looked) >= SafetyNet)
            {
                var free = followers.Where(f => !led.ContainsKey(f.Name)).ToDictionary(f => f.Name);
                foreach (var name in await connection.QueryAsync<string>("select n from unnest(@names) n where pg_try_advisory_lock(hashtextextended('follower:' || n, 0))", new { names = free.Keys.ToArray() })) led[name] = new(new Lookout(free[name]));
                looked = time.GetTimestamp();
                Ring();
            }

            await connection.WaitAsync(SafetyNet, stop);
        }
    }

    private void Ring() => Interlocked.Exchange(ref bell, New()).TrySetResult();

    private async Task Follow(ConcurrentDictionary<string, Led> led, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var heard = bell.Task;
            try
            {
                var idle = led.Values.Where(l => l.Step.IsCompleted).ToDictionary(l => l.Lookout);
                foreach (var lookout in await FollowerStep.Concerned(database, [.. idle.Keys], stop)) idle[lookout].Step = Step(lookout, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.LogWarning("the journal could not be asked ({Reason}); it is asked again", e.Message);
            }

            await Task.WhenAny(heard, Pause(SafetyNet, stop));
            await Pause(Gather, stop);
        }

        await Task.WhenAll(led.Values.Select(l => l.Step));
    }

    private async Task Step(Lookout lookout, CancellationToken stop)
    {
        try
        {
            while (await FollowerStep.Run(database, lookout, stop) == FollowerStep.BatchSize)
            {
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            log.LogError(e, "follower {Follower} failed; it will try the same entries again", lookout.Follower.Name);
            await Note(lookout.Follower, e);
            await Pause(SafetyNet, stop);
        }

        // What came meanwhile.
        Ring();
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

    private sealed class Led(Lookout lookout)
    {
        public Lookout Lookout => lookout;

        public Task Step { get; set; } = Task.CompletedTask;
    }
}

/// <summary>For verbs, sweeps and tests: run followers here and now until everything committed before the call has been applied.</summary>
public sealed class Followers(Database database, IEnumerable<IFollower> all)
{
    /// <summary>Everything that was committed or running when this was called has been applied by the named followers (all when none is named) on return.</summary>
    public async Task CatchUp(CancellationToken ct, params string[] names)
    {
        // A number drawn now is above every running transaction's; a snapshot's xmax is only above those that ended.
        var barrier = await database.One<string>("select pg_current_xact_id()::text", ct: ct);
        while (!await database.One<bool>("select pg_snapshot_xmin(pg_current_snapshot()) >= @barrier::xid8", new { barrier }, ct)) await Task.Yield();
        var lookouts = all.Where(f => names.Length == 0 || names.Contains(f.Name)).Select(f => new Lookout(f)).ToArray();
        while (await FollowerStep.Concerned(database, lookouts, ct) is { Count: > 0 } concerned)
            foreach (var lookout in concerned)
                while (await FollowerStep.Run(database, lookout, ct) > 0)
                {
                }
    }
}
