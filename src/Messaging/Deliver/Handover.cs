using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;

namespace Sahulat.Messaging.Deliver;

/// <summary>Gives one message to a provider. No transaction is open meanwhile.</summary>
internal sealed class Handover(Accounts accounts, StatusWriter status, Vault vault, TimeProvider time, ILogger<Handover> log)
{
    /// <summary>A lease older than this is not used: another node may find the message before the provider answers.</summary>
    private static readonly TimeSpan Usable = AcceptBatch.Lease - TimeSpan.FromSeconds(20);

    /// <summary>Bytes of a file in a second, to wait for on a slow line: the largest takes less than a lease.</summary>
    private const int SlowLine = 256 * 1024;

    /// <summary>Waits between tries.</summary>
    private static readonly int[] Waits = [2, 5, 15, 60, 180, 300];

    /// <param name="landed">Called once the provider has answered, before the outcome is written.</param>
    /// <param name="stop">The node ends: nobody waits for a rate any more.</param>
    /// <returns>The writing of the outcome.</returns>
    public async Task<Task> Give(string channel, Item item, Action landed, CancellationToken stop)
    {
        Change? change;
        try
        {
            change = await Settle(channel, item, stop);
        }
        finally
        {
            landed();
        }

        return change is null ? Task.CompletedTask : status.Write(change);
    }

    private async Task<Change?> Settle(string channel, Item item, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (time.GetElapsedTime(item.LeasedAt) > Usable) return null;
        if (item.ExpiresAt <= now) return new(item.Id, item.Attempt, Status.Expired, "expired");
        if (item.Steps is null && item.Content is null) return new(item.Id, item.Attempt, Status.Cancelled, "erased");
        var steps = item.Steps ?? await Open(item);
        if (steps is null) return new(item.Id, item.Attempt, Status.Cancelled, "erased");
        var outgoing = new Outgoing(item.Id, item.Attempt, item.Class, item.Template, item.Reference, steps[Math.Min(item.Step, steps.Count - 1)]);
        var first = accounts.Find(item.Provider) is { } named && named.Settings.Channel == channel ? named : accounts.Pick(channel);
        Handed? last = null;
        foreach (var account in accounts.Of(channel).OrderByDescending(a => a == first))
        {
            var doubtful = item.Doubtful && account == first;
            if (!account.MayTry())
            {
                // What may be there already is not sent another way while its provider cannot be asked.
                if (doubtful) return Retry(item, now, "provider-rests", keep: true);
                continue;
            }

            var handed = doubtful && !account.Provider.TakesKey ? await Try(account, item, outgoing, (p, ct) => Asked(p, outgoing, ct), stop) : await Try(account, item, outgoing, (p, ct) => p.Send(outgoing, ct), stop);
            switch (handed.Kind)
            {
                case Hand.Accepted or Hand.Delivered:
                    return new(item.Id, item.Attempt, handed.Kind == Hand.Delivered ? Status.Delivered : Status.Sent, null, account.Name, handed.Ref);
                case Hand.Refused:
                    return new(item.Id, item.Attempt, Status.Permanent, handed.Reason, account.Name, handed.Ref);
                case Hand.Unknown:
                    return Retry(item, now, handed.Reason ?? "no-answer", keep: true, handed.After);
                case Hand.Busy:
                    last = handed;
                    break;
                default:
                    last ??= handed;
                    if (doubtful && account.Provider.TakesKey) return Retry(item, now, handed.Reason, keep: true);
                    break;
            }
        }

        return Retry(item, now, last?.Reason, keep: false, last?.After);
    }

    /// <summary>A provider that cannot tell is given the message again: at least once, always.</summary>
    private static async Task<Handed> Asked(IProvider provider, Outgoing outgoing, CancellationToken ct) => await provider.Ask(outgoing, ct) ?? await provider.Send(outgoing, ct);

    private async Task<Handed> Try(Account account, Item item, Outgoing outgoing, Func<IProvider, CancellationToken, Task<Handed>> call, CancellationToken stop)
    {
        while (account.Take(outgoing.Step.Segments, item.Lane) is var wait && wait > TimeSpan.Zero)
        {
            if (stop.IsCancellationRequested || time.GetElapsedTime(item.LeasedAt) + wait > Usable) return new(Hand.Busy, Reason: "rate", After: wait);
            await Task.Delay(wait, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        using var patience = new CancellationTokenSource(account.Settings.Timeout + TimeSpan.FromSeconds((outgoing.Step.File?.Content.Length ?? 0) / SlowLine));
        Handed handed;
        try
        {
            handed = await call(account.Provider, patience.Token);
        }
        catch (OperationCanceledException)
        {
            handed = new(Hand.Unknown, Reason: "timeout");
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            handed = new(Hand.Down, Reason: "unreachable");
        }
        catch (SocketException)
        {
            handed = new(Hand.Down, Reason: "unreachable");
        }
        catch (Exception e)
        {
            // After the request has left, any fault leaves open whether it arrived.
            log.LogWarning(e, "provider {Provider} failed with message {Message}", account.Name, item.Id);
            handed = new(Hand.Unknown, Reason: "broken-answer");
        }

        if (handed.Kind is Hand.Down or Hand.Unknown) account.Failed();
        else account.Went();
        return handed;
    }

    private static Change Retry(Item item, DateTimeOffset now, string? reason, bool keep, TimeSpan? after = null)
    {
        var wait = after ?? TimeSpan.FromSeconds(item.Lane == 0 ? Math.Min(15, Waits[Math.Min(item.Attempt - 1, Waits.Length - 1)]) : Waits[Math.Min(item.Attempt - 1, Waits.Length - 1)]);
        if (now + wait < item.ExpiresAt) return new(item.Id, item.Attempt, null, reason, RetryAt: now + wait, KeepProvider: keep);
        return new(item.Id, item.Attempt, Status.Temporary, reason ?? "unreachable");
    }

    private async Task<IReadOnlyList<Step>?> Open(Item item)
    {
        try
        {
            var plain = await vault.Open(DayKeys.Of(item.Class, item.CreatedAt), DayKeys.Retention, item.Content!, DayKeys.Context(item.Id), CancellationToken.None);
            return plain is null ? null : JsonSerializer.Deserialize<Content>(plain, DayKeys.Json)!.Steps;
        }
        catch (CryptographicException e)
        {
            log.LogError(e, "message {Message} cannot be opened", item.Id);
            return null;
        }
    }
}
