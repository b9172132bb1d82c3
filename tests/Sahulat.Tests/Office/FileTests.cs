using System.Net;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>A file's life over HTTP, from receipt to order.</summary>
public sealed class FileTests(Cluster cluster)
{
    [Fact, Trait("Category", "Browser")]
    public async Task Receipt_BecomesAFile_Noted_Ordered_Signed_AndDispatched()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var receipt = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("Khasra 417 of Gho", "Second page"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Mut/12", receipt);
        using var wrong = await site.OnFile(clerk, file, "sign", ("text", "See the letter."), ("cites", "3"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using var sent = await site.OnFile(clerk, file, "send", ("text", "The letter asks for a mutation."), ("cites", "1-2"), ("to", Desks.Tehsildar));
        Assert.True(sent.StatusCode == HttpStatusCode.SeeOther, await sent.Content.ReadAsStringAsync());

        Assert.Contains("TJ/Mut/12", await tehsildar.Page("/en/desk/office"), StringComparison.Ordinal);
        var page = await tehsildar.Page($"/en/desk/office/files/{file:N}?page=2");
        Assert.Contains("The letter asks for a mutation.", page, StringComparison.Ordinal);
        Assert.Contains("#page=2", page, StringComparison.Ordinal);
        using var written = await tehsildar.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "order", ["in"] = "ur", ["to"] = "غلام نبی", ["subject"] = "انتقال", ["body"] = "انتقال منظور کیا جاتا ہے۔" });
        Assert.True(written.StatusCode == HttpStatusCode.SeeOther, await written.Content.ReadAsStringAsync());
        var draft = $"/en/desk/office/drafts/{Offices.Id(written):N}";
        using var early = await tehsildar.Form(draft, new() { ["do"] = "sign" });
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        foreach (var (act, fields) in new[] { ("approve", new Dictionary<string, string> { ["version"] = "1" }), ("sign", []), ("dispatch", new() { ["way"] = "office", ["way_to"] = "dc-office@district-5" }) })
        {
            fields["do"] = act;
            using var done = await tehsildar.Form(draft, fields);
            Assert.True(done.StatusCode == HttpStatusCode.SeeOther, $"{act}: {await done.Content.ReadAsStringAsync()}");
        }

        // An independent program says that the signature holds, and that it does not after a change.
        var paper = await site.Database.One<Guid>("select paper from office.draft");
        var pdf = await tehsildar.GetByteArrayAsync($"/en/desk/office/papers/{paper:N}/content");
        var path = Path.Combine(cluster.Folder, $"{paper:N}.pdf");
        await File.WriteAllBytesAsync(path, pdf);
        Assert.Contains("Signature is Valid.", await Offices.Run("pdfsig", path), StringComparison.Ordinal);
        Assert.Contains("ETSI.CAdES.detached", await Offices.Run("pdfsig", path), StringComparison.Ordinal);
        pdf[200] ^= 1;
        await File.WriteAllBytesAsync(path, pdf);
        Assert.Contains("Digest Mismatch", await Offices.Run("pdfsig", path), StringComparison.Ordinal);

        Assert.Equal((3, 3), await site.Database.One<(int, int)>("select pages, (select page_to from office.correspondence where kind = 'issue') from office.file where id = @file", new { file }));
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from office.receipt where office = 'dc-office@district-5' and mode = 'office'"));
        var kinds = (await site.Database.Stream($"file/{file:N}")).Select(e => e.Kind).ToArray();
        Assert.Equal([FileOpened.Kind, ReceiptPutInFile.Kind, NotingSigned.Kind, OfficeItemMoved.Kind, DraftWritten.Kind, DraftApproved.Kind, DraftSigned.Kind, DraftDispatched.Kind], kinds);
        Assert.Null(await site.Database.FirstBroken($"file/{file:N}"));
        Assert.DoesNotContain("Ghulam", string.Concat((await site.Database.Query<string>("select body::text from journal.entry"))), StringComparison.Ordinal);

        // A signed paragraph: not even the database lets anybody change it.
        foreach (var sql in new[] { "update office.noting set para = 9", "delete from office.noting" })
            Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, (await Assert.ThrowsAsync<PostgresException>(() => site.Database.Execute(sql))).SqlState);
    }

    [Fact]
    public async Task Movement_PullsBackWhileUnopened_PullsUp_PutsAway_AndRefusesTwoAtOnce()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Misc/1");
        async Task Ok(HttpClient who, string act, params (string, string)[] more)
        {
            using var done = await site.OnFile(who, file, act, more);
            Assert.True(done.StatusCode == HttpStatusCode.SeeOther, $"{act}: {await done.Content.ReadAsStringAsync()}");
        }

        Task<string?> Holder() => site.Database.One<string>("select holder from office.file where id = @file", new { file });
        using var second = await site.OnFile(clerk, file, "save", ("text", "Yellow"));
        using var unsigned = await site.OnFile(clerk, file, "send", ("to", Desks.Naib));
        Assert.Equal(HttpStatusCode.Conflict, unsigned.StatusCode);
        await Ok(clerk, "discard");
        await Ok(clerk, "send", ("to", Desks.Naib));
        await Ok(clerk, "pull-back");
        Assert.Equal(Offices.Clerk, await Holder());
        await Ok(clerk, "send", ("to", Desks.Naib), ("copies", "patwari@tehsil-79"));
        await naib.Page($"/en/desk/office/files/{file:N}");
        using var late = await site.OnFile(clerk, file, "pull-back");
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        using var junior = await site.OnFile(clerk, file, "pull-up");
        Assert.Equal(HttpStatusCode.Forbidden, junior.StatusCode);
        await Ok(tehsildar, "pull-up");
        await Ok(tehsildar, "put-away", ("until.day", "1"), ("until.month", "12"), ("until.year", "2026"));
        Assert.Contains("TJ/Misc/1", await tehsildar.Page("/en/desk/office?box=away"), StringComparison.Ordinal);
        await Ok(tehsildar, "take-up");

        // Two tabs, the same moment: one act counts, the other is told.
        var version = await site.Database.One<long>("select version from office.file where id = @file", new { file });
        var acts = await Task.WhenAll(new[] { Desks.Naib, Offices.Clerk }.Select(to => tehsildar.Send($"/en/desk/office/files/{file:N}", [("do", "send"), ("version", $"{version}"), ("to", to)], "/en/desk/office/receipts/new")));
        Assert.Single(acts, a => a.StatusCode == HttpStatusCode.SeeOther);
        Assert.Single(acts, a => a.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Forbidden);
        Assert.Contains("1", await tehsildar.Page("/en/desk/office/pendency?by=office"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretFile_IsForTheNamedPostsOnly_AndDuplicatesAreFound()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Sec/1", classification: "secret", subject: "Zaffrani matter");
        foreach (var other in new[] { naib, tehsildar })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/en/desk/office/files/{file:N}")).StatusCode);
            Assert.DoesNotContain("TJ/Sec/1", await other.Page("/en/desk/office/search?q=Zaffrani"), StringComparison.Ordinal);
        }

        Assert.Contains("TJ/Sec/1", await clerk.Page("/en/desk/office/search?q=zaffrani"), StringComparison.Ordinal);
        using var refused = await site.OnFile(clerk, file, "send", ("to", Desks.Naib));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using var shared = await site.OnFile(clerk, file, "share", ("share", Desks.Naib));
        Assert.Equal(HttpStatusCode.SeeOther, shared.StatusCode);
        Assert.Contains("TJ/Sec/1", await naib.Page("/en/desk/office/search?q=Zaffrani"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await tehsildar.GetAsync($"/en/desk/office/files/{file:N}")).StatusCode);

        var pdf = Offices.Pdf("One letter");
        var first = await clerk.Diarise(Offices.Clerk, paper: pdf);
        var second = await clerk.Diarise(Offices.Clerk, paper: pdf);
        Assert.Equal(first, await site.Database.One<Guid>("select duplicate_of from office.receipt where id = @second", new { second }));
    }

    [Fact, Trait("Category", "Browser")]
    public async Task ExpiredCertificate_IsRefusedAndRenewed()
    {
        await using var site = await Desks.Start(cluster);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var file = await tehsildar.OpenFile(Desks.Tehsildar, "TJ/Cert/1");
        async Task<string> Approved()
        {
            using var written = await tehsildar.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "letter", ["in"] = "hi", ["to"] = "सचिव", ["subject"] = "विषय", ["body"] = "पाठ" });
            var path = $"/en/desk/office/drafts/{Offices.Id(written):N}";
            using var approved = await tehsildar.Form(path, new() { ["do"] = "approve", ["version"] = "1" });
            return path;
        }

        using var first = await tehsildar.Form(await Approved(), new() { ["do"] = "sign" });
        Assert.True(first.StatusCode == HttpStatusCode.SeeOther, await first.Content.ReadAsStringAsync());
        site.Clock.Advance(TimeSpan.FromDays(366));
        using var back = await site.Official(Desks.Tehsildar);
        using var written = await back.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "letter", ["in"] = "en", ["to"] = "A", ["subject"] = "B", ["body"] = "C" });
        var draft = $"/en/desk/office/drafts/{Offices.Id(written):N}";
        using var approved = await back.Form(draft, new() { ["do"] = "approve", ["version"] = "1" });
        using var refused = await back.Form(draft, new() { ["do"] = "sign" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("has expired", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var renewed = await back.Form(draft, new() { ["do"] = "renew" });
        Assert.Equal(HttpStatusCode.SeeOther, renewed.StatusCode);
    }
}
