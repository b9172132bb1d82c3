using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases;
using Sahulat.Contracts.Cases;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>Appeals that a person files, and how they meet those that file themselves.</summary>
public sealed class AppealByHandTests(Cluster cluster)
{
    private const string Mobile = "9419055501";

    private static readonly Dictionary<string, string?> NoSweep = new() { ["Sahulat:Sweep"] = "off" };

    [Fact]
    public async Task Applicant_Appeals_Joins_Withdraws_AndNobodyElse()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed, settings: NoSweep);
        using var system = await site.System();
        var reference = await system.FileIncome(Mobile);
        using var citizen = await site.Citizen(Mobile);
        Assert.Equal(HttpStatusCode.Conflict, (await citizen.Appeal(reference, "delay")).StatusCode);
        await site.Approve(reference);
        Assert.Contains($"/en/requests/{reference}/appeal", await citizen.Page($"/en/requests/{reference}"), StringComparison.Ordinal);
        Assert.Contains("Deputy Commissioner", await citizen.Page($"/en/requests/{reference}/appeal"), StringComparison.Ordinal);
        using var empty = await citizen.Appeal(reference, "deficiency", "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);

        using var filed = await citizen.Appeal(reference, "deficiency", "The name on the certificate is wrong.", Filed.Pdf("proof"));
        Assert.True(filed.StatusCode == HttpStatusCode.SeeOther, await filed.Content.ReadAsStringAsync());
        var appeal = await site.AppealOf(reference);
        Assert.Equal(("first-appeal", "deputy-commissioner@district-5", "applicant"), (appeal.Layer, appeal.Post, appeal.OpenedBy));
        var entries = await site.Database.Stream($"case/{appeal.Id:N}");
        Assert.Equal([CaseFiled.Kind, AppealGrounds.Kind], entries.Select(e => e.Kind));
        Assert.DoesNotContain(entries, e => e.Body.Contains("certificate is wrong", StringComparison.Ordinal));
        await site.CatchUp();
        Assert.Equal("open", await site.Database.One<string>("select state from guarantee.clock where case_id = @Id", new { appeal.Id }));
        Assert.Contains(Reference.Show(appeal.Reference), WebUtility.HtmlDecode(await citizen.GetStringAsync($"/en/outbox?mobile={Mobile}")), StringComparison.Ordinal);

        // Again: the same appeal, with more words.
        using var again = await citizen.Appeal(reference, "deficiency", "And the income too.", Filed.Pdf("more"));
        Assert.Equal($"/en/requests/{appeal.Reference}?joined=1", again.Headers.Location!.OriginalString);
        var page = await citizen.Page($"/en/requests/{appeal.Reference}");
        Assert.Contains("And the income too.", page, StringComparison.Ordinal);
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from cases.document where case_id = @Id", new { appeal.Id }));
        using var authority = await site.Official(appeal.Post);
        Assert.Contains("The name on the certificate is wrong.", await authority.Page($"/en/desk/cases/{appeal.Reference}"), StringComparison.Ordinal);

        using var neighbour = await site.Citizen("9419055502");
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync($"/en/requests/{reference}/appeal")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.Appeal(reference, "deficiency", page: "/en/requests")).StatusCode);

        using var gone = await citizen.Form($"/en/requests/{appeal.Reference}", new() { ["do"] = "withdraw" });
        Assert.Equal(HttpStatusCode.SeeOther, gone.StatusCode);
        using var closed = await citizen.Appeal(reference, "deficiency", page: $"/en/requests/{reference}");
        Assert.Equal(HttpStatusCode.Conflict, closed.StatusCode);
        Assert.Single(await site.Appeals(reference));
    }

    [Fact]
    public async Task LateAppeal_IsTakenWithItsReasons_AndMarked()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed, settings: NoSweep);
        using var system = await site.System();
        var reference = await system.FileIncome(Mobile);
        await site.Approve(reference);
        site.Clock.Advance(TimeSpan.FromDays(35));
        using var citizen = await site.Citizen(Mobile);
        using var silent = await citizen.Appeal(reference, "deficiency");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, silent.StatusCode);
        using var late = await citizen.Appeal(reference, "deficiency", late: "I was in hospital.");
        Assert.Equal(HttpStatusCode.SeeOther, late.StatusCode);
        var appeal = await site.AppealOf(reference);
        Assert.Equal(5, await site.Database.One<int>("select late_days from cases.appeal where case_id = @Id", new { appeal.Id }));
    }

    [Fact]
    public async Task Answer_ASecondBefore_StandsFirst_AndAutomaticAndOwnAppealAreOne()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed, settings: NoSweep);
        using var system = await site.System();
        var (answered, silent) = (await system.FileIncome(Mobile), await system.FileIncome(Mobile));
        await site.Bring(answered, Desks.Tehsildar);
        site.Clock.Advance(TimeSpan.FromDays(80));
        using var citizen = await site.Citizen(Mobile);
        var shown = await citizen.Page($"/en/requests/{answered}/appeal");
        Assert.Contains("name=\"ground\" value=\"delay\"", shown, StringComparison.Ordinal);
        using var officer = await site.Official(Desks.Tehsildar);
        Assert.Equal(HttpStatusCode.SeeOther, (await site.Act(officer, answered, "approve", "")).StatusCode);
        using var second = await citizen.Appeal(answered, "delay", late: "I waited.", page: $"/en/requests/{answered}");
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("before your appeal arrived", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(await site.Appeals(answered), a => a.OpenedBy == "applicant");

        // The applicant and the sweep at once.
        async Task Sweep()
        {
            await site.Services.GetRequiredService<Sweep>().Run(DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime));
            await site.CatchUp();
        }

        var appeals = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => citizen.Appeal(silent, "delay", late: "I waited for the answer.")));
        await Task.WhenAll(appeals, Sweep());
        Assert.All(await appeals, a => Assert.Equal(HttpStatusCode.SeeOther, a.StatusCode));
        await site.CatchUp();
        Assert.Single(await site.Appeals(silent));
        Assert.Equal(3, await site.Database.One<int>("select count(*)::int from journal.entry where kind = @Kind", new { AppealGrounds.Kind }));
    }

    [Fact]
    public async Task System_AppealsForItsUser_Once_AndJoinsWhatIsThere()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed, settings: NoSweep);
        using var system = await site.System();
        var reference = await system.FileIncome(Mobile);
        await site.Approve(reference);
        using var sent = await system.Send(Mobile, Filed.Pdf("ration card"));
        var paper = (string)JsonNode.Parse(await sent.Content.ReadAsStringAsync())!["document"]!;
        JsonObject Body(string? named = null) => new() { ["ground"] = "deficiency", ["reasons"] = "The name is wrong.", ["papers"] = new JsonArray(named is null ? [] : [named]) };
        async Task<HttpResponseMessage> Post(JsonNode body, string? key = "appeal-key-1", string? of = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/cases/{of ?? reference}/appeals") { Content = JsonContent.Create(body) };
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            return await system.SendAsync(request);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await Post(Body(), key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(Body(), of: "JK26-AAAA-AAAA-A")).StatusCode);
        using var strange = await Post(new JsonObject { ["ground"] = "anger", ["words"] = 1 });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, strange.StatusCode);
        using var unknown = await Post(Body(Guid.NewGuid().ToString()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        Assert.Empty(await site.Appeals(reference));

        using var filed = await Post(Body(paper));
        Assert.True(filed.StatusCode == HttpStatusCode.Created, await filed.Content.ReadAsStringAsync());
        using var same = await Post(Body(paper));
        Assert.Equal(await filed.Content.ReadAsStringAsync(), await same.Content.ReadAsStringAsync());
        using var other = await Post(Body());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        using var joined = await Post(Body(), key: "appeal-key-2");
        Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        Assert.Single(await site.Appeals(reference));
        using var stranger = await site.System();
        using var foreign = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/cases/{reference}/appeals") { Content = JsonContent.Create(Body()) };
        foreign.Headers.Add("Idempotency-Key", "appeal-key-3");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.SendAsync(foreign)).StatusCode);
    }
}
