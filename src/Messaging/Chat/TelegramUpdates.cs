using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel.Data;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Receive;

namespace Sahulat.Messaging.Chat;

/// <summary>Asks Telegram for what people wrote, one node at a time, where it cannot call this site; elsewhere sets the webhook. An update is confirmed after it is kept, and known by its id when it comes twice.</summary>
internal sealed class TelegramUpdates(Accounts accounts, Receipts receipts, Database database, ILogger<TelegramUpdates> log) : BackgroundService
{
    /// <summary>Between tries: doubled with each that fails.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3), LongestPause = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(accounts.All.Where(a => a.Provider is Telegram).Select(a => Task.Run(() => Run(a.Name, (Telegram)a.Provider, stoppingToken), CancellationToken.None)));

    private async Task Run(string name, Telegram bot, CancellationToken stop)
    {
        var pause = Pause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!bot.Polls)
                {
                    await bot.Subscribe(stop);
                    return;
                }

                await Poll(name, bot, () => pause = Pause, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception fault)
            {
                log.LogWarning("updates of {Provider} could not be had: {Fault}; it will be asked again", name, fault is HttpRequestException { StatusCode: { } status } ? $"{(int)status}" : fault.GetType().Name);
            }

            await Task.Delay(pause, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task Poll(string name, Telegram bot, Action answered, CancellationToken stop)
    {
        await using var guard = await database.Open(stop);
        if (!await guard.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(hashtextextended(@key, 0))", new { key = "messaging.poll:" + name })) return;
        // Telegram keeps what was not confirmed, so that a start needs no memory.
        for (var last = -1L; ;)
        {
            var updates = await bot.Next(last, stop);
            answered();
            foreach (var (id, call) in updates)
            {
                await receipts.Keep(name, call, bot, stop);
                last = Math.Max(last, id);
                await Acknowledge(bot, call, stop);
            }

            await guard.ExecuteAsync("select 1");
        }
    }

    /// <summary>For the eye only: that it fails costs nothing.</summary>
    private async Task Acknowledge(Telegram bot, HookCall call, CancellationToken stop)
    {
        try
        {
            await bot.Acknowledge(call, stop);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            log.LogDebug("a pressed button was not answered: {Fault}", fault.GetType().Name);
        }
    }
}
