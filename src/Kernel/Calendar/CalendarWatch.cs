using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sahulat.Kernel.Calendar;

/// <summary>A node learns within a minute of an order that was loaded elsewhere.</summary>
internal sealed class CalendarWatch(Calendars calendars, TimeProvider time, ILogger<CalendarWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pulse = new PeriodicTimer(Interval, time);
        while (await Wait(pulse, stoppingToken))
        {
            try
            {
                await calendars.Refresh(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                log.LogWarning("the calendar could not be read again: {Reason}", e.Message);
            }
        }
    }

    private static async Task<bool> Wait(PeriodicTimer pulse, CancellationToken stop)
    {
        try
        {
            return await pulse.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
