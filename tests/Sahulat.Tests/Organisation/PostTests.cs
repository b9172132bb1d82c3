using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Organisation;

public sealed class PostTests(Cluster cluster)
{
    private const string Tehsildar = "tehsildar@tehsil-79";
    private static readonly Actor Admin = Actor.Sahulat("test");
    private static readonly DateOnly Day = new(2026, 11, 2);

    [Fact]
    public async Task Vacant_ResolvesUpward_OfficeThenParentThenDistrictThenTerritory()
    {
        await using var site = await TestSite.Start(cluster);
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        var district = organisation.PlaceAndAncestors("tehsil-79")[1];
        Assert.Equal(new PostResolution(null, Tehsildar, "vacant"), organisation.Resolve("tehsildar", "tehsil-79", Day));
        foreach (var post in new[] { "director-health@division-jammu", "chief-secretary@ut-1", $"deputy-commissioner@{district}", "naib-tehsildar@tehsil-79" })
        {
            await Take(site, new Holding(post, Guid.NewGuid(), "substantive", Day, null));
            Assert.Equal(new PostResolution(post, Tehsildar, "vacant"), organisation.Resolve("tehsildar", "tehsil-79", Day));
        }

        await Take(site, new Holding(Tehsildar, Guid.NewGuid(), "additional", Day, null));
        Assert.Equal(new PostResolution(Tehsildar, Tehsildar, "found"), organisation.Resolve("tehsildar", "tehsil-79", Day));
        Assert.Equal("missing", organisation.Resolve("no-such-designation", "tehsil-79", Day).Why);
        Assert.NotNull(organisation.Resolve("no-such-designation", "tehsil-79", Day).Post);
    }

    [Fact]
    public async Task Take_OverAnotherSubstantiveHolder_IsRefused_ChargeAndDelegationAreNot()
    {
        await using var site = await TestSite.Start(cluster);
        Guid first = Guid.NewGuid(), second = Guid.NewGuid();
        await Take(site, new Holding(Tehsildar, first, "substantive", Day, Day.AddDays(10)));
        Assert.Equal("post-held", (await Try(site, new Holding(Tehsildar, second, "substantive", Day.AddDays(9), null))).Problem?.Code);
        Assert.Equal("post-held", (await Try(site, new Holding(Tehsildar, first, "additional", Day.AddDays(9), null))).Problem?.Code);
        await Take(site, new Holding(Tehsildar, second, "delegated", Day, Day.AddDays(2)));
        await Take(site, new Holding(Tehsildar, second, "substantive", Day.AddDays(10), null));
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        Assert.Equal([first, second], organisation.Holders(Tehsildar, Day).Select(h => h.Official));
        Assert.Equal([first], organisation.Holders(Tehsildar, Day.AddDays(2)).Select(h => h.Official));
        Assert.Equal([Tehsildar], organisation.PostsOf(second, Day.AddDays(10)));
        Assert.Equal(3, await site.Database.One<int>("select count(*)::int from journal.entry where stream = @stream and kind = 'organisation.post-taken'", new { stream = "post/" + Tehsildar }));
    }

    [Fact]
    public async Task Take_Faults_AreAllTold()
    {
        await using var site = await TestSite.Start(cluster);
        var refused = await Try(site, new Holding("nothing@nowhere", Guid.NewGuid(), "owned", Day, Day), new Holding(Tehsildar, Guid.NewGuid(), "delegated", Day, null));
        Assert.Equal(["post-unknown", "not-a-choice", "date-too-early", "required"], refused.Problem!.Faults.Select(f => f.Code));
        Assert.Equal("post-held", (await Try(site, new Holding(Tehsildar, Guid.NewGuid(), "substantive", Day, null), new Holding(Tehsildar, Guid.NewGuid(), "substantive", Day, null))).Problem?.Code);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from organisation.holding"));
    }

    [Fact]
    public async Task TakenByTwoAtOnce_OneIsRefused()
    {
        await using var site = await TestSite.Start(cluster);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Try(site, new Holding(Tehsildar, Guid.NewGuid(), "substantive", Day, null)))));
        Assert.Single(answers, a => a.Ok);
        Assert.All(answers.Where(a => !a.Ok), a => Assert.Equal("post-held", a.Problem!.Code));
    }

    [Fact]
    public async Task Leave_EndsTheHolding_AndTakesBackOneThatHasNotBegun()
    {
        await using var site = await TestSite.Start(cluster);
        var official = Guid.NewGuid();
        await Take(site, new Holding(Tehsildar, official, "substantive", Day, null), new Holding("naib-tehsildar@tehsil-79", official, "additional", Day.AddDays(5), null));
        var holdings = site.Services.GetRequiredService<IHoldings>();
        var ids = (await site.Database.Query<Guid>("select id from organisation.holding order by held_from")).ToArray();
        foreach (var id in ids) Assert.True((await site.Database.Write(work => holdings.Leave(work, id, Day.AddDays(1), Admin))).Ok);
        Assert.Equal("holding-over", (await site.Database.Write(work => holdings.Leave(work, ids[0], Day.AddDays(3), Admin))).Problem?.Code);
        Assert.Equal("not-found", (await site.Database.Write(work => holdings.Leave(work, ids[1], Day.AddDays(3), Admin))).Problem?.Code);
        await site.Services.GetRequiredService<OrganisationDirectory>().Load(default);
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        Assert.Equal([Tehsildar], organisation.PostsOf(official, Day));
        Assert.Empty(organisation.PostsOf(official, Day.AddDays(1)));
        Assert.Empty(organisation.PostsOf(official, Day.AddDays(6)));
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from journal.entry where kind = 'organisation.post-left'"));
    }

    [Fact]
    public async Task ChangeOnAnotherNode_IsSeen()
    {
        await using var site = await TestSite.Start(cluster);
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        Assert.Empty(organisation.Holders(Tehsildar, Day));
        Assert.True((await Try(site, new Holding(Tehsildar, Guid.NewGuid(), "substantive", Day, null))).Ok);
        await Eventually.True(() => organisation.Holders(Tehsildar, Day).Count == 1, "the holder is seen");
    }

    private static Task<Result<Done>> Try(TestSite site, params Holding[] holdings) =>
        site.Database.Write(work => site.Services.GetRequiredService<IHoldings>().Take(work, holdings, Admin));

    private static async Task Take(TestSite site, params Holding[] holdings)
    {
        var taken = await Try(site, holdings);
        Assert.True(taken.Ok, taken.Problem?.Code);
        await site.Services.GetRequiredService<OrganisationDirectory>().Load(default);
    }
}
