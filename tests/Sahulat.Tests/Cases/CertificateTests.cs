using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Sahulat.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>From the approval to the paper in a stranger's hand.</summary>
[Trait("Category", "Browser")]
public sealed class CertificateTests(Cluster cluster)
{
    [Theory]
    [InlineData("ur", "رخسانہ احمد بھٹ", "غلام احمد بھٹ", "NotoNastaliqUrdu")]
    [InlineData("hi", "रुख़साना अहमद भट्ट", "ग़ुलाम अहमद भट्ट", "NotoSansDevanagari")]
    [InlineData("en", "Rukhsana Ahmad Bhat", "Ghulam Ahmad Bhat", "NotoSans")]
    public async Task Approved_PdfReadsInTheApplicantsLanguage_AndItsCodeVerifies(string lang, string name, string father, string font)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var reference = await site.Approve("9419055501", lang, new() { ["full_name"] = name, ["father_name"] = father });
        var (number, token) = await site.Issued(reference);
        using var citizen = await site.Citizen("9419055501");
        using var download = await citizen.GetAsync($"/{lang}/requests/{reference}/certificate");
        Assert.Equal("application/pdf", download.Content.Headers.ContentType?.MediaType);
        var pdf = await download.Content.ReadAsByteArrayAsync();
        using var folder = new Scratch($"certificate-{lang}");
        await File.WriteAllBytesAsync(folder["certificate.pdf"], pdf);

