using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sahulat.Catalogue.Versions;

/// <summary>Reads the catalogue before the node serves, and picks up a load made elsewhere within seconds.</summary>
internal sealed partial class DirectoryRefresh(ServiceDirectory directory, ILogger<DirectoryRefresh> log) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await directory.ReloadIfChanged(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pulse = new PeriodicTimer(Pace);
        try
        {
            while (await pulse.WaitForNextTickAsync(stoppingToken)) await Refresh(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Refresh(CancellationToken ct)
    {
        try
        {
            await directory.ReloadIfChanged(ct);
        }
        catch (NpgsqlException e)
        {
            // What is in memory still serves; the next tick asks again.
            NotRead(log, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalogue's revision could not be read: {Reason}")]
    private static partial void NotRead(ILogger log, string reason);
}
