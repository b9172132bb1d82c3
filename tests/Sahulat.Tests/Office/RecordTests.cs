using System.Net;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Review;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>The record room: review, weeding by an order, transfer to the archive.</summary>
public sealed class RecordTests(Cluster cluster)
{
    [Fact]
    public async Task Weeding_IsByAnOrder_OfTwoHands_ThenNothingOpensAnyMore()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        using var elsewhere = await site.Official("tehsildar@tehsil-6805");
        var receipt = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("To be forgotten"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Old/1", receipt);
        var spared = await clerk.OpenFile(Offices.Clerk, "TJ/Old/2", subject: "Spared");
        var kept = await clerk.OpenFile(Offices.Clerk, "TJ/Old/3");
        foreach (var (id, retention) in new[] { (file, "C-3"), (spared, "C-3"), (kept, "B") })
        {
            using var closed = await site.OnFile(clerk, id, "close", ("retention", retention));
            Assert.Equal(HttpStatusCode.SeeOther, closed.StatusCode);
            using var junior = await Records(clerk, ("record", $"{id}"));
            Assert.Equal(HttpStatusCode.Forbidden, junior.StatusCode);
            using var recorded = await Records(tehsildar, ("record", $"{id}"));
            Assert.Equal(HttpStatusCode.SeeOther, recorded.StatusCode);
        }

        Assert.Equal(new DateOnly(2030, 1, 1), await site.Database.One<DateOnly>("select weed_on from office.file where id = @file", new { file }));
        using var early = await Records(clerk, ("do", "weeding"), ("file", $"{file}"));
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        await site.Database.Execute("update office.file set weed_on = date '2026-01-01', review_on = date '2026-01-01' where retention = 'C-3'");
        // One that may not go keeps the whole order back.
        using var mixed = await Records(clerk, ("do", "weeding"), ("file", $"{file}"), ("file", $"{kept}"));
        Assert.Equal(HttpStatusCode.Conflict, mixed.StatusCode);
        Assert.Contains("TJ/Old/3", await mixed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from office.record_order"));

        using var made = await Records(tehsildar, ("do", "weeding"), ("file", $"{file}"), ("file", $"{spared}"));
        Assert.True(made.StatusCode == HttpStatusCode.SeeOther, await made.Content.ReadAsStringAsync());
        var order = made.Headers.Location!.OriginalString;
        using var twice = await Records(clerk, ("do", "weeding"), ("file", $"{file}"));
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        var page = await clerk.Page(order);
        Assert.Contains("W-2026-00001", page, StringComparison.Ordinal);
        Assert.Contains("Spared", page, StringComparison.Ordinal);
        Assert.Contains("W-2026-00001", await clerk.Page("/en/desk/office/records?shelf=due"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync(order)).StatusCode);
        Task<HttpResponseMessage> On(HttpClient who, string name, string value) => who.Send(order, [(name, value)], "/en/desk/office/receipts/new");
        using var same = await On(tehsildar, "do", "sign");
        Assert.Equal(HttpStatusCode.Conflict, same.StatusCode);
        using var low = await On(naib, "do", "sign");
        Assert.Equal(HttpStatusCode.Forbidden, low.StatusCode);
        using var off = await On(clerk, "take-off", $"{spared}");
        Assert.Equal(HttpStatusCode.SeeOther, off.StatusCode);
        await site.Database.Execute("insert into office.archive (id, item, page_from, page_to, official, state, blob, at) values (gen_random_uuid(), @file, 1, 1, gen_random_uuid(), 'done', repeat('0', 64), now())", new { file });
        using var deputy = await site.Official(Offices.Deputy);
        var signs = await Task.WhenAll(On(deputy, "do", "sign"), On(deputy, "do", "sign"));
        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.Conflict], signs.Select(s => s.StatusCode).Order());

