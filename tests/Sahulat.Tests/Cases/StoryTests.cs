using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>The main job over HTTP, without a browser.</summary>
public sealed class StoryTests(Cluster cluster)
{
    [Fact]
    public async Task Request_Verified_Approved_AndTracked()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var system = await site.System();
        var reference = await system.FileIncome("9419011111");
        string? step = null;
        foreach (var action in new[] { "recommend", "recommend", "approve" })
        {
            var open = await site.Database.One<(string Code, string Post)>("""select s.code, s.post from cases.step s join cases."case" c on c.id = s.case_id where c.reference = @reference and s.state = 'open'""", new { reference });
            Assert.NotEqual(step, step = open.Code);
            Assert.EndsWith("@tehsil-79", open.Post, StringComparison.Ordinal);
            using var officer = await site.Official(open.Post);
            Assert.Contains(Reference.Show(reference), await officer.GetStringAsync("/en/desk"), StringComparison.Ordinal);
            var acted = await officer.Form($"/en/desk/cases/{reference}", new() { ["version"] = $"{await Version(site, reference)}", ["step"] = open.Code, ["action"] = action, ["text"] = action == "approve" ? "" : "Seen and found right." });
            Assert.True(acted.StatusCode == HttpStatusCode.SeeOther, $"{open.Code}: {await acted.Content.ReadAsStringAsync()}");
        }

        Assert.Equal("approved", await site.Database.One<string>("""select state from cases."case" where reference = @reference""", new { reference }));

        using var anyone = site.Client();
        var tracked = await anyone.Form("/ur/track", new() { ["reference"] = Reference.Show(reference).ToLowerInvariant(), ["mobile"] = "+91 94190 11111" });
        Assert.Equal(HttpStatusCode.OK, tracked.StatusCode);
        Assert.Contains("منظور", await tracked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var stranger = await anyone.Form("/en/track", new() { ["reference"] = reference, ["mobile"] = "9419022222" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stranger.StatusCode);

        using var citizen = await site.Citizen("9419011111");
        Assert.Equal(HttpStatusCode.OK, (await citizen.GetAsync($"/en/requests/{reference}")).StatusCode);
        using var neighbour = await site.Citizen("9419033333");
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync($"/en/requests/{reference}")).StatusCode);
        using var elsewhere = await site.Official(await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'tehsildar@%' and "UserName" <> 'tehsildar@tehsil-79' limit 1""") ?? "");
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync($"/en/desk/cases/{reference}")).StatusCode);
    }

    [Fact]
    public async Task Date_Passed_AppealFilesItself_SeenByCitizenAndAuthority()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var system = await site.System();
        var reference = await system.FileIncome("9419044444");
        await site.CatchUp();
        site.Clock.Advance(TimeSpan.FromDays(80));
        await site.Services.GetRequiredService<Sahulat.Guarantee.AppealOnLapse.Sweep>().Run(DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime));
        await site.CatchUp();
        var appeal = await site.Database.One<(string Reference, string Post, string Layer)>("""select a.reference, a.post, a.layer from cases."case" a join cases."case" p on p.id = a.parent where p.reference = @reference""", new { reference });
        Assert.Equal("first-appeal", appeal.Layer);
        Assert.Equal("deputy-commissioner@district-5", appeal.Post);
        using var citizen = await site.Citizen("9419044444");
        Assert.Contains(Reference.Show(appeal.Reference), await citizen.GetStringAsync($"/en/requests/{reference}"), StringComparison.Ordinal);
        Assert.Contains(Reference.Show(appeal.Reference), WebUtility.HtmlDecode(await citizen.GetStringAsync("/en/outbox?mobile=9419044444")), StringComparison.Ordinal);
        using var authority = await site.Official(appeal.Post);
        Assert.Contains(Reference.Show(appeal.Reference), await authority.GetStringAsync("/en/desk"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await authority.GetAsync($"/en/desk/cases/{appeal.Reference}")).StatusCode);
    }

    private static Task<long> Version(TestSite site, string reference) => site.Database.One<long>("""select version from cases."case" where reference = @reference""", new { reference });
}
