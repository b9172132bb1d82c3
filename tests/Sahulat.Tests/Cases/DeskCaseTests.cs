using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>One case at the desk: what is shown, who may see it, who may act, and what happens when two act at once.</summary>
public sealed class DeskCaseTests(Cluster cluster)
{
    [Fact]
    public async Task Case_ShowsAnswersPapersClockStepsAndEveryAct_OnItsPageAndBesideTheList()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        var others = await site.Copies(reference, 3);
        await site.Bring(reference, Desks.Tehsildar);
        using var officer = await site.Official(Desks.Tehsildar);
        foreach (var path in new[] { $"/en/desk/cases/{reference}", $"/en/desk?open={reference}" })
        {
            var html = await officer.Page(path);
            foreach (var shown in new[] { "Rukhsana Ahmad Bhat", "House 14, Lane 3", "₹96,000", "Answer due by", "How the date is counted, day by day", "Day of the complete request, not counted", "A step was finished: Field enquiry – Recommend", "Patwari, Jammu (", "Seen and found right.", "another department's system" })
                Assert.Contains(shown, html, StringComparison.Ordinal);
            Assert.Equal(2, await site.Database.One<int>("""select count(*)::int from cases.document d join cases."case" c on c.id = d.case_id where c.reference = @reference""", new { reference }));
            Assert.Contains($"/en/desk/cases/{reference}/papers/", html, StringComparison.Ordinal);
        }

        using var patwari = await site.Official(Desks.Patwari);
        var middle = await patwari.Page($"/en/desk?open={others[1]}");
        Assert.Contains($"href=\"/en/desk?open={others[0]}\"", middle, StringComparison.Ordinal);
        Assert.Contains($"data-case=\"next\" href=\"/en/desk?open={others[2]}\"", middle, StringComparison.Ordinal);
        var page = await patwari.Page($"/en/desk/cases/{others[1]}?due=week");
        Assert.DoesNotContain(others[0], page, StringComparison.Ordinal);