        Assert.Equal(HttpStatusCode.NotFound, (await tehsildar.GetAsync($"/en/desk/office/files/{file:N}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await tehsildar.GetAsync($"/en/desk/office/files/{spared:N}")).StatusCode);
        Assert.False(await site.Database.One<bool>("select exists (select from office.archive) or exists (select from office.page where item = @file and (layer is not null or text is not null))", new { file }));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from vault.subject_key where wrapped is not null and subject in (@file, @receipt)", new { file, receipt }));
        Assert.Equal([FileOpened.Kind, ReceiptPutInFile.Kind, FileClosed.Kind, FileRecorded.Kind, FileListed.Kind, FileWeeded.Kind], (await site.Database.Stream($"file/{file:N}")).Select(e => e.Kind));
        Assert.Contains(FileUnlisted.Kind, (await site.Database.Stream($"file/{spared:N}")).Select(e => e.Kind));
        Assert.Equal([RecordOrderMade.Kind, RecordOrderSigned.Kind], (await site.Database.Stream($"record-order/{Guid.Parse(order[^32..]):N}")).Select(e => e.Kind));
        Assert.Contains("TJ/Old/1", await clerk.Page(order), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transfer_MakesFilesTheArchives_AndReopeningTakesAFileOffItsList()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var ids = new List<Guid>();
        for (var n = 0; n < 2; n++)
        {
            ids.Add(await clerk.OpenFile(Offices.Clerk, $"TJ/Keep/{n}"));
            using var closed = await site.OnFile(clerk, ids[n], "close", ("retention", n == 0 ? "A" : "B"));
            using var recorded = await Records(tehsildar, ("record", $"{ids[n]}"));
        }

        using var made = await Records(clerk, ("do", "transfer"), ("file", $"{ids[0]}"), ("file", $"{ids[1]}"));
        var list = made.Headers.Location!.OriginalString;
        using var reopened = await site.OnFile(clerk, ids[1], "reopen");
        Assert.Equal(HttpStatusCode.SeeOther, reopened.StatusCode);
        using var signed = await tehsildar.Send(list, [("do", "sign")], "/en/desk/office/receipts/new");
        Assert.True(signed.StatusCode == HttpStatusCode.SeeOther, await signed.Content.ReadAsStringAsync());
        Assert.Equal(["transferred", "open"], await site.Database.Query<string>("select state from office.file order by number"));
        using var back = await site.OnFile(clerk, ids[0], "reopen");
        Assert.Equal(HttpStatusCode.Conflict, back.StatusCode);
        Assert.Contains("With the archive", await clerk.Page($"/en/desk/office/files/{ids[0]:N}"), StringComparison.Ordinal);
        Assert.Contains("TJ/Keep/0", await clerk.Page("/en/desk/office/records?shelf=transferred"), StringComparison.Ordinal);
        Assert.Equal(("T-2026-00001", "office.file-archived"), ((await site.Database.Stream($"file/{ids[0]:N}"))[^1].As<FileArchived>().Number, FileArchived.Kind));

        // The last one taken off withdraws a list.
        using var again = await site.OnFile(clerk, ids[1], "close", ("retention", "A"));
        using var shelved = await Records(tehsildar, ("record", $"{ids[1]}"));
        using var second = await Records(clerk, ("do", "transfer"), ("file", $"{ids[1]}"));
        using var off = await clerk.Send(second.Headers.Location!.OriginalString, [("take-off", $"{ids[1]}")], "/en/desk/office/receipts/new");
        Assert.Equal("withdrawn", await site.Database.One<string>("select state from office.record_order where number = 'T-2026-00002'"));
    }

    [Fact]
    public async Task Review_WhenDue_KeepsLonger_OrForEver_WithAReason_AndLongListsHavePages()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Rev/1");
        using var closed = await site.OnFile(clerk, file, "close", ("retention", "C-1"));
        using var recorded = await Records(tehsildar, ("record", $"{file}"));
        var path = $"/en/desk/office/records/{file:N}/review";
        async Task<string> Reviewed(HttpClient who, HttpStatusCode expected, params (string, string)[] fields)
        {
            using var answer = await who.Send(path, [.. fields, ("version", $"{await site.Database.One<long>("select version from office.file where id = @file", new { file })}")], "/en/desk/office/receipts/new");
            Assert.Equal(expected, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }

        await Reviewed(tehsildar, HttpStatusCode.Conflict, ("outcome", "extend"), ("until", "2030"), ("reason", "Court case"));
        await site.Database.Execute("update office.file set weed_on = date '2026-01-01', review_on = date '2026-01-01' where id = @file", new { file });
        Assert.Contains("TJ/Rev/1", await clerk.Page("/en/desk/office/records?shelf=due"), StringComparison.Ordinal);
        await Reviewed(clerk, HttpStatusCode.Forbidden, ("outcome", "extend"), ("until", "2030"), ("reason", "Court case"));
        var refused = await Reviewed(tehsildar, HttpStatusCode.UnprocessableEntity, ("outcome", "extend"), ("until", "2099"), ("reason", ""));
        Assert.Contains("at most 2037", refused, StringComparison.Ordinal);
        await Reviewed(tehsildar, HttpStatusCode.SeeOther, ("outcome", "extend"), ("until", "2030"), ("reason", "Court case runs"));
        Assert.Equal((new DateOnly(2030, 1, 1), "C-1"), await site.Database.One<(DateOnly, string)>("select weed_on, retention from office.file where id = @file", new { file }));
        await site.Database.Execute("update office.file set weed_on = date '2026-01-01', review_on = date '2026-01-01' where id = @file", new { file });
        Assert.Contains("Court case runs", await tehsildar.Page(path), StringComparison.Ordinal);
        await Reviewed(tehsildar, HttpStatusCode.SeeOther, ("outcome", "class"), ("retention", "B"), ("reason", "Shows how it was done"));
        Assert.True(await site.Database.One<bool>("select weed_on is null and retention = 'B' and review_on > date '2050-01-01' from office.file where id = @file", new { file }));
        Assert.Equal(["extended", "kept"], (await site.Database.Stream($"file/{file:N}")).Where(e => e.Kind == FileReviewed.Kind).Select(e => e.As<FileReviewed>().Outcome));
        Assert.DoesNotContain("Court", string.Concat(await site.Database.Query<string>("select body::text from journal.entry")), StringComparison.Ordinal);

        await site.Database.Execute("""
            insert into office.file (id, office, number, classification, urgency, state, holder, opened_on, opened_by, closed_on, retention, review_on, subject, scopes, moved_at, version)
            select gen_random_uuid(), office, 'TJ/Many/' || lpad(n::text, 3, '0'), classification, urgency, 'recorded', holder, opened_on, opened_by, closed_on, 'B', date '2060-01-01', subject, scopes, moved_at, 0 from office.file, generate_series(1, 230) n where id = @file
            """, new { file });
        Assert.DoesNotContain("TJ/Many/060", await clerk.Page("/en/desk/office/records"), StringComparison.Ordinal);
        Assert.Contains("TJ/Many/060", await clerk.Page("/en/desk/office/records?page=2"), StringComparison.Ordinal);
        Assert.Contains("TJ/Many/230", await clerk.Page("/en/desk/office/records?page=5"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C-3", "extend", "2030", null, "extended C-3 2030-01-01 2030-01-01")]
    [InlineData("C-3", "extend", "2031", null, "fault")]
    [InlineData("C-3", "extend", "2026", null, "fault")]
    [InlineData("A", "extend", "2030", null, "fault")]
    [InlineData("C-3", "class", null, "A", "kept A  2051-11-02")]
    [InlineData("C-3", "class", null, "C-5", "changed C-5 2025-01-01 2025-01-01")]
    [InlineData("C-3", "class", null, "X", "fault")]
    [InlineData("C-3", "weed", null, null, "fault")]
    public void Review_ComesTo(string retention, string outcome, string? until, string? wanted, string expected)
    {
        var (closed, today) = (new DateOnly(2019, 6, 15), new DateOnly(2026, 11, 2));
        var file = new FileRow { Retention = retention, ClosedOn = closed, WeedOn = Sahulat.Office.Record.Closing.WeedOn(retention, closed) };
        var decided = Reviewing.Decide(file, today, outcome, until, wanted);
        Assert.Equal(expected, decided.Ok ? $"{decided.Value.Outcome} {decided.Value.Retention} {decided.Value.Weed:yyyy-MM-dd} {decided.Value.Review:yyyy-MM-dd}" : "fault");
    }

    internal static Task<HttpResponseMessage> Records(HttpClient who, params (string, string)[] fields) => who.Send("/en/desk/office/records", fields, "/en/desk/office/receipts/new");
}
