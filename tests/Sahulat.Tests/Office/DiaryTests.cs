using System.Net;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Numbers of files, and what the diary does with a letter.</summary>
public sealed class DiaryTests(Cluster cluster)
{
    [Fact]
    public async Task Files_AreNumberedBySubjectHead_VolumesAndPartsKeepTheNumber()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        using var junior = await clerk.Form("/en/desk/office/files/new", new() { ["do"] = "head", ["head_code"] = "A-11011", ["head_name"] = "Establishment" });
        Assert.Equal(HttpStatusCode.Forbidden, junior.StatusCode);
        using var wrong = await tehsildar.Form("/en/desk/office/files/new", new() { ["do"] = "head", ["head_code"] = "A-11111", ["head_name"] = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        foreach (var name in new[] { "Establishment", "Establishment and posting" })
        {
            using var added = await tehsildar.Form("/en/desk/office/files/new", new() { ["do"] = "head", ["head_code"] = "A-11011", ["head_name"] = name });
            Assert.Equal(HttpStatusCode.SeeOther, added.StatusCode);
        }

        var department = await site.Database.One<string>("select department from office.subject_head");
        Assert.Equal([true, false], (await site.Database.Stream($"subject-heads/{department}")).Select(e => e.As<SubjectHeadSet>().Added));
        var files = new List<Guid>();
        foreach (var section in new[] { "Estt", "Estt", "Rev" })
        {
            using var opened = await clerk.Form("/en/desk/office/files/new", new() { ["do"] = "open", ["head"] = "A-11011", ["section"] = section, ["subject"] = "Leave", ["classification"] = "confidential", ["urgency"] = "normal", ["post"] = Offices.Clerk });
            Assert.Equal(HttpStatusCode.SeeOther, opened.StatusCode);
            files.Add(Offices.Id(opened));
        }

        foreach (var act in new[] { "volume", "part", "part" })
        {
            using var further = await clerk.Form($"/en/desk/office/files/new?main={files[0]:N}", new() { ["do"] = act, ["subject"] = "Leave, further", ["classification"] = "normal", ["urgency"] = "normal", ["post"] = Offices.Clerk });
            Assert.Equal(HttpStatusCode.SeeOther, further.StatusCode);
        }

        Assert.Equal([("A-11011/1/2026-Estt", 1, 0), ("A-11011/1/2026-Estt", 1, 1), ("A-11011/1/2026-Estt", 1, 2), ("A-11011/1/2026-Estt", 2, 0), ("A-11011/1/2026-Rev", 1, 0), ("A-11011/2/2026-Estt", 1, 0)],
            await site.Database.Query<(string, int, int)>("select number, volume, part from office.file order by number, volume, part"));
        // As secret as the file to which they belong, whatever the form said; each is listed with the others.
        Assert.Equal("confidential", await site.Database.One<string>("select string_agg(distinct classification, ',') from office.file"));
        var page = await clerk.Page($"/en/desk/office/files/{files[0]:N}");
        foreach (var shown in new[] { "A-11011/1/2026-Estt Vol. 2", "A-11011/1/2026-Estt Part 1", "A-11011/1/2026-Estt Part 2" }) Assert.Contains(shown, page, StringComparison.Ordinal);
        using var taken = await clerk.Form("/en/desk/office/files/new", new() { ["do"] = "open", ["number"] = "A-11011/2/2026-Estt", ["subject"] = "Leave", ["classification"] = "normal", ["urgency"] = "normal", ["post"] = Offices.Clerk });
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
    }

    [Fact]
    public async Task Letter_IsAcknowledgedToItsSendersMobileOnce_AndKnownAgainByNumberAndSender()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var first = await clerk.Diarise(Offices.Clerk, more: [("mobile", "94190 12377"), ("their_number", "DC/Jmu/417 of 2026"), ("sender", "Ghulam  Nabi")]);
        var path = $"/en/desk/office/receipts/{first:N}";
        async Task<HttpStatusCode> Acknowledge(long version)
        {
            using var answer = await clerk.Form(path, new() { ["do"] = "acknowledge", ["version"] = $"{version}" });
            return answer.StatusCode;
        }

        var version = await site.Database.One<long>("select version from office.receipt");
        Assert.Equal(HttpStatusCode.SeeOther, await Acknowledge(version));
        Assert.Equal(HttpStatusCode.Conflict, await Acknowledge(version));
        Assert.Equal(new DateOnly(2026, 11, 2), await site.Database.One<DateOnly>("select acknowledged_on from office.receipt"));
        await site.CatchUp();
        using var sender = site.Client();
        var outbox = "";
        await Eventually.True(async () => (outbox = WebUtility.HtmlDecode(await sender.GetStringAsync("/en/outbox?mobile=9419012377"))).Contains("R-2026-00001", StringComparison.Ordinal), "the acknowledgement goes out");
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(outbox, "R-2026-00001"));

        // Written in another way, the number and the sender are the same; another sender's is another letter.
        var again = await clerk.Diarise(Offices.Clerk, more: [("their_number", "dc/jmu/417  OF 2026"), ("sender", "ghulam nabi")]);
        var other = await clerk.Diarise(Offices.Clerk, more: [("their_number", "DC/Jmu/417 of 2026"), ("sender", "Abdul Rahim")]);
        Assert.Equal(first, await site.Database.One<Guid?>("select duplicate_of from office.receipt where id = @again", new { again }));
        Assert.Null(await site.Database.One<Guid?>("select duplicate_of from office.receipt where id = @other", new { other }));
        Assert.Contains("R-2026-00001", await clerk.Page($"/en/desk/office/receipts/{again:N}"), StringComparison.Ordinal);
    }
}
