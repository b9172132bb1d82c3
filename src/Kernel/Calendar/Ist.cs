namespace Sahulat.Kernel.Calendar;

/// <summary>Dates of law are dates in India. The country has kept one offset since 1945, so no table is asked.</summary>
public static class Ist
{
    public static readonly TimeSpan Offset = new(5, 30, 0);

    public static DateOnly DateIn(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);

    public static DateOnly Today(TimeProvider time) => DateIn(time.GetUtcNow());

    /// <summary>The instant at which the date begins, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly date) => At(date, TimeOnly.MinValue);

    /// <summary>The instant at which the date is over, in UTC: something due on it lapses then.</summary>
    public static DateTimeOffset EndOf(DateOnly date) => date == DateOnly.MaxValue ? DateTimeOffset.MaxValue : StartOf(date.AddDays(1));

    public static DateTimeOffset At(DateOnly date, TimeOnly time) => new DateTimeOffset(date, time, Offset).ToUniversalTime();
}
