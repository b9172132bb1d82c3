using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Office;
using Sahulat.Office.Await;
using Sahulat.Office.Pendency;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>The desk of the paperless office: one list of what waits, what comes back to it, acts on many, views and files at hand, and the figures of what is pending.</summary>
public sealed partial class DeskTests(Cluster cluster)
{
    [Fact]
    public async Task Inbox_HoldsEveryKind_InEveryOrder_AndPagesNeitherHideNorRepeat()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        await site.Copies(await system.FileIncome(), 12);
        using var patwari = await site.Official(Desks.Patwari);
        var file = await patwari.OpenFile(Desks.Patwari, "TJ/Desk/1", subject: "Water of the spring");
        await patwari.Diarise(Desks.Patwari, "Letter of today", more: [("reply_by.day", "9"), ("reply_by.month", "11"), ("reply_by.year", "2026"), ("urgency", "immediate")]);
        using var written = await patwari.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "order", ["in"] = "en", ["to"] = "A", ["subject"] = "B", ["body"] = "C" });
        Assert.Equal(HttpStatusCode.SeeOther, written.StatusCode);
        // Many of one moment and some of others, with and without a date, of each urgency.
        for (var i = 0; i < 9; i++)
        {
            if (i % 3 == 0) site.Clock.Advance(TimeSpan.FromMinutes(7));
            await patwari.OpenFile(Desks.Patwari, $"TJ/Desk/{10 + i}");
            await patwari.Diarise(Desks.Patwari, $"Letter {i}", more: i % 2 == 0 ? [("urgency", OfficePosts.Urgencies[i % 3])] : [("urgency", OfficePosts.Urgencies[i % 3]), ("reply_by.day", $"{10 + (i / 4)}"), ("reply_by.month", "11"), ("reply_by.year", "2026")]);
        }

        await site.Database.Execute("update office.file set urgency = (array['normal', 'priority', 'immediate'])[1 + (hashtext(number) & 1)]");
        var page = await patwari.Page("/en/desk/office");
        foreach (var shown in new[] { "TJ/Desk/10", "Letter 3", "Order: to approve", "Water of the spring", "Income" }) Assert.Contains(shown, page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["13", "10", "10", "1"], Counts().Matches(page).Select(m => m.Groups[1].Value));
        Assert.Contains("9 Nov", page, StringComparison.Ordinal);
        Assert.DoesNotContain("TJ/Desk/10", await patwari.Page("/en/desk/office?kind=receipt"), StringComparison.Ordinal);

        var waiting = site.Services.GetRequiredService<Waiting>();
        var reach = site.Reach(await site.Database.One<Guid>("select official from organisation.holding where post = @Patwari", new { Desks.Patwari }));
        foreach (var sort in InboxFilter.Sorts)
        {
            foreach (var (kind, urgency) in new[] { (null, null), ("file", null), ("receipt", null), ("case", null), ("draft", null), (null, "priority"), ((string?)"receipt", (string?)"normal") })
            {
                var filter = new InboxFilter(kind, urgency, null, sort);
                var whole = await waiting.Of(reach, filter, null, 1000, Lang.En, default);
                var paged = new List<ItemShown>();
                ItemPlace? after = null;
                do
                {
                    var next = await waiting.Of(reach, filter, after, 4, Lang.En, default);
                    paged.AddRange(next);
                    after = next.Count == 4 ? ItemPlace.Parse(ItemPlace.Of(next[^1], sort).ToString()) : null;
                }
                while (after is not null);
                Assert.Equal(whole.Select(i => i.Id), paged.Select(i => i.Id));
                Assert.Equal(whole.Count, whole.Select(i => i.Id).Distinct().Count());
                if ((kind, urgency) == (null, null)) Assert.Equal(34, whole.Count);
                Assert.All(whole, i => Assert.True((kind is null || i.Kind == kind) && (urgency is null || i.Urgency == urgency)));
                var places = whole.Select(i => ItemPlace.Of(i, sort)).ToArray();
                Assert.Equal(places.Order(), places);
            }
        }

        // A draft is signed, or goes with its file: it waits no longer here.
        await site.OnFile(patwari, file, "send", ("text", "For approval."), ("to", Desks.Tehsildar));
        Assert.DoesNotContain("Order: to approve", await patwari.Page("/en/desk/office"), StringComparison.Ordinal);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        Assert.Contains("Order: to approve", await tehsildar.Page("/en/desk/office?kind=draft"), StringComparison.Ordinal);
        using var approved = await tehsildar.Form($"/en/desk/office/drafts/{Offices.Id(written):N}", new() { ["do"] = "approve", ["version"] = "1" });
        Assert.Contains("Order: to sign", await tehsildar.Page("/en/desk/office?kind=draft"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutAwayFile_ComesBackOnItsDay_AndTheFirstActTakesItUp()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Away/1");
        using var put = await site.OnFile(clerk, file, "put-away", ("until.day", "5"), ("until.month", "11"), ("until.year", "2026"));
        Assert.Equal(HttpStatusCode.SeeOther, put.StatusCode);
        Assert.DoesNotContain("TJ/Away/1", await clerk.Page("/en/desk/office"), StringComparison.Ordinal);
        Assert.Contains("TJ/Away/1", await clerk.Page("/en/desk/office?box=away"), StringComparison.Ordinal);
        Assert.Equal((0L, 1L), await Pendency(site, Offices.Clerk));

        // The last minute of 4 November in India, then the first of the 5th.
        site.Clock.Set(new DateTimeOffset(2026, 11, 4, 18, 29, 0, TimeSpan.Zero));
        using var evening = await site.Official(Offices.Clerk);
        Assert.DoesNotContain("TJ/Away/1", await evening.Page("/en/desk/office"), StringComparison.Ordinal);
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        var page = await evening.Page("/en/desk/office?kind=file");
        Assert.Contains("TJ/Away/1", page, StringComparison.Ordinal);
        Assert.Contains("was put away until", page, StringComparison.Ordinal);
        Assert.DoesNotContain("TJ/Away/1", await evening.Page("/en/desk/office?box=away"), StringComparison.Ordinal);
        Assert.Equal((1L, 0L), await Pendency(site, Offices.Clerk));
        Assert.Contains("was put away until", await evening.Page($"/en/desk/office/files/{file:N}"), StringComparison.Ordinal);
        using var noted = await site.OnFile(evening, file, "sign", ("text", "Taken up again."));
        Assert.Equal(HttpStatusCode.SeeOther, noted.StatusCode);
        Assert.Equal(["office.file-opened", "office.file-put-away", "office.file-taken-up", "office.noting-signed"], (await site.Database.Stream($"file/{file:N}")).Select(e => e.Kind));
        Assert.Equal("open", await site.Database.One<string>("select state from office.file where id = @file", new { file }));
        Assert.Contains(Offices.Clerk, (await site.Database.Query<string>("select holder from office.file where came_at < moved_at")), StringComparer.Ordinal);

        // Many: counted to a thousand and no further, fifty to a page, in every list.
        Task Clones(int count, string state) => site.Database.Execute("""
            insert into office.file (id, office, number, classification, urgency, state, holder, put_until, opened_on, opened_by, subject, scopes, moved_at, version)
            select gen_random_uuid(), office, number || '/' || @state || n, classification, urgency, @state, holder, case when @state = 'put-away' then date '2027-01-01' end, opened_on, opened_by, subject, scopes, moved_at - n * interval '1 minute', 1 from office.file, generate_series(1, @count) n where id = @file
            """, new { count, state, file });
        await Clones(60, "put-away");
        Assert.Equal(50, Rows().Count(await evening.Page("/en/desk/office?box=away")));
        Assert.Equal(10, Rows().Count(await evening.Page("/en/desk/office?box=away&page=2")));
        await Clones(1100, "open");
        var many = await evening.Page("/en/desk/office");
        Assert.Equal(["0", "0", "1,000+", "0"], Counts().Matches(many).Select(m => m.Groups[1].Value));
        Assert.Equal(50, Rows().Count(many));
    }

    [Fact]
    public async Task Many_AreSentPutAwayAndClosed_EachForItself_AndFollowedFilesAreSeenToMove()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        var (first, second, secret) = (await clerk.OpenFile(Offices.Clerk, "TJ/Many/1"), await clerk.OpenFile(Offices.Clerk, "TJ/Many/2"), await clerk.OpenFile(Offices.Clerk, "TJ/Many/3", classification: "secret"));
        var receipt = await clerk.Diarise(Offices.Clerk, "To be closed");
        Task<HttpResponseMessage> Many(HttpClient who, string act, (string, string)[] rows, params (string, string)[] more) => who.Send("/en/desk/office/many", [("do", act), .. rows.Select(r => ("row", r.Item2)), .. more], "/en/desk/office/receipts/new");
        var all = Ticks().Matches(await clerk.Page("/en/desk/office")).Select(m => ("row", m.Groups[1].Value)).ToArray();
        Assert.Equal(4, all.Length);
        foreach (var (act, rows, more) in new[] { ("send", Array.Empty<(string, string)>(), ("to", Desks.Naib)), ("send", all, ("to", "nobody@nowhere")), ("put-away", all, ("until", "2026-11-02")), ("put-away", all, ("until", "soon")) })
        {
            using var refused = await Many(clerk, act, rows, more);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }

        using (var followed = await Many(clerk, "follow", all)) Assert.Contains("3 followed", WebUtility.HtmlDecode(await followed.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        using var sent = await Many(clerk, "send", all.Where(r => !r.Item2.StartsWith("receipt", StringComparison.Ordinal)).ToArray(), ("to", Desks.Naib));
        var told = WebUtility.HtmlDecode(await sent.Content.ReadAsStringAsync());
        Assert.Contains("2 sent to", told, StringComparison.Ordinal);
        Assert.Contains("This file is secret", told, StringComparison.Ordinal);
        // Had back, and sent again.
        var marked = Regex.Matches(told, "name=\"row\" value=\"([^\"]+)\"").Select(m => ("row", m.Groups[1].Value)).ToArray();
        using (var back = await Many(clerk, "pull-back", marked)) Assert.Contains("2 pulled back", WebUtility.HtmlDecode(await back.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        all = Ticks().Matches(await clerk.Page("/en/desk/office")).Select(m => ("row", m.Groups[1].Value)).ToArray();
        Assert.Equal(4, all.Length);
        using (var again = await Many(clerk, "send", all.Where(r => r.Item2.Contains($"{first:N}", StringComparison.Ordinal) || r.Item2.Contains($"{second:N}", StringComparison.Ordinal)).ToArray(), ("to", Desks.Naib))) Assert.Contains("2 sent to", WebUtility.HtmlDecode(await again.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        // What the page showed is not true any more: refused, and nothing of others is told.
        using (var stale = await Many(clerk, "close", all)) Assert.Contains("1 closed", WebUtility.HtmlDecode(await stale.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        using (var hidden = await Many(naib, "follow", [("row", $"file:{secret:N}:1")])) Assert.DoesNotContain("TJ/Many/3", await hidden.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal([(Desks.Naib, 2L), (Offices.Clerk, 1L)], await site.Database.Query<(string, long)>("select holder, count(*) from office.file group by 1 order by 2 desc"));
        Assert.Equal("closed", await site.Database.One<string>("select state from office.receipt where id = @receipt", new { receipt }));

        // The clerk sees that two moved; when he may no longer see one, it is gone from his list.
        Assert.Equal(2, Regex.Count(await clerk.Page("/en/desk/office?box=followed"), ">moved<"));
        await clerk.Page($"/en/desk/office/files/{first:N}");
        Assert.Equal(1, Regex.Count(await clerk.Page("/en/desk/office?box=followed"), ">moved<"));
        Assert.Contains("TJ/Many/1", await clerk.Page("/en/desk/office?box=recent"), StringComparison.Ordinal);
        await site.Database.Execute("update office.file set scopes = array['p:naib-tehsildar@tehsil-79'] where id = @second", new { second });
        Assert.DoesNotContain("TJ/Many/2", await clerk.Page("/en/desk/office?box=followed"), StringComparison.Ordinal);
        using (var pinned = await site.OnFile(naib, first, "pin")) Assert.Equal(HttpStatusCode.SeeOther, pinned.StatusCode);
        Assert.Contains("TJ/Many/1", await naib.Page("/en/desk/office?box=pinned"), StringComparison.Ordinal);

        // A view of one's own.
        using (var nameless = await naib.Form("/en/desk/office", new() { ["do"] = "save-view", ["name"] = "", ["list"] = "kind=file&sort=urgent" })) Assert.Equal(HttpStatusCode.UnprocessableEntity, nameless.StatusCode);
        using (var saved = await naib.Form("/en/desk/office", new() { ["do"] = "save-view", ["name"] = "My files", ["list"] = "kind=file&sort=urgent" })) Assert.Equal("/en/desk/office?kind=file&sort=urgent&view=My%20files", saved.Headers.Location!.OriginalString);
        Assert.Contains("My files", await naib.Page("/en/desk/office"), StringComparison.Ordinal);
        Assert.DoesNotContain("My files", await clerk.Page("/en/desk/office"), StringComparison.Ordinal);
        using var removed = await naib.Form("/en/desk/office", new() { ["do"] = "remove-view", ["name"] = "My files", ["list"] = "" });
        Assert.DoesNotContain("My files", await naib.Page("/en/desk/office"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pendency_CountsByBothAges_WithFiguresThatTheListsBehindThemHold()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Pend/1");
        await clerk.OpenFile(Offices.Clerk, "TJ/Pend/2", classification: "secret");
        var away = await clerk.OpenFile(Offices.Clerk, "TJ/Pend/3");
        using var put = await site.OnFile(clerk, away, "put-away", ("until.day", "1"), ("until.month", "12"), ("until.year", "2027"));
        await clerk.Diarise(Offices.Clerk, "Old letter", more: [("received_on.day", "1"), ("received_on.month", "10"), ("received_on.year", "2026"), ("reply_by.day", "30"), ("reply_by.month", "10"), ("reply_by.year", "2026")]);
        using var written = await clerk.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "order", ["in"] = "en", ["to"] = "A", ["subject"] = "B", ["body"] = "C" });
        site.Clock.Advance(TimeSpan.FromDays(40));
        using var later = await site.Official(Offices.Clerk);
        using var sent = await site.OnFile(later, file, "send", ("text", "For orders."), ("to", Desks.Tehsildar));
        site.Clock.Advance(TimeSpan.FromDays(8));

        // The tehsildar heads the office: the secret file is not his to know of.
        var pending = site.Services.GetRequiredService<Pending>();
        var reach = site.Reach(await site.Database.One<Guid>("select official from organisation.holding where post = @Tehsildar", new { Desks.Tehsildar }));
        var rows = (await pending.Of(reach, "post", Lang.En, default)).ToDictionary(r => r.Code);
        Assert.Equal((0L, 1L, 0L, 1L, new Ages(0, 0, 1, 0), new Ages(0, 0, 1, 0), 1L), Figures(rows[Offices.Clerk]));
        Assert.Equal((1L, 0L, 1L, 0L, new Ages(0, 1, 0, 0), new Ages(0, 0, 1, 0), 0L), Figures(rows[Desks.Tehsildar]));
        var office = Assert.Single(await pending.Of(reach, "office", Lang.En, default));
        Assert.Equal((1L, 1L, 1L, 1L, new Ages(0, 1, 1, 0), new Ages(0, 0, 2, 0), 1L), Figures(office));

        using var head = await site.Official(Desks.Tehsildar);
        using var again = await site.Official(Offices.Clerk);
        async Task Holds(HttpClient who, string query, params string[] numbers) => Assert.Equal(numbers, Numbers().Matches(await who.Page($"/en/desk/office/pendency/list?{query}")).Select(m => m.Groups[1].Value));
        await Holds(head, $"by=post&of={Uri.EscapeDataString(Desks.Tehsildar)}&kind=file", "TJ/Pend/1");
        await Holds(head, $"by=post&of={Uri.EscapeDataString(Desks.Tehsildar)}&kind=all&age=month&since=here", "TJ/Pend/1");
        await Holds(head, $"by=post&of={Uri.EscapeDataString(Desks.Tehsildar)}&kind=all&age=month&since=born");
        await Holds(head, $"by=office&of={office.Code}&kind=all&age=quarter&since=born", "R-2026-00001", "TJ/Pend/1");
        await Holds(head, $"by=office&of={office.Code}&kind=late", "R-2026-00001");
        await Holds(head, $"by=office&of={office.Code}&kind=away", "TJ/Pend/3");
        await Holds(head, $"by=office&of={office.Code}&kind=draft", "TJ/Pend/1");
        await Holds(again, $"by=post&of={Uri.EscapeDataString(Offices.Clerk)}&kind=file", "TJ/Pend/2");
        Assert.Equal(HttpStatusCode.NotFound, (await head.GetAsync("/en/desk/office/pendency/list?by=post&of=x&kind=y")).StatusCode);
        Assert.Contains("Nothing here", await head.Page("/en/desk/office/pendency/list?by=post&of=nobody&kind=all"), StringComparison.Ordinal);
        var page = await head.Page("/en/desk/office/pendency?by=office&since=born");
        Assert.Contains("kind=all&age=quarter&since=born", page, StringComparison.Ordinal);

        using var csv = await head.GetAsync("/en/desk/office/pendency.csv?by=office");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("\"1\",\"1\",\"1\",\"1\",\"0\",\"1\",\"1\",\"0\",\"0\",\"0\",\"2\",\"0\",\"1\"", lines[1], StringComparison.Ordinal);
    }

    private static (long, long, long, long, Ages, Ages, long) Figures(PendingRow row) => (row.Files, row.Receipts, row.Drafts, row.Away, row.Here, row.Born, row.Late);

    private static async Task<(long Files, long Away)> Pendency(TestSite site, string post)
    {
        var reach = site.Reach(await site.Database.One<Guid>("select official from organisation.holding where post = @post", new { post }));
        var row = Assert.Single(await site.Services.GetRequiredService<Pending>().Of(reach, "post", Lang.En, default), r => r.Code == post);
        return (row.Files, row.Away);
    }

    [GeneratedRegex("s-views__part.*?<bdi dir=\"ltr\">([\\d,+]+)</bdi>", RegexOptions.Singleline)]
    private static partial Regex Counts();

    [GeneratedRegex("name=\"row\" value=\"([^\"]+)\"")]
    private static partial Regex Ticks();

    [GeneratedRegex("<tr data-row")]
    private static partial Regex Rows();

    [GeneratedRegex("<tr data-row.*?<bdi dir=\"ltr\">([^<]+)</bdi>", RegexOptions.Singleline)]
    private static partial Regex Numbers();
}
