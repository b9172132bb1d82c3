using Sahulat.Insight.Count;

namespace Sahulat.Insight.Show;

/// <summary>The published counts of one subject in one month.</summary>
/// <param name="Days">Not shown as they are: median and ninth decile come from them.</param>
internal sealed record Figure(string Kind, DateOnly Month, string Subject, Band Received, Band InTime, Band Late, Band Appealed, int[] Days);

internal sealed record Measure(string Name, Func<Figure, Band> Of);

internal static class Measures
{
    public static readonly IReadOnlyList<Measure> All = [new("received", f => f.Received), new("in_time", f => f.InTime), new("late", f => f.Late), new("appealed", f => f.Appealed)];

    /// <summary>Their columns: the least and the most.</summary>
    public static string Columns { get; } = string.Join(", ", All.Select(m => $"{m.Name}, {m.Name}_most"));
}

/// <summary>Days to the answer of so many answers: half and nine tenths of them took so many days or fewer.</summary>
internal static class Quantile
{
    /// <summary>Fewer answers would show single ones.</summary>
    public const int Fewest = 10;

    /// <returns>Null with too few answers; <see cref="Tally.Longest"/> stands for more than a year.</returns>
    public static int? Of(IReadOnlyList<int> days, double share)
    {
        var count = days.Sum(d => (long)d);
        if (count < Fewest) return null;
        var rank = (long)Math.Ceiling(share * count);
        var seen = 0L;
        for (var i = 0; i < days.Count; i++)
            if ((seen += days[i]) >= rank) return i;
        return null;
    }
}

/// <summary>A subject over a window.</summary>
internal sealed record Totals(Band Received, Band InTime, Band Late, Band Appealed, int? Median, int? Ninth)
{
    public (int Low, int High)? Share => Band.Share(InTime, Late);

    public static Totals Of(IReadOnlyCollection<Figure> months)
    {
        Band Sum(Func<Figure, Band> of) => months.Aggregate(Band.Zero, (sum, f) => sum + of(f));
        var days = months.Aggregate(Array.Empty<int>(), (sum, f) => Tally.Sum(sum, f.Days));
        return new Totals(Sum(f => f.Received), Sum(f => f.InTime), Sum(f => f.Late), Sum(f => f.Appealed), Quantile.Of(days, 0.5), Quantile.Of(days, 0.9));
    }
}
