using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Guarantee.Prove;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Guarantee.AppealOnLapse;

/// <summary>Sweeps at the start of every day in India and every few minutes besides, on the node that holds the lock.</summary>
internal sealed class NightWatch(Database database, Sweep sweep, DailyProof proof, TimeProvider time, IConfiguration configuration, ILogger<NightWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>An officer's answer that was given before midnight may take this long to be committed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (configuration["Sahulat:Sweep"] == "off") return;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Once(stop);
                await Task.Delay(Wait(time.GetUtcNow()), time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                log.LogError(e, "the sweep for passed dates failed; it will be tried again");
                await Task.Delay(Grace, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Until just after the next midnight in India, five minutes at most.</summary>
    internal static TimeSpan Wait(DateTimeOffset now)
    {
        var midnight = Ist.EndOf(Ist.DateIn(now - Grace)) + Grace - now;
        return midnight < Every ? midnight : Every;
    }

    private async Task Once(CancellationToken stop)
    {
        await using var guard = await database.Open(stop);
        if (!await guard.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(hashtextextended('guarantee.sweep', 0))")) return;
        try
        {
            var result = await sweep.Run(Ist.DateIn(time.GetUtcNow() - Grace), ct: stop);
            if (result.Lapsed > 0) log.LogInformation("{Lapsed} dates passed, {Appeals} appeals opened, {Alarms} posts vacant", result.Lapsed, result.Appeals, result.Alarms);
            await proof.Daily(Ist.DateIn(time.GetUtcNow() - Grace), stop);
        }
        finally
        {
            await guard.ExecuteAsync("select pg_advisory_unlock(hashtextextended('guarantee.sweep', 0))");
        }
    }
}
