using System.Net;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Move;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Where a file goes back to, what a charge takes along, and how secret it is on the way.</summary>
public sealed class MoveTests(Cluster cluster)
{
    [Fact]
    public async Task Return_GoesToThePostThatSentIt_AlsoAfterAPullBack()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Ret/1");
        async Task Did(HttpClient who, HttpStatusCode expected, string act, params (string, string)[] more)
        {
            using var done = await site.OnFile(who, file, act, more);
            Assert.True(done.StatusCode == expected, $"{act}: {await done.Content.ReadAsStringAsync()}");
        }

        await Did(clerk, HttpStatusCode.Conflict, "return");
        await Did(clerk, HttpStatusCode.SeeOther, "send", ("to", Desks.Naib));
        await naib.Page($"/en/desk/office/files/{file:N}");
        await Did(naib, HttpStatusCode.SeeOther, "send", ("to", Desks.Tehsildar));
        await Did(naib, HttpStatusCode.SeeOther, "pull-back");
        await Did(naib, HttpStatusCode.SeeOther, "return");
        Assert.Equal(Offices.Clerk, await site.Database.One<string>("select holder from office.file where id = @file", new { file }));

        // What a senior took to himself is not pulled back from him.
        await Did(tehsildar, HttpStatusCode.SeeOther, "pull-up");
        await Did(clerk, HttpStatusCode.Forbidden, "pull-back");
    }

    [Theory]
    [InlineData("c>n sent", "n", "c")]
    [InlineData("c>n sent|n>t sent|t>n pulled-back", "n", "c")]
    [InlineData("n>t sent|t>n pulled-back", "n", null)]
    [InlineData("c>n sent|n>x handed-over", "x", "c")]
    [InlineData("x>n sent|n>x handed-over", "x", null)]
    [InlineData("c>n sent|n>t sent|t>n pulled-back|n>t sent|t>n returned", "n", "t")]
    [InlineData("", "n", null)]
    public void SentBy_LooksBack(string moves, string holder, string? sender)
    {
        var all = moves.Split('|', StringSplitOptions.RemoveEmptyEntries).Select((m, i) => new Moved(i, $"{m[0]}", $"{m[2]}", m[4..], default, null));
        Assert.Equal(sender, Movement.SentBy(all.Reverse(), holder));
    }

    [Fact]
    public async Task HandOver_GivesEverythingInOneAct_AndSaysWhatStays()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var patwari = await site.Official(Desks.Patwari);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        using var deputy = await site.Official(Offices.Deputy);
        var open = await clerk.OpenFile(Offices.Clerk, "TJ/Hand/1");
        var away = await clerk.OpenFile(Offices.Clerk, "TJ/Hand/2", classification: "secret", subject: "Zaffrani");
        var recorded = await clerk.OpenFile(Offices.Clerk, "TJ/Hand/3");
        var receipt = await clerk.Diarise(Offices.Clerk, "Letter to hand over");
        var informed = await tehsildar.OpenFile(Desks.Tehsildar, "TJ/Hand/4", classification: "confidential");
        using var put = await site.OnFile(clerk, away, "put-away", ("until.day", "1"), ("until.month", "12"), ("until.year", "2026"));
        using var closed = await site.OnFile(clerk, recorded, "close", ("retention", "A"));
        using var shelved = await tehsildar.Send("/en/desk/office/records", [("record", $"{recorded}")], "/en/desk/office/receipts/new");
        using var told = await site.OnFile(tehsildar, informed, "send", ("to", Desks.Patwari), ("copies", Offices.Clerk));
        Assert.Equal(HttpStatusCode.SeeOther, told.StatusCode);
        var path = $"/en/desk/office/hand-over?from={Offices.Clerk}";
        Task<HttpResponseMessage> Hand(HttpClient who, string to) => who.Send("/en/desk/office/hand-over", [("from", Offices.Clerk), ("to_other", to)], "/en/desk/office/receipts/new");
        Assert.Equal(HttpStatusCode.NotFound, (await patwari.GetAsync(path)).StatusCode);
        using var stranger = await Hand(patwari, Desks.Naib);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
        using var nowhere = await Hand(clerk, "nobody@nowhere");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nowhere.StatusCode);

        // Its senior does it, as from the post's page when the holder has left.
        Assert.Contains($"/desk/office/hand-over?from={Uri.EscapeDataString(Offices.Clerk)}", await deputy.Page($"/en/desk/organisation/posts/{Offices.Clerk}"), StringComparison.Ordinal);
        Assert.Contains("the office's: 1", await tehsildar.Page(path), StringComparison.Ordinal);
        using var handed = await Hand(tehsildar, Desks.Naib);
        Assert.Contains("Handed over: files 2, receipts 1, for information 1", WebUtility.HtmlDecode(await handed.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal([(Desks.Naib, "open"), (Desks.Naib, "put-away"), (Offices.Clerk, "recorded")], await site.Database.Query<(string, string)>("select holder, state from office.file where number <> 'TJ/Hand/4' order by number"));
        Assert.Equal((Desks.Naib, "handed-over"), await site.Database.One<(string, string)>("select r.holder, m.way from office.receipt r join office.movement m on m.item = r.id where r.id = @receipt", new { receipt }));
        Assert.Contains("TJ/Hand/4", await naib.Page("/en/desk/office?box=copies"), StringComparison.Ordinal);
        Assert.DoesNotContain("TJ/Hand/4", await clerk.Page("/en/desk/office?box=copies"), StringComparison.Ordinal);
        foreach (var id in new[] { away, informed }) await naib.Page($"/en/desk/office/files/{id:N}");
        Assert.Contains("TJ/Hand/2", await naib.Page("/en/desk/office/search?q=Zaffrani"), StringComparison.Ordinal);
        foreach (var stream in new[] { $"file/{open:N}", $"file/{away:N}", $"receipt/{receipt:N}" })
        {
            Assert.Equal("handed-over", (await site.Database.Stream(stream))[^1].As<OfficeItemMoved>().Way);
            Assert.Null(await site.Database.FirstBroken(stream));
        }

        var charge = (await site.Database.Stream($"charge/{Offices.Clerk}")).Single().As<ChargeHandedOver>();
        Assert.Equal((2, 1, 1), (charge.Files, charge.Receipts, charge.Stays));
        Assert.Equal([informed], charge.Copies);
        // They can be worked on there as if they had been sent.
        using var on = await site.OnFile(naib, open, "send", ("text", "Seen."), ("to", Desks.Tehsildar));
        Assert.Equal(HttpStatusCode.SeeOther, on.StatusCode);
    }

    [Fact]
    public async Task Classification_IsRaisedByTheHolder_LoweredByTheHead_AndSearchKnows()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var receipt = await clerk.Diarise(Offices.Clerk, "Kesar letter", Offices.Pdf("Kesar inside"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Class/1", receipt, subject: "Kesar matter");
        var paper = await site.Database.One<Guid>("select id from office.paper");
        string[] inside = [$"files/{file:N}", $"receipts/{receipt:N}", $"papers/{paper:N}/content"];
        async Task Naib(HttpStatusCode expected)
        {
            foreach (var path in inside) Assert.Equal(expected, (await naib.GetAsync($"/en/desk/office/{path}")).StatusCode);
            Assert.Equal(expected == HttpStatusCode.OK, (await naib.Page("/en/desk/office/search?q=Kesar")).Contains("TJ/Class/1", StringComparison.Ordinal));
        }

        async Task Did(HttpClient who, HttpStatusCode expected, string act, params (string, string)[] more)
        {
            using var done = await site.OnFile(who, file, act, more);
            Assert.True(done.StatusCode == expected, $"{act}: {await done.Content.ReadAsStringAsync()}");
        }

        await Naib(HttpStatusCode.OK);
        await Did(naib, HttpStatusCode.Forbidden, "class", ("new_class", "secret"));
        await Did(clerk, HttpStatusCode.SeeOther, "class", ("new_class", "secret"));
        await Did(clerk, HttpStatusCode.UnprocessableEntity, "class", ("new_class", "secret"));
        await Naib(HttpStatusCode.NotFound);
        Assert.Contains("TJ/Class/1", await clerk.Page("/en/desk/office/search?q=Kesar"), StringComparison.Ordinal);
        await Did(clerk, HttpStatusCode.Forbidden, "class", ("new_class", "normal"));
        await Did(clerk, HttpStatusCode.SeeOther, "urgency", ("new_urgency", "immediate"));
        await Did(clerk, HttpStatusCode.SeeOther, "share", ("share", Desks.Tehsildar));
        await Did(clerk, HttpStatusCode.SeeOther, "send", ("to", Desks.Tehsildar));

        // The letter in it may become as secret as the file, and then holds it there.
        Task<HttpResponseMessage> Letter(string becomes) => tehsildar.Send($"/en/desk/office/receipts/{receipt:N}", [("do", "class"), ("new_class", becomes), ("version", $"{site.Database.One<long>("select version from office.receipt").Result}")], "/en/desk/office/receipts/new");
        await site.Database.Execute("update office.receipt set classification = 'confidential'");
        await Did(tehsildar, HttpStatusCode.Conflict, "class", ("new_class", "normal"));
        using var lowered = await Letter("normal");
        Assert.Equal(HttpStatusCode.SeeOther, lowered.StatusCode);
        await Did(tehsildar, HttpStatusCode.SeeOther, "class", ("new_class", "normal"));
        await Naib(HttpStatusCode.OK);
        Assert.Equal([("normal", "secret"), ("secret", "normal")], (await site.Database.Stream($"file/{file:N}")).Where(e => e.Kind == ClassificationChanged.Kind).Select(e => e.As<ClassificationChanged>()).Select(c => (c.Was, c.Becomes)));
        Assert.Equal("immediate", (await site.Database.Stream($"file/{file:N}")).Single(e => e.Kind == UrgencyChanged.Kind).As<UrgencyChanged>().Becomes);
    }
}
