using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel.Data;

namespace Sahulat.Feedback.Forget;

/// <summary>What nobody needs any more is emptied: the letters of a name once the link has expired, words after a year, as long as figures are published. Counts and scores stay.</summary>
internal sealed class Forgetting(Database database, TimeProvider time, ILogger<Forgetting> log) : BackgroundService
{
    public Task Once(CancellationToken ct) => database.Execute("""
        update feedback.assessment set content = null where content is not null and expires_at < @now;
        update feedback.assessment set comment = null where comment is not null and rated_at < @now::timestamptz - interval '1 year';
        delete from feedback.attempt where hour < @now::timestamptz - interval '2 days'
        """, new { now = time.GetUtcNow() }, ct);

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
                log.LogWarning(fault, "old ratings could not be emptied; the next hour tries again");
            }
        }
    }
}
