using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Parquet;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Guarantee;
using Sahulat.Insight.Count;
using Sahulat.Insight.Publish;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Guarantee;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Insight;

public sealed class CountTests(Cluster cluster)
{
    private const string Srinagar = "tehsil-6805", Jammu = "tehsil-79";

    private static readonly DateOnly Filed = new(2026, 10, 1), Due = new(2026, 10, 30);

    /// <summary>A node whose followers move only when a test says so.</summary>
    private static Task<TestSite> Still(Cluster cluster) => Docket.Site(cluster, replace: services =>
    {
        foreach (var host in services.Where(s => s.ImplementationType?.Name == "FollowerHost").ToArray()) services.Remove(host);
    });

    [Fact]
    public async Task PublishedMonth_IsRightOnPageApiCsvAndParquet_AndSmallCellsAreNot()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        using var anyone = site.Client();
        Assert.Contains("No month has been published yet", await anyone.GetStringAsync("/en/performance"), StringComparison.Ordinal);
        Assert.Equal(0, (int)JsonNode.Parse(await anyone.GetStringAsync("/api/v1/performance/services"))!["count"]!);

        var kept = await docket.File(30, Filed, Due, place: Srinagar);
        await docket.File(10, Filed, Due, place: Srinagar);
        var taken = await docket.File(2, Filed, Due, place: Srinagar);
        await docket.File(3, Filed, Due, service: "domicile-certificate", place: Jammu);
        var later = await docket.File(20, Filed, Due.AddDays(20), service: "domicile-certificate", place: Jammu);
        for (var i = 0; i < kept.Count; i++) await docket.Decide(kept[i], i % 5 == 0 ? "rejected" : "approved", Filed.AddDays(i));
        foreach (var id in taken) await docket.Decide(id, "withdrawn", Filed.AddDays(5));
        await docket.Sweep.Run(Due.AddDays(2), ct: TestContext.Current.CancellationToken);
        await site.CatchUp();
        await site.CatchUp();
        await Publish(site, 1);
        await Publish(site, 0);

        // Rejected are six, lapsed thirteen: nineteen appeals by themselves. Those of the lapsed came with the sweep, in November.
        var income = JsonNode.Parse(await anyone.GetStringAsync("/api/v1/performance/services/income-certificate"))!;
        Assert.Equal((42, 30), ((int)income["window"]!["received"]!["count"]!, (int)income["window"]!["inTime"]!["count"]!));
        // Thirteen late in all are ten and three: the ten are held back, or they would tell the three.
        Assert.Null(income["window"]!["late"]!["count"]);
        Assert.Equal((9, 12), ((int)income["window"]!["late"]!["atLeast"]!, (int)income["window"]!["late"]!["atMost"]!));
        Assert.Equal((14, 26), ((int)income["window"]!["daysMedian"]!, (int)income["window"]!["days90"]!));
        Assert.Equal(6, (int)income["window"]!["appealed"]!["count"]!);
        var domicile = JsonNode.Parse(await anyone.GetStringAsync("/api/v1/performance/services/domicile-certificate?from=2026-10&to=2026-10"))!["window"]!;
        Assert.Equal((23, 1, 4), ((int)domicile["received"]!["count"]!, (int)domicile["late"]!["atLeast"]!, (int)domicile["late"]!["atMost"]!));
        var districts = await anyone.GetStringAsync("/api/v1/performance/districts?format=csv");
        Assert.Contains("2026-10,districts,\"district-13\",\"Srinagar\",42,42,42,30,30,30,,9,12,6,6,6,14,26\r\n", districts, StringComparison.Ordinal);
        Assert.Contains("2026-10,districts,\"district-5\",\"Jammu\",23,23,23,0,0,0,,1,4,0,0,0,,\r\n", districts, StringComparison.Ordinal);

        using var columns = new MemoryStream(await anyone.GetByteArrayAsync("/api/v1/performance/offices?format=parquet"));
        await using (var parquet = await ParquetReader.CreateAsync(columns))
        {
            Assert.Equal(["month", "kind", "code", "name", "received", "received_least", "received_most", "in_time", "in_time_least", "in_time_most", "late", "late_least", "late_most", "appealed", "appealed_least", "appealed_most", "days_median", "days_90"], parquet.Schema.DataFields.Select(f => f.Name));
            Assert.Equal(2, parquet.Metadata!.NumRows);
        }

        foreach (var lang in Lang.All)
            foreach (var path in new[] { "/performance/offices?sort=days", "/performance/services/income-certificate", "/performance/districts/district-13?from=2026-01&to=2026-10", "/performance/departments?sort=share&q=revenue" })
            {
                using var page = await anyone.GetAsync($"/{lang.Code}{path}");
                Assert.True(page.StatusCode == HttpStatusCode.OK, $"{lang.Code}{path}: {page.StatusCode}");
            }

        Assert.Contains("<svg class=\"s-chart\"", await anyone.GetStringAsync("/en/performance/services/income-certificate"), StringComparison.Ordinal);
        foreach (var (path, status) in new[]
        {
            ("/en/performance/posts", 404), ("/en/performance/services/no-such", 404), ("/en/performance/services?from=2026-12&to=2026-10", 422), ("/en/performance/services?from=soon", 422),
            ("/api/v1/performance/posts", 404), ("/api/v1/performance/offices/no-such", 404), ("/api/v1/performance/offices?format=xlsx", 422), ("/api/v1/performance/services?sort=luck&page=0", 422), ("/api/v1/performance/services?from=2026-13", 422),
        })
            Assert.Equal(status, (int)(await anyone.GetAsync(path)).StatusCode);

