using System.Net;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Office;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Node;

/// <summary><c>kill -9</c> of the real executable in the middle of a scan's intake and of its reading: no page is lost, none is there twice, each is accounted for.</summary>
[Trait("Category", "Long")]
public sealed class ScanKillTests
{
    private const int Pages = 14;

    [Fact]
    public async Task KilledInMidScan_LosesNoPage_AndDoublesNone()
    {
        using var folder = new DataFolder();
        await using var node = new Node(folder.Path);
        await node.Start("--pack", Node.Pack);
        Assert.Equal(0, await node.Interrupt());
        var (code, _, error) = await Node.Run("demo", "--cases", "1", "--data", folder.Path);
        Assert.True(code == 0, error);
        // A node without tesseract leaves the scan to one that has it.
        node.Environment["PATH"] = AllBut("tesseract", folder.Path);
        await node.Start();
        var running = (await PrivateCluster.Running(folder.Path))!.Value;
        await using (var database = Database.Connect(running.Owner + ";Pooling=false"))
        {
            Guid plan;
            using (var clerk = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = node.Address })
            {
                await clerk.SignIn(Offices.Clerk);
                plan = await Scans.Planned(clerk, $"1187/1974 | Mutation, village Gho | {Pages}");
                var item = await database.One<Guid>("select id from office.scan_item");
                var scan = Offices.Pdf([.. Enumerable.Range(1, Pages).Select(n => $"Order {n * 311} about khasra {4400 + n}")]);
                Assert.Equal(HttpStatusCode.SeeOther, (await Scans.Upload(clerk, plan, scan, item)).StatusCode);
            }

            await Eventually.True(() => node.Said.Split("tesseract is missing").Length > 6, "the node says what it lacks", seconds: 60);
            Assert.Equal(("waiting", 1), await database.One<(string, int)>("select state, next_page from office.intake"));
            await node.Kill();
            node.Environment.Clear();
            await node.Start();
            await database.Execute("update office.intake set lease = null where state = 'waiting'");

            // Three times: while it is taken apart, again, and while the last pages are read.
            foreach (var (what, reached) in new[] { ("select count(*) from office.intake_page", 2), ("select count(*) from office.intake_page", 7), ("select count(*) from office.page where state = 'read' and paper is not null", 9) })
            {
                await Eventually.True(async () => await database.One<long>(what) >= reached, $"{reached} pages are done", seconds: 240);
                await node.Kill();
                // The database of its folder goes and comes with it.
                await node.Start();
                // The leases of the dead node run out.
                await database.Execute("update office.intake set lease = null where state = 'waiting'; update office.page set lease = null where state = 'waiting'");
            }

            await Eventually.True(() => database.One<bool>("select not exists (select from office.intake where state = 'waiting') and not exists (select from office.page where state = 'waiting')"), "all is read", seconds: 300);
            Assert.Equal(Enumerable.Range(1, Pages), await database.Query<int>("select page from office.intake_page where outcome = 'kept' order by page"));
            Assert.Equal(Enumerable.Range(1, Pages), await database.Query<int>("select page_from from office.correspondence order by seq"));
            Assert.Equal((Pages, Pages, Pages), await database.One<(int, int, int)>("select (select count(*)::int from office.paper), (select count(*)::int from office.page where paper is not null and state = 'read'), (select pages from office.file)"));
            var accounted = (await database.Stream($"scan/{plan:N}")).Single(e => e.Kind == ScanAccounted.Kind).As<ScanAccounted>();
            Assert.Equal((Pages, 0, 0, 0), (accounted.Kept, accounted.Blank, accounted.Duplicates, accounted.Unreadable));
            Assert.Equal(Pages, await database.One<int>("select count(*)::int from journal.entry where kind = @Kind", new { PagesAccounted.Kind }));
            Assert.Null(await database.FirstBroken($"scan/{plan:N}"));
        }

        NpgsqlConnection.ClearAllPools();
    }

    /// <returns>A folder with the programs of this machine's <c>PATH</c>, but for one.</returns>
    private static string AllBut(string program, string folder)
    {
        var programs = Directory.CreateDirectory(Path.Combine(folder, "programs")).FullName;
        foreach (var file in Environment.GetEnvironmentVariable("PATH")!.Split(':').Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
            if (Path.GetFileName(file) != program && !Path.Exists(Path.Combine(programs, Path.GetFileName(file)))) File.CreateSymbolicLink(Path.Combine(programs, Path.GetFileName(file)), file);
        return programs;
    }
}