        // Beside the list, an act leads on to the next case.
        using var done = await patwari.Act(others[1], 0, "enquire", "recommend", "Seen.", ("pane", "1"), ("list", ""));
        Assert.Equal($"/en/desk?open={others[2]}&did=recommend&of={others[1]}", done.Headers.Location!.OriginalString);
        Assert.Contains($"{Reference.Show(others[1])}: recommended", await patwari.Page(done.Headers.Location!.OriginalString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paper_IsShownInAFrameOfOurs_WithSafeHeaders()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        var paper = await Paper(site, reference);
        using var officer = await site.Official(Desks.Patwari);
        var html = await officer.Page($"/en/desk/cases/{reference}/papers/{paper:N}");
        Assert.Contains($"<iframe class=\"s-paper\" src=\"/en/desk/cases/{reference}/papers/{paper:N}/content\"", html, StringComparison.Ordinal);
        using var content = await officer.GetAsync($"/en/desk/cases/{reference}/papers/{paper:N}/content");
        Assert.Equal("application/pdf", content.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("%PDF-1.4", await content.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(content.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("default-src 'none'", Assert.Single(content.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", Assert.Single(content.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(content.Headers.CacheControl!.NoStore);
        Assert.Equal("inline", content.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync($"/en/desk/cases/{reference}/papers/{Guid.NewGuid():N}/content")).StatusCode);

        // Stored sealed: nothing of the paper can be read where it lies.
        var other = await system.FileIncome("9419055555");
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync($"/en/desk/cases/{other}/papers/{paper:N}/content")).StatusCode);
    }

    [Fact]
    public async Task Tehsildar_SeesHisTehsilsCases_AndNobodyElses()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        var (step, _, version) = await site.Open(reference);
        var paper = await Paper(site, reference);
        using var own = await site.Official(Desks.Tehsildar);
        Assert.Equal([reference], Desks.References(await own.Page("/en/desk")));
        Assert.Contains("Rukhsana", await own.Page($"/en/desk/cases/{reference}"), StringComparison.Ordinal);

        foreach (var post in new[] { await AnotherTehsildar(site), "revenue-clerk@tehsil-79", "service-centre-operator@tehsil-79" })
        {
            using var other = await site.Official(post);
            Assert.Empty(Desks.References(await other.Page("/en/desk")));
            foreach (var path in new[] { $"cases/{reference}", $"?open={reference}", $"cases/{reference}/papers/{paper:N}", $"cases/{reference}/papers/{paper:N}/content" })
            {
                using var refused = await other.GetAsync($"/en/desk{(path[0] == '?' ? "" : "/")}{path}");
                Assert.True(refused.StatusCode == HttpStatusCode.NotFound, $"{post} {path}: {refused.StatusCode}");
                Assert.DoesNotContain("Rukhsana", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }

            Assert.DoesNotContain(Reference.Show(reference), await other.GetStringAsync("/en/desk/list.csv"), StringComparison.Ordinal);
            foreach (var action in new[] { "recommend", "forward", "take-back" })
            {
                using var acted = await other.Act(reference, version, step, action, "Mine.", ("to", Desks.Naib));
                Assert.Equal(HttpStatusCode.NotFound, acted.StatusCode);
            }

            using var bulk = await other.Send("/en/desk/forward", [("row", $"{reference}:{version}:{step}"), ("to", Desks.Naib)], "/en/desk");
            Assert.Contains("1 not done", await bulk.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal((step, Desks.Patwari, version), await site.Open(reference));
    }

    [Fact]
    public async Task TwoOfficersAtOnce_OneActs_TheOtherIsToldWhoActedAndKeepsHisText()
    {
        await using var site = await Desks.Start(cluster);
        await site.Delegate(Desks.Tehsildar, "second.tehsildar", "Nusrat Wani");
        using var system = await site.System();
        var reference = await system.FileIncome();
        await site.Bring(reference, Desks.Tehsildar);
        var (step, _, version) = await site.Open(reference);
        using var one = await site.Official(Desks.Tehsildar);
        using var two = await site.Official("second.tehsildar");

        // Both have the page open; both send at the same moment.
        var answers = await Task.WhenAll(one.Act(reference, version, step, "query", "Text of the first officer"), two.Act(reference, version, step, "query", "Text of the second officer"));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.SeeOther);
        var late = Array.FindIndex(answers, a => a.StatusCode == HttpStatusCode.Conflict);
        var html = WebUtility.HtmlDecode(await answers[late].Content.ReadAsStringAsync());
        Assert.Contains("Somebody acted before you", html, StringComparison.Ordinal);
        var winner = late == 0 ? "Nusrat Wani" : await site.Database.One<string>("""select "FullName" from access.official where "UserName" = @Tehsildar""", new { Desks.Tehsildar });
        Assert.Contains($"<strong>Tehsildar, Jammu ({winner})</strong>: The office asked a question: Decide", html, StringComparison.Ordinal);
        Assert.Contains(late == 0 ? "Text of the first officer</textarea>" : "Text of the second officer</textarea>", html, StringComparison.Ordinal);
        Assert.Equal(1, await site.Database.One<int>("""select count(*)::int from journal.entry e join cases."case" c on e.stream = 'case/' || replace(c.id::text, '-', '') where c.reference = @reference and e.kind = 'case.queried'""", new { reference }));

        // Where the case has ended meanwhile there is no form any more; what was written is still there.
        var now = await site.Open(reference);
        using var decided = await one.Act(reference, now.Version, step, "reject", "Not on the spot.", ("reasons", "not-verified"));
        Assert.Equal(HttpStatusCode.SeeOther, decided.StatusCode);
        using var after = await two.Act(reference, now.Version, step, "approve", "All is well with this one");
        Assert.Equal(HttpStatusCode.Conflict, after.StatusCode);
        html = WebUtility.HtmlDecode(await after.Content.ReadAsStringAsync());
        Assert.Contains("Decided: Rejected · The facts could not be verified on the spot", html, StringComparison.Ordinal);
        Assert.Contains("All is well with this one</textarea>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HolderLeaves_TheSuperiorSeesAndActs_AndTheJournalSaysInWhosePlace()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        await site.Bring(reference, Desks.Naib);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        using var refused = await site.Act(tehsildar, reference, "recommend");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        await site.Vacate(Desks.Naib);
        using var gone = await site.Official(Desks.Naib);
        Assert.Equal(HttpStatusCode.NotFound, (await gone.GetAsync($"/en/desk/cases/{reference}")).StatusCode);
        Assert.Equal([reference], Desks.References(await tehsildar.Page("/en/desk?whose=mine")));
        Assert.Contains("Naib Tehsildar, Jammu is vacant: you act in its place.", await tehsildar.Page($"/en/desk/cases/{reference}"), StringComparison.Ordinal);
        using var done = await site.Act(tehsildar, reference, "recommend");
        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);

        var entries = await site.Database.Stream("case/" + await site.Database.One<string>("""select replace(id::text, '-', '') from cases."case" where reference = @reference""", new { reference }));
        var alarm = entries.Single(e => e.Kind == PostFoundVacant.Kind);
        Assert.Equal(new PostFoundVacant(Desks.Naib, Desks.Tehsildar, "vacant"), alarm.As<PostFoundVacant>());
        var step = entries.Last(e => e.Kind == CaseStepDone.Kind);
        Assert.Equal(Desks.Naib, step.As<CaseStepDone>().Post);
        Assert.StartsWith($"post:{Desks.Tehsildar}/", step.Actor, StringComparison.Ordinal);
        Assert.Contains("in place of Naib Tehsildar, Jammu", await tehsildar.Page($"/en/desk/cases/{reference}"), StringComparison.Ordinal);

        // The head himself goes too: the case does not stay behind.
        await site.Vacate(Desks.Tehsildar);
        Assert.Equal(Desks.Tehsildar, (await site.Open(reference)).Post);
        using var girdawar = await site.Official("girdawar@tehsil-79");
        using var approved = await site.Act(girdawar, reference, "approve", "");
        Assert.Equal(HttpStatusCode.SeeOther, approved.StatusCode);
    }

    private static Task<Guid> Paper(TestSite site, string reference) =>
        site.Database.One<Guid>("""select d.id from cases.document d join cases."case" c on c.id = d.case_id where c.reference = @reference order by d.at limit 1""", new { reference });

    private static async Task<string> AnotherTehsildar(TestSite site) =>
        await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'tehsildar@%' and "UserName" <> 'tehsildar@tehsil-79' order by 1 limit 1""") ?? "";
}
