using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Guarantee;

/// <summary>An order that comes between two packs: written down by one administrator, put into the calendar by another.</summary>
public sealed class HolidayDeskTests(Cluster cluster)
{
    private const string Page = "/en/desk/holidays", Admin = "sahulat-administrator@ut-1", Second = "second-administrator";
    private static readonly DateOnly Day = new(2026, 11, 19);

    private static Dictionary<string, string> Order(string act, DateOnly day, string place = "district-5", string order = "1701-JK(GAD) of 2026") => new()
    {
        ["do"] = act, ["date.day"] = $"{day.Day}", ["date.month"] = $"{day.Month}", ["date.year"] = $"{day.Year}", ["place"] = place, ["name-en"] = "Snowfall", ["name-ur"] = "برف باری", ["order"] = order,
    };

    [Fact]
    public async Task LateOrder_NeedsASecondPerson_MovesDates_AndIsTakenBackByAnother()
    {
        await using var site = await Docket.Site(cluster, template: Cluster.Staffed);
        await site.Delegate(Admin, Second, "Second Administrator");
        using var system = await site.System();
        var reference = await system.FileIncome("9419011111");
        await site.CatchUp();
        var before = await DueOn(site, reference);
        using var first = await site.Official(Admin);
        using var second = await site.Official(Second);

        Assert.Equal(HttpStatusCode.SeeOther, (await first.Form(Page, Order("propose", Day))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await second.Form(Page, Order("propose", Day))).StatusCode);
        var id = await site.Database.One<Guid>("select id from guarantee.holiday_order");
        Dictionary<string, string> Decide(string act) => new() { ["do"] = act, ["id"] = $"{id}" };
        await Refused(first, Decide("issue"), HttpStatusCode.Conflict, "Another administrator puts it into the calendar");
        Assert.Equal(before, await DueOn(site, reference));
        Assert.Contains("Open requests whose days are counted anew", await second.GetStringAsync(Page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await second.Form(Page, Decide("issue"))).StatusCode);
        await Refused(second, Decide("issue"), HttpStatusCode.Conflict, "Another administrator was quicker");
        await site.CatchUp();
        Assert.True(await DueOn(site, reference) > before);
        using var citizen = await site.Citizen("9419011111");
        Assert.Contains("1701-JK(GAD) of 2026", await citizen.GetStringAsync($"/en/requests/{reference}"), StringComparison.Ordinal);

        // Who, when and which order: in the journal, without a name.
        var (actor, order, proposed) = await site.Database.One<(string, string, string)>("select actor, body ->> 'order', body ->> 'proposedBy' from journal.entry where kind = 'calendar.issued' order by position desc");
        Assert.StartsWith($"post:{Admin}/", actor, StringComparison.Ordinal);
        Assert.StartsWith($"post:{Admin}/", proposed, StringComparison.Ordinal);
        Assert.NotEqual(actor, proposed);
        Assert.Equal("1701-JK(GAD) of 2026", order);
        Assert.Contains("Second Administrator", await first.GetStringAsync(Page), StringComparison.Ordinal);
        Assert.Contains("\"2026-11-19\",\"district-5\",\"Jammu\",\"Snowfall\",\"1701-JK(GAD) of 2026\",\"notified\",\"2026-11-02\"", await first.GetStringAsync("/en/desk/holidays.csv?year=2026"), StringComparison.Ordinal);

        // A pack that is loaded again leaves the desk's orders alone.
        Assert.Empty(await Host.PackLoading.Load(site.Services, Node.Node.Pack, _ => { }, TestContext.Current.CancellationToken));
        Assert.NotNull(site.Services.GetRequiredService<Calendars>().Current.On(Day, ["district-5"]));

        Assert.Equal(HttpStatusCode.SeeOther, (await second.Form(Page, Order("withdraw", Day, order: "1702-JK(GAD) of 2026"))).StatusCode);
        id = await site.Database.One<Guid>("select id from guarantee.holiday_order where withdraws");
        Assert.Equal(HttpStatusCode.SeeOther, (await first.Form(Page, Decide("issue"))).StatusCode);
        await site.CatchUp();
        Assert.Equal(before, await DueOn(site, reference));
        Assert.Equal(HttpStatusCode.Conflict, (await second.Form(Page, Order("withdraw", Day))).StatusCode);
    }

    [Fact]
    public async Task BadOrders_AreToldWhole_AndNothingIsWritten()
    {
        await using var site = await Docket.Site(cluster, template: Cluster.Staffed);
        using var first = await site.Official(Admin);
        var wrong = Order("propose", Day, "tehsil-79", "");
        wrong["date.day"] = "31";
        wrong["name-en"] = "";
        using var answer = await first.Form(Page, wrong);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.True(html.Split("govuk-error-message").Length - 1 == 4, html);
        // What was closed is closed; what is open cannot be taken back; a past day cannot be taken back at all.
        await Refused(first, Order("propose", new DateOnly(2026, 12, 25), "ut-1"), HttpStatusCode.Conflict, "The calendar says so already");
        await Refused(first, Order("withdraw", Day), HttpStatusCode.Conflict, "The calendar says so already");
        await Refused(first, Order("withdraw", new DateOnly(2026, 10, 2), "ut-1"), HttpStatusCode.UnprocessableEntity, "The date must be");
        await Refused(first, Order("propose", new DateOnly(2026, 1, 5)), HttpStatusCode.UnprocessableEntity, "The date must be");
        Assert.Equal(0, await site.Database.One<long>("select count(*) from guarantee.holiday_order"));
        using var clerk = await site.Official(Desks.Tehsildar);
        Assert.NotEqual(HttpStatusCode.OK, (await clerk.GetAsync(Page)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await clerk.GetAsync("/en/desk/holidays.csv")).StatusCode);
    }

    [Fact]
    public async Task AdministratorOfAnotherGovernment_ClosesNothingHere()
    {
        await using var site = await Docket.Site(cluster);
        Assert.Empty(await Host.PackLoading.Load(site.Services, Catalogue.Haryana.Folder, _ => { }, TestContext.Current.CancellationToken));
        await site.Staff();
        using var first = await site.Official(Admin);
        using var other = await site.Official("sahulat-administrator@state-6");
        Assert.Equal(HttpStatusCode.SeeOther, (await first.Form(Page, Order("propose", Day))).StatusCode);
        var id = await site.Database.One<Guid>("select id from guarantee.holiday_order");
        Assert.DoesNotContain("1701-JK(GAD) of 2026<", await other.GetStringAsync(Page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Form(Page, new() { ["do"] = "issue", ["id"] = $"{id}" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await other.Form(Page, new() { ["do"] = "drop", ["id"] = $"{id}" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await other.Form(Page, Order("propose", Day, "district-13"))).StatusCode);
        Assert.Equal("waiting", await site.Database.One<string>("select state from guarantee.holiday_order"));
    }

    private static async Task Refused(HttpClient client, Dictionary<string, string> fields, HttpStatusCode status, string says)
    {
        using var answer = await client.Form(Page, fields);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(says, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    private static Task<DateOnly> DueOn(TestSite site, string reference) => site.Database.One<DateOnly>("select due_on from guarantee.clock where reference = @reference", new { reference });
}
