using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office;
using Sahulat.Office.Intake;
using Sahulat.Office.Plan;
using Sahulat.Office.Record;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>What went wrong with old paper, put right: forgotten sheets, broken scans, databases of yesterday; and how it ends.</summary>
public sealed class SecondChanceTests(Cluster cluster)
{
    [Fact]
    public async Task ForgottenSheetAndBrokenScan_ArePlacedAndTriedAgain_EachPageAccountedFor()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1187/1974 | Mutation, village Gho | 2\n12/1975 | Another | 2");
        var item = await site.Database.One<Guid>("select id from office.scan_item where number = '1187/1974'");
        var scan = Offices.Pdf("Objections heard", "Demarcation ordered", "Third leaf");
        await Scans.Upload(clerk, plan, scan);
        byte[] broken = [0xFF, 0xD8, 0xFF, .. new byte[300], 0xFF, 0xD9], tiff = [.. "II*\0"u8, .. new byte[200]];
        await Scans.Upload(clerk, plan, broken, item);
        await Scans.Upload(clerk, plan, tiff);
        await Scans.All(site);
        Assert.Equal(["unplaced", "unplaced", "unplaced", "unreadable"], await Outcomes(site));

        // They are seen, by who may see the plan; the pictures are sealed.
        var list = $"{Scans.Path}/{plan:N}/pages";
        Assert.Contains("4 pages belong to no file", await clerk.Page($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);
        var intake = await site.Database.One<Guid>("select intake from office.intake_page where outcome = 'unplaced' limit 1");
        Assert.Contains($"/pages/{intake:N}/2\"", await clerk.Page(list), StringComparison.Ordinal);
        var picture = await clerk.GetByteArrayAsync($"{list}/{intake:N}/2");
        Assert.Equal([0xFF, 0xD8, 0xFF], picture[..3]);
        using var other = await site.Official("tehsildar@tehsil-6805");
        foreach (var hidden in new[] { list, $"{list}/{intake:N}/2" }) Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(hidden)).StatusCode);
        using var deputy = await site.Official(Offices.Deputy);
        Task<HttpResponseMessage> Act(HttpClient who, string act, params (string, string)[] more) => who.Send(list, [("do", act), .. more], "/en/desk/office/receipts/new");
        Assert.Equal(HttpStatusCode.Forbidden, (await Act(deputy, "place", ("item", $"{item}"), ("scan", $"{intake}"))).StatusCode);

        // One is placed by hand; refused are no file, none ticked, and a file of another plan.
        foreach (var wrong in new[] { new[] { ("ticked", $"{intake:N}/2") }, [("item", $"{item}")], [("item", $"{Guid.NewGuid()}"), ("scan", $"{intake}")], [("item", $"{item}"), ("ticked", "nonsense")] })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Act(clerk, "place", wrong)).StatusCode);
        Assert.EndsWith("did=placed", (await Act(clerk, "place", ("item", $"{item}"), ("ticked", $"{intake:N}/2"))).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Act(clerk, "place", ("item", $"{item}"), ("ticked", $"{intake:N}/2"))).StatusCode);
        await Scans.All(site);
        Assert.Equal(["unplaced", "kept", "unplaced", "unreadable"], await Outcomes(site));
        Assert.Contains("1187/1974", await clerk.Page("/en/desk/office/search?q=demarcation"), StringComparison.Ordinal);
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from office.intake_page where image is not null"));

        // The same bytes, now with their file: the rest goes there. Once more: nothing is left to do.
        Assert.EndsWith("did=retried", (await Scans.Upload(clerk, plan, scan, item)).Headers.Location!.ToString(), StringComparison.Ordinal);
        await Scans.All(site);
        Assert.Equal(["kept", "kept", "kept", "unreadable"], await Outcomes(site));
        Assert.EndsWith("did=again", (await Scans.Upload(clerk, plan, scan, item)).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal((3, 3, 0), await site.Database.One<(int, int, int)>("select (select count(*)::int from office.paper), (select pages from office.file), (select count(*)::int from office.intake_page where image is not null)"));

        // An unreadable page and a refused scan are tried again, by a button or by sending them again.
        var bad = await site.Database.One<Guid>("select intake from office.intake_page where outcome = 'unreadable'");
        Assert.EndsWith("did=retried", (await Act(clerk, "again", ("ticked", $"{bad:N}/1"))).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("waiting", await site.Database.One<string>("select state from office.intake where id = @bad", new { bad }));
        await Scans.All(site);
        var refused = await site.Database.One<Guid>("select id from office.intake where state = 'refused'");
        Assert.Contains("Try again", await clerk.Page($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await clerk.Send($"{Scans.Path}/{plan:N}", [("do", "again"), ("scan", $"{refused}")], "/en/desk/office/receipts/new")).StatusCode);
        await Scans.All(site);
        Assert.Equal(HttpStatusCode.Conflict, (await clerk.Send($"{Scans.Path}/{plan:N}", [("do", "again"), ("scan", $"{intake}")], "/en/desk/office/receipts/new")).StatusCode);
        Assert.EndsWith("did=retried", (await Scans.Upload(clerk, plan, tiff)).Headers.Location!.ToString(), StringComparison.Ordinal);
        await Scans.All(site);
        Assert.Equal(["kept", "kept", "kept", "unreadable"], await Outcomes(site));
        Assert.Equal(["done", "done", "refused"], (await site.Database.Query<string>("select state from office.intake")).Order());

        var said = await site.Database.Stream($"scan/{plan:N}");
        Assert.Equal(5, said.Count(e => e.Kind == ScanAgain.Kind));
        Assert.Equal(3, said.Count(e => e.Kind == ScanRefused.Kind));
        var account = said.Last(e => e.Kind == ScanAccounted.Kind && e.As<ScanAccounted>().Intake == intake).As<ScanAccounted>();
        Assert.Equal((3, 0), (account.Kept, account.Unplaced));
        Assert.Null(await site.Database.FirstBroken($"scan/{plan:N}"));
    }

    [Fact]
    public async Task WeededFile_TakesItsScansAndKeyedFieldsWithIt_AndAcceptedScansGoAfterTheirTime()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var (raw, seals, store) = (site.Services.GetRequiredService<RawScans>(), site.Services.GetRequiredService<Seals>(), site.Services.GetRequiredService<IBlobStore>());
        var plan = await Scans.Planned(clerk, "1/1974 | Mutation of Ghulam Nabi | 1\n2/1974 | Kept one | 1");
        var items = await site.Database.Query<Guid>("select id from office.scan_item order by seq");
        await Scans.Upload(clerk, plan, Offices.Pdf("Objections heard"), items[0]);
        await Scans.Upload(clerk, plan, Offices.Pdf("Another order"), items[1]);
        await Scans.All(site);
        await clerk.Form($"{Scans.Path}/items/{items[0]:N}", new() { ["number"] = "77/1974", ["village"] = "Manhasan" });
        var scans = await site.Database.Query<(Guid Id, Guid? Item, string Blob)>("select id, item, blob from office.intake");
        var file = await site.Database.One<Guid>("select file_id from office.scan_item where id = @id", new { id = items[0] });

        // What lies under the plan's key gets keys of its own first; then that key opens nothing any more.
        var planKey = await site.Database.Write(work => seals.Key(work, plan));
        await site.Database.Execute("update office.scan_item set subject = null, title = @title where id = @id", new { id = items[1], title = seals.Seal(planKey, "Kept one", ScanPlans.TitleContext(items[1])) });
        using (var content = new MemoryStream(Offices.Pdf("Another order")))
        {
            var blobs = site.Services.GetRequiredService<SealedBlobs>();
            await site.Database.Execute("update office.intake set subject = null, blob = @blob where id = @Id", new { blob = await blobs.Put(planKey, content, Intakes.Context(scans.Single(s => s.Item == items[1]).Id), default), scans.Single(s => s.Item == items[1]).Id });
        }

        while (await raw.OwnKeys(default))
        {
        }

        Assert.Contains("Kept one", await clerk.Page($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from vault.subject_key where wrapped is not null and subject = @plan", new { plan }));

        await site.OnFile(clerk, file, "close", ("retention", "E"));
        Task<HttpResponseMessage> Send(HttpClient who, string path, params (string, string)[] what) => who.Send(path, what, "/en/desk/office/receipts/new");
        await Send(tehsildar, "/en/desk/office/records", ("record", $"{file}"));
        await site.Database.Execute("update office.file set weed_on = date '2026-01-01', review_on = date '2026-01-01' where id = @file", new { file });
        using var made = await Send(clerk, "/en/desk/office/records", ("do", "weeding"), ("file", $"{file}"));
        Assert.True(made.StatusCode == HttpStatusCode.SeeOther, await made.Content.ReadAsStringAsync());
        var order = made.Headers.Location!.OriginalString;
        // A scan with pages of it is under way: not yet.
        await site.Database.Execute("update office.intake set state = 'waiting' where item = @id", new { id = items[0] });
        Assert.Equal(HttpStatusCode.Conflict, (await Send(tehsildar, order, ("do", "sign"))).StatusCode);
        await site.Database.Execute("update office.intake set state = 'done' where item = @id", new { id = items[0] });
        var weeded = await Send(tehsildar, order, ("do", "sign"));
        Assert.True(weeded.StatusCode == HttpStatusCode.SeeOther, await weeded.Content.ReadAsStringAsync());

        // Nothing of it can be opened: no key under which anything of it was ever sealed is left, nor the bytes.
        var gone = scans.Single(s => s.Item == items[0]);
        Assert.Empty(await seals.Keys([plan, file, items[0], gone.Id], default));
        Assert.Null(await store.Get(gone.Blob, default));
        Assert.Equal((0, 1), await site.Database.One<(int, int)>("select (select count(*)::int from office.scan_keyed), (select count(*)::int from office.intake where blob is not null)"));
        var page = await clerk.Page($"{Scans.Path}/{plan:N}");
        Assert.DoesNotContain("Ghulam Nabi", page, StringComparison.Ordinal);
        Assert.Contains("Kept one", page, StringComparison.Ordinal);
        Assert.Equal("weeded", (await site.Database.Stream($"scan/{plan:N}")).Single(e => e.Kind == RawScanDestroyed.Kind).As<RawScanDestroyed>().Why);
        // A leaf of it that turns up later is not put into a file that is no more.
        await Scans.Upload(clerk, plan, Offices.Pdf("Late leaf"), items[0]);
        await Scans.All(site);
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from office.intake_page where outcome = 'unplaced'"));
        Assert.Equal(HttpStatusCode.Conflict, (await clerk.Form($"{Scans.Path}/items/{items[0]:N}", new() { ["number"] = "78/1974" })).StatusCode);

        // The other bundle's raw scan goes ninety days after its acceptance; its page stays.
        var bundle = await site.Database.One<Guid>("select id from office.scan_bundle");
        await tehsildar.Form($"{Scans.Path}/bundles/{bundle:N}", new() { ["do"] = "draw" });
        Assert.EndsWith("did=accepted", (await tehsildar.Form($"{Scans.Path}/bundles/{bundle:N}", [])).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.False(await raw.Next(default));
        site.Clock.Advance(TimeSpan.FromDays(91));
        while (await raw.Next(default))
        {
        }

        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from office.intake where blob is not null"));
        var paper = await site.Database.One<Guid>("select paper from office.intake_page where item = @id", new { id = items[1] });
        using var later = await site.Official(Offices.Clerk);
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync($"/en/desk/office/papers/{paper}/content")).StatusCode);
        // The page that waits for its file has its picture still.
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from office.intake_page where outcome = 'unplaced' and image is not null"));
    }

    [Fact]
    public async Task SheetScannedTwice_IsKept_AndShownToAPersonWhoDecides()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1187/1974 | Mutation, village Gho | 3");
        var item = await site.Database.One<Guid>("select id from office.scan_item");
        var page = await Scans.Drawn("Demarcation ordered in village Gho by the tehsildar on petition of three brothers");
        foreach (var sheet in new[] { page, page.Straighten(-0.6), await Scans.Drawn("Objections of the neighbour heard and rejected since boundary stones stand where settlement found them") })
        {
            await Scans.Upload(clerk, plan, await Scans.Jpeg(sheet), item);
            await Scans.All(site);
        }

        Assert.Equal([false, true, false], await site.Database.Query<bool>("select perhaps is not null from office.intake_page p join office.correspondence c on c.paper = p.paper order by c.page_from"));
        Assert.Contains("1 page to compare", await clerk.Page($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);
        var list = $"{Scans.Path}/{plan:N}/pages";
        Assert.Contains("page 2 is perhaps the same as page 1", await clerk.Page(list), StringComparison.Ordinal);
        var scan = await site.Database.One<Guid>("select intake from office.intake_page where perhaps is not null");
        Task<HttpResponseMessage> Say(string what) => clerk.Send(list, [("do", what), ("ticked", $"{scan:N}/1")], "/en/desk/office/receipts/new");
        Assert.EndsWith("did=compared", (await Say("same")).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Say("different")).StatusCode);
        // It keeps its number, and is found no longer.
        Assert.Equal(("duplicate", "withdrawn"), await site.Database.One<(string, string)>("select p.outcome, c.kind from office.intake_page p join office.correspondence c on c.paper = p.paper where c.page_from = 2"));
        Assert.DoesNotContain("page=2", await clerk.Page("/en/desk/office/search?q=brothers"), StringComparison.Ordinal);
        Assert.True((await site.Database.Stream($"scan/{plan:N}")).Single(e => e.Kind == PageCompared.Kind).As<PageCompared>().Same);
    }

    /// <summary>A database of before the second scan, and a folder of after it.</summary>
    [Fact]
    public async Task RestoreInMidIntake_TakesWhatTheDatabaseForgot_AndNothingTwice()
    {
        var folder = Directory.CreateTempSubdirectory("sahulat-scans-").FullName;
        var settings = new Dictionary<string, string?>(Scans.ByHand) { ["Sahulat:ScanFolder"] = folder };
        var dump = Path.Combine(folder, "yesterday.dump");
        string place;
        await using (var before = await Desks.Start(cluster, settings))
        {
            using var clerk = await before.Official(Offices.Clerk);
            var plan = await Scans.Planned(clerk, "1187/1974 | Mutation | 2");
            place = Directory.CreateDirectory(Path.Combine(folder, $"{plan:N}")).FullName;
            var codes = await Scans.Codes(clerk, before, plan);
            var page = await Scans.Drawn("Objections heard");
            await Lay(before, place, "first.tif", await Scans.Tiff(Scans.Sheet(codes[0], page), page));
            await Scans.All(before);
            Program("pg_dump", before.Store.Owner, "-Fc", "-f", dump);
            await Lay(before, place, "second.tif", await Scans.Tiff(Scans.Sheet(codes[0], page), await Scans.Drawn("Demarcation ordered")));
            await Lay(before, place, "refused.tif", "not a scan"u8.ToArray());
            await Scans.All(before);
            Assert.Equal(2, await before.Database.One<int>("select pages from office.file"));
        }

        await using var site = await TestSite.Start(cluster, Cluster.Empty, settings: settings, before: restored =>
        {
            Program("pg_restore", restored.Owner, "--clean", "--if-exists", "--single-transaction", "-d", "", dump);
            return Task.CompletedTask;
        });
        Assert.Equal(1, await site.Database.One<int>("select pages from office.file"));
        var work = site.Services.GetServices<IHostedService>().OfType<IntakeWork>().Single();
        Assert.True(await work.TakeLost(default));
        Assert.False(await work.TakeLost(default));
        await Scans.All(site);
        Assert.Equal((2, 2), await site.Database.One<(int, int)>("select (select pages from office.file), (select count(*)::int from office.intake)"));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(place, "taken")).Length);
        // One that a person laid there by hand is looked at by its bytes.
        await File.WriteAllBytesAsync(Path.Combine(place, "taken", "by-hand.pdf"), Offices.Pdf("Third leaf"));
        Assert.True(await work.TakeLost(default));
        Assert.False(await work.TakeLost(default));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task Lay(TestSite site, string place, string name, byte[] content)
    {
        await File.WriteAllBytesAsync(Path.Combine(place, name), content);
        File.SetLastWriteTimeUtc(Path.Combine(place, name), DateTime.UnixEpoch.AddYears(50));
        Assert.True(await site.Services.GetServices<IHostedService>().OfType<IntakeWork>().Single().TakeNext(default));
    }

    private static void Program(string name, string connection, params string[] arguments)
    {
        var to = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(Path.Combine(PrivateCluster.FindBinaries(), name)) { RedirectStandardError = true };
        start.Environment["PGHOST"] = to.Host;
        start.Environment["PGPORT"] = $"{to.Port}";
        start.Environment["PGUSER"] = to.Username;
        start.Environment["PGPASSWORD"] = to.Password;
        start.Environment["PGDATABASE"] = to.Database;
        foreach (var argument in arguments) start.ArgumentList.Add(argument.Length == 0 ? to.Database! : argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{name}: {errors}");
    }

    private static async Task<IReadOnlyList<string>> Outcomes(TestSite site) =>
        await site.Database.Query<string>("select p.outcome from office.intake_page p join office.intake i on i.id = p.intake order by i.type = 'image/jpeg', p.page");
}
