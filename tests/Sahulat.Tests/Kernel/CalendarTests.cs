using FsCheck;
using FsCheck.Fluent;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;

namespace Sahulat.Tests.Kernel;

public sealed class CalendarTests
{
    private static readonly string[] Srinagar = ["tehsil-1", "district-1", "division-kashmir", "ut-1"];
    private static readonly string[] Jammu = ["tehsil-2", "district-2", "division-jammu", "ut-1"];

    // November 2026: the 2nd is a Monday; Sundays are the 8th, 15th, 22nd, 29th.
    private static readonly HolidayCalendar November = new(3,
    [
        Holiday("2026-11-09", "ut-1", "Diwali"),
        Holiday("2026-11-11", "division-kashmir", "Urs"),
        Holiday("2026-11-15", "ut-1", "A Sunday's holiday"),
        Holiday("2026-11-24", "district-2", "District day"),
    ], Calendars.DefaultWeeklyOff);

    private static Holiday Holiday(string date, string place, string name) => new(DateOnly.Parse(date), place, new LocalText { ["en"] = name }, "order 1");

    private static DateOnly Day(int day) => new(2026, 11, day);

    [Theory]
    [InlineData(2, 1, Counting.Calendar, 3)]
    [InlineData(2, 5, Counting.Calendar, 7)]
    [InlineData(2, 6, Counting.Calendar, 10)] // the 8th is a Sunday, the 9th Diwali
    [InlineData(2, 7, Counting.Calendar, 10)] // the 9th is Diwali
    [InlineData(2, 8, Counting.Calendar, 10)]
    [InlineData(2, 9, Counting.Calendar, 12)] // the 11th is the Urs
    [InlineData(2, 0, Counting.Calendar, 2)]
    [InlineData(2, 6, Counting.ExcludeHolidays, 8)]
    [InlineData(2, 7, Counting.ExcludeHolidays, 10)]
    [InlineData(2, 8, Counting.ExcludeHolidays, 12)]
    [InlineData(2, 11, Counting.ExcludeHolidays, 16)]
    [InlineData(2, 5, Counting.WorkingDays, 7)]
    [InlineData(2, 6, Counting.WorkingDays, 10)]
    [InlineData(2, 7, Counting.WorkingDays, 12)]
    [InlineData(8, 1, Counting.WorkingDays, 10)]
    public void On_InSrinagar_IsTheDayByHand(int complete, int days, Counting counting, int expected) =>
        Assert.Equal(Day(expected), StatutoryDays.On(Day(complete), new Limit(days, counting), November, Srinagar, []));

    [Theory]
    [InlineData(7, Counting.ExcludeHolidays, 10)]
    [InlineData(8, Counting.ExcludeHolidays, 11)]
    [InlineData(20, Counting.ExcludeHolidays, 25)] // the 24th is closed in one district
    public void On_InAnotherDivision_KnowsItsOwnHolidays(int days, Counting counting, int expected) =>
        Assert.Equal(Day(expected), StatutoryDays.On(Day(2), new Limit(days, counting), November, Jammu, []));

    [Fact]
    public void On_WithoutRollForward_EndsOnASunday() =>
        Assert.Equal(Day(8), StatutoryDays.On(Day(2), new Limit(6, Counting.Calendar) { RollForward = false }, November, Srinagar, []));

    [Theory]
    [InlineData(4, 6, 5, 9 + 1)] // two days out: the 7th becomes the 9th, Diwali, so the 10th
    [InlineData(3, 4, 3, 6)]
    [InlineData(5, 5, 3, 5)] // from and until the same day: no pause
    [InlineData(20, 25, 3, 5)] // begins after the last day
    [InlineData(1, 4, 1, 4)] // began before the application was complete
    public void On_Paused_LeavesThoseDaysOut(int from, int until, int days, int expected) =>
        Assert.Equal(Day(expected), StatutoryDays.On(Day(2), new Limit(days, Counting.Calendar), November, Srinagar, [new Pause(Day(from), Day(until))]));

    [Fact]
    public void On_PauseOpen_IsUnknown()
    {
        Assert.Equal(DateOnly.MaxValue, StatutoryDays.On(Day(2), new Limit(3, Counting.Calendar), November, Srinagar, [new Pause(Day(5), null)]));
        Assert.Equal(Day(5), StatutoryDays.On(Day(2), new Limit(3, Counting.Calendar), November, Srinagar, [new Pause(Day(6), null)]));
    }

