using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Messaging.Accept;

/// <summary>When the time of a class and day is over its key is destroyed, and with it what those messages said, in every copy. What remains tells nothing of anybody: states, times, segments.</summary>
internal sealed class Forgetting(Database database, Vault vault, TimeProvider time, ILogger<Forgetting> log) : BackgroundService
{
    /// <summary>A node that was away for so long still catches up.</summary>
    private const int DaysBack = 14;

    public async Task Once(CancellationToken ct)
    {
        var today = Ist.Today(time);
        foreach (var (cls, days) in DayKeys.Days)
        {
            for (var back = 0; back < DaysBack; back++)
            {
                var day = DayKeys.Of(cls, today.AddDays(-days - 1 - back));
                if (await database.One<bool>("select exists (select from vault.subject_key where subject = @day)", new { day }, ct)) await database.Write(work => vault.Erase(work, day), ct);
            }
        }

        // Counters of past minutes and days, receipts and events whose time is over.
        var now = time.GetUtcNow();
        await database.Execute("""
            delete from messaging.usage where span like 'm%' and span < to_char(@now::timestamptz at time zone 'utc' - interval '1 hour', '"m"YYYYMMDDHH24MI');
            delete from messaging.usage where span like any (array['d%', 'a%']) and substr(span, 2) < to_char(@now::timestamptz - interval '3 days', 'YYYYMMDD');
            delete from messaging.receipt where at < @now::timestamptz - interval '31 days';
            delete from messaging.event where at < @now::timestamptz - interval '90 days';
            delete from messaging.batch where created_at < @now::timestamptz - interval '90 days'
            """, new { now }, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await hourly.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Once(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(fault, "what messages said could not be forgotten; the next hour tries again");
            }
        }
    }
}
