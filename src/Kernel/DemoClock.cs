namespace Sahulat.Kernel;

/// <summary>The clock of a synthetic past: set to a day gone by, it moves on a little whenever it is read, and never beyond the real time at which the filling began.</summary>
public sealed class DemoClock(DateTimeOffset now) : TimeProvider
{
    /// <summary>No round number, so that instants look like instants.</summary>
    private static readonly long Step = TimeSpan.FromMilliseconds(3_719).Ticks;

    private long ticks = now.UtcTicks;

    /// <summary>When the filling began.</summary>
    public DateTimeOffset Now { get; } = now;

    public override DateTimeOffset GetUtcNow() => new(Math.Min(Interlocked.Add(ref ticks, Step), Now.UtcTicks), TimeSpan.Zero);

    /// <summary>Back to an instant that has passed.</summary>
    public void Rewind(DateTimeOffset to) => Interlocked.Exchange(ref ticks, to.UtcTicks);

    /// <summary>On to an instant; where the clock is beyond it, it stays.</summary>
    public void Reach(DateTimeOffset to)
    {
        if (to.UtcTicks > Interlocked.Read(ref ticks)) Interlocked.Exchange(ref ticks, to.UtcTicks);
    }
}
