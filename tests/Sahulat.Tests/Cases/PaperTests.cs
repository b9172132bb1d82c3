using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>Hostile files at the door of papers, over the API and from a page.</summary>
public sealed class PaperTests(Cluster cluster, SharedLoadedSite shared) : IClassFixture<SharedLoadedSite>
{
    private static readonly string Small = Encoding.Latin1.GetString(Filed.Pdf("small"));

    public static TheoryData<string, string, string> Bad => new()
    {
        { "empty", "", "file-empty" },
        { "text called pdf", "hello", "file-wrong-type" },
        { "a program", "MZ\u0090\0\u0003" + new string('\0', 200), "file-wrong-type" },
        { "html", "<html><script>alert(1)</script></html>", "file-wrong-type" },
        { "svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file-wrong-type" },
        { "cut off pdf", Small[..^20], "file-cut-off" },
        { "script in pdf", Small.Replace("/Type /Catalog", "/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", StringComparison.Ordinal), "file-unsafe" },
        { "script by escaped name", Small.Replace("/Type /Catalog", "/Type /Catalog /AA << /O << /S /J#61vaScript /J#53 (1) >> >>", StringComparison.Ordinal), "file-unsafe" },
        { "encrypted pdf", Small.Replace("trailer <<", "trailer << /Encrypt 9 0 R", StringComparison.Ordinal), "file-encrypted" },
        { "launching pdf", Small.Replace("/Type /Catalog", "/Type /Catalog /OpenAction << /S /Launch /F (cmd.exe) >>", StringComparison.Ordinal), "file-unsafe" },
        { "file inside pdf", Small.Replace("/Type /Catalog", "/Type /Catalog /Names << /EmbeddedFiles 9 0 R >> /X << /Type /EmbeddedFile >>", StringComparison.Ordinal), "file-unsafe" },
        { "bomb packed twice", Small.Replace("<< /Length", "<< /Filter [/FlateDecode /FlateDecode] /Length", StringComparison.Ordinal), "file-unsafe" },
        { "picture of ten billion points", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\u0001\u0086\u00a0\0\u0001\u0086\u00a0\b\u0002\0\0\0\0\0\0\0" + new string('\0', 30), "file-unsafe" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Post_BadFile_IsRefusedByItsContent(string what, string content, string code)
    {
        var site = shared.Site;
        using var system = await site.System();
        Task<long> Kept() => site.Database.One<long>("select (select count(*) from cases.document) + (select count(*) from access.citizen)");
        var before = await Kept();
        using var answer = await system.Send("9419012345", Encoding.Latin1.GetBytes(content), "identity.pdf");
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{what}: {body}");
        Assert.Equal(code, (string?)body["errors"]![0]!["code"]);
        Assert.Equal(before, await Kept());
    }

    /// <summary>One stream, packed once, that would fill 200 MB.</summary>
    [Fact]
    public async Task Post_PdfBomb_IsRefused()
    {
        var site = shared.Site;
        using var system = await site.System();
        using var packed = new MemoryStream();
        await using (var zip = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++) await zip.WriteAsync(zeros, TestContext.Current.CancellationToken);
        }

        var bomb = Small.Replace("4 0 obj", $"9 0 obj\n<< /Filter /FlateDecode /Length {packed.Length} >>\nstream\n{Encoding.Latin1.GetString(packed.ToArray())}\nendstream\nendobj\n4 0 obj", StringComparison.Ordinal);
        using var answer = await system.Send("9419012345", Encoding.Latin1.GetBytes(bomb));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("file-unsafe", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_HundredMegabytes_IsRefused_AndTheNodeGoesOn()
    {
        var site = shared.Site;
        using var system = await site.System();
        using var form = new MultipartFormDataContent { { new StringContent("9419012345"), "mobile" }, { new ByteArrayContent(new byte[100 * 1024 * 1024]), "file", "huge.pdf" } };
        try
        {
            using var answer = await system.PostAsync("/api/v1/papers", form);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            Assert.Equal("too-large", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
        }
        catch (HttpRequestException)
        {
            // The server answered and closed while the client was still sending.
        }

        Assert.Equal(HttpStatusCode.Created, (await system.Send("9419012345", Filed.Pdf("fine"))).StatusCode);
        Assert.Equal(1, await site.Database.One<long>("select count(*) from cases.document"));
    }

    [Fact]
    public async Task Post_ManyFaults_AreAllNamed()
    {
        var site = shared.Site;
        using var system = await site.System();
        using var form = new MultipartFormDataContent { { new StringContent("12"), "mobile" }, { new StringContent("x"), "extra" } };
        using var answer = await system.PostAsync("/api/v1/papers", form);
        var pointers = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray().Select(e => (string)e!["pointer"]!).Order(StringComparer.Ordinal);
        Assert.Equal(["/extra", "/file", "/mobile"], pointers);
        using var broken = new StringContent("--x\r\nnot multipart");
        broken.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.Equal(HttpStatusCode.BadRequest, (await system.PostAsync("/api/v1/papers", broken)).StatusCode);
        using var nobody = site.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.Send("9419012345", Filed.Pdf("x"))).StatusCode);
    }

    [Fact]
    public async Task Paper_IsSealedAtRest()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        using var answer = await system.Send("9419012345", Filed.Pdf("Rukhsana Ahmad Bhat"), "Rukhsana.pdf");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var found = Directory.EnumerateFiles(cluster.KeyFolder, "*", SearchOption.AllDirectories).Any(f => File.ReadAllBytes(f).AsSpan().IndexOf("Rukhsana Ahmad"u8) >= 0);
        Assert.False(found);
        Assert.False(await site.Database.One<bool>("select exists (select from cases.document where position('Rukhsana'::bytea in name) > 0)"));
    }
}
