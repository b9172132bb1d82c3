using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Portal;

[Trait("Category", "Browser")]
public sealed class FrameInBrowserTests(Cluster cluster, Chromium chromium)
{
    public static TheoryData<string> Languages => [.. Lang.All.Select(l => l.Code)];

    [Theory, MemberData(nameof(Languages))]
    public async Task Pages_AreAccessibleAndFitAPhone(string lang)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty);
        var page = await chromium.Phone(site.Address);
        var outside = new List<string>();
        page.Request += (_, request) => { if (!request.Url.StartsWith(site.Address.ToString(), StringComparison.Ordinal)) outside.Add(request.Url); };
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)) complaints.Add(message.Text); };
        foreach (var path in FrameTests.Pages.Append("/nowhere"))
        {
            await page.GotoAsync($"/{lang}{path}");
            await page.NoAxeViolations();
            await page.FitsNarrow();
        }

        await page.GotoAsync($"/{lang}");
        await page.SetViewportSizeAsync(360, 740);
        await page.Picture($"home-{lang}-phone");
        Assert.Empty(outside);
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Targets_AreBigEnoughForAThumb()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty);
        var page = await chromium.Phone(site.Address);
        await page.GotoAsync("/ur");
        var small = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a,button,input')].filter(e => { const r = e.getBoundingClientRect(); return r.width > 0 && (r.height < 24 || r.width < 24) && !e.classList.contains('govuk-skip-link') && getComputedStyle(e).display !== 'inline'; }).map(e => e.outerHTML)");
        Assert.Empty(small);
        await page.Context.CloseAsync();
    }
}
