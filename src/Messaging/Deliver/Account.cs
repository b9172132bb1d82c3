namespace Sahulat.Messaging.Deliver;

/// <summary>A provider account in use: its share, its rate and how it has been doing.</summary>
internal sealed class Account(ProviderSettings settings, IProvider provider, TimeProvider time)
{
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(15);

    /// <summary>Failures in a row after which the account rests before one call tries it again.</summary>
    private const int Broken = 10;

    private readonly Lock gate = new();
    private double weight = settings.Weight;
    private double tokens = Burst(settings);
    private long filled = time.GetTimestamp();
    private long quiet = time.GetTimestamp();
    private int failures;
    private long restsUntil;

    public ProviderSettings Settings { get; } = settings;

    public IProvider Provider { get; } = provider;

    public string Name => Settings.Name;

    /// <summary>What share it should have just now: falls by a fifth with each failure, drifts back a tenth every quarter minute without one.</summary>
    public double Weight
    {
        get
        {
            lock (gate)
            {
                var steps = (int)(time.GetElapsedTime(quiet) / Drift);
                if (steps > 0 && weight < Settings.Weight)
                {
                    weight = Math.Min(Settings.Weight, weight + steps * Settings.Weight / 10.0);
                    quiet = time.GetTimestamp();
                }

                return weight;
            }
        }
    }

    /// <summary>Whether a call may be made: a broken account lets one through every few seconds.</summary>
    public bool MayTry()
    {
        lock (gate)
        {
            if (failures < Broken) return true;
            var now = time.GetTimestamp();
            if (now < restsUntil) return false;
            restsUntil = now + 5 * time.TimestampFrequency;
            return true;
        }
    }

    public bool Rests
    {
        get
        {
            lock (gate) return failures >= Broken && time.GetTimestamp() < restsUntil;
        }
    }

    public void Went()
    {
        lock (gate) failures = 0;
    }

    public void Failed()
    {
        lock (gate)
        {
            failures++;
            if (failures == Broken) restsUntil = time.GetTimestamp() + 5 * time.TimestampFrequency;
            weight = Math.Max(1, weight * 0.8);
            quiet = time.GetTimestamp();
        }
    }

    /// <summary>Takes <paramref name="segments"/> from the account's rate.</summary>
    /// <returns>How long to wait before asking again; zero when taken. Bulk leaves a fifth of the burst to the other lanes.</returns>
    public TimeSpan Take(int segments, int lane)
    {
        if (Settings.PerSecond <= 0) return TimeSpan.Zero;
        lock (gate)
        {
            var now = time.GetTimestamp();
            var burst = Burst(Settings);
            tokens = Math.Min(burst, tokens + time.GetElapsedTime(filled, now).TotalSeconds * Settings.PerSecond);
            filled = now;
            // A message longer than the whole burst goes when the bucket is full.
            var needed = Math.Min(burst, segments + (lane == 2 ? burst / 5 : 0));
            if (tokens >= needed)
            {
                tokens -= segments;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromSeconds(Math.Max(0.005, (needed - tokens) / Settings.PerSecond));
        }
    }

    private static double Burst(ProviderSettings s) => Math.Max(1, s.PerSecond);
}
