using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases;
using Sahulat.Contracts.Feedback;
using Sahulat.Guarantee.Prove;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Grievances;

/// <summary>What an office does with a grievance, through the desk's own pages.</summary>
public sealed class RedressTests(Cluster cluster)
{
    [Fact]
    public async Task Transferred_NeverClosedAsNotOurs_ThenInterimReply_ThenAnswered()
    {
        await using var site = await Desks.Start(cluster);
        var reference = await site.Lodge("water-supply", "tehsil-79", "The road was dug up for a pipe and left open.");
        using var engineer = await site.Official(Lodging.Engineer);
        async Task<HttpResponseMessage> Do(HttpClient who, string action, string text, params (string, string)[] more)
        {
            var (step, _, version) = await site.Open(reference);
            return await who.Act(reference, version, step, action, text, more);
        }

        // "Does not pertain" is refused, and the refusal names the transfer.
        var refused = await Do(engineer, "dispose", "Not our road.", ("reasons", "does-not-pertain"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Transfer it to the office that is competent", WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Do(engineer, "transfer", "")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Do(engineer, "transfer", "To the works.", ("office", "chief-engineer-public-works@division-kashmir"))).StatusCode);
        var sent = await Do(engineer, "transfer", "The road is the works department's.", ("subject", "road-repair"));
        Assert.True(sent.StatusCode == HttpStatusCode.SeeOther, await sent.Content.ReadAsStringAsync());
        var now = await site.Database.One<(string Service, string Post, int Transfers, DateOnly Due)>("""select service, post, transfers, due_on from cases."case" where reference = @reference""", new { reference });
        Assert.Equal(("road-repair", "executive-engineer-public-works@district-5", 1, new DateOnly(2026, 11, 30)), now);
        Assert.Equal(HttpStatusCode.NotFound, (await engineer.GetAsync($"/en/desk/cases/{reference}")).StatusCode);

        using var works = await site.Official("executive-engineer-public-works@district-5");
        Assert.Contains("Times transferred", await works.Page($"/en/desk/cases/{reference}"), StringComparison.Ordinal);
        (string, string)[] until(int day, int month = 12) => [("until.day", $"{day}"), ("until.month", $"{month}"), ("until.year", "2026")];
        foreach (var (day, month, why) in new[] { (3, 12, "absolute limit"), (30, 11, "after the present date"), (31, 2, "not a real date") })
        {
            var bad = await Do(works, "interim", "We need longer.", until(day, month));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        }

        Assert.Equal(HttpStatusCode.SeeOther, (await Do(works, "interim", "Macadam comes on the first.", until(2))).StatusCode);
        Assert.Equal(new DateOnly(2026, 12, 2), await site.Database.One<DateOnly>("""select due_on from cases."case" where reference = @reference""", new { reference }));
        // The clock knows the new day and the new subject: nothing lapses on the old one, and a later calendar does not move it.
        site.Clock.Advance(TimeSpan.FromDays(29));
        await site.Sweep();
        Assert.Equal(("open", "road-repair", new DateOnly(2026, 12, 2)), await site.Database.One<(string, string, DateOnly)>("select state, service, due_on from guarantee.clock where reference = @reference", new { reference }));

        using var works2 = await site.Official("executive-engineer-public-works@district-5");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Do(works2, "dispose", "", ("reasons", "done"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Do(works2, "dispose", "Filled.")).StatusCode);
        var (openStep, _, seen) = await site.Open(reference);
        Assert.Equal(HttpStatusCode.SeeOther, (await Do(works2, "dispose", "The trench was filled and laid with macadam.", ("reasons", "done"))).StatusCode);
        Assert.Contains((await works2.Act(reference, seen, openStep, "dispose", "Again.", ("reasons", "done"))).StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Conflict });
        await site.CatchUp();
        using var citizen = await site.Citizen("9419050001");
        var page = await citizen.Page($"/en/requests/{reference}");
        // Whoever is not content may go on by hand as well.
        Assert.Contains("The grievance was answered on", await citizen.Page($"/en/requests/{reference}/appeal"), StringComparison.Ordinal);
        foreach (var told in new[] { "The trench was filled", "Macadam comes on the first.", "The road is the works department", "What was asked for has been done" }) Assert.Contains(told, page, StringComparison.Ordinal);
        var outbox = await citizen.Page("/en/outbox?mobile=9419050001");
        foreach (var told in new[] { "was sent to the office competent", "is now due by", "has been decided" }) Assert.Contains(told, outbox, StringComparison.Ordinal);
        var proof = await site.Services.GetRequiredService<DailyProof>().Run(Ist.DateIn(site.Clock.GetUtcNow()), default);
        Assert.Equal((0, 0, 0, 0), (proof.Overdue, proof.Unappealed, proof.Unfounded, proof.Unjournaled));
    }

    [Fact]
    public async Task Lapsed_InterimReplyComesTooLate_AnswerStillCounts()
    {
        await using var site = await Desks.Start(cluster);
        var reference = await site.Lodge("water-supply", "tehsil-79", "No water since Monday.");
        site.Clock.Advance(TimeSpan.FromDays(29));
        await site.Sweep();
        using var engineer = await site.Official(Lodging.Engineer);
        var (step, _, version) = await site.Open(reference);
        Assert.DoesNotContain("name=\"until.day\"", await engineer.Page($"/en/desk/cases/{reference}"), StringComparison.Ordinal);
        var late = await engineer.Act(reference, version, step, "interim", "Soon.", ("until.day", "2"), ("until.month", "12"), ("until.year", "2026"));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("has gone to the officer above", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await engineer.Act(reference, version, step, "dispose", "Repaired.", ("reasons", "done"))).StatusCode);
    }

