using System.Net;
using Sahulat.Contracts.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Guarantee;

public sealed class ReportTests(Cluster cluster)
{
    [Fact]
    public async Task Offices_AreCountedByWhatTheyDoWithTheClock_ForAdministratorsOnly()
    {
        await using var site = await Docket.Site(cluster, template: Cluster.Staffed);
        var docket = new Docket(site);
        var (complete, due) = (new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 30));
        var asked = await docket.File(complete, due);
        await docket.Say(asked, new CaseQueried("verify", "tehsildar@tehsil-79", complete, false));
        await docket.Say(asked, new CaseQueried("verify", "tehsildar@tehsil-79", complete, false));
        await docket.Say(asked, new CaseDecided("approved", "tehsildar@tehsil-79", due.AddDays(-3), [], null));
        var lastDay = await docket.File(complete, due);
        await docket.Say(lastDay, new CaseDecided("rejected", "tehsildar@tehsil-79", due, ["not-eligible"], null));
        await site.CatchUp();

        using var admin = await site.Official("sahulat-administrator@ut-1");
        var csv = await admin.GetStringAsync("/en/desk/guarantee/offices.csv");
        Assert.Contains("tehsil-office@tehsil-79,\"", csv, StringComparison.Ordinal);
        Assert.EndsWith(",2,1,1,0\n", csv, StringComparison.Ordinal);
        // What was answered before the window is not in it; a window that is not offered is the usual one.
        site.Clock.Advance(TimeSpan.FromDays(40));
        using var later = await site.Official("sahulat-administrator@ut-1");
        Assert.DoesNotContain("tehsil-office@tehsil-79", await later.GetStringAsync("/en/desk/guarantee/offices.csv?days=30"), StringComparison.Ordinal);
        Assert.Contains("tehsil-office@tehsil-79", await later.GetStringAsync("/en/desk/guarantee/offices.csv?days=7"), StringComparison.Ordinal);
        Assert.Contains("selected=\"\" value=\"90\"", await later.GetStringAsync("/en/desk/guarantee?days=90"), StringComparison.Ordinal);
        Assert.Contains("/en/desk/unconfirmed", await later.GetStringAsync("/en/desk/guarantee"), StringComparison.Ordinal);
        Assert.Contains("ExcludeHolidays", await later.GetStringAsync("/en/desk/unconfirmed"), StringComparison.Ordinal);
        using var tehsildar = await site.Official("tehsildar@tehsil-79");
        Assert.Equal(HttpStatusCode.Forbidden, (await tehsildar.GetAsync("/en/desk/guarantee")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await tehsildar.GetAsync("/en/desk/guarantee/offices.csv")).StatusCode);
    }
}
