using System.Net;
using System.Text.Json.Nodes;
using Sahulat.Cases;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>A certificate that should not stand any more.</summary>
[Trait("Category", "Browser")]
public sealed class RevokeTests(Cluster cluster)
{
    [Fact]
    public async Task Revoked_IsSeenAtOnce_AndReissuedCorrected()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var reference = await site.Approve("9419066601", "en");
        var (number, token) = await site.Issued(reference);
        var path = $"/en/desk/certificates/{number}";
        using var anyone = site.Client();
        using var officer = await site.Official("tehsildar@tehsil-79");
        Assert.Contains(Reference.Show(number), await officer.GetStringAsync($"/en/desk/cases/{reference}"), StringComparison.Ordinal);
        Assert.Equal("application/pdf", (await officer.GetAsync($"{path}/pdf")).Content.Headers.ContentType?.MediaType);

        var empty = await officer.Form(path, new() { ["do"] = "revoke", ["reason"] = "", ["text"] = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        var early = await officer.Form(path, new() { ["do"] = "reissue" });
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Equal("valid", await Status(anyone, token));

        var fields = new Dictionary<string, string> { ["do"] = "revoke", ["reason"] = "wrong-details", ["text"] = "The name of the father was misspelt." };
        Assert.Equal(HttpStatusCode.SeeOther, (await officer.Form(path, new(fields))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await officer.Form(path, new(fields))).StatusCode);
        Assert.Equal("revoked", await Status(anyone, token));
        var seen = WebUtility.HtmlDecode(await anyone.GetStringAsync($"/en/verify/{token}"));
        Assert.Contains("the details were wrong", seen, StringComparison.Ordinal);
        Assert.Contains("2 November 2026", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("misspelt", seen, StringComparison.Ordinal);
        Assert.Contains("misspelt", await officer.GetStringAsync(path), StringComparison.Ordinal);
        using var citizen = await site.Citizen("9419066601");
        Assert.Equal(HttpStatusCode.Gone, (await citizen.GetAsync($"/en/requests/{reference}/certificate")).StatusCode);

        var corrected = await officer.Form(path, new() { ["do"] = "reissue", ["c_full_name"] = "Rukhsana Ahmad Bhat", ["c_father_name"] = "Ghulam Mohammad Bhat", ["c_address"] = "House 14, Lane 3", ["c_financial_year"] = "2025-26", ["c_family_income"] = "96000" });
        Assert.True(corrected.StatusCode == HttpStatusCode.SeeOther, await corrected.Content.ReadAsStringAsync());
        var (next, nextToken) = await site.Issued(reference, 2);
        Assert.NotEqual(number, next);
        Assert.Equal(HttpStatusCode.Conflict, (await officer.Form(path, new() { ["do"] = "reissue", ["c_full_name"] = "Again" }, $"/en/desk/certificates/{next}")).StatusCode);
        using var folder = new Scratch("reissued");
        await File.WriteAllBytesAsync(folder["c.pdf"], await citizen.GetByteArrayAsync($"/en/requests/{reference}/certificate"));
        var text = (await Approved.Read("pdftotext", "-raw", folder["c.pdf"], "-")).ReplaceLineEndings(" ");
        Assert.Contains("Ghulam Mohammad Bhat", text, StringComparison.Ordinal);
        Assert.Contains(Reference.Show(number), text, StringComparison.Ordinal);
        var after = JsonNode.Parse(await anyone.GetStringAsync($"/api/v1/certificates/{nextToken}"))!;
        Assert.Equal(("valid", number), ((string)after["status"]!, (string)after["replaces"]!));
        Assert.Contains(Reference.Show(next), await anyone.GetStringAsync($"/en/verify/{token}"), StringComparison.Ordinal);

        Assert.Equal(["case.certificate-issued", "case.certificate-revoked", "case.certificate-issued"], await site.Database.Query<string>("select kind from journal.entry where kind like 'case.certificate-%' order by position"));
        Assert.Equal(await site.Database.One<long>("""select version from cases."case" where reference = @reference""", new { reference }), await site.Database.One<long>("""select s.version from journal.stream s join cases."case" c on s.stream = 'case/' || replace(c.id::text, '-', '') where c.reference = @reference""", new { reference }));
        await site.CatchUp();
        await Eventually.True(async () => WebUtility.HtmlDecode(await anyone.GetStringAsync("/en/outbox?mobile=9419066601")).Contains($"Certificate {Reference.Show(number)} for", StringComparison.Ordinal), "the applicant is told");
    }

    [Fact]
    public async Task SentBackOnAppeal_ItStandsNoLonger_AndTheNextApprovalReplacesIt()
    {
        await using var site = await Appealing.Site(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome("9419066603");
        await site.Bring(reference, Desks.Tehsildar);
        await site.Lapse(80);
        var appeal = await site.AppealOf(reference);
        await site.Approve(reference);
        var (number, token) = await site.Issued(reference);
        using var authority = await site.Official(appeal.Post);
        using var ordered = await authority.Order(site, appeal.Reference, "allowed", Appealing.Date("remand", Ist.Today(site.Clock).AddDays(10)));
        Assert.True(ordered.StatusCode == HttpStatusCode.SeeOther, await ordered.Content.ReadAsStringAsync());
        await site.CatchUp();
        using var anyone = site.Client();
        Assert.Equal("revoked", await Status(anyone, token));
        Assert.Contains("set aside on appeal", await anyone.GetStringAsync($"/en/verify/{token}"), StringComparison.Ordinal);

        await site.Approve(reference);
        var (next, nextToken) = await site.Issued(reference, 2);
        var after = JsonNode.Parse(await anyone.GetStringAsync($"/api/v1/certificates/{nextToken}"))!;
        Assert.Equal(("valid", number), ((string)after["status"]!, (string)after["replaces"]!));
        Assert.Contains(Reference.Show(next), await anyone.GetStringAsync($"/en/verify/{token}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deputy-commissioner@district-5", true)]
    [InlineData("naib-tehsildar@tehsil-79", false)]
    public async Task OnlyTheDecidingLine_MayRevoke(string post, bool may)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var (number, token) = await site.Issued(await site.Approve("9419066602", "en"));
        using var official = await site.Official(post);
        var answer = await official.Form($"/en/desk/certificates/{number}", new() { ["do"] = "revoke", ["reason"] = "court-order", ["text"] = "Order 12 of the High Court." }, "/en/desk");
        Assert.Equal(may ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden, answer.StatusCode);
        using var anyone = site.Client();
        Assert.Equal(may ? "revoked" : "valid", await Status(anyone, token));
    }

    private static async Task<string?> Status(HttpClient client, string token) => (string?)JsonNode.Parse(await client.GetStringAsync($"/api/v1/certificates/{token}"))!["status"];
}
