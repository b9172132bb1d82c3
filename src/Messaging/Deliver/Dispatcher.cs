using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Messaging.Accept;

namespace Sahulat.Messaging.Deliver;

/// <summary>Keeps every line filled from the queue and its messages on the way to their providers.</summary>
internal sealed class Dispatcher : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly Accounts accounts;
    private readonly QueueStore queue;
    private readonly Handover handover;
    private readonly TimeProvider time;
    private readonly ILogger<Dispatcher> log;
    private readonly FrozenDictionary<string, Line> lines;
    private readonly TaskCompletionSource landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private volatile bool running;

    /// <summary>Messages that are with providers, or whose outcome is being written; and one for the service itself while it runs.</summary>
    private int flights = 1;

    public Dispatcher(Accounts accounts, QueueStore queue, Handover handover, TimeProvider time, ILogger<Dispatcher> log)
    {
        (this.accounts, this.queue, this.handover, this.time, this.log) = (accounts, queue, handover, time, log);
        lines = accounts.Channels.ToFrozenDictionary(c => c, c => new Line(c, accounts.Of(c).Sum(a => a.Settings.Window)), StringComparer.Ordinal);
    }

    /// <summary>A place in memory for a message about to be written; null when the line is full or not served here, and the queue keeps it.</summary>
    /// <param name="inTurn">Also null while others wait in the queue before it.</param>
    public Reserved? Reserve(NewMessage message, bool inTurn = false)
    {
        if (!running || !lines.TryGetValue(message.QueueChannel, out var line) || (inTurn && line.Hungry[message.Lane]) || accounts.Pick(line.Channel) is not { Rests: false } account) return null;
        return line.Reserve(message.Lane) ? new(line, message.Lane, account.Name) : null;
    }

    /// <summary>The message is committed.</summary>
    public void Written(Reserved? reserved, NewMessage m)
    {
        if (reserved is null)
        {
            if (m.SendAfter is not null || !lines.TryGetValue(m.QueueChannel, out var full)) return;
            full.Hungry[m.Lane] = true;
            full.Wake();
            return;
        }

        if (!reserved.Use()) return;
        reserved.Line.Add(new(m.Id, m.Lane, m.Service, 1, reserved.Provider, false, m.Class, m.Template, m.Reference, 0, m.At, m.ExpiresAt, null, time.GetTimestamp()) { Steps = m.Steps }, wasReserved: true);
        Pump(reserved.Line);
    }

    public void Wake()
    {
        foreach (var line in lines.Values) line.Wake();
    }

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        running = true;
        await Task.WhenAll(lines.Values.Select(line => Task.Run(() => Keep(line, stop), CancellationToken.None)));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        running = false;
        await stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
        foreach (var line in lines.Values)
            if (line.Drain() is { Count: > 0 } left) await queue.Return(left, cancellationToken);
        Land();
        // What a provider was given just now is asked about by nobody else until its lease runs out: its answer is waited for.
        await landed.Task.WaitAsync(cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override void Dispose()
    {
        base.Dispose();
        stopping.Dispose();
    }

    private void Land()
    {
        if (Interlocked.Decrement(ref flights) == 0) landed.TrySetResult();
    }

    private async Task Keep(Line line, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var more = false;
                for (var lane = 0; lane < Lanes.Count; lane++)
                {
                    var want = line.Free(lane);
                    if (want < line.Room / 2 || accounts.Of(line.Channel).All(a => a.Rests)) continue;
                    var items = await queue.Claim(line.Channel, lane, want, accounts.Deal(line.Channel), stop);
                    foreach (var item in items) line.Add(item, wasReserved: false);
                    var waited = line.Hungry[lane];
                    line.Hungry[lane] = items.Count > 0;
                    // What waited for this lane goes on once there is no more of it.
                    if (items.Count > 0 || waited) Pump(line);
                    more |= items.Count > 0;
                }

                if (!more) await line.Wait(Poll, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception fault)
            {
                log.LogError(fault, "the queue of {Channel} could not be read; it will be tried again", line.Channel);
                await Task.Delay(Poll, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private void Pump(Line line)
    {
        while (true)
        {
            // Counted before it is asked whether the service still runs, so that none leaves unseen.
            Interlocked.Increment(ref flights);
            if (!running || line.Next() is not { } item)
            {
                Land();
                return;
            }

            _ = Task.Run(() => Fly(line, item));
        }
    }

    private async Task Fly(Line line, Item item)
    {
        try
        {
            var settled = await handover.Give(line.Channel, item, () =>
            {
                line.Landed(item.Lane);
                Pump(line);
                if (line.Hungry[item.Lane] && line.Free(item.Lane) >= line.Room / 2) line.Wake();
            }, stopping.Token);
            await settled;
        }
        catch (Exception fault)
        {
            log.LogError(fault, "what became of message {Message} could not be written; its lease will run out and it will be settled then", item.Id);
        }
        finally
        {
            Land();
        }
    }
}