        // What comes late changes no published month, and the log has its digest.
        await docket.File(50, Filed, Due, place: Srinagar);
        await site.CatchUp();
        await Publish(site, 0);
        Assert.Equal(42, (int)JsonNode.Parse(await anyone.GetStringAsync("/api/v1/performance/services/income-certificate"))!["window"]!["received"]!["count"]!);
        var digest = await site.Database.One<string>("select digest from insight.month");
        Assert.Equal(digest, await site.Database.One<string>("select body ->> 'digest' from journal.entry where kind = 'insight.month-published'"));
        Assert.Empty(later.Intersect(kept));
    }

    /// <summary>Requests live at random while the follower stands, then is asked by several at once: the counters are what the requests' rows alone give.</summary>
    [Fact]
    public async Task Follower_ThatStoodForADay_CatchesUp_WithoutADoubleEffect()
    {
        await using var site = await Still(cluster);
        var docket = new Docket(site);
        var random = new Random(20110810);
        for (var day = 0; day < 4; day++)
        {
            for (var round = 0; round < 6; round++)
            {
                var filed = Filed.AddDays(random.Next(30));
                var ids = await docket.File(60, filed, filed.AddDays(random.Next(5, 40)), place: random.Next(2) == 0 ? Srinagar : Jammu, service: random.Next(2) == 0 ? "income-certificate" : "domicile-certificate");
                foreach (var id in ids.Take(random.Next(20))) await docket.Decide(id, new[] { "approved", "rejected", "withdrawn" }[random.Next(3)], filed.AddDays(random.Next(40)));
                foreach (var id in ids.Skip(30).Take(5)) await docket.Say(id, new CaseQueried("verify", "tehsildar@tehsil-79", filed.AddDays(1), random.Next(2) == 0));
                foreach (var id in ids.Skip(30).Take(2)) await docket.Say(id, new CaseQueryAnswered(filed.AddDays(5), filed.AddDays(random.Next(5, 60))));
                if (round == 3) await Moved(site, ids[0], filed, day + 1);
            }

            site.Clock.Advance(TimeSpan.FromDays(1));
            // The sweep asks other followers only; this one has stood all day.
            if (day == 2) await docket.Sweep.Run(new DateOnly(2026, 11, 1), ct: TestContext.Current.CancellationToken);
            if (day % 2 == 0) continue;
            using var stopped = new CancellationTokenSource();
            var cut = site.Services.GetRequiredService<Followers>().CatchUp(stopped.Token, CountFollower.Permanent);
            await stopped.CancelAsync();
            await cut.ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.WhenAll(site.CatchUp(), site.CatchUp(), site.Services.GetRequiredService<Followers>().CatchUp(default, CountFollower.Permanent));
            await site.CatchUp();
            Assert.Equal(await Counted(site), await FromRows(site));
        }

        Assert.Equal(24 * 60, await site.Database.One<long>("select sum(received) from insight.counter where kind = 'services'"));
    }

    private static Task Moved(TestSite site, Guid one, DateOnly filed, int calendar) => site.Database.Write(async work =>
    {
        var due = await work.One<DateOnly>("select (body ->> 'dueOn')::date from journal.entry where stream = @stream and version = 1", new { stream = $"case/{one:N}" });
        var (service, place) = await work.One<(string, string)>("select body ->> 'service', body ->> 'place' from journal.entry where stream = @stream and version = 1", new { stream = $"case/{one:N}" });
        await work.Append($"calendar/moved-{calendar}", null, new DatesMoved(calendar, "order", service, 1, "jk-psga", 1, place, null, filed, due, due.AddDays(9), 1, null), Actor.Sahulat("test"), site.Clock.GetUtcNow());
    });

    private static async Task<string> Counted(TestSite site) => Print((await site.Database.Query<Counters.Row>("select kind, subject, month, received, in_time, late, appealed, days from insight.counter")).Where(r => !r.Tally.Nothing).Select(r => (r.Kind, r.Subject, r.Month, r.Tally)));

    /// <summary>The plain way: every request's share, added up anew.</summary>
    private static async Task<string> FromRows(TestSite site)
    {
        var rows = await site.Database.Query<Matter>("select * from insight.matter");
        return Print(rows.SelectMany(m => m.Shares().SelectMany(s => m.Subjects().Select(x => (x.Kind, x.Code, s.Month, s.Share)))).GroupBy(x => (x.Kind, x.Code, x.Month))
            .Select(g => (g.Key.Kind, g.Key.Code, g.Key.Month, g.Aggregate(new Tally(), (sum, x) => sum.Plus(x.Share)))).Where(x => !x.Item4.Nothing));
    }

    private static string Print(IEnumerable<(string Kind, string Subject, DateOnly Month, Tally Tally)> rows) => string.Join('\n', rows
        .Select(r => $"{r.Kind} {r.Subject} {r.Month:yyyy-MM}: {r.Tally.Received} {r.Tally.InTime} {r.Tally.Late} {r.Tally.Appealed} [{string.Join(' ', r.Tally.Days)}]").Order(StringComparer.Ordinal));

    private static async Task Publish(TestSite site, int months) => Assert.Equal(months, await site.Services.GetRequiredService<Publisher>().Run(TimeSpan.Zero, default));
}
