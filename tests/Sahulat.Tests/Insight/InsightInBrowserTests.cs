using Microsoft.Extensions.DependencyInjection;
using Sahulat.Insight.Publish;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Guarantee;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Insight;

[Trait("Category", "Browser")]
public sealed class InsightInBrowserTests(Cluster cluster, Chromium chromium)
{
    [Fact]
    public async Task Figures_InEveryLanguage_AreAccessible_NarrowAndWithoutJavaScript()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        for (var month = 4; month <= 10; month++)
        {
            var filed = new DateOnly(2026, month, 1);
            var many = await docket.File(40 + (month * 6), filed, filed.AddDays(26));
            await docket.File(month == 7 ? 3 : month, filed, filed.AddDays(26), service: "domicile-certificate", place: "tehsil-79");
            var answered = 0;
            foreach (var id in many.Take(many.Count * 3 / 4)) await docket.Decide(id, "approved", filed.AddDays(2 + (answered++ % (8 + month))));
        }

        await site.CatchUp();
        Assert.Equal(7, await site.Services.GetRequiredService<Publisher>().Run(TimeSpan.Zero, default));
        var page = await chromium.Phone(site.Address, javaScript: false);
        foreach (var path in (string[])["/en/performance", "/ur/performance/offices", "/ur/performance/services/income-certificate", "/hi/performance/services/domicile-certificate", "/ks/performance/districts/district-13", "/doi/performance/departments"])
        {
            await page.GotoAsync(path);
            await page.FitsNarrow();
        }

        var checkedPage = await chromium.Phone(site.Address);
        foreach (var lang in Lang.All)
        {
            await checkedPage.GotoAsync($"/{lang.Code}/performance/services/income-certificate");
            await checkedPage.NoAxeViolations();
            await checkedPage.Picture($"figures-phone-{lang.Code}", whole: true);
            await checkedPage.GotoAsync($"/{lang.Code}/performance/offices");
            await checkedPage.NoAxeViolations();
        }

        var desk = await chromium.Desk(site.Address);
        foreach (var (name, path) in (IEnumerable<(string, string)>)[("list", "/en/performance"), ("service", "/en/performance/services/income-certificate"), ("service-ur", "/ur/performance/services/income-certificate"), ("small", "/en/performance/services/domicile-certificate"), ("wrong", "/en/performance/services?from=2026-10&to=2026-04")])
        {
            await desk.GotoAsync(path);
            await desk.Picture($"figures-{name}", whole: true);
        }

        await desk.NoAxeViolations();
        await desk.GotoAsync("/en/performance");
        await desk.SelectOptionAsync("select[name=from]", "2026-06");
        await desk.ClickAsync("main form button[type=submit]");
        await desk.ClickAsync("main tbody th a");
        Assert.Contains("from=2026-06", desk.Url, StringComparison.Ordinal);
        await desk.GetByText("June 2026 to October 2026").WaitForAsync();
    }
}
