using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Orders signed by a key in a token and by an eSign provider; poppler's pdfsig says whether the signature holds.</summary>
public sealed class SigningTests(Cluster cluster)
{
    [Fact, Trait("Category", "Browser")]
    public async Task KeyInAToken_SignsByRsaAndEcdsa_ATamperedFileFails_AnExpiredCertificateIsNamed()
    {
        var now = TestSite.Begins;
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsaCertificate = new CertificateRequest("CN=Tehsildar of the token", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(365));
        using var ecCertificate = new CertificateRequest("CN=Naib of the token", ec, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(365));
        await SoftToken.Hold(Desks.Tehsildar, rsa, rsaCertificate);
        await SoftToken.Hold(Desks.Naib, ec, ecCertificate);
        var settings = new Dictionary<string, string?> { ["Sahulat:Token:Module"] = SoftToken.Module, ["Sahulat:Token:Pin"] = SoftToken.Pin };
        await using (var site = await Desks.Start(cluster, settings))
        {
            foreach (var (post, certificate, name) in new[] { (Desks.Tehsildar, rsaCertificate, "Tehsildar of the token"), (Desks.Naib, ecCertificate, "Naib of the token") })
            {
                using var officer = await site.Official(post);
                using var signed = await officer.Form(await Approved(site, officer, post), new() { ["do"] = "sign" });
                Assert.True(signed.StatusCode == HttpStatusCode.SeeOther, await signed.Content.ReadAsStringAsync());
                var path = await Paper(site, officer, post);
                var said = await Offices.Run("pdfsig", path);
                Assert.Contains("Signature is Valid.", said, StringComparison.Ordinal);
                Assert.Contains(name, said, StringComparison.Ordinal);
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)), (await Signed(site, post)).Certificate);
                var bytes = await File.ReadAllBytesAsync(path);
                bytes[300] ^= 1;
                await File.WriteAllBytesAsync(path, bytes);
                Assert.Contains("Digest Mismatch", await Offices.Run("pdfsig", path), StringComparison.Ordinal);
            }

            // Who has no key there signs with a soft key.
            Assert.Equal(0, await site.Database.One<int>("select count(*)::int from office.signer"));
            using var clerk = await site.Official(Offices.Clerk);
            Assert.Equal(HttpStatusCode.SeeOther, (await clerk.Form(await Approved(site, clerk, Offices.Clerk), new() { ["do"] = "sign" })).StatusCode);
            Assert.Equal(1, await site.Database.One<int>("select count(*)::int from office.signer"));

            site.Clock.Advance(TimeSpan.FromDays(366));
            using var late = await site.Official(Desks.Tehsildar);
            using var expired = await late.Form(await Approved(site, late, Desks.Tehsildar, "TJ/Late/1"), new() { ["do"] = "sign" });
            Assert.Equal(HttpStatusCode.Conflict, expired.StatusCode);
            Assert.Contains("has expired", await expired.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        settings["Sahulat:Token:Pin"] = "0000";
        await using var locked = await Desks.Start(cluster, settings);
        using var tehsildar = await locked.Official(Desks.Tehsildar);
        using var away = await tehsildar.Form(await Approved(locked, tehsildar, Desks.Tehsildar), new() { ["do"] = "sign" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Equal("approved", await locked.Database.One<string>("select state from office.draft"));
    }

    [Fact, Trait("Category", "Browser")]
    public async Task ESign_IsBelievedByItsSignatureOnly_AndOnce()
    {
        var provider = new Provider(Directory.CreateTempSubdirectory("sahulat-esign-").FullName, TestSite.Begins);
        await using var site = await Desks.Start(cluster, provider.Settings);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var draft = await Approved(site, tehsildar, Desks.Tehsildar);
        using var person = provider.Issue("CN=Lateef Bhat", provider.Root, 1);
        var asked = Provider.Asked(await Ask(tehsildar, draft));
        Assert.Equal($"{site.Address}en/desk/office/esign", asked.GetAttribute("responseUrl"));

        // Forged, changed, of a stranger, expired, refused: named, and nothing is signed.
        using var stranger = provider.Issue("CN=Stranger", null, 30);
        using var past = provider.Issue("CN=Lateef Bhat", provider.Root, -0.5);
        Assert.Equal(HttpStatusCode.BadRequest, (await Bring(site, provider.Answer(asked, person, by: stranger))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Bring(site, provider.Answer(asked, person).Replace("resCode=\"1\"", "resCode=\"2\"", StringComparison.Ordinal))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Bring(site, "<!DOCTYPE x [<!ENTITY e \"e\">]><EsignResp>&e;</EsignResp>")).StatusCode);
        Assert.EndsWith("?esign=office-esign-bad", (await Bring(site, provider.Answer(asked, stranger))).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("?esign=office-certificate-expired", (await Bring(site, provider.Answer(asked, past))).Headers.Location!.ToString(), StringComparison.Ordinal);
        var refused = await Bring(site, provider.Answer(asked, person, status: "0"));
        Assert.EndsWith("?esign=office-esign-refused", refused.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Nothing was signed", await (await tehsildar.GetAsync(refused.Headers.Location)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("approved", await site.Database.One<string>("select state from office.draft"));

        // Again, with the same issue number; the response comes without a session, and twice.
        var again = provider.Answer(Provider.Asked(await Ask(tehsildar, draft)), person);
        foreach (var _ in new[] { 1, 2 }) Assert.Equal($"/en/desk/office/drafts/{Guid.Parse(draft[^32..]):N}", (await Bring(site, again)).Headers.Location!.ToString());
        var path = await Paper(site, tehsildar, Desks.Tehsildar);
        var said = await Offices.Run("pdfsig", path);
        Assert.Contains("Signature is Valid.", said, StringComparison.Ordinal);
        Assert.Contains("Lateef Bhat", said, StringComparison.Ordinal);
        Assert.Equal(("2026-00001", 1), await site.Database.One<(string, int)>("select number, (select count(*)::int from office.paper) from office.draft"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(person.RawData)), (await Signed(site, Desks.Tehsildar)).Certificate);
    }

    private static async Task<string> Ask(HttpClient officer, string draft)
    {
        using var answer = await officer.Form(draft, new() { ["do"] = "esign" });
        var page = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, page);
        Assert.Contains("form-action 'self' https://esign.example.in", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        return page;
    }

    private static async Task<HttpResponseMessage> Bring(TestSite site, string response)
    {
        using var browser = site.Client();
        return await browser.PostAsync("/en/desk/office/esign", new FormUrlEncodedContent([KeyValuePair.Create("eSignResponse", response)]));
    }

    /// <returns>The page of an approved draft.</returns>
    private static async Task<string> Approved(TestSite site, HttpClient officer, string post, string? number = null)
    {
        var file = await officer.OpenFile(post, number ?? $"TJ/{post.Split('@')[0]}/1");
        using var written = await officer.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "order", ["in"] = "en", ["to"] = "All patwaris", ["subject"] = "Records", ["body"] = "Records are to be scanned." });
        var draft = $"/en/desk/office/drafts/{Offices.Id(written):N}";
        Task<HttpResponseMessage> Approve(HttpClient who) => who.Form(draft, new() { ["do"] = "approve", ["version"] = "1" });
        if (post == Desks.Tehsildar)
        {
            Assert.Equal(HttpStatusCode.SeeOther, (await Approve(officer)).StatusCode);
            return draft;
        }

        // Who wrote it does not approve it, unless he heads the office.
        var refused = await Approve(officer);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("does not approve it", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        using var sent = await site.OnFile(officer, file, "send", ("to", Desks.Tehsildar));
        Assert.Equal(HttpStatusCode.SeeOther, (await Approve(tehsildar)).StatusCode);
        using var back = await site.OnFile(tehsildar, file, "return");
        return draft;
    }

    private async Task<string> Paper(TestSite site, HttpClient officer, string post)
    {
        var paper = await site.Database.One<Guid>("select paper from office.draft where signed_by = @post", new { post });
        var path = Path.Combine(cluster.Folder, $"{paper:N}.pdf");
        await File.WriteAllBytesAsync(path, await officer.GetByteArrayAsync($"/en/desk/office/papers/{paper:N}/content"));
        return path;
    }

    private static async Task<DraftSigned> Signed(TestSite site, string post)
    {
        var file = await site.Database.One<Guid>("select file_id from office.draft where signed_by = @post", new { post });
        return (await site.Database.Stream($"file/{file:N}")).Single(e => e.Kind == DraftSigned.Kind).As<DraftSigned>();
    }
}
