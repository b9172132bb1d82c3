using Microsoft.Playwright;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>A late holiday order moves a citizen's date and says why; the receipt of the request proves itself to a stranger.</summary>
[Trait("Category", "Browser")]
public sealed class HolidayStoryTests(Cluster cluster, Chromium chromium)
{
    private const string Admin = "sahulat-administrator@ut-1", Second = "second-administrator";

    [Fact]
    public async Task LateHoliday_MovesTheDate_TheLedgerSaysWhy_AndTheReceiptProvesItself()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed, settings: new Dictionary<string, string?> { ["Sahulat:Sweep"] = "off" });
        await site.Delegate(Admin, Second, "Second Administrator");
        var phone = await chromium.Phone(site.Address);
        var reference = await StoryTests.Apply(phone, "ur", pictures: false);
        await site.CatchUp();
        var before = await DueOn(site, reference);

        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Admin);
        await desk.GotoAsync("/en/desk/holidays");
        await desk.NoAxeViolations();
        await desk.Picture("holiday-1-calendar");
        await desk.Type(("date.day", "19"), ("date.month", "11"), ("date.year", "2026"), ("name-en", "Snowfall"), ("name-ur", "برف باری"), ("order", "1701-JK(GAD) of 2026 dated 18-11-2026"));
        await desk.SelectOptionAsync("select[name=place]", "district-5");
        await desk.Locator("button[name=do][value=propose]").ClickAsync();
        await desk.WaitForURLAsync("**did=proposed**");
        await desk.NoAxeViolations();
        var other = await chromium.Desk(site.Address);
        await other.SignInOfficial(Second, "ur");
        await other.GotoAsync("/ur/desk/holidays");
        await other.NoAxeViolations();
        await other.Picture("holiday-2-second");
        await other.FitsNarrow();
        await other.Locator("button[name=do][value=issue]").ClickAsync();
        await other.WaitForURLAsync("**did=issued**");
        await other.NoAxeViolations();
        await site.CatchUp();

        Assert.True(await DueOn(site, reference) > before);
        await phone.GotoAsync($"/ur/requests/{reference}");
        await phone.GetByText("1701-JK(GAD)").First.WaitForAsync();
        await phone.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        await phone.GetByText("برف باری").First.WaitForAsync();
        await phone.NoAxeViolations();
        await phone.Picture("holiday-3-ledger", whole: true);

        // A stranger checks the receipt without the server, and a changed one.
        var (file, forged) = (Path.Combine(cluster.Folder, $"{reference}.json"), Path.Combine(cluster.Folder, $"{reference}-forged.json"));
        var saved = await phone.RunAndWaitForDownloadAsync(() => phone.Locator($"a[href='/ur/requests/{reference}/proof']").ClickAsync());
        await saved.SaveAsAsync(file);
        using var anyone = site.Client();
        var key = (await anyone.GetStringAsync("/transparency/key")).Trim();
        var (code, said, _) = await Node.Node.Run("verify", "--receipt", file, "--key", key);
        Assert.True(code == 0, said);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(forged, text.Replace("citizen:", "citizen:0", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.NotEqual(text, await File.ReadAllTextAsync(forged, TestContext.Current.CancellationToken));
        Assert.Equal(5, (await Node.Node.Run("verify", "--receipt", forged, "--key", key)).Code);
    }

    private static Task<DateOnly> DueOn(TestSite site, string reference) => site.Database.One<DateOnly>("""select due_on from cases."case" where reference = @reference""", new { reference });
}
