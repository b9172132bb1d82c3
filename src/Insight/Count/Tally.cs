namespace Sahulat.Insight.Count;

/// <summary>Counts of one subject in one month, or what is to be added to them.</summary>
internal sealed record Tally
{
    /// <summary>Days are kept one by one up to a year; the last stands for more.</summary>
    public const int Longest = 366;

    public long Received { get; init; }
    public long InTime { get; init; }
    public long Late { get; init; }
    public long Appealed { get; init; }

    /// <summary>Answers by the days they took; as short as it can be.</summary>
    public int[] Days { get; init; } = [];

    public static Tally Answered(int days)
    {
        var counts = new int[Math.Clamp(days, 0, Longest) + 1];
        counts[^1] = 1;
        return new Tally { Days = counts };
    }

    public Tally Plus(Tally other, int times = 1) => new()
    {
        Received = Received + (times * other.Received),
        InTime = InTime + (times * other.InTime),
        Late = Late + (times * other.Late),
        Appealed = Appealed + (times * other.Appealed),
        Days = Sum(Days, other.Days, times),
    };

    public static int[] Sum(int[] a, int[] b, int times = 1)
    {
        var sum = new int[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < sum.Length; i++) sum[i] = (i < a.Length ? a[i] : 0) + (times * (i < b.Length ? b[i] : 0));
        var end = sum.Length;
        while (end > 0 && sum[end - 1] == 0) end--;
        return sum[..end];
    }

    public bool Nothing => Received == 0 && InTime == 0 && Late == 0 && Appealed == 0 && Days.Length == 0;
}
