using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>More than one at a file: those who have it for information, and those who hold a post together.</summary>
public sealed class InformTests(Cluster cluster)
{
    [Fact]
    public async Task CopyHolders_Remark_WithoutDisturbingTheHolder_AndKeepItUntilTheyDismissIt()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var patwari = await site.Official(Desks.Patwari);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var receipt = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("Page of the letter"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Copy/1", receipt, "confidential");
        using var sent = await site.OnFile(clerk, file, "send", ("text", "For a report."), ("to", Desks.Naib), ("copies", Desks.Patwari));
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        var page = $"/en/desk/office/files/{file:N}";
        await naib.Page(page);
        var open = await site.Database.One<long>("select version from office.file where id = @file", new { file });
        Assert.Contains("TJ/Copy/1", await patwari.Page("/en/desk/office?box=copies"), StringComparison.Ordinal);
        Assert.Contains("name=\"remark\"", await patwari.Page(page), StringComparison.Ordinal);
        Assert.Contains("TJ/Copy/1", await patwari.Page("/en/desk/office?box=copies"), StringComparison.Ordinal);
        using var empty = await site.OnFile(patwari, file, "remark", ("remark", " "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        var both = await Task.WhenAll(site.OnFile(patwari, file, "remark", ("remark", "Zaffran grows there; see page 1.")), site.OnFile(patwari, file, "remark", ("remark", "And walnut.")));
        Assert.All(both, b => Assert.Equal(HttpStatusCode.SeeOther, b.StatusCode));
        // Whoever may not see it, and whoever has it in hand only, does not remark.
        using var stranger = await site.OnFile(tehsildar, file, "remark", ("remark", "I too."));
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        using var holder = await site.OnFile(naib, file, "remark", ("remark", "I too."));
        Assert.Equal(HttpStatusCode.Forbidden, holder.StatusCode);

        // The form that the holder had open counts.
        using var signed = await naib.Send(page, [("do", "sign"), ("version", $"{open}"), ("text", "The report is awaited.")], "/en/desk/office/receipts/new");
        Assert.Equal(HttpStatusCode.SeeOther, signed.StatusCode);
        foreach (var path in new[] { page, page + "/notes" })
        {
            var shown = await naib.Page(path);
            Assert.True(shown.IndexOf("For a report.", StringComparison.Ordinal) < shown.IndexOf("Zaffran grows there", StringComparison.Ordinal) && shown.IndexOf("Zaffran grows there", StringComparison.Ordinal) < shown.IndexOf("The report is awaited.", StringComparison.Ordinal), path);
            Assert.Contains("Remark 2 of", shown, StringComparison.Ordinal);
        }

        Assert.Contains("<bdi>page 1</bdi>", await naib.Page(page), StringComparison.Ordinal);
        Assert.Contains("TJ/Copy/1", await naib.Page("/en/desk/office/search?q=zaffran"), StringComparison.Ordinal);
        Assert.Equal([RemarkSigned.Kind, RemarkSigned.Kind], (await site.Database.Stream($"file/{file:N}/copies")).Select(e => e.Kind));
        foreach (var sql in new[] { "update office.remark set seq = 9", "delete from office.remark" })
            Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, (await Assert.ThrowsAsync<PostgresException>(() => site.Database.Execute(sql))).SqlState);

        using var seen = await site.OnFile(patwari, file, "dismiss");
        Assert.Equal(HttpStatusCode.SeeOther, seen.StatusCode);
        Assert.DoesNotContain("TJ/Copy/1", await patwari.Page("/en/desk/office?box=copies"), StringComparison.Ordinal);
        using var twice = await site.OnFile(patwari, file, "dismiss");
        Assert.Equal(HttpStatusCode.Forbidden, twice.StatusCode);
        Assert.Equal(CopyDismissed.Kind, (await site.Database.Stream($"file/{file:N}/copies"))[^1].Kind);

        // A receipt in copy.
        var letter = await clerk.Diarise(Offices.Clerk, "Letter in copy", more: [("classification", "confidential")]);
        using var copied = await clerk.Send($"/en/desk/office/receipts/{letter:N}", [("do", "send"), ("version", $"{await site.Database.One<long>("select version from office.receipt where id = @letter", new { letter })}"), ("to", Desks.Naib), ("copies", Desks.Patwari)], "/en/desk/office/receipts/new");
        Assert.Equal(HttpStatusCode.SeeOther, copied.StatusCode);
        Assert.Contains("Letter in copy", await patwari.Page("/en/desk/office?box=copies"), StringComparison.Ordinal);
        await patwari.Page($"/en/desk/office/receipts/{letter:N}");
        using var away = await patwari.Send($"/en/desk/office/receipts/{letter:N}", [("do", "dismiss")], "/en/desk/office/receipts/new");
        Assert.Equal(HttpStatusCode.SeeOther, away.StatusCode);
        Assert.DoesNotContain("Letter in copy", await patwari.Page("/en/desk/office?box=copies"), StringComparison.Ordinal);
        Assert.Equal([Desks.Patwari], (await site.Database.Stream($"receipt/{letter:N}"))[^1].As<OfficeItemMoved>().Copies);
    }

    [Fact]
    public async Task TwoHoldersOfAPost_KeepEachTheirOwnNoting_AndAreToldOfTheOthers()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Two/1");
        // The naib tehsildar gets the clerk's post as an additional charge.
        var naibId = await site.Database.One<Guid>("""select "Id" from access.official where "UserName" = @post""", new { post = Desks.Naib });
        var day = DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime);
        Assert.True((await site.Database.Write(work => site.Services.GetRequiredService<IHoldings>().Take(work, [new Holding(Offices.Clerk, naibId, "additional", day, null)], Actor.Sahulat("test")))).Ok);
        await site.Services.GetRequiredService<OrganisationDirectory>().Load(default);
        using var naib = await site.Official(Desks.Naib);
        foreach (var (who, text) in new[] { (clerk, "The clerk's text."), (naib, "The naib's text.") })
        {
            using var saved = await site.OnFile(who, file, "save", ("text", text));
            Assert.Equal(HttpStatusCode.SeeOther, saved.StatusCode);
        }

