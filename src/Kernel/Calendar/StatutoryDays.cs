using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Calendar;

/// <summary>Why a day has its number, or none.</summary>
public enum DayReason
{
    /// <summary>The day of the complete application: not counted (General Clauses Act 1897, s.9).</summary>
    Start,
    Counted,
    Holiday,
    WeeklyOff,
    Paused,
}

/// <param name="Number">The how-manieth day of the limit; null when it does not count.</param>
/// <param name="Holiday">The holiday's name when that is the reason.</param>
public sealed record DayCount(DateOnly Date, int? Number, DayReason Reason, LocalText? Holiday);

/// <param name="On">The last day; <see cref="DateOnly.MaxValue"/> while a pause is open.</param>
/// <param name="Days">From the day of the complete application to the last day; while a pause is open, to the day on which it began.</param>
public sealed record Due(DateOnly On, IReadOnlyList<DayCount> Days);

/// <summary>Counts the days of a limit. Knows no statute: the convention comes with the limit.</summary>
public static class StatutoryDays
{
    /// <summary>Ten years: longer limits are taken for typing errors.</summary>
    public const int LongestLimit = 3660;

    /// <summary>The due date with its day-by-day explanation.</summary>
    /// <param name="complete">The day on which the application was complete.</param>
    /// <param name="places">The place of the office and its ancestors, nearest first.</param>
    public static Due Count(DateOnly complete, Limit limit, HolidayCalendar calendar, IReadOnlyList<string> places, IReadOnlyList<Pause> pauses)
    {
        var days = new List<DayCount>(limit.Days + 8) { new(complete, null, DayReason.Start, null) };
        var on = Walk(complete, limit, calendar, places, pauses, days);
        return new Due(on, days);
    }

    /// <summary>The due date alone, without a ledger.</summary>
    /// <inheritdoc cref="Count"/>
    public static DateOnly On(DateOnly complete, Limit limit, HolidayCalendar calendar, IReadOnlyList<string> places, IReadOnlyList<Pause> pauses) =>
        Walk(complete, limit, calendar, places, pauses, null);

    private static DateOnly Walk(DateOnly complete, Limit limit, HolidayCalendar calendar, IReadOnlyList<string> places, IReadOnlyList<Pause> pauses, List<DayCount>? ledger)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit.Days, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit.Days, LongestLimit, nameof(limit));
        if (limit.Days == 0) return complete;

        var day = complete;
        for (var number = 0; ;)
        {
            day = day.AddDays(1);
            if (PauseOn(day, pauses) is { } pause)
            {
                ledger?.Add(new DayCount(day, null, DayReason.Paused, null));
                if (pause.Until is null) return DateOnly.MaxValue;
                continue;
            }

            var last = number + 1 == limit.Days;
            if (Closed(day, limit, last, calendar, places) is { } closed)
            {
                ledger?.Add(closed);
                continue;
            }

            number++;
            ledger?.Add(new DayCount(day, number, DayReason.Counted, null));
            if (last) return day;
        }
    }

    /// <summary>Open pauses first: what is paused for good ends the count.</summary>
    private static Pause? PauseOn(DateOnly day, IReadOnlyList<Pause> pauses)
    {
        Pause? found = null;
        for (var i = 0; i < pauses.Count; i++)
        {
            var pause = pauses[i];
            if (day < pause.From) continue;
            if (pause.Until is null) return pause;
            if (day < pause.Until) found = pause;
        }

        return found;
    }

    private static DayCount? Closed(DateOnly day, Limit limit, bool last, HolidayCalendar calendar, IReadOnlyList<string> places)
    {
        var (holidays, weeklyOff) = limit.Counting switch
        {
            Counting.Calendar => (last && limit.RollForward, last && limit.RollForward),
            Counting.ExcludeHolidays => (true, false),
            Counting.WorkingDays => (true, true),
            _ => throw new ArgumentOutOfRangeException(nameof(limit), limit.Counting, "unknown convention"),
        };
        if (holidays && calendar.On(day, places) is { } holiday) return new DayCount(day, null, DayReason.Holiday, holiday.Name);
        return weeklyOff && calendar.WeeklyOff.Contains(day.DayOfWeek) ? new DayCount(day, null, DayReason.WeeklyOff, null) : null;
    }
}
