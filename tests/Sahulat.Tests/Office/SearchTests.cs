using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Office;
using Sahulat.Office.Find;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Search in contents: the newest of what one may see, whatever lies between, and nothing else.</summary>
public sealed partial class SearchTests(Cluster cluster)
{
    private const string Elsewhere = "tehsildar@tehsil-6805";

    [Fact]
    public async Task Hits_AreTheNewestOfWhatOneSees_HoweverManyThereAreOfOthers()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var other = await site.Official(Elsewhere);
        using var deputy = await site.Official(Offices.Deputy);
        await Take(site, Offices.Clerk, "TJ/Early/1", 30, "zafran");
        await Take(site, Elsewhere, "TX/Many/1", 2500, "zafran");
        await Take(site, Offices.Clerk, "TJ/Late/1", 5, "kesar");

        Assert.Equal(Enumerable.Range(11, 20).Reverse().Select(n => ("TJ/Early/1", n)), await Found(clerk, "zafran"));
        Assert.Equal(Enumerable.Range(2481, 20).Reverse().Select(n => ("TX/Many/1", n)), await Found(other, "zafran"));
        // Both words together, of which each alone is frequent; a number that only one page has.
        Assert.Equal([("TJ/Early/1", 7)], await Found(clerk, "zafran paragraph7"));
        Assert.Equal([("TX/Many/1", 1234)], await Found(other, "Zafran PARAGRAPH1234"));
        Assert.Empty(await Found(clerk, "zafran paragraph31"));
        // The newest in front of both; five are not enough, so similar words follow.
        Assert.Equal([("TJ/Late/1", 5), ("TJ/Late/1", 4), ("TJ/Late/1", 3), ("TJ/Late/1", 2), ("TJ/Late/1", 1)], await Found(clerk, "kesar"));
        Assert.Equal(20, (await Found(deputy, "zafran")).Length);

        // Far apart by number, as after years: a span of its own for each.
        await using (var owner = NpgsqlDataSource.Create(site.Store.Owner))
        await using (var command = owner.CreateCommand("alter sequence office.page_id_seq restart with 90000000")) await command.ExecuteNonQueryAsync();
        await Take(site, Offices.Clerk, "TJ/Later/1", 3, "zafran");
        Assert.Equal(Enumerable.Range(1, 3).Reverse().Select(n => ("TJ/Later/1", n)).Concat(Enumerable.Range(14, 17).Reverse().Select(n => ("TJ/Early/1", n))), await Found(clerk, "zafran"));
    }

    [Fact]
    public async Task OlderHits_FollowPageByPage_NoneTwice_SimilarOnesLast()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        await Take(site, Offices.Clerk, "TJ/Misread/1", 25, "vlllage");
        await Take(site, Offices.Clerk, "TJ/Read/1", 45, "village");
        (string, int)[] exact = [.. Enumerable.Range(1, 45).Reverse().Select(n => ("TJ/Read/1", n))], similar = [.. Enumerable.Range(1, 25).Reverse().Select(n => ("TJ/Misread/1", n))];
        var found = new List<(string, int)>();
        var page = "/en/desk/office/search?q=village";
        for (var pages = 0; page is not null && pages < 9; pages++)
        {
            var html = await clerk.Page(page);
            found.AddRange(Hits(html));
            page = Older().Match(html) is { Success: true } older ? System.Net.WebUtility.HtmlDecode(older.Groups[1].Value) : null;
        }

        Assert.Equal([.. exact, .. similar], found);
        // What is not an address that the page itself gave begins at the head.
        Assert.Equal(exact[..20], Hits(await clerk.Page("/en/desk/office/search?q=village&from=x1")));
    }

    [Fact]
    public async Task Mark_ThatIsShared_ByChance_ShowsNothing()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        await Take(site, Elsewhere, "TX/Secret/1", 1, "zafran");
        // As if the marks of both offices had the same four bytes.
        await site.Database.Execute("update office.page set scopes = @marks", new { marks = Words.Marks(site.Services.GetRequiredService<Seals>(), ["p:" + Offices.Clerk]) });
        Assert.Empty(await Found(clerk, "zafran"));
    }

    [Fact]
    public async Task MovedFile_IsFoundWhereItWent_ARejectedWordIsNot()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var other = await site.Official(Elsewhere);
        await Take(site, Offices.Clerk, "TJ/Goes/1", 1, "zafran");
        var file = await site.Database.One<Guid>("select id from office.file where number = 'TJ/Goes/1'");
        Assert.Empty(await Found(other, "zafran"));
        using var sent = await site.OnFile(clerk, file, "send", ("to_other", Elsewhere));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, sent.StatusCode);
        Assert.Equal([("TJ/Goes/1", 1)], await Found(other, "zafran"));
        Assert.Contains("<mark>zafran</mark>", await other.Page("/en/desk/office/search?q=zafran"), StringComparison.Ordinal);
    }

    [Fact]
    public void Snippet_BeginsBeforeTheFirstHit_AndMarksThoseInIt()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 200)) + " Khasra 417, khasra";
        var pieces = PageTexts.Snippet(text, new Sought("khasra"));
        Assert.Equal(["Khasra", "khasra"], pieces.Where(p => p.Hit).Select(p => p.Text));
        Assert.InRange(pieces[0].Text.Length, 70, 82);
        Assert.StartsWith("word", pieces[0].Text, StringComparison.Ordinal);
        Assert.Equal([new Piece("short", false)], PageTexts.Snippet("short", new Sought("khasra")));
        Assert.Empty(PageTexts.Snippet("", new Sought("khasra")));
        Assert.DoesNotContain(PageTexts.Snippet(text, new Sought(null)), p => p.Hit);
    }

    private static Task Take(TestSite site, string post, string number, int notings, string word) =>
        site.Services.GetRequiredService<IFileTransfer>().Take(post, Guid.NewGuid(), [new(number, "Settlement", "en", [.. Enumerable.Range(1, notings).Select(n => $"{word} paragraph{n}")], [])], default);

    /// <summary>Numbers of files and paragraphs, in their order.</summary>
    private static async Task<(string Number, int Para)[]> Found(HttpClient who, string query) =>
        Hits(await who.Page($"/en/desk/office/search?q={Uri.EscapeDataString(query)}"));

    private static (string Number, int Para)[] Hits(string page) => [.. Hit().Matches(page).Select(m => (m.Groups[2].Value, int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)))];

    [GeneratedRegex("<a (?=[^>]*rel=\"next\")[^>]*href=\"([^\"]+)\"")]
    private static partial Regex Older();

    [GeneratedRegex("class=\"s-hit\"><a [^>]*note=(\\d+)#[^>]*><bdi[^>]*>([^<]+)</bdi>")]
    private static partial Regex Hit();
}
