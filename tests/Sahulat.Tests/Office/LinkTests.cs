using System.Net;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Link;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>What is said of one paper at another, and to whom.</summary>
public sealed class LinkTests(Cluster cluster)
{
    private const string Elsewhere = "tehsildar@tehsil-6805";

    [Fact]
    public async Task SecretReceipt_GoesIntoNoFileThatOthersSee_AndNobodyOutsideFindsIt()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var receipt = await clerk.Diarise(Offices.Clerk, "Zaffrani matter", Offices.Pdf("Zaffrani secret"), ("classification", "secret"));
        var open = await clerk.OpenFile(Offices.Clerk, "TJ/Open/1");
        using var put = await clerk.Form($"/en/desk/office/receipts/{receipt:N}", new() { ["do"] = "file", ["file"] = $"{open:N}", ["version"] = $"{await site.Database.One<long>("select version from office.receipt")}" });
        Assert.Equal(HttpStatusCode.Conflict, put.StatusCode);
        Assert.Contains("more secret than the file", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Nor by way of a new file: it is not opened at all.
        var path = $"/en/desk/office/files/new?receipt={receipt:N}";
        Assert.Matches("<option[^>]*selected[^>]*>Secret<", await clerk.Page(path));
        using var half = await clerk.Form(path, new() { ["do"] = "open", ["subject"] = "Zaffrani", ["number"] = "TJ/Open/2", ["classification"] = "confidential", ["urgency"] = "normal", ["post"] = Offices.Clerk });
        Assert.Equal(HttpStatusCode.Conflict, half.StatusCode);
        Assert.False(await site.Database.One<bool>("select exists (select from office.file where number = 'TJ/Open/2')"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Sec/9", receipt, "secret", "Zaffrani");
        var paper = await site.Database.One<Guid>("select id from office.paper");
        foreach (var other in new[] { naib, tehsildar })
        {
            foreach (var hidden in new[] { $"receipts/{receipt:N}", $"files/{file:N}", $"papers/{paper:N}/content" }) Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/en/desk/office/{hidden}")).StatusCode);
            var found = await other.Page("/en/desk/office/search?q=Zaffrani");
            Assert.Contains("Nothing found", found, StringComparison.Ordinal);
        }

        Assert.Contains("TJ/Sec/9", await clerk.Page("/en/desk/office/search?q=Zaffrani"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await clerk.GetAsync($"/en/desk/office/papers/{paper:N}/content")).StatusCode);
    }

    [Fact]
    public async Task LinkedFiles_TellOfEachOther_ToWhoMaySeeTheOther()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var naib = await site.Official(Desks.Naib);
        using var other = await site.Official(Elsewhere);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Link/1");
        var seen = await clerk.OpenFile(Offices.Clerk, "TJ/Link/2", subject: "Boundary of Gho");
        var secret = await clerk.OpenFile(Offices.Clerk, "TJ/Link/3", classification: "secret");
        await other.OpenFile(Elsewhere, "TX/Far/1");
        foreach (var number in new[] { "TJ/Link/2", "TJ/Link/3", "TJ/Link/2" })
        {
            using var linked = await site.OnFile(clerk, file, "link", ("link", number));
            Assert.Equal(HttpStatusCode.SeeOther, linked.StatusCode);
        }

        // What one may not see is not there; nor is the file itself.
        foreach (var number in new[] { "TX/Far/1", "TJ/Link/1", "TJ/None", "" })
        {
            using var none = await site.OnFile(clerk, file, "link", ("link", number));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, none.StatusCode);
        }

        var page = await clerk.Page($"/en/desk/office/files/{file:N}");
        Assert.Contains("Boundary of Gho", page, StringComparison.Ordinal);
        Assert.Contains($"/files/{secret:N}", page, StringComparison.Ordinal);
        page = await naib.Page($"/en/desk/office/files/{file:N}");
        Assert.Contains($"/files/{seen:N}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("TJ/Link/3", page, StringComparison.Ordinal);
        Assert.Contains($"/files/{file:N}", await naib.Page($"/en/desk/office/files/{seen:N}"), StringComparison.Ordinal);
        using var junior = await site.OnFile(naib, file, "unlink", ("other", $"{seen}"));
        Assert.Equal(HttpStatusCode.Forbidden, junior.StatusCode);

        // From both ends at once: one is done, the other finds it done; nothing is stuck.
        var both = await Task.WhenAll(site.OnFile(clerk, seen, "link", ("link", "TJ/Link/3")), site.OnFile(clerk, secret, "link", ("link", "TJ/Link/2")));
        Assert.All(both, b => Assert.Equal(HttpStatusCode.SeeOther, b.StatusCode));
        using var parted = await site.OnFile(clerk, file, "unlink", ("other", $"{seen}"));
        Assert.Equal(HttpStatusCode.SeeOther, parted.StatusCode);
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from office.file_link"));
        foreach (var id in new[] { file, seen })
        {
            Assert.Null(await site.Database.FirstBroken($"file/{id:N}"));
            Assert.Single((await site.Database.Stream($"file/{id:N}")), e => e.Kind == FileUnlinked.Kind);
        }

        Assert.Equal(seen, (await site.Database.Stream($"file/{file:N}")).First(e => e.Kind == FileLinked.Kind).As<FileLinked>().Other);
    }

    [Fact]
    public async Task Flags_MarkPages_AndWhatANotingCitesIsALink()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var receipt = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("One", "Two", "Three"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Flag/1", receipt);
        var other = await clerk.OpenFile(Offices.Clerk, "TJ/Flag/2");
        async Task<string> Did(HttpStatusCode expected, params (string, string)[] fields)
        {
            using var answer = await clerk.Send($"/en/desk/office/files/{file:N}", [.. fields, ("version", $"{await site.Database.One<long>("select version from office.file where id = @file", new { file })}")], "/en/desk/office/receipts/new");
            Assert.Equal(expected, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }

        await Did(HttpStatusCode.SeeOther, ("do", "flag"), ("flagged", "2"));
        await Did(HttpStatusCode.SeeOther, ("do", "flag"), ("flagged", "3"));
        await Did(HttpStatusCode.SeeOther, ("do", "flag"), ("flagged", "1"), ("mark", "x"));
        Assert.Contains("one to three letters", await Did(HttpStatusCode.UnprocessableEntity, ("do", "flag"), ("flagged", "1"), ("mark", "A1")), StringComparison.Ordinal);
        await Did(HttpStatusCode.UnprocessableEntity, ("do", "flag"), ("flagged", "4"));
        await Did(HttpStatusCode.SeeOther, ("unflag", "X"));
        Assert.Equal([("A", 2), ("B", 3)], await site.Database.Query<(string, int)>("select mark, page from office.flag order by mark"));
        await Did(HttpStatusCode.SeeOther, ("do", "sign"), ("text", "The report is at flag 'B' and page 1; see <b>TJ/Flag/2</b>, not page 9."));
        await Did(HttpStatusCode.SeeOther, ("do", "sign"), ("text", "As said in para 1."));

        var page = await clerk.Page($"/en/desk/office/files/{file:N}?page=2");
        Assert.Contains("><bdi>flag 'B'</bdi></a>", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/en/desk/office/files/{other:N}\"", page, StringComparison.Ordinal);
        Assert.Contains("><bdi>TJ/Flag/2</bdi></a>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", await clerk.GetStringAsync($"/en/desk/office/files/{file:N}"), StringComparison.Ordinal);
        Assert.Contains("><bdi>para 1</bdi></a>", page, StringComparison.Ordinal);
        Assert.Contains("note=1#sought\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<bdi>page 9</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>A</bdi>", page, StringComparison.Ordinal);
        Assert.Equal([FlagPut.Kind, FlagPut.Kind, FlagPut.Kind, FlagTaken.Kind], (await site.Database.Stream($"file/{file:N}")).Select(e => e.Kind).Where(k => k.Contains("flag", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("see page 3 and pp. 4", "page 3>3|pp. 4>4")]
    [InlineData("3/c, para 2/n, 2/n", "3/c>3|para 2/n>n2|2/n>n2")]
    [InlineData("صفحہ ۳ اور پیرا ۲ دیکھیں", "صفحہ ۳>3|پیرا ۲>n2")]
    [InlineData("पृष्ठ ३ तथा फ्लैग A", "पृष्ठ ३>3|फ्लैग A>2")]
    [InlineData("Flag “a”, flag B", "Flag “a”>2")]
    [InlineData("A-11011/1/2026-Estt of old; not A-11011/1/2026-Estt/2", "A-11011/1/2026-Estt>f")]
    [InlineData("page 99, page 0, para 9, homepage 3, page 3rd", "")]
    public void References_AreFound_WhereTheyCiteWhatIsThere(string text, string expected)
    {
        var citable = new Citable(8, 3, new Dictionary<string, int> { ["A"] = 2 }, new Dictionary<string, Guid> { ["A-11011/1/2026-Estt"] = Guid.NewGuid() });
        var said = References.In(text, citable);
        Assert.Equal(text, string.Concat(said.Select(s => s.Text)));
        Assert.Equal(expected, string.Join('|', said.Where(s => s.Page is not null || s.Note is not null || s.File is not null).Select(s => $"{s.Text}>{(s.Page is { } p ? $"{p}" : s.Note is { } n ? $"n{n}" : "f")}")));
    }

    [Fact]
    public void Numbers_AreWhatHasAStroke() => Assert.Equal(["TJ/Mut/12", "A-11011/1/2026-Estt"], References.Numbers("In TJ/Mut/12, and A-11011/1/2026-Estt."));
}
