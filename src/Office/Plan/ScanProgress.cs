namespace Sahulat.Office.Plan;

/// <summary>Arithmetic of a scanning plan. Pure.</summary>
internal static class ScanProgress
{
    /// <summary>Working days that the pace is taken from.</summary>
    public const int Window = 10;

    /// <summary>The day on which the last page is done at the pace of the last days on which anything was done; null while there is no pace. Sundays rest.</summary>
    /// <param name="daily">Pages kept, by day.</param>
    public static DateOnly? Forecast(int target, IReadOnlyCollection<(DateOnly Day, int Pages)> daily, DateOnly today)
    {
        var left = target - daily.Sum(d => d.Pages);
        if (left <= 0) return daily.Count == 0 ? today : daily.Max(d => d.Day);
        var recent = daily.Where(d => d.Pages > 0).OrderByDescending(d => d.Day).Take(Window).ToArray();
        if (recent.Length == 0) return null;
        // Days in between on which nothing was done slow the pace as well.
        var pace = recent.Sum(d => d.Pages) / (decimal)Math.Max(1, Workdays(recent[^1].Day, today));
        if (pace < 0.1m) return null;
        var days = Math.Ceiling(left / pace);
        if (days > 20_000) return null;
        var day = today;
        for (var n = (int)days; n > 0;)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek != DayOfWeek.Sunday) n--;
        }

        return day;
    }

    /// <summary>Pages that ought to be done by a day, if the work is spread evenly.</summary>
    public static int Due(int target, DateOnly starts, DateOnly due, DateOnly on) =>
        on < starts ? 0 : on >= due ? target : (int)(target * (long)(on.DayNumber - starts.DayNumber + 1) / (due.DayNumber - starts.DayNumber + 1));

    /// <summary>How many pages of a bundle are looked at, and how many bad ones are one too many: single sampling, normal inspection level II, quality limit 1 % (IS 2500 part 1, ISO 2859-1).</summary>
    public static (int Sample, int Reject) Sample(int pages) => pages switch
    {
        <= 13 => (pages, 1),
        <= 150 => (13, 1),
        <= 280 => (Math.Min(pages, 50), 2),
        <= 500 => (50, 2),
        <= 1200 => (80, 3),
        <= 3200 => (125, 4),
        <= 10_000 => (200, 6),
        _ => (315, 8),
    };

    private static int Workdays(DateOnly from, DateOnly to)
    {
        var days = 0;
        for (var d = from; d <= to; d = d.AddDays(1))
            if (d.DayOfWeek != DayOfWeek.Sunday) days++;
        return days;
    }
}
