using Sahulat.Messaging.Accept;

namespace Sahulat.Messaging.Deliver;

/// <summary>A place in a line's memory, taken before the message is written.</summary>
internal sealed class Reserved(Line line, int lane, string provider)
{
    private int done;

    public Line Line { get; } = line;

    public int Lane { get; } = lane;

    public string Provider { get; } = provider;

    public void Release()
    {
        if (Interlocked.Exchange(ref done, 1) == 0) Line.Release(Lane);
    }

    public bool Use() => Interlocked.Exchange(ref done, 1) == 0;
}

/// <summary>The messages of one channel that this node holds leases for, and how many are with providers. The urgent lane may fill the whole window, interactive nine tenths, bulk seven; while urgent ones wait no bulk is begun.</summary>
internal sealed class Line(string channel, int window)
{
    private readonly Lock gate = new();
    private readonly Queue<Item>[] ready = [new(), new(), new()];
    private readonly int[] reserved = new int[Lanes.Count], flying = new int[Lanes.Count];
    private readonly int[] most = [window, Math.Max(1, window * 9 / 10), Math.Max(1, window * 7 / 10)];
    private readonly SemaphoreSlim signal = new(0, 1);

    public string Channel { get; } = channel;

    /// <summary>So many may wait in memory for each lane.</summary>
    public int Room { get; } = Math.Max(16, window);

    /// <summary>The last look into the queue found some of this lane, or one was put there since: there may be more.</summary>
    public bool[] Hungry { get; } = new bool[Lanes.Count];

    public Task Wait(TimeSpan longest, CancellationToken ct) => signal.WaitAsync(longest, ct);

    public void Wake()
    {
        try
        {
            if (signal.CurrentCount == 0) signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another woke it at the same moment.
        }
    }

    public bool Reserve(int lane)
    {
        lock (gate)
        {
            if (ready[lane].Count + reserved[lane] >= Room) return false;
            reserved[lane]++;
            return true;
        }
    }

    public void Release(int lane)
    {
        lock (gate) reserved[lane]--;
    }

    public void Add(Item item, bool wasReserved)
    {
        lock (gate)
        {
            if (wasReserved) reserved[item.Lane]--;
            ready[item.Lane].Enqueue(item);
        }
    }

    /// <summary>How many may be claimed for the lane.</summary>
    public int Free(int lane)
    {
        lock (gate) return Waits(lane) ? 0 : Math.Max(0, Room - ready[lane].Count - reserved[lane]);
    }

    /// <summary>The next that may go to a provider, or null.</summary>
    public Item? Next()
    {
        lock (gate)
        {
            var total = 0;
            for (var lane = 0; lane < Lanes.Count; lane++) total += flying[lane];
            for (var lane = 0; lane < Lanes.Count; lane++)
            {
                if (ready[lane].Count == 0 || total >= window || Waits(lane)) continue;
                var used = lane == 0 ? total : lane == 1 ? flying[1] + flying[2] : flying[2];
                if (used >= most[lane]) continue;
                flying[lane]++;
                return ready[lane].Dequeue();
            }

            return null;
        }
    }

    public void Landed(int lane)
    {
        lock (gate) flying[lane]--;
    }

    /// <summary>A warning to thousands is not slowed by a campaign that takes the processors.</summary>
    private bool Waits(int lane) => lane == 2 && (Hungry[0] || ready[0].Count > 0);

    public IReadOnlyList<Item> Drain()
    {
        lock (gate)
        {
            Item[] left = [.. ready.SelectMany(q => q)];
            foreach (var queue in ready) queue.Clear();
            return left;
        }
    }
}
