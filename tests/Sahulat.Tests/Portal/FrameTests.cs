using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Portal;

/// <summary>What every page keeps, seen without a browser.</summary>
public sealed partial class FrameTests(SharedEmptySite shared) : IClassFixture<SharedEmptySite>
{
    internal static readonly string[] Pages = ["", "/help", "/contact", "/privacy", "/terms", "/accessibility", "/translations", "/site-map", "/performance", "/proof", "/verify", "/track"];

    [Theory]
    [InlineData("hi-IN,en;q=0.8", null, "/hi")]
    [InlineData("fr", null, "/en")]
    [InlineData("en;q=0.4, ur;q=0.9", null, "/ur")]
    [InlineData("ur", "doi", "/doi")]
    [InlineData("", null, "/en")]
    public async Task Root_LeadsToTheReadersLanguage(string accepted, string? chosen, string target)
    {
        var site = shared.Site;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        if (chosen is not null) request.Headers.TryAddWithoutValidation("Cookie", $"lang={chosen}");
        using var client = site.Client();
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(target, answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task EveryPage_InEveryLanguage_KeepsTheFrame()
    {
        var site = shared.Site;
        using var client = site.Client();
        foreach (var lang in Lang.All)
        {
            var titles = new HashSet<string>();
            foreach (var page in Pages)
            {
                using var answer = await client.GetAsync($"/{lang.Code}{page}");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                var html = await answer.Content.ReadAsStringAsync();
                Assert.Contains($"<html lang=\"{lang.Code}\" dir=\"{lang.Direction}\"", html, StringComparison.Ordinal);
                Assert.Single(Heading().Matches(html));
                Assert.True(titles.Add(Title().Match(html).Groups[1].Value), $"the title of {page} is not its own in {lang.Code}");
                foreach (var other in Lang.All) Assert.Contains($"href=\"/{other.Code}{page}\" lang=\"{other.Code}\" hreflang=\"{other.Code}\"", html, StringComparison.Ordinal);
                Assert.DoesNotMatch(Inline(), html);
                Assert.Equal(TextCatalogue.StartsMachineMade(lang), html.Contains("s-machine", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task LanguageSwitch_KeepsPageAndQuery()
    {
        var site = shared.Site;
        using var client = site.Client();
        var html = await client.GetStringAsync("/ur/help?a=1&b=%D8%A7");
        Assert.Contains("href=\"/hi/help?a=1&amp;b=%D8%A7\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_TellsSoInTheLanguageAndKeepsTheAddress()
    {
        var site = shared.Site;
        using var client = site.Client();
        using var answer = await client.GetAsync("/ur/nowhere/at-all?x=1");
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("lang=\"ur\" dir=\"rtl\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/en/nowhere/at-all?x=1\"", html, StringComparison.Ordinal);
        using var unknown = await client.GetAsync("/xx/help");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task ApiRefusal_IsAProblemInTheLanguageAsked()
    {
        var site = shared.Site;
        using var client = site.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/nowhere");
        request.Headers.Add("Accept-Language", "ur, en;q=0.5");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("ur", Assert.Single(answer.Content.Headers.ContentLanguage));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("not-found", body.RootElement.GetProperty("code").GetString());
        Assert.Equal(404, body.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(TextTests.Catalogue.In(Lang.Ur)["problem.not-found"], body.RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Headers_LetNothingInFromElsewhere()
    {
        var site = shared.Site;
        using var client = site.Client();
        foreach (var path in new[] { "/en", "/en/nowhere", "/api/v1/nowhere" })
        {
            using var answer = await client.GetAsync(path);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    /// <summary>First visit: page, style sheet, script and fonts as they travel (kB of 1000 bytes).</summary>
    [Theory]
    [InlineData("en", 30)]
    [InlineData("hi", 125)]
    [InlineData("doi", 125)]
    [InlineData("ur", 170)]
    [InlineData("ks", 170)]
    public async Task FirstVisit_KeepsItsBudget(string code, int most)
    {
        var site = shared.Site;
        using var client = site.Client();
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        var total = 0;
        foreach (var page in Pages)
        {
            var size = (await client.GetByteArrayAsync($"/{code}{page}")).Length;
            Assert.True(size <= 10_000, $"{page} is {size} bytes");
            total = Math.Max(total, size);
        }

        var html = Plain(await client.GetByteArrayAsync($"/{code}"));
        foreach (var asset in AssetPath().Matches(html).Select(m => m.Groups[1].Value).Distinct())
        {
            using var answer = await client.GetAsync(asset);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            var limit = asset.StartsWith("/css/", StringComparison.Ordinal) ? 15_000 : 10_000;
            Assert.True(bytes.Length <= limit, $"{asset} is {bytes.Length} bytes");
            total += bytes.Length;
        }

        foreach (var font in Fonts(code)) total += FontTests.Asset($"assets/fonts/{font}").Length;
        Assert.True(total <= most * 1000, $"a first visit in {code} takes {total} bytes");
    }

    private static string[] Fonts(string code) => code switch
    {
        "en" => ["names-arab", "names-deva"],
        "hi" or "doi" => ["deva-400", "deva-700", "names-arab"],
        _ => ["nastaliq-400", "naskh-400", "names-deva"],
    };

    private static string Plain(byte[] compressed)
    {
        using var reader = new StreamReader(new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    [GeneratedRegex("<h1[ >]")]
    private static partial Regex Heading();

    [GeneratedRegex("<title>([^<]+)</title>")]
    private static partial Regex Title();

    [GeneratedRegex("<script(?![^>]* src=)|<style|\\son[a-z]+=\"|\\sstyle=\"")]
    private static partial Regex Inline();

    [GeneratedRegex("(?:href|src)=\"(/(?:css|js|assets)/[^\"]+)\"")]
    private static partial Regex AssetPath();
}
