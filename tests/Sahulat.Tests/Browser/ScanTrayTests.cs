using Sahulat.Office.Intake;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Office;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>Pages taken with a telephone: seen, put in order, thrown away, sent.</summary>
[Trait("Category", "Browser")]
public sealed class ScanTrayTests(Cluster cluster, Chromium chromium)
{
    [Fact]
    public async Task PagesOfTheCamera_ArePutInOrder_AndSentSmall()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1187/1974 | Mutation, village Gho | 3");
        var page = await Scans.Drawn("Demarcation ordered in village Gho");
        var whole = new Grey(page.Width * 3, page.Height * 3, [.. Enumerable.Range(0, page.Height * 3).SelectMany(y => Enumerable.Range(0, page.Width * 3).Select(x => page.Points[(y / 3 * page.Width) + (x / 3)]))]);
        byte[] large = await Scans.Jpeg(whole), small = await Scans.Jpeg(page);

        foreach (var lang in new[] { "en", "ur" })
        {
            var desk = await chromium.Phone(site.Address);
            await desk.SignInOfficial(Offices.Clerk, lang);
            await desk.GotoAsync($"/{lang}/desk/office/scanning/{plan:N}");
            var camera = desk.Locator("[data-tray] input[capture]");
            await camera.SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "first.jpg", MimeType = "image/jpeg", Buffer = large });
            await desk.Locator(".s-tray li").Nth(0).WaitForAsync();
            await camera.SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "second.jpg", MimeType = "image/jpeg", Buffer = small });
            await desk.Locator(".s-tray li").Nth(1).WaitForAsync();
            await desk.Locator("input[name=scans]").SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "third.pdf", MimeType = "application/pdf", Buffer = Offices.Pdf($"Third {lang}") });
            await desk.Locator(".s-tray li").Nth(2).WaitForAsync();
            await desk.Locator(".s-tray li").Nth(0).Locator("button").Nth(1).ClickAsync();
            Assert.Equal(["second.jpg", "first.jpg", "third.pdf"], await desk.Locator(".s-tray bdi").AllInnerTextsAsync());
            await desk.NoAxeViolations();
            await desk.Picture($"scan-tray-{lang}", whole: true);
            await desk.FitsNarrow();
            await desk.Locator(".s-tray li").Nth(0).Locator("button").Nth(2).ClickAsync();
            Assert.Equal(["first.jpg", "third.pdf"], await desk.Locator(".s-tray bdi").AllInnerTextsAsync());
            if (lang == "ur") continue;
            await desk.SelectOptionAsync("select[name=item]", new Microsoft.Playwright.SelectOptionValue { Index = 1 });
            await desk.ClickAsync("button[value=scan]");
            await desk.WaitForURLAsync("**did=**");
        }

        var taken = await site.Database.Query<(string Type, long Size)>("select type, size from office.intake order by type");
        Assert.Equal(["application/pdf", "image/jpeg"], taken.Select(t => t.Type));
        Assert.InRange(taken[1].Size, 10_000, large.Length / 2);
    }
}
