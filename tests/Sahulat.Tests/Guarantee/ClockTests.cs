using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Guarantee;

/// <summary>Due dates on the holidays that were ordered for 2026, worked out by hand from the orders.</summary>
public sealed class ClockTests(Cluster cluster)
{
    private const string Jammu = "tehsil-79", Srinagar = "tehsil-6805";

    [Fact]
    public async Task DueOn_CountsTheHolidaysOfThePlace()
    {
        await using var site = await Docket.Site(cluster);
        var clock = new Docket(site).Clock;
        foreach (var (service, place, complete, due) in new[]
        {
            // Holi (4 March) closes Jammu only; 13, 17 and 19 March close both, the 13th instead of the 20th by a late order.
            ("domicile-certificate", Srinagar, "2026-03-01", "2026-03-18"),
            ("domicile-certificate", Jammu, "2026-03-01", "2026-03-20"),
            ("domicile-certificate", Jammu, "2026-10-01", "2026-10-17"),
            // 8 October closes Kashmir only.
            ("domicile-certificate", Srinagar, "2026-10-01", "2026-10-18"),
            ("income-certificate", Jammu, "2026-06-15", "2026-08-01"),
            // 22 June closes Kashmir only.
            ("income-certificate", Srinagar, "2026-06-15", "2026-08-02"),
        })
        {
            Assert.Equal(DateOnly.Parse(due), clock.DueOn(service, 1, place, DateOnly.Parse(complete), []));
            Assert.Equal(DateOnly.Parse(due), clock.DueOn(service, 1, place, DateOnly.Parse(complete), []));
            Assert.Equal(DateOnly.Parse(due), clock.Explain(service, 1, place, DateOnly.Parse(complete), [])!.On);
        }
    }

    [Fact]
    public async Task Explain_NamesEveryDay()
    {
        await using var site = await Docket.Site(cluster);
        var due = new Docket(site).Clock.Explain("domicile-certificate", 1, Srinagar, new DateOnly(2026, 3, 1), [])!;
        Assert.Equal(Enumerable.Range(1, 18).Select(d => new DateOnly(2026, 3, d)), due.Days.Select(d => d.Date));
        Assert.Equal([1, 13, 17], due.Days.Where(d => d.Number is null).Select(d => d.Date.Day));
        Assert.Equal([DayReason.Start, DayReason.Holiday, DayReason.Holiday], due.Days.Where(d => d.Number is null).Select(d => d.Reason));
        Assert.Equal(Enumerable.Range(1, 15), due.Days.Select(d => d.Number).OfType<int>());
        Assert.All(due.Days.Where(d => d.Reason == DayReason.Holiday), d => Assert.NotNull(d.Holiday));
    }

    [Fact]
    public async Task DueOn_Paused_MovesByThePause_AndIsUnknownWhileItStands()
    {
        await using var site = await Docket.Site(cluster);
        var clock = new Docket(site).Clock;
        var complete = new DateOnly(2026, 10, 31);
        var free = clock.DueOn("domicile-certificate", 1, Srinagar, complete, []);
        // Diwali (8 November) is left out; the five paused days come after it.
        Assert.Equal(new DateOnly(2026, 11, 16), free);
        Assert.Equal(new DateOnly(2026, 11, 21), clock.DueOn("domicile-certificate", 1, Srinagar, complete, [new Pause(new DateOnly(2026, 11, 2), new DateOnly(2026, 11, 7))]));
        Assert.Null(clock.DueOn("domicile-certificate", 1, Srinagar, complete, [new Pause(new DateOnly(2026, 11, 2), null)]));
    }

    [Fact]
    public async Task DueOn_WithoutLawLimitOrOfficer_IsNull()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        foreach (var without in docket.Services.All(new DateOnly(2026, 11, 2)).Where(s => !s.Guaranteed))
            Assert.Null(docket.Clock.DueOn(without.Code, without.Version, Srinagar, new DateOnly(2026, 11, 2), []));
        Assert.Null(docket.Clock.DueOn("no-such-service", 1, Srinagar, new DateOnly(2026, 11, 2), []));
        Assert.Null(docket.Clock.ExplainAppeal("jk-psga", 1, "revision", Srinagar, new DateOnly(2026, 11, 2), []));
    }

    [Fact]
    public async Task DueOn_AfterAnotherCalendarVersion_IsCountedAnew()
    {
        await using var site = await Docket.Site(cluster);
        var clock = new Docket(site).Clock;
        var complete = new DateOnly(2026, 12, 1);
        var before = clock.DueOn("domicile-certificate", 1, Srinagar, complete, []);
        await site.Database.Execute("""
            insert into calendar.version (version, issued_on, order_no) values (99990, '2026-12-01', 'test order');
            insert into calendar.holiday (version, date, place, name, kind, order_no, status, source) values (99990, '2026-12-03', 'district-13', '{"en":"Snow"}', 'public', 'test order', 'notified', 'test')
            """);
        await ((Calendars)site.Services.GetService(typeof(Calendars))!).Refresh(TestContext.Current.CancellationToken);
        Assert.Equal(before!.Value.AddDays(1), clock.DueOn("domicile-certificate", 1, Srinagar, complete, []));
        Assert.Equal(clock.DueOn("domicile-certificate", 1, Jammu, complete, []), before);
    }
}
