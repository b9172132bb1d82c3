using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Office.Archive;

/// <summary>Makes PDF/A files on this node, one at a time. <c>Sahulat:PageReading=off</c> leaves it to other nodes.</summary>
internal sealed class ArchiveWork(ArchiveMaker maker, IConfiguration configuration, ILogger<ArchiveWork> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (configuration["Sahulat:PageReading"] == "off") return;
        using var pulse = new PeriodicTimer(TimeSpan.FromSeconds(2));
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await maker.Next(stop))
                {
                }

                await pulse.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is NpgsqlException or IOException or SetupException or UnauthorizedAccessException)
            {
                log.LogWarning("making PDF/A failed ({Reason}); it goes on", e.Message);
                await pulse.WaitForNextTickAsync(stop).AsTask().ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }
}
