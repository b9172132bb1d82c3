using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases.Demo;
using Sahulat.Host.Verbs;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>The synthetic past: lived through the real domain, once, and seen on the screens.</summary>
[Trait("Category", "Long")]
public sealed class DemoTests(Cluster cluster)
{
    private static readonly DemoPlan Plan = new(Cases: 400, Days: 90, Seed: 20110810);

    [Fact]
    public async Task Demo_FillsEveryState_Once_AndTheJournalHolds()
    {
        await using var store = await cluster.Clone(Cluster.Loaded);
        await using var database = Database.Connect(store.App);
        var now = new DateTimeOffset(2026, 11, 2, 4, 30, 0, TimeSpan.Zero);
        var lines = await DemoVerb.Fill(store.App, cluster.KeyFolder, Plan, now, default);
        Assert.Contains(lines, l => l.Contains(SyntheticPeople.Mobile(0), StringComparison.Ordinal));

        var states = await database.Query<string>("select distinct state from cases.\"case\"");
        foreach (var state in new[] { "incomplete", "open", "query", "approved", "rejected", "withdrawn", "allowed", "dismissed", "disposed" }) Assert.Contains(state, states);
        Assert.Equal(Plan.Cases, await database.One<int>("select count(*) from cases.\"case\" where type <> 'appeal'"));
        Assert.True(await database.One<int>("select count(*) from cases.\"case\" where type = 'grievance'") > 20);
        Assert.Equal(20, await database.One<int>("select count(distinct d.code) from cases.\"case\" c join organisation.place p on p.code = c.place join organisation.place d on d.kind = 'district' and d.code in (p.code, p.parent)"));
        Assert.Equal(5, await database.One<int>("select count(distinct lang) from cases.content"));
        Assert.True(await database.One<bool>("select bool_and(filed_at < @now) and min(filed_at) < @now - interval '80 days' from cases.\"case\"", new { now }));
        Assert.True(await database.One<int>("select count(*) from cases.\"case\" where opened_by = 'lapse'") > 0);
        Assert.True(await database.One<int>("select count(*) from cases.\"case\" where opened_by = 'rejection'") > 0);
        Assert.True(await database.One<int>("select count(*)::int from cases.hearing") > 0);
        Assert.Equal(0, await database.One<int>("""select count(*) from guarantee.clock where state = 'lapsed' and opened is null and layer is null"""));

        var before = await database.One<long>("select count(*) from journal.entry where kind not like 'messaging.%'");
        await DemoVerb.Fill(store.App, cluster.KeyFolder, Plan, now.AddDays(1), default);
        Assert.Equal(before, await database.One<long>("select count(*) from journal.entry where kind not like 'messaging.%'"));
        foreach (var stream in await database.Query<string>("select stream from journal.stream where stream like 'case/%' or stream like 'clock/%' or stream like 'demo/%'"))
            Assert.Null(await database.FirstBroken(stream));
    }

    [Fact]
    public async Task Demo_ShowsOnDeskAndRequests_AndTellsNobody()
    {
        await using var site = await TestSite.Start(cluster);
        await DemoVerb.Fill(site.Store.App, cluster.KeyFolder, Plan with { Cases = 200 }, site.Clock.GetUtcNow(), default);
        await site.Services.GetRequiredService<Sahulat.Organisation.Directory.OrganisationDirectory>().Load(default);
        await site.CatchUp();
        Assert.Equal(0, await site.Database.One<int>("select count(*) from messaging.message"));

        var (post, reference) = await site.Database.One<(string, string)>("select s.post, c.reference from cases.step s join cases.\"case\" c on c.id = s.case_id where s.state = 'open' and c.state = 'open' and s.post like 'tehsildar@%' limit 1");
        using var official = await site.Official(post);
        Assert.Contains(Sahulat.Cases.Reference.Show(reference), await official.GetStringAsync("/en/desk"), StringComparison.Ordinal);
        Assert.Contains(SyntheticPeople.Mark, await official.GetStringAsync($"/en/desk/cases/{reference}"), StringComparison.Ordinal);

        using var citizen = await site.Citizen(SyntheticPeople.Mobile(3));
        Assert.Contains("JK26-", await citizen.GetStringAsync("/en/requests"), StringComparison.Ordinal);
    }
}
