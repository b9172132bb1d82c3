using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

[Trait("Category", "Browser")]
public sealed class BrowserTests(Cluster cluster, Chromium chromium)
{
    [Fact]
    public async Task Services_InEveryLanguage_AreAccessibleAndNarrow()
    {
        await using var site = await TestSite.Start(cluster);
        var page = await chromium.Phone(site.Address);
        foreach (var lang in Lang.All)
        {
            foreach (var path in (string[])["services", "services?q=zzzzqqqq", "services?q=ration&category=social", "services/domicile-certificate", "services/film-shooting-permission"])
            {
                await page.GotoAsync($"/{lang.Code}/{path}");
                await page.NoAxeViolations();
                await page.FitsNarrow();
            }

            await page.SetViewportSizeAsync(360, 740);
            await page.GotoAsync($"/{lang.Code}/services/domicile-certificate");
            await page.Picture($"service-{lang.Code}", whole: true);
            await page.GotoAsync($"/{lang.Code}/services");
            await page.Picture($"services-{lang.Code}", whole: true);
        }
    }

    [Fact]
    public async Task Search_ByAnyWords_LeadsToTheService()
    {
        await using var site = await TestSite.Start(cluster);
        var page = await chromium.Phone(site.Address, javaScript: false);
        await page.GotoAsync("/hi/services");
        await page.FillAsync("input[name=q]", "domicile banwana hai");
        await page.Locator("main button[type=submit]").ClickAsync();
        await page.Locator(".s-card a").First.ClickAsync();
        Assert.EndsWith("/hi/services/domicile-certificate", page.Url, StringComparison.Ordinal);
        await page.Locator("a[href='/hi/apply/domicile-certificate']").WaitForAsync();
    }
}
