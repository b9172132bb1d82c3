namespace Sahulat.Kernel.Calendar;

/// <summary>How days are counted. <c>ExcludeHolidays</c> leaves out public holidays, <c>WorkingDays</c> the weekly off days as well.</summary>
public enum Counting
{
    Calendar,
    ExcludeHolidays,
    WorkingDays,
}

/// <summary>A time limit in days. <paramref name="Confirmed"/> is false while legal has not confirmed it.</summary>
public sealed record Limit(int Days, Counting Counting, bool Confirmed = true)
{
    /// <summary>When every day counts and the last one finds the office closed, the next open day is the last (General Clauses Act 1897, s.10).</summary>
    public bool RollForward { get; init; } = true;
}

/// <summary>Days that do not count: <paramref name="From"/> is the first, <paramref name="Until"/> counts again. Null: still paused.</summary>
public sealed record Pause(DateOnly From, DateOnly? Until);
