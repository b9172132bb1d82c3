using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Intake;
using Sahulat.Office.Scan;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>The paper of the past: planned, scanned, taken apart, judged, keyed.</summary>
public sealed class ScanningTests(Cluster cluster)
{
    [Fact, Trait("Category", "Long")]
    public async Task ScannedBundle_FromSheetToSearchHit_ThroughACrash_EachPageAccountedFor()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1187/1974 | Mutation, village Gho | 3\nJB-1975 | Jamabandi of Gho | 1 | register");
        var codes = await Scans.Codes(clerk, site, plan);
        Grey a = await Scans.Drawn("Demarcation ordered in village Gho"), b = await Scans.Drawn("Second leaf with objections heard"), c = await Scans.Drawn("Jamabandi register khasra 4417");
        var white = new Grey(a.Width, a.Height, [.. Enumerable.Repeat((byte)255, a.Points.Length)]);
        var tiff = await Scans.Tiff(Scans.Sheet(codes[0], a), a, white, b.Turn(180), Scans.Sheet(codes[1], a), c.Straighten(-2), c.Straighten(-2));
        Assert.Equal(HttpStatusCode.SeeOther, (await Scans.Upload(clerk, plan, tiff)).StatusCode);

        // A node that dies in mid-scan: what it had committed stays, another goes on where it stopped.
        var reader = site.Services.GetRequiredService<IntakeReader>();
        using (var killed = new CancellationTokenSource())
        {
            var dying = Task.Run(() => reader.Next(killed.Token));
            await Eventually.True(() => site.Database.One<bool>("select exists (select from office.intake_page)"), "the first page is done");
            await killed.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying);
        }

        Assert.False(await reader.Next(default));
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True(await reader.Next(default));
        Assert.Equal(["separator", "kept", "blank", "kept", "separator", "kept", "duplicate"], await site.Database.Query<string>("select outcome from office.intake_page order by page"));
        Assert.Equal(180, await site.Database.One<int>("select turned from office.intake_page where page = 4"));
        Assert.InRange(Math.Abs(await site.Database.One<float>("select skew from office.intake_page where page = 6")), 1.5, 2.5);
        var accounted = (await site.Database.Stream($"scan/{plan:N}")).Single(e => e.Kind == ScanAccounted.Kind).As<ScanAccounted>();
        Assert.Equal((3, 1, 2, 1, 0, 0), (accounted.Kept, accounted.Blank, accounted.Separators, accounted.Duplicates, accounted.Unplaced, accounted.Unreadable));
        Assert.Null(await site.Database.FirstBroken($"scan/{plan:N}"));

        // The pages are read; the file is live: it is found by a word inside, and a noting cites its second page.
        var pages = site.Services.GetRequiredService<PageReader>();
        while (await pages.ReadNext(default))
        {
        }

        var found = await clerk.Page("/en/desk/office/search?q=objections");
        Assert.Contains("1187/1974", found, StringComparison.Ordinal);
        var file = await site.Database.One<Guid>("select file_id from office.scan_item where number = '1187/1974'");
        using var sent = await site.OnFile(clerk, file, "send", ("text", "See the old order."), ("cites", "2"), ("to", Desks.Tehsildar));
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        Assert.DoesNotContain("Demarcation", string.Concat((await site.Database.Query<byte[]>("select text from office.page where text is not null")).Select(Encoding.Latin1.GetString)), StringComparison.Ordinal);

        // The same bytes again: known, nothing twice. Another office does not see the plan.
        Assert.EndsWith("did=again", (await Scans.Upload(clerk, plan, tiff)).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from office.intake"));
        using var other = await site.Official("tehsildar@tehsil-6805");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{Scans.Path}/{plan:N}")).StatusCode);
        using var deputy = await site.Official(Offices.Deputy);
        Assert.Contains("1187/1974", await deputy.GetStringAsync($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Scans.Upload(deputy, plan, tiff)).StatusCode);
    }

    [Fact]
    public async Task RejectedBundle_IsWithdrawnAndScannedAgain_AndARegisterIsKeyedEntryByEntry()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var plan = await Scans.Planned(clerk, "JB-1975 | Jamabandi of Gho | 1 | register");
        var item = await site.Database.One<Guid>("select id from office.scan_item");
        var picture = await Scans.Jpeg(await Scans.Drawn("Jamabandi register khasra 4417"));
        await Scans.Upload(clerk, plan, picture, item);
        await Scans.All(site);
        var bundle = await site.Database.One<Guid>("select id from office.scan_bundle");
        var sample = $"{Scans.Path}/bundles/{bundle:N}";
        // Whoever scanned does not judge.
        Assert.Equal(HttpStatusCode.Conflict, (await clerk.Form(sample, new() { ["do"] = "draw" })).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form(sample, new() { ["do"] = "draw" })).StatusCode);
        var paper = await site.Database.One<Guid>("select paper from office.intake_page where outcome = 'kept'");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await tehsildar.Form(sample, new() { ["bad"] = Guid.NewGuid().ToString() })).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form(sample, new() { ["bad"] = paper.ToString() })).StatusCode);
        Assert.Equal(("rejected", "withdrawn"), (await site.Database.One<string>("select state from office.scan_bundle"), await site.Database.One<string>("select kind from office.correspondence")));
        Assert.DoesNotContain("JB-1975", await clerk.Page("/en/desk/office/search?q=jamabandi+4417"), StringComparison.Ordinal);

        await Scans.Upload(clerk, plan, picture, item);
        await Scans.All(site);
        await tehsildar.Form(sample, new() { ["do"] = "draw" });
        Assert.EndsWith("did=accepted", (await tehsildar.Form(sample, [])).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["kept", "rejected"], await site.Database.Query<string>("select outcome from office.intake_page order by outcome"));

        var key = $"{Scans.Path}/items/{item:N}";
        Assert.Contains("4417", await clerk.GetStringAsync(key), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await clerk.Form(key, new() { ["number"] = "JB/1975", ["khasra"] = "4417", ["village"] = "Gho" })).StatusCode);
        // Not twice by the same hand; and nobody sees the first entry before he has made his.
        Assert.Equal(HttpStatusCode.Conflict, (await clerk.Form($"{key}?line=1", new() { ["number"] = "JB/1975", ["khasra"] = "4417", ["village"] = "Gho" })).StatusCode);
        Assert.DoesNotContain("JB/1975\"", await tehsildar.GetStringAsync($"{key}?line=1"), StringComparison.Ordinal);
        // A second line of the same page, in which both agree at once.
        foreach (var who in new[] { clerk, tehsildar }) Assert.Equal(HttpStatusCode.SeeOther, (await who.Form($"{key}?line=2", new() { ["number"] = "2", ["names"] = "Rajinder Kumar" })).StatusCode);
        Assert.Contains("page=2", await clerk.Page("/en/desk/office/search?q=rajinder"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form($"{key}?line=1", new() { ["number"] = "JB/1975", ["khasra"] = "4471", ["village"] = "Gho" })).StatusCode);
        Assert.DoesNotContain("JB-1975", await clerk.Page("/en/desk/office/search?q=gho+4471"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form($"{key}?line=1", new() { ["number"] = "JB/1975", ["khasra"] = "4417", ["village"] = "Gho Manhasan" })).StatusCode);
        Assert.Contains("JB-1975", await clerk.Page("/en/desk/office/search?q=manhasan"), StringComparison.Ordinal);
        // A settled entry is corrected by another than the last hand, who says why; then the new one is found, the old no longer.
        Dictionary<string, string> right = new() { ["number"] = "JB/1975", ["khasra"] = "4417", ["village"] = "Gho Brahmana" };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await clerk.Form($"{key}?line=1", right)).StatusCode);
        right["reason"] = "Misread: the village's new name";
        Assert.Equal(HttpStatusCode.Conflict, (await tehsildar.Form($"{key}?line=1", right)).StatusCode);
        right["hand"] = "3";
        Assert.Equal(HttpStatusCode.Conflict, (await clerk.Form($"{key}?line=1", right)).StatusCode);
        right["hand"] = "4";
        Assert.Equal(HttpStatusCode.SeeOther, (await clerk.Form($"{key}?line=1", right)).StatusCode);
        Assert.Contains("JB-1975", await clerk.Page("/en/desk/office/search?q=brahmana"), StringComparison.Ordinal);
        Assert.DoesNotContain("JB-1975", await clerk.Page("/en/desk/office/search?q=manhasan"), StringComparison.Ordinal);
        Assert.Contains("the village&#x27;s new name", await clerk.GetStringAsync($"{key}?line=1"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await clerk.Form($"{key}?line=999", right)).StatusCode);
        Assert.Equal(6, await site.Database.One<int>("select count(*)::int from office.scan_entry_hand"));
        Assert.DoesNotContain("Manhasan", string.Concat((await site.Database.Stream($"scan/{plan:N}")).Select(e => e.Body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PagesSentOneByOne_LieInTheOrderInWhichTheyCame_HoweverManyReadThem()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1187/1974 | Mutation, village Gho | 2\n1188/1974 | Other | 1");
        var items = await site.Database.Query<Guid>("select id from office.scan_item order by seq");
        foreach (var (item, text) in new[] { (items[0], "First"), (items[0], "Second"), (items[1], "Other") })
        {
            await Scans.Upload(clerk, plan, Offices.Pdf(text), item);
            site.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Another node is at the first: the second waits, what belongs elsewhere does not.
        var reader = site.Services.GetRequiredService<IntakeReader>();
        await site.Database.Execute("update office.intake set lease = @until where at = (select min(at) from office.intake)", new { until = site.Clock.GetUtcNow().AddMinutes(5) });
        Assert.True(await reader.Next(default));
        Assert.False(await reader.Next(default));
        Assert.Equal([items[1]], await site.Database.Query<Guid>("select item from office.intake where state = 'done'"));
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True(await reader.Next(default));
        Assert.True(await reader.Next(default));
        Assert.Equal(3, await site.Database.One<int>("select count(*)::int from office.intake where state = 'done'"));
    }
}
