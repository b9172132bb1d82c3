using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sahulat.Insight.Publish;

/// <summary>Looks every minute whether a month is over and not yet published. Any node may: only one succeeds.</summary>
internal sealed class MonthWatch(Publisher publisher, TimeProvider time, ILogger<MonthWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Every, time, stop);
                await publisher.Run(Every, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                log.LogError(e, "a month's figures could not be published; it will be tried again");
            }
        }
    }
}