    [Theory]
    [InlineData("bad", 1)]
    [InlineData("average", 0)]
    public async Task Rated_BadOpensTheNextRung_Once(string score, int appeals)
    {
        await using var site = await Desks.Start(cluster);
        var reference = await site.Lodge("water-supply", "tehsil-79", "No water since Monday.");
        var id = await site.Database.One<Guid>("""select id from cases."case" where reference = @reference""", new { reference });
        Task Rate(string what) => site.Database.Write(work => work.Append($"rating/{id:N}", null, new DeliveryRated(id, reference, "water-supply", "tehsil-79", Guid.NewGuid(), what, [], Ist.DateIn(site.Clock.GetUtcNow())), Actor.Sahulat("test"), site.Clock.GetUtcNow()));
        // A rating before there is an answer says nothing.
        await Rate("bad");
        await site.CatchUp();
        using var engineer = await site.Official(Lodging.Engineer);
        var (step, _, version) = await site.Open(reference);
        Assert.Equal(HttpStatusCode.SeeOther, (await engineer.Act(reference, version, step, "dispose", "Repaired.", ("reasons", "done"))).StatusCode);
        await Rate(score);
        await Rate(score);
        await site.CatchUp();
        await site.CatchUp();
        Assert.Equal(appeals, await site.Database.One<int>("""select count(*)::int from cases."case" where parent = @id and layer = 'deputy-commissioner' and opened_by = 'rating'""", new { id }));
        var proof = await site.Services.GetRequiredService<DailyProof>().Run(Ist.DateIn(site.Clock.GetUtcNow()), default);
        Assert.Equal((0, 0, 0, 0), (proof.Overdue, proof.Unappealed, proof.Unfounded, proof.Unjournaled));
    }

