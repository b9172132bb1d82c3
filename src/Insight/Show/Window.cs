using System.Globalization;
using Sahulat.Insight.Download;
using Sahulat.Kernel;

namespace Sahulat.Insight.Show;

/// <summary>Whole months, both included, each by its first day.</summary>
internal sealed record Window(DateOnly From, DateOnly To)
{
    private const int Default = 12;

    /// <param name="last">The newest published month.</param>
    /// <param name="from">As 2026-04; without it a year.</param>
    public static Window? Read(string? from, string? to, DateOnly last, Check check)
    {
        var until = Month(to, "to", check) ?? last;
        var since = Month(from, "from", check) ?? until.AddMonths(1 - Default);
        check.That(since <= until, "from", "window-order");
        return check.Ok ? new Window(since, until) : null;
    }

    public IEnumerable<DateOnly> Months()
    {
        for (var month = From; month <= To; month = month.AddMonths(1)) yield return month;
    }

    public string Query => $"from={Rows.Month(From)}&to={Rows.Month(To)}";

    private static DateOnly? Month(string? text, string name, Check check)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (check.That(DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is >= 1900 and < 9000, name, "not-a-month")) return month;
        return null;
    }
}