        var text = Letters(await Approved.Read("pdftotext", folder["certificate.pdf"], "-"));
        foreach (var expected in new[] { name, father, Reference.Show(number), Reference.Show(reference), "This is to certify that", "House 14, Lane 3" }) Assert.Contains(Letters(expected), text, StringComparison.Ordinal);
        var fonts = (await Approved.Read("pdffonts", folder["certificate.pdf"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.Contains(fonts, f => f.Contains(font, StringComparison.Ordinal));
        Assert.All(fonts, f => Assert.EndsWith("yes yes yes", string.Join(' ', f.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^2]), StringComparison.Ordinal));

        await Approved.Read("pdftoppm", "-r", "110", "-png", folder["certificate.pdf"], folder["certificate"]);
        var address = $"{site.Address.ToString().TrimEnd('/')}/{lang}/verify/{token}";
        Assert.Single(Directory.GetFiles(folder.Path, "*.png"));
        Assert.Equal(address, (await Approved.Read("zbarimg", "--quiet", "--raw", Directory.GetFiles(folder.Path, "*.png")[0])).Trim());

        using var anyone = site.Client();
        var verified = WebUtility.HtmlDecode(await anyone.GetStringAsync(address));
        Assert.Contains(name, verified, StringComparison.Ordinal);
        Assert.Contains("s-success", verified, StringComparison.Ordinal);
        var byFile = await Upload(anyone, pdf);
        Assert.Equal($"/en/verify/{token}", byFile.Headers.Location?.OriginalString);
        pdf[^20] ^= 1;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Upload(anyone, pdf)).StatusCode);
    }

    [Fact]
    public async Task Statement_IsSignedByThePublishedKey_AndHoldsNothingOfThePerson()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var reference = await site.Approve("9419055502", "en");
        var (number, token) = await site.Issued(reference);
        using var anyone = site.Client();
        var answer = JsonNode.Parse(await anyone.GetStringAsync($"/api/v1/certificates/{token}"))!;
        var parts = ((string)answer["statement"]!).Split('.');
        var keys = JsonNode.Parse(await anyone.GetStringAsync("/.well-known/sahulat-certificate-keys.json"))!["keys"]!.AsArray();
        var jwk = keys.Single(k => (string?)k!["kid"] == (string?)JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[0]))!["kid"])!;
        Assert.DoesNotContain("\"d\"", jwk.ToJsonString(), StringComparison.Ordinal);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = WebEncoders.Base64UrlDecode((string)jwk["x"]!), Y = WebEncoders.Base64UrlDecode((string)jwk["y"]!) } });
        bool Holds(string payload) => key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{payload}"), WebEncoders.Base64UrlDecode(parts[2]), HashAlgorithmName.SHA256);
        Assert.True(Holds(parts[1]));
        var statement = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(parts[1]));
        Assert.False(Holds(WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(statement.Replace("income", "domicile", StringComparison.Ordinal)))));

        var stated = JsonNode.Parse(statement)!;
        Assert.Equal((number, reference, "tehsil-office@tehsil-79", "2026-11-02", "2027-11-01"), ((string)stated["number"]!, (string)stated["reference"]!, (string)stated["office"]!, (string)stated["issuedOn"]!, (string)stated["validUntil"]!));
        using var citizen = await site.Citizen("9419055502");
        Assert.Equal((string)stated["pdfSha256"]!, Convert.ToHexStringLower(SHA256.HashData(await citizen.GetByteArrayAsync($"/en/requests/{reference}/certificate"))));
        Assert.DoesNotContain("Rukhsana", statement, StringComparison.Ordinal);
        Assert.Equal("Rukhsana Ahmad Bhat", (string?)answer["name"]);

        var journal = await site.Database.One<string>("select string_agg(body::text, ' ') from journal.entry where kind = 'case.certificate-issued'");
        Assert.Contains(number, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(token, journal, StringComparison.Ordinal);
        Assert.DoesNotContain("Rukhsana", journal, StringComparison.Ordinal);
        await Eventually.True(async () => WebUtility.HtmlDecode(await anyone.GetStringAsync("/en/outbox?mobile=9419055502")).Contains("is ready", StringComparison.Ordinal), "the applicant is told that it is ready");
    }

    [Fact]
    public async Task OthersGetNothing_AndANumberAloneShowsNoName()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var reference = await site.Approve("9419055503", "en");
        var (number, token) = await site.Issued(reference);
        using var neighbour = await site.Citizen("9419055504");
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync($"/en/requests/{reference}/certificate")).StatusCode);
        using var anyone = site.Client();
        Assert.Equal(HttpStatusCode.Found, (await anyone.GetAsync($"/en/requests/{reference}/certificate")).StatusCode);
        using var elsewhere = await site.Official(await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'tehsildar@%' and "UserName" <> 'tehsildar@tehsil-79' limit 1""") ?? "");
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync($"/en/desk/certificates/{number}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync($"/en/desk/certificates/{number}/pdf")).StatusCode);

        var shown = await anyone.Form("/en/verify", new() { ["number"] = Reference.Show(number).ToLowerInvariant() });
        var page = WebUtility.HtmlDecode(await shown.Content.ReadAsStringAsync());
        Assert.Contains("R••• A••• B•••", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Rukhsana", page, StringComparison.Ordinal);
        Assert.DoesNotContain(token, page, StringComparison.Ordinal);
        Assert.Equal($"/en/verify/{token}", (await anyone.Form("/en/verify", new() { ["number"] = $"https://example.org/ur/verify/{token}" })).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.Form("/en/verify", new() { ["number"] = "JC26-0000-0000-0" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.Form("/en/verify", new() { ["number"] = Reference.NewCertificate(new(2026, 11, 2), null) })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/ur/verify/AAAAAAAAAAAAAAAAAAAAAA")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/v1/certificates/AAAAAAAAAAAAAAAAAAAAAA")).StatusCode);
        HttpResponseMessage? last = null;
        for (var i = 0; i < 70 && last?.StatusCode != HttpStatusCode.TooManyRequests; i++) last = await anyone.Form("/en/verify", new() { ["number"] = "JC26-0000-0000-0" });
        Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
    }

    [Fact]
    public async Task AYearLater_IsExpired()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var (_, token) = await site.Issued(await site.Approve("9419055505", "en"));
        using var anyone = site.Client();
        site.Clock.Set(new DateTimeOffset(2027, 11, 1, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal("valid", (string?)JsonNode.Parse(await anyone.GetStringAsync($"/api/v1/certificates/{token}"))!["status"]);
        site.Clock.Set(new DateTimeOffset(2027, 11, 1, 18, 30, 0, TimeSpan.Zero));
        Assert.Equal("expired", (string?)JsonNode.Parse(await anyone.GetStringAsync($"/api/v1/certificates/{token}"))!["status"]);
        Assert.Contains("1 November 2027", await anyone.GetStringAsync($"/en/verify/{token}"), StringComparison.Ordinal);
    }

    /// <summary>Letters in their logical order: readers of PDF put spaces where Nastaliq's letters stand apart, and marks of direction around words.</summary>
    private static string Letters(string text) => new([.. text.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)]);

    private static async Task<HttpResponseMessage> Upload(HttpClient client, byte[] pdf)
    {
        var token = System.Text.RegularExpressions.Regex.Match(await client.GetStringAsync("/en/verify"), "name=\"_form\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new MultipartFormDataContent { { new StringContent(WebUtility.HtmlDecode(token)), "_form" }, { new ByteArrayContent(pdf), "file", "certificate.pdf" } };
        return await client.PostAsync("/en/verify", form);
    }
}

/// <summary>A folder that goes with its test.</summary>
internal sealed class Scratch(string name) : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sahulat-" + name).FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
