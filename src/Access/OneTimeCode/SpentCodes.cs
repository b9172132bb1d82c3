using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Access.OneTimeCode;

/// <summary>Codes are kept for a day, to be counted; then they and the numbers sealed beside them go.</summary>
internal sealed class SpentCodes(Database database, TimeProvider time, ILogger<SpentCodes> log) : BackgroundService
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public Task<int> Clear(CancellationToken ct) =>
        database.Execute("delete from access.one_time_code where created_at < @before", new { before = time.GetUtcNow() - Kept }, ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await hourly.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Clear(stoppingToken);
            }
            catch (NpgsqlException fault)
            {
                log.LogWarning(fault, "spent codes could not be cleared; the next hour tries again");
            }
        }
    }
}
