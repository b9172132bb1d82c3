namespace Sahulat.Kernel.Calendar;

/// <summary>How days are counted. <c>ExcludeHolidays</c> leaves out public holidays, <c>WorkingDays</c> the weekly off days as well.</summary>
public enum Counting
{
    Calendar,
    ExcludeHolidays,
    WorkingDays,
}

/// <summary>A time limit in days. <paramref name="Confirmed"/> is false while legal has not confirmed it.</summary>
public sealed record Limit(int Days, Counting Counting, bool Confirmed = true);
