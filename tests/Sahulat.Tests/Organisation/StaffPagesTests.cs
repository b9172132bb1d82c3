using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Organisation;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Organisation;

/// <summary>The pages on which posts are given and taken.</summary>
public sealed class StaffPagesTests(Cluster cluster)
{
    private const string Post = "tehsildar@tehsil-79";
    private const string Path = $"/en/desk/organisation/posts/{Post}";

    [Fact]
    public async Task Superior_RelievesAndGivesCharge_FromTheDayGiven()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        var district = organisation.PlaceAndAncestors("tehsil-79")[1];
        using var head = await site.Official($"deputy-commissioner@{district}");
        var holding = await site.Database.One<Guid>("select id from organisation.holding where post = @Post", new { Post });
        var left = await head.Form(Path, new() { ["do"] = "leave", ["holding"] = holding.ToString(), ["on.day"] = "2", ["on.month"] = "11", ["on.year"] = "2026" });
        Assert.Equal(HttpStatusCode.SeeOther, left.StatusCode);
        Assert.Empty(organisation.Holders(Post, new DateOnly(2026, 11, 2)));
        Assert.Contains("Vacant", await head.GetStringAsync("/en/desk/organisation?place=tehsil-79&show=vacant"), StringComparison.Ordinal);

        var taken = await head.Form(Path, new() { ["do"] = "take", ["official"] = "naib-tehsildar@tehsil-79", ["kind"] = "additional", ["from.day"] = "2", ["from.month"] = "11", ["from.year"] = "2026" });
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        Assert.Equal("additional", Assert.Single(organisation.Holders(Post, new DateOnly(2026, 11, 2))).Kind);
        Assert.Contains("Additional charge", await head.GetStringAsync("/en/desk/organisation.csv?place=tehsil-79"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_WrongInput_NamesEveryFault_AndChangesNothing()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var admin = await site.Official("sahulat-administrator@ut-1");
        var before = await site.Database.One<long>("select count(*) from organisation.holding");
        var refused = await admin.Form(Path, new() { ["do"] = "take", ["official"] = "nobody@nowhere", ["from.day"] = "31", ["from.month"] = "2", ["from.year"] = "2026" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await refused.Content.ReadAsStringAsync();
        foreach (var field in new[] { "official", "kind", "from" }) Assert.Contains($"href=\"#f-{field}", page, StringComparison.Ordinal);
        Assert.Equal(before, await site.Database.One<long>("select count(*) from organisation.holding"));
    }

    [Fact]
    public async Task Subordinate_SeesThePost_ButMayNotChangeIt()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var clerk = await site.Official("naib-tehsildar@tehsil-79");
        Assert.DoesNotContain("name=\"official\"", await clerk.GetStringAsync(Path), StringComparison.Ordinal);
        var holding = await site.Database.One<Guid>("select id from organisation.holding where post = @Post", new { Post });
        var refused = await clerk.Form(Path, new() { ["do"] = "leave", ["holding"] = holding.ToString(), ["on.day"] = "2", ["on.month"] = "11", ["on.year"] = "2026" });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var nobody = site.Client();
        Assert.Equal(HttpStatusCode.Redirect, (await nobody.GetAsync("/en/desk/organisation")).StatusCode);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    [InlineData("ks")]
    public async Task Pages_ShowPlacesOfficesAndPosts(string lang)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var official = await site.Official(Post);
        foreach (var path in new[] { "/desk/organisation", "/desk/organisation?place=tehsil-79", "/desk/organisation?q=ram", "/desk/organisation?show=vacant&page=2", $"/desk/organisation/posts/{Post}" })
            Assert.Equal(HttpStatusCode.OK, (await official.GetAsync($"/{lang}{path}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await official.GetAsync($"/{lang}/desk/organisation?place=atlantis")).StatusCode);
    }
}