        foreach (var who in new[] { clerk, naib })
        {
            var shown = await who.Page($"/en/desk/office/files/{file:N}");
            Assert.Contains("has an unsigned paragraph here too", shown, StringComparison.Ordinal);
            Assert.Contains("The clerk's text.", shown, StringComparison.Ordinal);
            Assert.Contains("The naib's text.", shown, StringComparison.Ordinal);
        }

        // Both sign what they saw at the same moment: one is told, with his text still before him.
        var version = await site.Database.One<long>("select version from office.file where id = @file", new { file });
        using var first = await clerk.Send($"/en/desk/office/files/{file:N}", [("do", "sign"), ("version", $"{version}"), ("text", "The clerk's text, signed.")], "/en/desk/office/receipts/new");
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        using var second = await naib.Send($"/en/desk/office/files/{file:N}", [("do", "sign"), ("version", $"{version}"), ("text", "The naib's better text.")], "/en/desk/office/receipts/new");
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var told = WebUtility.HtmlDecode(await second.Content.ReadAsStringAsync());
        Assert.Contains("The clerk's text, signed.", told, StringComparison.Ordinal);
        Assert.Contains("The naib's better text.", told, StringComparison.Ordinal);
        // The file does not leave while one of them has not signed.
        using var early = await site.OnFile(clerk, file, "send", ("to", Desks.Tehsildar));
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        using var discarded = await site.OnFile(clerk, file, "discard", ("whose", $"{naibId}"));
        Assert.Equal(HttpStatusCode.SeeOther, discarded.StatusCode);
        Assert.Contains(NotingDiscarded.Kind, (await site.Database.Stream($"file/{file:N}")).Select(e => e.Kind));

        // Sent to a post that nobody holds: it says who sees it there, and he writes for that post.
        await site.Vacate(Desks.Naib);
        Assert.Contains("vacant: seen by Tehsildar", await clerk.Page($"/en/desk/office/files/{file:N}"), StringComparison.Ordinal);
        using var sent = await site.OnFile(clerk, file, "send", ("to", Desks.Naib));
        Assert.Equal($"/en/desk/office/files/{file:N}", sent.Headers.Location!.OriginalString);
        Assert.Contains("is vacant: seen by Tehsildar", await clerk.Page($"/en/desk/office/files/{file:N}"), StringComparison.Ordinal);
        using var stands = await site.OnFile(tehsildar, file, "save", ("text", "The stand-in's text."));
        Assert.Equal(HttpStatusCode.SeeOther, stands.StatusCode);
        Assert.Equal(Desks.Naib, await site.Database.One<string>("select post from office.yellow"));
        await site.Delegate(Desks.Naib, "second-naib", "Second Naib");
        using var delegated = await site.Official("second-naib");
        using var also = await site.OnFile(delegated, file, "save", ("text", "The new holder's text."));
        Assert.Equal(HttpStatusCode.SeeOther, also.StatusCode);
        var page = await delegated.Page($"/en/desk/office/files/{file:N}");
        Assert.Contains("The stand-in's text.", page, StringComparison.Ordinal);
        Assert.Contains("The new holder's text.", page, StringComparison.Ordinal);
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from office.yellow"));
    }
}