    [Fact]
    public async Task Duplicates_FoundByLikeness_Joined_AnsweredTogether_PartedWhenTheHeadGoes()
    {
        await using var site = await Desks.Start(cluster);
        const string words = "There has been no water in our mohalla Lal Nagar for ten days, the main pipe near the school is broken and leaks into the street.";
        var head = await site.Lodge("water-supply", "tehsil-79", words, "9419050001", "32.7266, 74.8570");
        var same = await site.Lodge("water-supply", "tehsil-79", "No water in mohalla Lal Nagar for ten days: the main pipe near the school is broken, it leaks into the street.", "9419050002", "32.7270, 74.8574");
        var third = await site.Lodge("water-supply", "tehsil-79", words, "9419050003");
        var unlike = await site.Lodge("water-supply", "tehsil-79", "The tanker driver asks for money at Janipur every week.", "9419050004", "32.8000, 74.9500");
        var elsewhere = await site.Lodge("water-supply", "tehsil-80", words, "9419050005");
        using var engineer = await site.Official(Lodging.Engineer);
        var page = await engineer.Page($"/en/desk/cases/{same}");
        Assert.Contains($"value=\"{head}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"value=\"{unlike}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"value=\"{elsewhere}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("There has been no water in our mohalla", page, StringComparison.Ordinal);
        async Task<HttpStatusCode> Do(string of, string action, string text, params (string, string)[] more)
        {
            var (step, _, version) = await site.Open(of);
            return (await engineer.Act(of, version, step, action, text, more)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.Conflict, await Do(same, "join", "", ("with", elsewhere)));
        Assert.Equal(HttpStatusCode.Conflict, await Do(same, "join", "", ("with", same)));
        Assert.Equal(HttpStatusCode.SeeOther, await Do(same, "join", "", ("with", head)));
        Assert.Equal(HttpStatusCode.SeeOther, await Do(third, "join", "", ("with", head)));
        Assert.Equal(HttpStatusCode.Conflict, await Do(head, "join", "", ("with", unlike)));
        Assert.Equal(HttpStatusCode.Conflict, await Do(same, "dispose", "Repaired.", ("reasons", "done")));
        Assert.DoesNotContain(same, Desks.References(await engineer.Page("/en/desk")));
        Assert.Equal(HttpStatusCode.SeeOther, await Do(third, "part", ""));
        Assert.Contains(third, Desks.References(await engineer.Page("/en/desk")));

        // So many that one answer reaches them all, and no more.
        await site.Copies(same, 499);
        await site.Database.Execute("""update cases."case" c set head = h.head from cases."case" h where h.reference = @same and c.state = 'joined'""", new { same });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Do(third, "join", "", ("with", head)));
        await site.Database.Execute("""update cases."case" set state = 'withdrawn', head = null where state = 'joined' and reference <> @same""", new { same });
        Assert.Equal(HttpStatusCode.SeeOther, await Do(third, "join", "", ("with", head)));
        Assert.Equal(HttpStatusCode.SeeOther, await Do(head, "dispose", "The main was replaced on Friday.", ("reasons", "done")));
        Assert.Equal(3, await site.Database.One<int>("""select count(*)::int from cases."case" where state = 'disposed'"""));
        await site.CatchUp();
        using var neighbour = await site.Citizen("9419050002");
        var told = await neighbour.Page($"/en/requests/{same}");
        Assert.Contains("The main was replaced on Friday.", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Reference.Show(head), told, StringComparison.Ordinal);
        Assert.Contains("Others told of the same matter", await neighbour.Page("/en/outbox?mobile=9419050002"), StringComparison.Ordinal);

        // The head is withdrawn: who waited for it stands for himself again.
        var (one, two) = (await site.Lodge("water-quality", "tehsil-79", words, "9419050001"), await site.Lodge("water-quality", "tehsil-79", words, "9419050002"));
        Assert.Equal(HttpStatusCode.SeeOther, await Do(two, "join", "", ("with", one)));
        using var citizen = await site.Citizen("9419050001");
        Assert.Equal(HttpStatusCode.SeeOther, (await citizen.Form($"/en/requests/{one}", new() { ["do"] = "withdraw" })).StatusCode);
        Assert.Equal(("open", (Guid?)null), await site.Database.One<(string, Guid?)>("""select state, head from cases."case" where reference = @two""", new { two }));
    }

    [Fact]
    public async Task Pendency_ShowsHeadsWhatLiesBelowThem_AndNobodyElse()
    {
        await using var site = await Desks.Start(cluster);
        await site.Lodge("water-supply", "tehsil-79", "No water.");
        await site.Lodge("road-repair", "tehsil-79", "The bridge is broken.");
        await site.Lodge("water-supply", "tehsil-1", "No water here either.");
        site.Clock.Advance(TimeSpan.FromDays(29));
        await site.Sweep();
        using var commissioner = await site.Official("deputy-commissioner@district-5");
        var page = await commissioner.Page("/en/desk/grievances");
        Assert.Contains("Deputy Commissioner", page, StringComparison.Ordinal);
        var csv = await commissioner.GetStringAsync("/en/desk/grievances.csv");
        Assert.Equal(3, csv.Trim().Split('\n').Count(l => l.Contains(",\"1\",", StringComparison.Ordinal) || l.Contains(",\"2\",", StringComparison.Ordinal)));
        using var chief = await site.Official("chief-engineer-jal-shakti@division-jammu");
        Assert.Single((await chief.GetStringAsync("/en/desk/grievances.csv")).Trim().Split('\n').Skip(1));
        using var patwari = await site.Official(Desks.Patwari);
        Assert.Equal(HttpStatusCode.Forbidden, (await patwari.GetAsync("/en/desk/grievances")).StatusCode);
    }
}
