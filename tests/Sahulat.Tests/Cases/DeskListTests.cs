using Sahulat.Kernel.Csv;
using System.Net;
using System.Text.RegularExpressions;
using Sahulat.Cases;
using Sahulat.Cases.Desk;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>The worklist: order, pages, filters, saved views, export.</summary>
public sealed partial class DeskListTests(Cluster cluster)
{
    [Fact]
    public async Task List_IsSortedByTimeLeft_AndPagesHoldWhileOthersAct()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var first = await system.FileIncome();
        var all = await site.Copies(first, 120);
        await site.Database.Execute("update cases.step set due_on = date '2027-12-31' where due_on is not null");
        await site.Database.Execute("""update cases."case" set due_on = date '2027-12-31' where reference = @first""", new { first });
        using var officer = await site.Official(Desks.Patwari);
        var html = await officer.Page("/en/desk");
        Assert.Equal(all[..50], Desks.References(html));
        Assert.Contains("121 waiting", html, StringComparison.Ordinal);

        // Ten rows of the first page are done while the officer reads it: the second page neither skips nor repeats a row.
        await site.Database.Execute("""update cases.step s set state = 'done' from cases."case" c where c.id = s.case_id and c.reference = any(@gone)""", new { gone = all[..10] });
        html = await officer.Page(Link(html, "next"));
        Assert.Equal(all[50..100], Desks.References(html));
        var last = await officer.Page(Link(html, "next"));
        Assert.Equal([.. all[100..], first], Desks.References(last));
        Assert.DoesNotMatch("rel=\"next\"", last);
        html = await officer.Page(Link(last, "prev"));
        Assert.Equal(all[50..100], Desks.References(html));
        html = await officer.Page(Link(html, "prev"));
        Assert.Equal(all[10..50], Desks.References(html));
        Assert.DoesNotMatch("rel=\"prev\"", html);
        Assert.Equal(all[10..60], Desks.References(await officer.Page("/en/desk?after=nonsense")));
    }

    [Fact]
    public async Task Filters_ChooseByTimeStateServiceReferenceAndPost_WithCounts()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var first = await system.FileIncome();
        var all = await site.Copies(first, 12);
        // Monday: two late, one today, seven to Sunday.
        using var officer = await site.Official(Desks.Patwari);
        Assert.Equal(all[..2], Desks.References(await officer.Page("/en/desk?due=late")));
        Assert.Equal(all[2..3], Desks.References(await officer.Page("/en/desk?due=today")));
        Assert.Equal(all[2..9], Desks.References(await officer.Page("/en/desk?due=week")));
        Assert.Equal(["13", "2", "1", "7"], Counts(await officer.Page("/en/desk")));
        Assert.Equal(all[5..6], Desks.References(await officer.Page("/en/desk?q=" + Reference.Show(all[5]).ToLowerInvariant())));
        Assert.Equal(13, Desks.References(await officer.Page($"/en/desk?service={Filed.Service}")).Length);
        var none = await officer.Page("/en/desk?service=domicile-certificate");
        Assert.Empty(Desks.References(none));
        Assert.Contains("Nothing matches this choice", none, StringComparison.Ordinal);

        using var answered = await site.Act(officer, all[7], "query", "Which village?");
        Assert.Equal(HttpStatusCode.SeeOther, answered.StatusCode);
        Assert.Equal([all[7]], Desks.References(await officer.Page("/en/desk?state=query")));

        // The head of the office sees what waits on its posts, and can leave that out.
        using var head = await site.Official(Desks.Tehsildar);
        Assert.Equal(13, Desks.References(await head.Page("/en/desk")).Length);
        Assert.Empty(Desks.References(await head.Page("/en/desk?whose=mine")));
        using var clerk = await site.Official("revenue-clerk@tehsil-79");
        var empty = await clerk.Page("/en/desk");
        Assert.Contains("Nothing waits here", empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task View_IsSavedUnderAName_ShownChanged_Replaced_AndRemoved()
    {
        await using var site = await Desks.Start(cluster);
        using var officer = await site.Official(Desks.Patwari);
        using var saved = await officer.Send("/en/desk", [("do", "save-view"), ("name", " Late income "), ("service", Filed.Service), ("due", "late")], "/en/desk");
        Assert.Equal(HttpStatusCode.SeeOther, saved.StatusCode);
        var html = await officer.Page(saved.Headers.Location!.OriginalString);
        Assert.Contains($"href=\"/en/desk?service={Filed.Service}&due=late&view=Late%20income\" aria-current=\"true\"><bdi>Late income</bdi></a>", html, StringComparison.Ordinal);
        Assert.Contains(" changed</span>", await officer.Page("/en/desk?due=week&view=Late%20income"), StringComparison.Ordinal);
        using var again = await officer.Send("/en/desk", [("do", "save-view"), ("name", "Late income"), ("due", "week")], "/en/desk");
        Assert.Equal("due=week", await site.Database.One<string>("select query from cases.saved_view"));

        using var neighbour = await site.Official(Desks.Naib);
        Assert.DoesNotContain("Late income", await neighbour.Page("/en/desk"), StringComparison.Ordinal);
        using var unnamed = await officer.Send("/en/desk", [("do", "save-view"), ("name", " ")], "/en/desk");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unnamed.StatusCode);
        using var hidden = await officer.Send("/en/desk", [("do", "save-view"), ("name", "a\u202eb")], "/en/desk");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, hidden.StatusCode);
        using var removed = await officer.Send("/en/desk", [("do", "remove-view"), ("name", "Late income")], "/en/desk");
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from cases.saved_view"));
    }

    [Fact]
    public async Task Export_HoldsTheFilteredListAndNoMore()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var all = await site.Copies(await system.FileIncome(), 60);
        using var officer = await site.Official(Desks.Patwari);
        using var answer = await officer.GetAsync("/en/desk/list.csv?due=week");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        var lines = (await answer.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines.Length);
        Assert.StartsWith($"\"{Reference.Show(all[2])}\",", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"2026-11-02\"", lines[1], StringComparison.Ordinal);
        Assert.Equal(62, (await officer.GetStringAsync("/ur/desk/list.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var whole = await officer.GetStringAsync("/en/desk/list.csv");
        foreach (var personal in new[] { "Rukhsana", "Ghulam", "9419012345", "Lal Nagar" }) Assert.DoesNotContain(personal, whole, StringComparison.Ordinal);
        using var stranger = site.Client();
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/en/desk/list.csv")).StatusCode);
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+91", "\"'+91\"")]
    [InlineData("-2", "\"'-2\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("say \"so\"", "\"say \"\"so\"\"\"")]
    [InlineData("Jammu", "\"Jammu\"")]
    [InlineData("", "\"\"")]
    public void Cell_IsNeverAFormula(string text, string cell) => Assert.Equal(cell, CsvOut.Cell(text));

    private static string Link(string html, string rel) => Regex.Match(html, $"href=\"([^\"]+)\"[^>]*rel=\"{rel}\"|rel=\"{rel}\"[^>]*href=\"([^\"]+)\"") is { Success: true } m ? m.Groups[1].Value + m.Groups[2].Value : throw new InvalidOperationException("no link " + rel);

    private static string[] Counts(string html) => [.. Number().Matches(html[..html.IndexOf("<section", StringComparison.Ordinal)]).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("</span> <bdi>(\\d+)</bdi>")]
    private static partial Regex Number();
}
