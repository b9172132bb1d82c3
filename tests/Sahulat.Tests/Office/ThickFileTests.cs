using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Office;
using Sahulat.Office.Note;
using Sahulat.Tests.Browser;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>A file of many notings, papers and movements: its page shows a part, every part has an address, and paper gets all of it.</summary>
public sealed partial class ThickFileTests(Cluster cluster, Chromium chromium)
{
    private const int Notings = 95;

    [Theory]
    [InlineData(0, 1, 1, 0)]
    [InlineData(20, 1, 1, 20)]
    [InlineData(29, 1, 1, 29)]
    [InlineData(30, 2, 21, 30)]
    [InlineData(2000, 100, 1981, 2000)]
    [InlineData(2009, 100, 1981, 2009)]
    public void NotingSide_IsTurnedOver_AndItsLastPageIsNoStump(int notes, int pages, int from, int to)
    {
        var side = new NotingPages(notes);
        Assert.Equal((pages, (from, to)), (side.Count, side.Of(side.Count)));
        Assert.Equal(Enumerable.Range(1, notes), Enumerable.Range(1, side.Count).SelectMany(p => side.Of(p) is var (first, last) ? Enumerable.Range(first, last - first + 1) : []));
        Assert.All(Enumerable.Range(1, notes), n => Assert.InRange(n, side.Of(side.With(n)).From, side.Of(side.With(n)).To));
        Assert.Equal([side.Count, side.Count, 1, 1], new int?[] { null, notes + 7, notes > 0 ? 0 : 1, notes > 0 ? -5 : 1 }.Select(side.With));
    }

    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 3, 5, 6, 7, 9 }, "3-3 5-7 9-9")]
    public void CitedPages_AreShownAsTheyAreWritten(int[] pages, string runs) => Assert.Equal(runs, string.Join(' ', Sahulat.Office.Note.Notings.Runs(pages).Select(r => $"{r.From}-{r.To}")));

    [Fact]
    public async Task ThickFile_OpensAtItsEnd_AndEveryPartHasAnAddress()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var (file, path) = await Thick(site);
        var page = await clerk.Page(path);
        Assert.Equal(Enumerable.Range(81, 15), Shown(page));
        Assert.Contains("Paragraphs 81 to 95 of 95", page, StringComparison.Ordinal);
        Assert.Contains("Paragraph 96", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Later notings", page, StringComparison.Ordinal);

        // Back to the first by links alone.
        var seen = Shown(page).Order().ToList();
        while (Link(page, "data-notes=\"earlier\"") is { } earlier)
        {
            page = await clerk.Page(earlier);
            seen.InsertRange(0, Shown(page));
        }

        Assert.Equal(Enumerable.Range(1, Notings), seen);
        Assert.Contains("noting 1 ", page, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(21, 20), Shown(await clerk.Page(Link(page, "data-notes=\"later\"")!)));

        // A paragraph by its number; a page cited there opens beside it, and turning pages leaves the noting open.
        page = await clerk.Page($"{path}?note=47");
        Assert.Contains(47, Shown(page));
        Assert.Contains("id=\"n47\" aria-current=\"true\"", page, StringComparison.Ordinal);
        var cited = Cited().Match(page).Groups[1].Value;
        page = await clerk.Page(cited);
        Assert.Contains(47, Shown(page));
        Assert.Contains("page 1 of 300", page, StringComparison.Ordinal);
        page = await clerk.Page(Link(page, "rel=\"next\"")!);
        Assert.Contains(47, Shown(page));
        Assert.Contains("page 2 of 300", page, StringComparison.Ordinal);

        // Of three hundred papers those beside the one shown.
        Assert.InRange(Papers().Count(page), 6, 12);
        page = await clerk.Page($"{path}?page=150");
        Assert.Contains("page 150 of 300", page, StringComparison.Ordinal);
        Assert.Contains(">150</bdi>", page, StringComparison.Ordinal);
        Assert.InRange(Papers().Count(page), 12, 12);
        Assert.Contains("page 300 of 300", await clerk.Page($"{path}?page=9999"), StringComparison.Ordinal);

        // A hit of search opens the page of the noting.
        var hit = Hit().Match(await clerk.Page("/en/desk/office/search?q=zafran12")).Groups[1].Value;
        Assert.EndsWith("note=12#n12", hit, StringComparison.Ordinal);
        Assert.Contains(12, Shown(await clerk.Page(hit)));

        // Refused while an early page is open: what was written and that page are still there.
        using var refused = await clerk.Send($"{path}?note=3", [("do", "sign"), ("version", $"{await site.Database.One<long>("select version from office.file where id = @file", new { file })}"), ("text", "Seen."), ("cites", "301")], path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());
        Assert.Contains(3, Shown(page));
        Assert.Matches(">\\s*Seen\\.</textarea>", page);
    }

    [Fact]
    public async Task Movements_AndDrafts_AreShownAsFarAsTheyFit_AndTheRestIsALinkAway()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var (file, path) = await Thick(site);
        await site.Database.Execute("insert into office.movement (item, seq, kind, from_post, to_post, way, official, at) select @file, n, 'file', @Tehsildar, @Clerk, 'sent', gen_random_uuid(), now() from generate_series(1, 50) n", new { file, Desks.Tehsildar, Offices.Clerk });
        await site.Database.Execute("insert into office.draft (id, file_id, kind, lang, state, versions, number, at) select gen_random_uuid(), @file, 'letter', 'en', case when n = 1 then 'draft' else 'dispatched' end, 1, 'D' || n, now() + n * interval '1 minute' from generate_series(1, 30) n", new { file });
        var page = await clerk.Page(path);
        Assert.Equal(Enumerable.Range(31, 20), Moves(page));
        // The one that is not sent yet stays in sight, however old.
        Assert.Contains(">D1<", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">D2<", page, StringComparison.Ordinal);
        Assert.Contains(">D2<", await clerk.Page($"{path}?drafts=all"), StringComparison.Ordinal);
        var earlier = Regex.Match(page, "href=\"([^\"]*moved=30[^\"]*)\"").Groups[1].Value;
        Assert.Equal(Enumerable.Range(11, 20), Moves(await clerk.Page(earlier)));
        Assert.Equal(Enumerable.Range(1, 10), Moves(await clerk.Page($"{path}?moved=10")));
    }

    [Fact]
    public async Task Print_HoldsEveryParagraph_AndOnlyForWhoMaySeeTheFile()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var other = await site.Official("tehsildar@tehsil-6805");
        var (file, path) = await Thick(site);
        using var yellow = await site.OnFile(clerk, file, "save", ("text", "Not signed yet"));
        var sheet = await clerk.Page($"{path}/notes");
        Assert.Equal(Enumerable.Range(1, Notings), Shown(sheet));
        Assert.DoesNotContain("Not signed yet", sheet, StringComparison.Ordinal);
        var laid = await site.Database.Query<(int From, int To)>("select page_from, page_to from office.correspondence where file_id = @file order by seq", new { file });
        Assert.Contains(laid[0].From + "–" + laid[^1].To, sheet, StringComparison.Ordinal);
        Assert.Equal(await site.Database.One<int>("select count(*)::int from office.movement where item = @file", new { file }), Regex.Count(sheet, "<li value=\"\\d+\">[^<]*→"));
        Assert.Contains($"{path}/notes", await clerk.Page(path), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{path}/notes")).StatusCode);
    }

    [Fact]
    public async Task Receipt_ShowsItsOwnPaper_NotThoseOfTheFileInWhichItLies()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var first = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("One"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Two/1", first);
        var second = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("Two"));
        using var put = await clerk.Form($"/en/desk/office/receipts/{second:N}", new() { ["do"] = "file", ["file"] = $"{file}", ["version"] = $"{await site.Database.One<long>("select version from office.receipt where id = @second", new { second })}" });
        Assert.Equal(HttpStatusCode.SeeOther, put.StatusCode);
        foreach (var (receipt, seq) in new[] { (first, 1), (second, 2) })
        {
            var own = await site.Database.One<Guid>("select paper from office.correspondence where file_id = @file and seq = @seq", new { file, seq });
            var frame = Assert.Single(Frames().Matches(await clerk.Page($"/en/desk/office/receipts/{receipt:N}")));
            Assert.Contains($"{own:N}", frame.Value, StringComparison.Ordinal);
        }
    }

    [Theory, Trait("Category", "Browser")]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task ThickFile_IsReadByKeys_AndWithoutScripts_AndFitsAPhone(string lang)
    {
        await using var site = await Desks.Start(cluster);
        var (_, path) = await Thick(site, lang);
        path = $"/{lang}{path[3..]}";
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Offices.Clerk, lang);
        await desk.GotoAsync(path);
        await desk.Picture($"thick-file-{lang}");
        await desk.Keyboard.PressAsync("[");
        await desk.WaitForURLAsync("**note=80**");
        await desk.Locator("#n61").WaitForAsync();
        await desk.NoAxeViolations();
        await desk.Picture($"thick-file-earlier-{lang}");
        await desk.Keyboard.PressAsync("]");
        await desk.Locator("#n95").WaitForAsync();
        await desk.Locator("input[name=note]").FillAsync("47");
        await desk.Keyboard.PressAsync("Enter");
        await desk.WaitForURLAsync("**note=47#sought");
        Assert.True(await desk.Locator("#n47").EvaluateAsync<bool>("e => e.getBoundingClientRect().top < innerHeight"));
        await desk.Keyboard.PressAsync("p");
        await desk.WaitForURLAsync("**page=299**");
        Assert.True(await desk.Locator("#n47").IsVisibleAsync());
        await desk.FitsNarrow();

        await desk.GotoAsync($"{path}/notes");
        await desk.NoAxeViolations();
        await desk.Picture($"noting-sheet-{lang}");
        var pdf = System.IO.Path.Combine(cluster.Folder, $"notes-{lang}.pdf");
        await desk.PdfAsync(new() { Path = pdf, Format = "A4", PreferCSSPageSize = true });
        var printed = await Offices.Run("pdftotext", "-layout", pdf, "-");
        Assert.All(Enumerable.Range(1, Notings), n => Assert.Contains($"zafran{n}", printed, StringComparison.Ordinal));
        Directory.CreateDirectory(PageChecks.Pictures);
        await Offices.Run("pdftoppm", "-r", "60", "-png", "-f", "1", "-l", "2", pdf, System.IO.Path.Combine(PageChecks.Pictures, $"noting-print-{lang}"));

        var phone = await chromium.Phone(site.Address, javaScript: false);
        await phone.SignInOfficial(Offices.Clerk, lang);
        await phone.GotoAsync(path);
        await phone.Picture($"thick-file-phone-{lang}", whole: true);
        await phone.Locator("a[data-notes=earlier]").ClickAsync();
        await phone.Locator("#n61").WaitForAsync();
    }

    /// <summary>Taken over from another system: paragraphs of which each has a word of its own, and three hundred papers of a page.</summary>
    private static async Task<(Guid File, string Path)> Thick(TestSite site, string lang = "en")
    {
        var text = lang == "ur" ? "درخواست گزار نے انتقال اراضی کے لیے درخواست دی ہے۔ پٹواری کی رپورٹ شامل مسل ہے، جس کے مطابق خسرہ نمبر ۴۱۷ موضع گھو میں واقع ہے۔ حکم کے لیے پیش ہے۔" : "The applicant has asked for a mutation of his land. The patwari's report is on the file; by it khasra number 417 lies in village Gho. Submitted for orders.";
        var files = await site.Services.GetRequiredService<IFileTransfer>().Take(Offices.Clerk, Guid.NewGuid(), [new("TJ/Thick/1", lang == "ur" ? "موضع گھو کا بندوبست" : "Settlement of village Gho", lang, [.. Enumerable.Range(1, Notings).Select(n => $"noting {n} zafran{n} {text}")], [.. Enumerable.Range(0, 300).Select(n => new TransferredPaper(Offices.Pdf($"Letter {n + 1}"), [$"letter {n + 1}"]))])], default);
        return (files[0], $"/en/desk/office/files/{files[0]:N}");
    }

    private static int[] Shown(string page) => [.. Paragraph().Matches(page).Select(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

    private static int[] Moves(string page) => [.. Move().Matches(page).Select(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Where the link with this attribute leads.</summary>
    private static string? Link(string page, string attribute) => Anchor().Matches(page).FirstOrDefault(a => a.Value.Contains(attribute, StringComparison.Ordinal)) is { } found ? Address().Match(found.Value).Groups[1].Value : null;

    [GeneratedRegex("id=\"n(\\d+)\"")]
    private static partial Regex Paragraph();

    [GeneratedRegex("<li value=\"(\\d+)\">[^<]+: ")]
    private static partial Regex Move();

    [GeneratedRegex("<a [^>]*>")]
    private static partial Regex Anchor();

    [GeneratedRegex("href=\"([^\"#]*)")]
    private static partial Regex Address();

    [GeneratedRegex("id=\"n47\".*?href=\"([^\"]*page=1[^\"]*)\"", RegexOptions.Singleline)]
    private static partial Regex Cited();

    [GeneratedRegex("<a [^>]*>Legacy ")]
    private static partial Regex Papers();

    [GeneratedRegex("class=\"s-hit\"><a [^>]*href=\"([^\"]*)\"")]
    private static partial Regex Hit();

    [GeneratedRegex("<iframe [^>]*>")]
    private static partial Regex Frames();
}
