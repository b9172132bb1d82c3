using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Guarantee;
using Sahulat.Guarantee.Prove;
using Sahulat.Host;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Guarantee;

/// <summary>A late holiday order moves open dates, withdraws nothing, and is explained; the daily proof shows what is missing.</summary>
public sealed class RecountTests(Cluster cluster)
{
    private static readonly DateOnly Complete = new(2026, 11, 2);

    private static async Task LateHoliday(TestSite site, string row)
    {
        var folder = Directory.CreateTempSubdirectory("sahulat-pack-");
        foreach (var file in Directory.EnumerateFiles(Node.Node.Pack, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder.FullName, Path.GetRelativePath(Node.Node.Pack, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        await File.AppendAllTextAsync(Path.Combine(folder.FullName, "holidays.csv"), row + "\n");
        Assert.Empty(await PackLoading.Load(site.Services, folder.FullName, _ => { }, TestContext.Current.CancellationToken));
        folder.Delete(recursive: true);
    }

    /// <summary>The one who sweeps has its lock for the whole night and waits for the dates to be counted first.</summary>
    [Fact]
    public async Task LateOrder_WhileSomeoneSweeps_IsCountedAllTheSame()
    {
        await using var site = await Docket.Site(cluster);
        await using var sweeper = await site.Database.Open(TestContext.Current.CancellationToken);
        await using var command = sweeper.CreateCommand();
        command.CommandText = "select pg_advisory_lock(hashtextextended('guarantee.sweep', 0))";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await LateHoliday(site, "20999,2026-11-19,district-5,public,1701-JK(GAD) of 2026 dated 18-11-2026,Snowfall,बर्फ़बारी,برف باری,شیٖن,बर्फ,notified,");
        await new Docket(site).Sweep.Run(new DateOnly(2026, 11, 2), ct: TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await site.CatchUp().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task LateOrder_MovesOpenDatesOfItsPlace_AndSaysWhy()
    {
        await using var site = await Docket.Site(cluster, template: Cluster.Staffed);
        using var system = await site.System();
        var reference = await system.FileIncome("9419011111");
        var elsewhere = await system.FileIncome("9419011111", "tehsil-6805");
        await site.CatchUp();
        var (before, other) = (await DueOn(site, reference), await DueOn(site, elsewhere));
        var docket = new Docket(site);
        var lapsed = await docket.File(new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 30));
        await docket.Sweep.Run(new DateOnly(2026, 11, 2), ct: TestContext.Current.CancellationToken);
        await site.CatchUp();

        // One working day in Jammu district.
        await LateHoliday(site, "20999,2026-11-19,district-5,public,1701-JK(GAD) of 2026 dated 18-11-2026,Snowfall,बर्फ़बारी,برف باری,شیٖن,बर्फ,notified,");
        await site.CatchUp();
        var after = await DueOn(site, reference);
        Assert.True(after > before);
        Assert.Equal(other, await DueOn(site, elsewhere));
        var due = docket.Clock.Explain("income-certificate", 1, "tehsil-79", Complete, [])!;
        Assert.Equal(after, due.On);
        Assert.Contains(due.Days, d => d.Date == new DateOnly(2026, 11, 19) && d.Reason == DayReason.Holiday);
        Assert.Equal(after, await site.Database.One<DateOnly>("""select due_on from cases."case" where reference = @reference""", new { reference }));
        using var citizen = await site.Citizen("9419011111");
        Assert.Contains("1701-JK(GAD) of 2026", await citizen.GetStringAsync($"/en/requests/{reference}"), StringComparison.Ordinal);
        Assert.Equal(1, await site.Database.One<long>("select count(*) from journal.entry where kind = 'guarantee.dates-moved'"));

        // What lapsed stays so, and its appeal stands.
        Assert.Equal("lapsed", await docket.State(lapsed));
        Assert.NotNull(await docket.AppealOf(lapsed));

        // The order is taken back: the date returns.
        await LateHoliday(site, "20999,2026-11-19,district-5,public,1701-JK(GAD) of 2026 dated 18-11-2026,Snowfall,बर्फ़बारी,برف باری,شیٖن,बर्फ,notified,\n21000,2026-11-19,district-5,public,1702-JK(GAD) of 2026 dated 18-11-2026,Snowfall,बर्फ़बारी,برف باری,شیٖن,बर्फ,withdrawn,");
        await site.CatchUp();
        Assert.Equal(before, await DueOn(site, reference));
    }

    private static Task<DateOnly> DueOn(TestSite site, string reference) => site.Database.One<DateOnly>("select due_on from guarantee.clock where reference = @reference", new { reference });

    [Fact]
    public async Task Proof_OfAWholeDay_IsClean_AndPublic()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        await docket.Hold("deputy-commissioner@district-13");
        await docket.File(3, Complete, new DateOnly(2026, 11, 10));
        var decided = await docket.File(Complete, new DateOnly(2026, 11, 10));
        await docket.File(2, Complete, new DateOnly(2026, 12, 20));
        await docket.Decide(decided, "approved", new DateOnly(2026, 11, 9));
        var rejected = await docket.File(Complete, new DateOnly(2026, 11, 10));
        await docket.Decide(rejected, "rejected", new DateOnly(2026, 11, 9));
        var today = new DateOnly(2026, 11, 11);
        await docket.Sweep.Run(today, ct: TestContext.Current.CancellationToken);
        var proved = await site.Services.GetRequiredService<DailyProof>().Run(today, default);
        Assert.Equal((0L, 0L, 0L, 0L), (proved.Overdue, proved.Unappealed, proved.Unfounded, proved.Unjournaled));
        Assert.Equal((3L, 4L), (proved.Lapsed, proved.Appeals));
        using var anyone = site.Client();
        Assert.Contains("Nobody was missed", await anyone.GetStringAsync("/en/proof"), StringComparison.Ordinal);
        Assert.Contains("\"appeals\":4", await anyone.GetStringAsync("/api/v1/proofs"), StringComparison.Ordinal);
        Assert.Equal(1, await site.Database.One<long>("select count(*) from journal.entry where kind = 'guarantee.proved'"));
    }

    public static TheoryData<string, string> Missing => new()
    {
        { "an overdue clock that no sweep saw", "update guarantee.clock set state = 'open', opened = null, trigger = null where layer is null" },
        { "an appeal that is not there", "delete from guarantee.clock where parent is not null" },
        { "a lapse that opened nothing", "update guarantee.clock set opened = null, trigger = null where state = 'lapsed'" },
        { "an appeal without its lapse", "update guarantee.clock set state = 'answered', opened = null, trigger = null where layer is null" },
    };

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task Proof_FindsWhatIsMissing(string what, string sql)
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        await docket.File(1, Complete, new DateOnly(2026, 11, 10));
        var today = new DateOnly(2026, 11, 11);
        await docket.Sweep.Run(today, ct: TestContext.Current.CancellationToken);
        await site.CatchUp();
        await site.Database.Execute(sql);
        var proved = await site.Services.GetRequiredService<DailyProof>().Run(today, default);
        Assert.True(proved.Overdue + proved.Unappealed + proved.Unfounded > 0, what);
        using var anyone = site.Client();
        Assert.Contains("Something is wrong", await anyone.GetStringAsync("/en/proof"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proof_FromTheJournalAlone_FindsALapseThatTheClockNeverKnew()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        await docket.File(1, Complete, new DateOnly(2026, 11, 10));
        await site.CatchUp();
        await site.Database.Execute("delete from guarantee.clock");
        Assert.Equal(1, (await site.Services.GetRequiredService<DailyProof>().Run(new DateOnly(2026, 11, 11), default)).Unjournaled);
    }
}
