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
        // A file with a flag, a link, a citing paragraph and a remark; two in the record room, of which one is on an order.
        using var tehsildar = await site.Official(Desks.Tehsildar);
        using var told = await site.OnFile(tehsildar, await tehsildar.OpenFile(Desks.Tehsildar, "TJ/Pages/2"), "send", ("text", "Please report."), ("to", Desks.Naib), ("copies", Offices.Clerk));
        var informed = await site.Database.One<Guid>("select id from office.file where number = 'TJ/Pages/2'");
        using var remarked = await site.OnFile(clerk, informed, "remark", ("remark", "The map is in TJ/Pages/1."));
        foreach (var (act, fields) in new[] { ("flag", new[] { ("flagged", "1") }), ("link", [("link", "TJ/Pages/2")]), ("sign", [("text", "The letter at flag A, page 1, asks for demarcation; see TJ/Pages/2.")]) })
        {
            using var did = await site.OnFile(clerk, file, act, fields);
            Assert.Equal(System.Net.HttpStatusCode.SeeOther, did.StatusCode);
        }

        var shelved = new[] { await clerk.OpenFile(Offices.Clerk, "TJ/Pages/3"), await clerk.OpenFile(Offices.Clerk, "TJ/Pages/4") };
        foreach (var id in shelved)
        {
            using var closed = await site.OnFile(clerk, id, "close", ("retention", "C-3"));
            using var recorded = await tehsildar.Send("/en/desk/office/records", [("record", $"{id}")], "/en/desk/office/receipts/new");
        }

        await site.Database.Execute("update office.file set weed_on = date '2026-01-01', review_on = date '2026-01-01' where state = 'recorded'");
        using var made = await clerk.Send("/en/desk/office/records", [("do", "weeding"), ("file", $"{shelved[0]}")], "/en/desk/office/receipts/new");
        var order = Offices.Id(made);
        var bundle = await site.Database.One<Guid>("select id from office.scan_bundle");

        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Offices.Clerk, lang);
        string[] paths =
        [
            "", "?box=sent", "/receipts/new", $"/receipts/{other:N}", "/files/new", $"/files/{file:N}?page=1", $"/files/{file:N}/notes", $"/files/{file:N}/pdfa?from=1&to=1", $"/receipts/{other:N}/pdfa", "/search?q=demarcation", "/search?q=nothinglikeit", "/pendency", "/pendency?by=office", "/records", "/records?shelf=due", $"/records/orders/{order:N}", $"/records/{shelved[1]:N}/review", "/hand-over", $"/files/{informed:N}",
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
