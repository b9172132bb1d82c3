using System.Text.RegularExpressions;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Office;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>Every page of the paperless office, of scanning and of onboarding as officials see them.</summary>
[Trait("Category", "Browser")]
public sealed partial class OfficePagesTests(Cluster cluster, Chromium chromium)
{
    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task EveryPage_IsAccessible_AndFits(string lang)
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var receipt = await clerk.Diarise(Offices.Clerk, "Demarcation of land", Offices.Pdf("Demarcation of khasra 4417"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Pages/1", receipt);
        var other = await clerk.Diarise(Offices.Clerk, "Second letter");
        var plan = await Scans.Planned(clerk, "1187/1974 | Mutation, village Gho | 3\nJB-1975 | Jamabandi of Gho | 1 | register");
        var item = await site.Database.One<Guid>("select id from office.scan_item order by seq limit 1");
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await Scans.Upload(clerk, plan, Offices.Pdf("Old order about khasra 4417", "Second page of it"), item)).StatusCode);
        await Eventually.True(() => site.Database.One<bool>("select not exists (select from office.intake where state = 'waiting') and not exists (select from office.page where state = 'waiting')"), "all is read", 120);
        var bundle = await site.Database.One<Guid>("select id from office.scan_bundle");

        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Offices.Clerk, lang);
        string[] paths =
        [
            "", "?box=sent", "/receipts/new", $"/receipts/{other:N}", "/files/new", $"/files/{file:N}?page=1", $"/files/{file:N}/notes", $"/files/{file:N}/pdfa?from=1&to=1", $"/receipts/{other:N}/pdfa", "/search?q=demarcation", "/search?q=nothinglikeit", "/pendency", "/pendency?by=office", "/records",
            "/scanning", $"/scanning/{plan:N}", $"/scanning/{plan:N}/sheets?bundle={bundle:N}", $"/scanning/items/{item:N}", $"/scanning/bundles/{bundle:N}",
        ];
        await Visit(desk, lang, paths.Select(p => "/desk/office" + p));
        // A refused form names its fields.
        await desk.GotoAsync($"/{lang}/desk/office/scanning");
        await desk.Locator("main form button").Last.ClickAsync();
        await desk.WaitForSelectorAsync(".govuk-error-summary");
        await desk.NoAxeViolations();

        var admin = await chromium.Desk(site.Address);
        await admin.SignInOfficial("sahulat-administrator@ut-1", lang);
        await Visit(admin, lang, ["/desk/onboarding", "/desk/onboarding?place=district-5", "/desk/onboarding/import", "/desk/onboarding/people"]);
    }

    private static async Task Visit(Microsoft.Playwright.IPage desk, string lang, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            await desk.SetViewportSizeAsync(1366, 768);
            var answer = await desk.GotoAsync($"/{lang}{path}");
            Assert.True(answer!.Ok, $"{path}: {answer.Status}");
            await desk.NoAxeViolations();
            await desk.Picture($"{Name().Replace(path, "-").Trim('-')}-{lang}", whole: true);
            await desk.FitsNarrow();
        }
    }

    /// <summary>What does not name a picture: ids, and signs of addresses.</summary>
    [GeneratedRegex("/desk|[0-9a-f]{8}-?[0-9a-f-]{23,27}|[^a-z0-9]+")]
    private static partial Regex Name();
}
