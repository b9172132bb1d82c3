using System.Collections.Frozen;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Calendar;

/// <summary>A day on which the offices of a place, and of everything below it, are closed by order.</summary>
public sealed record Holiday(DateOnly Date, string Place, LocalText Name, string Order)
{
    /// <summary>No order has been seen yet: the date is a forecast.</summary>
    public bool Estimated { get; init; }
}

/// <summary>The holidays as ordered up to one version. Immutable.</summary>
public sealed class HolidayCalendar
{
    private readonly FrozenDictionary<DateOnly, Holiday[]> byDate;

    /// <param name="weeklyOff">At most six days.</param>
    public HolidayCalendar(int version, IReadOnlyList<Holiday> holidays, IReadOnlySet<DayOfWeek> weeklyOff)
        : this(version, holidays, weeklyOff, holidays.GroupBy(h => h.Date).ToFrozenDictionary(g => g.Key, g => g.ToArray()))
    {
    }

    private HolidayCalendar(int version, IReadOnlyList<Holiday> holidays, IReadOnlySet<DayOfWeek> weeklyOff, FrozenDictionary<DateOnly, Holiday[]> byDate)
    {
        if (weeklyOff.Count > 6) throw new ArgumentException("a week needs a working day", nameof(weeklyOff));
        (Version, Holidays, WeeklyOff, this.byDate) = (version, holidays, weeklyOff, byDate);
    }

    public int Version { get; }

    public IReadOnlyList<Holiday> Holidays { get; }

    public IReadOnlySet<DayOfWeek> WeeklyOff { get; }

    /// <param name="places">The place and its ancestors, nearest first.</param>
    /// <returns>The holiday of the nearest place, or null.</returns>
    public Holiday? On(DateOnly date, IReadOnlyList<string> places)
    {
        if (!byDate.TryGetValue(date, out var holidays)) return null;
        foreach (var place in places)
            foreach (var holiday in holidays)
                if (string.Equals(holiday.Place, place, StringComparison.Ordinal)) return holiday;
        return null;
    }

    public bool IsOpen(DateOnly date, IReadOnlyList<string> places) => !WeeklyOff.Contains(date.DayOfWeek) && On(date, places) is null;

    /// <summary>The same holidays with the weekly off days of a law.</summary>
    public HolidayCalendar WithWeeklyOff(IReadOnlySet<DayOfWeek> weeklyOff) => new(Version, Holidays, weeklyOff, byDate);
}