    [Fact]
    public void Count_ExplainsEveryDay()
    {
        var due = StatutoryDays.Count(Day(6), new Limit(4, Counting.WorkingDays), November, Srinagar, [new Pause(Day(12), Day(14))]);
        Assert.Equal(
        [
            (6, null, DayReason.Start, null), (7, 1, DayReason.Counted, null), (8, null, DayReason.WeeklyOff, null), (9, null, DayReason.Holiday, "Diwali"), (10, 2, DayReason.Counted, null),
            (11, null, DayReason.Holiday, "Urs"), (12, null, DayReason.Paused, null), (13, null, DayReason.Paused, null), (14, 3, DayReason.Counted, null),
            (15, null, DayReason.Holiday, "A Sunday's holiday"), (16, 4, DayReason.Counted, null),
        ], due.Days.Select(d => (d.Date.Day, d.Number, d.Reason, d.Holiday?.In(Lang.En))));
        Assert.Equal(Day(16), due.On);
    }

    [Fact]
    public void Count_PauseOpen_EndsWhereItBegan()
    {
        var due = StatutoryDays.Count(Day(2), new Limit(5, Counting.Calendar), November, Srinagar, [new Pause(Day(4), null)]);
        Assert.Equal(DateOnly.MaxValue, due.On);
        Assert.Equal([DayReason.Start, DayReason.Counted, DayReason.Paused], due.Days.Select(d => d.Reason));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(StatutoryDays.LongestLimit + 1)]
    public void On_ImpossibleLimit_IsRefused(int days) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StatutoryDays.On(Day(2), new Limit(days, Counting.Calendar), November, Srinagar, []));

    [Fact]
    public void HolidayCalendar_WeekWithoutWorkingDay_IsRefused() => Assert.Throws<ArgumentException>(() => new HolidayCalendar(1, [], Enum.GetValues<DayOfWeek>().ToHashSet()));

    [Theory]
    [InlineData("2026-11-01T18:29:59Z", "2026-11-01")]
    [InlineData("2026-11-01T18:30:00Z", "2026-11-02")]
    [InlineData("2026-11-02T00:00:00+05:30", "2026-11-02")]
    public void DateIn_India_BeginsAtHalfPastSix(string instant, string date) => Assert.Equal(DateOnly.Parse(date), Ist.DateIn(DateTimeOffset.Parse(instant)));

    [Fact]
    public void EndOf_IsTheFirstInstantOfTheNextDate()
    {
        Assert.Equal(Day(3), Ist.DateIn(Ist.EndOf(Day(2))));
        Assert.Equal(Day(2), Ist.DateIn(Ist.EndOf(Day(2)).AddTicks(-1)));
        Assert.Equal(DateTimeOffset.MaxValue, Ist.EndOf(DateOnly.MaxValue));
    }

    /// <summary>A second way to count, by sets of dates and without a loop over days that stops: what is left after striking out.</summary>
    private static DateOnly Naive(Situation s)
    {
        var horizon = Enumerable.Range(1, 400).Select(i => s.Complete.AddDays(i)).ToList();
        var holidays = s.Holidays.Where(h => Srinagar.Contains(h.Place)).Select(h => h.Date).ToHashSet();
        bool Open(DateOnly d) => !holidays.Contains(d) && !s.WeeklyOff.Contains(d.DayOfWeek);
        var paused = s.Pauses.SelectMany(p => horizon.Where(d => d >= p.From && (p.Until is null || d < p.Until))).ToHashSet();
        var countable = horizon.Where(d => !paused.Contains(d) && s.Counting switch
        {
            Counting.ExcludeHolidays => !holidays.Contains(d),
            Counting.WorkingDays => Open(d),
            _ => true,
        }).ToList();
        DateOnly? on = countable.Count < s.Days ? null : countable[s.Days - 1];
        if (on is { } last && s.Counting == Counting.Calendar) on = countable.Select(d => (DateOnly?)d).FirstOrDefault(d => d >= last && Open(d!.Value));
        var stopped = s.Pauses.Where(p => p.Until is null).Select(p => (DateOnly?)p.From).Min();
        return on is null || stopped <= on ? DateOnly.MaxValue : on.Value;
    }

    private sealed record Situation(DateOnly Complete, int Days, Counting Counting, IReadOnlyList<Holiday> Holidays, IReadOnlyList<Pause> Pauses, IReadOnlySet<DayOfWeek> WeeklyOff)
    {
        public HolidayCalendar Calendar => new(1, Holidays, WeeklyOff);

        public override string ToString() =>
            $"{Complete:o} +{Days} {Counting}; off {string.Join(' ', WeeklyOff)}; holidays {string.Join(' ', Holidays.Select(h => $"{h.Date:o}@{h.Place}"))}; pauses {string.Join(' ', Pauses.Select(p => $"{p.From:o}..{p.Until:o}"))}";
    }

    private static readonly Gen<DateOnly> Dates = Gen.Choose(0, 60).Select(i => new DateOnly(2026, 10, 1).AddDays(i));

    private static readonly Gen<Situation> Situations =
        from complete in Gen.Choose(0, 20).Select(i => new DateOnly(2026, 10, 1).AddDays(i))
        from days in Gen.Choose(1, 40)
        from counting in Gen.Elements(Counting.Calendar, Counting.ExcludeHolidays, Counting.WorkingDays)
        from holidays in (from date in Dates from place in Gen.Elements(Srinagar.Append("division-jammu").ToArray()) select new Holiday(date, place, new LocalText { ["en"] = "x" }, "")).ListOf()
        from pauses in (from date in Dates from length in Gen.Choose(-1, 9) select new Pause(date, length < 0 ? null : date.AddDays(length))).ListOf()
        from keep in Gen.Choose(0, 3)
        from off in Gen.SubListOf(Enum.GetValues<DayOfWeek>())
        select new Situation(complete, days, counting, [.. holidays], [.. pauses.Take(keep)], off.Take(6).ToHashSet());

    private static void ForAll(Func<Situation, bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Situations.ToArbitrary(), holds));

    [Fact]
    public void On_AnySituation_AgreesWithTheSecondWay() =>
        ForAll(s => StatutoryDays.On(s.Complete, new Limit(s.Days, s.Counting), s.Calendar, Srinagar, s.Pauses) == Naive(s));

    [Fact]
    public void Count_AnySituation_LedgerIsWholeAndAgreesWithOn() => ForAll(s =>
    {
        var limit = new Limit(s.Days, s.Counting);
        var due = StatutoryDays.Count(s.Complete, limit, s.Calendar, Srinagar, s.Pauses);
        var numbers = due.Days.Where(d => d.Reason == DayReason.Counted).Select(d => d.Number);
        var known = due.On != DateOnly.MaxValue;
        return due.On == StatutoryDays.On(s.Complete, limit, s.Calendar, Srinagar, s.Pauses)
            && due.Days.Select(d => d.Date).SequenceEqual(Enumerable.Range(0, due.Days.Count).Select(i => s.Complete.AddDays(i)))
            && numbers.SequenceEqual(Enumerable.Range(1, numbers.Count()).Select(n => (int?)n))
            && due.Days.All(d => d.Number is null == (d.Reason != DayReason.Counted) && d.Holiday is null == (d.Reason != DayReason.Holiday))
            && (known ? due.Days[^1].Date == due.On && numbers.Last() == s.Days : due.Days[^1].Reason == DayReason.Paused);
    });

    [Fact]
    public void On_OneMoreHolidayOrDay_IsNeverEarlier() => ForAll(s =>
    {
        var on = StatutoryDays.On(s.Complete, new Limit(s.Days, s.Counting), s.Calendar, Srinagar, s.Pauses);
        var more = s with { Holidays = [.. s.Holidays, new Holiday(s.Complete.AddDays(s.Days), "ut-1", new LocalText { ["en"] = "late order" }, "")] };
        return StatutoryDays.On(s.Complete, new Limit(s.Days, s.Counting), more.Calendar, Srinagar, s.Pauses) >= on
            && StatutoryDays.On(s.Complete, new Limit(s.Days + 1, s.Counting), s.Calendar, Srinagar, s.Pauses) >= on;
    });
}
