using System.Net;
using Sahulat.Office.Register;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>The books of an office: what went out and what came in.</summary>
public sealed class RegisterTests(Cluster cluster)
{
    [Fact, Trait("Category", "Browser")]
    public async Task Registers_AreFiltered_Paged_Saved_AndOpenOnlyWhatMayBeSeen()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        using var deputy = await site.Official(Offices.Deputy);
        var secret = await clerk.Diarise(Offices.Clerk, "Zaffrani matter", more: ("classification", "secret"));
        await clerk.Diarise(Offices.Clerk, "=HYPERLINK(1)");
        var file = await tehsildar.OpenFile(Desks.Tehsildar, "TJ/Sec/9", classification: "secret");
        using var written = await tehsildar.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "order", ["in"] = "en", ["to"] = "Zaffrani Khan", ["subject"] = "B", ["body"] = "C" });
        var draft = $"/en/desk/office/drafts/{Offices.Id(written):N}";
        foreach (var (act, fields) in new[] { ("approve", new Dictionary<string, string> { ["version"] = "1" }), ("sign", []), ("dispatch", new() { ["way"] = "post", ["way_to"] = "RL 77" }) })
        {
            fields["do"] = act;
            using var done = await tehsildar.Form(draft, fields);
            Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        }

        // Its own post sees to whom; the office sees that there was a letter.
        Assert.Contains("Zaffrani Khan", await tehsildar.Page("/en/desk/office/dispatched"), StringComparison.Ordinal);
        foreach (var (who, query) in new[] { (clerk, ""), (deputy, "?office=tehsil-office@tehsil-79"), (clerk, "?as=print"), (clerk, "?as=csv") })
        {
            var page = await who.Page($"/en/desk/office/dispatched{query}");
            Assert.Contains("RL 77", page, StringComparison.Ordinal);
            Assert.Contains("not shown to you", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Zaffrani", page, StringComparison.Ordinal);
        }

        foreach (var (query, there) in new[] { ("?kind=post", true), ("?kind=email", false), ("?from=2026-11-02&to=2026-11-02", true), ("?to=2026-11-01", false), ("?from=2026-11-03", false), ("?state=failed", false), ("?kind=x%27", false), ("?page=99999", false) })
            Assert.Equal(there, (await clerk.Page($"/en/desk/office/dispatched{query}")).Contains("RL 77", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await clerk.GetAsync("/en/desk/office/dispatched?from=yesterday")).StatusCode);
        foreach (var other in new[] { "dc-office@district-5", "tehsil-office@tehsil-80", "nothing" })
            foreach (var book in new[] { "dispatched", "diary" })
                Assert.Equal(HttpStatusCode.NotFound, (await clerk.GetAsync($"/en/desk/office/{book}?office={other}")).StatusCode);

        Assert.Contains("Zaffrani", await clerk.Page("/en/desk/office/diary"), StringComparison.Ordinal);
        Assert.DoesNotContain("Zaffrani", await tehsildar.Page("/en/desk/office/diary"), StringComparison.Ordinal);
        using var saved = await clerk.GetAsync("/en/desk/office/diary?as=csv&kind=hand");
        Assert.Equal("text/csv", saved.Content.Headers.ContentType!.MediaType);
        var csv = await saved.Content.ReadAsStringAsync();
        Assert.Contains("\"'=HYPERLINK(1)\"", csv, StringComparison.Ordinal);
        Assert.Equal(3, csv.Trim().Split("\r\n").Length);

        // A full book turns its pages.
        await site.Database.Execute("""
            insert into office.receipt (id, office, number, mode, lang, classification, urgency, state, holder, received_on, details, scopes, moved_at, version)
            select gen_random_uuid(), office, 'X-' || n, mode, lang, classification, urgency, state, holder, date '2026-10-01', details, '{}', moved_at, version from office.receipt, generate_series(1, 120) n where id = @secret
            """, new { secret });
        Assert.Contains($"page=2", await clerk.Page("/en/desk/office/diary"), StringComparison.Ordinal);
        Assert.Equal(122 - (2 * Registers.PageSize), (await clerk.Page("/en/desk/office/diary?page=3")).Split("data-row").Length - 1);
        Assert.Equal(122, (await clerk.Page("/en/desk/office/diary?as=print")).Split("data-row").Length - 1);
    }
}
