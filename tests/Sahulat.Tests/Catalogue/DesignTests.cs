using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Access.Demo;
using Sahulat.Contracts.Catalogue;
using Sahulat.Host;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

/// <summary>Services made and changed at the desk: from draft to review to the day it holds.</summary>
public sealed partial class DesignTests(Cluster cluster)
{
    private const string Code = "income-certificate";

    [Fact]
    public async Task Change_Reviewed_HoldsFromItsDay_AndOldCasesKeepTheirVersion()
    {
        await using var site = await Desks.Start(cluster);
        var directory = site.Services.GetRequiredService<IServiceDirectory>();
        using var author = await site.Official(DemoOfficials.Administrator);
        using var reviewer = await site.Official(DemoOfficials.SecondAdministrator);
        using var system = await site.System();
        var before = await system.FileIncome();

        var draft = await Begin(author);
        Assert.Equal("draft-there", await Refused(author, $"/en/desk/catalogue/services/{Code}", [("do", "change"), ("version", "1")]));
        await Save(author, draft, "facts", ("limit.days", "3"), ("limit.confirmed", "true"), ("fee.confirmed", "true"), ("online", "true"));
        await Save(author, draft, "workflow/steps/0", ("name.en", "First look"), ("officer.confirmed", "true"), ("actions", "query"), ("actions", "recommend"));
        Assert.Equal(HttpStatusCode.SeeOther, (await Post(author, draft, "", ("do", "submit"), ("words", "The limit is three days now."))).StatusCode);
        // Under review its text stands, and who wrote it does not approve it.
        Assert.Equal(HttpStatusCode.Conflict, (await Post(author, draft, "/edit?at=facts", ("do", "save"), ("limit.days", "1"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Post(author, draft, "/review", [("do", "approve"), .. Day("from", 2)])).StatusCode);

        var review = WebUtility.HtmlDecode(await reviewer.GetStringAsync($"/en/desk/catalogue/drafts/{draft}/review"));
        Assert.Contains("data-change=\"limit.days\"", review, StringComparison.Ordinal);
        Assert.Contains("The limit is three days now.", review, StringComparison.Ordinal);
        Assert.DoesNotContain("data-change=\"valid_from\"", review, StringComparison.Ordinal);
        var tooEarly = await Post(reviewer, draft, "/review", [("do", "approve"), .. Day("from", 1)]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, tooEarly.StatusCode);
        Assert.Contains("must be 2 November 2026 or later", await tooEarly.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await Post(reviewer, draft, "/review", [("do", "approve"), .. Day("from", 4)])).StatusCode);

        // Until its day the old one holds.
        Assert.NotEqual(3, directory.Find(Code, new DateOnly(2026, 11, 3))!.Limit!.Days);
        Assert.Equal((3, 2), (directory.Find(Code, new DateOnly(2026, 11, 4))!.Limit!.Days, directory.Find(Code, new DateOnly(2026, 11, 4))!.Version));
        site.Clock.Advance(TimeSpan.FromDays(2));
        var after = await system.FileIncome("9419012399");
        Assert.Equal([1, 2], await site.Database.Query<int>("""select service_version from cases."case" where reference = any(@both) order by filed_at""", new { both = new[] { before, after } }));
        // Both are worked under the version they were filed under, to the end.
        foreach (var reference in new[] { before, after })
        {
            await site.Bring(reference, Desks.Tehsildar);
            using var officer = await site.Official(Desks.Tehsildar);
            using var approved = await site.Act(officer, reference, "approve");
            Assert.Equal(HttpStatusCode.SeeOther, approved.StatusCode);
        }

        // Two days later everybody signs in anew.
        using var reader = await site.Official(DemoOfficials.Administrator);
        var history = WebUtility.HtmlDecode(await reader.GetStringAsync($"/ur/desk/catalogue/services/{Code}"));
        Assert.Contains("نافذ", history, StringComparison.Ordinal);
        Assert.Contains("data-change=\"limit.days\"", await reader.GetStringAsync($"/en/desk/catalogue/services/{Code}/compare?from=1&to=2"), StringComparison.Ordinal);
        var kinds = await site.Database.Query<string>("select kind from journal.entry where stream = @stream order by version", new { stream = "catalogue/" + Code });
        Assert.Equal(["catalogue.draft-begun", "catalogue.draft-submitted", "catalogue.version-published"], kinds);
        Assert.DoesNotContain(await site.Database.Query<string>("select body::text from journal.entry where stream like 'catalogue/%'"), b => b.Contains("three days", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scheduled_Withdrawn_NeverHolds_AndLoadUndoesNothing()
    {
        await using var site = await Desks.Start(cluster);
        var directory = site.Services.GetRequiredService<IServiceDirectory>();
        using var author = await site.Official(DemoOfficials.Administrator);
        using var reviewer = await site.Official(DemoOfficials.SecondAdministrator);
        var days = directory.Find(Code, new DateOnly(2026, 11, 2))!.Limit!.Days;
        await Publish(author, reviewer, "7", 20);
        Assert.Equal(HttpStatusCode.SeeOther, (await author.Form($"/en/desk/catalogue/services/{Code}", new() { ["do"] = "withdraw", ["version"] = "2" })).StatusCode);
        Assert.Equal(days, directory.Find(Code, new DateOnly(2026, 12, 1))!.Limit!.Days);
        Assert.Equal("version-not-scheduled", await Refused(author, $"/en/desk/catalogue/services/{Code}", [("do", "withdraw"), ("version", "1")]));

        await Publish(author, reviewer, "9", 2);
        Assert.Equal("version-not-scheduled", await Refused(author, $"/en/desk/catalogue/services/{Code}", [("do", "withdraw"), ("version", "3")]));
        var told = new List<string>();
        Assert.Empty(await PackLoading.Load(site.Services, Path.Combine(Cluster.RepositoryRoot, "data", "jk"), told.Add, default));
        Assert.Contains(told, l => l.StartsWith("catalogue:", StringComparison.Ordinal) && l.Contains("0 new versions", StringComparison.Ordinal));
        Assert.Equal((9, 3), (directory.Find(Code, new DateOnly(2026, 11, 2))!.Limit!.Days, directory.Find(Code, new DateOnly(2026, 11, 2))!.Version));

        // A file of the same day: changed, it is the newer word; unchanged, it undoes nothing that was published after it; and what was published may come back as a file.
        var folder = Directory.CreateTempSubdirectory("sahulat-pack").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "services"));
        File.Copy(Path.Combine(Cluster.RepositoryRoot, "data", "jk", "pack.yaml"), Path.Combine(folder, "pack.yaml"));
        var first = await author.GetStringAsync($"/en/desk/catalogue/services/{Code}/1.yaml");
        Assert.EndsWith("1 new versions", await Load(Regex.Replace(first, "(?m)^valid_from: .*$", "valid_from: 2026-11-02")), StringComparison.Ordinal);
        Assert.Equal((days, 4), Now());
        await Publish(author, reviewer, "11", 2);
        Assert.EndsWith("0 new versions", await Load(null), StringComparison.Ordinal);
        Assert.EndsWith("0 new versions", await Load(await author.GetStringAsync($"/en/desk/catalogue/services/{Code}/5.yaml")), StringComparison.Ordinal);
        Assert.Equal((11, 5), Now());
        Assert.Contains($"stays in force for {Code}", await Load(first.Replace("row:", "# changed\nrow:", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal((11, 5), Now());
        Directory.Delete(folder, recursive: true);

        (int, int) Now() => (directory.Find(Code, new DateOnly(2026, 11, 2))!.Limit!.Days, directory.Find(Code, new DateOnly(2026, 11, 2))!.Version);

        async Task<string> Load(string? yaml)
        {
            if (yaml is not null) await File.WriteAllTextAsync(Path.Combine(folder, "services", "a.yaml"), yaml);
            var loader = site.Services.GetServices<Sahulat.Kernel.IPackLoader>().OfType<Sahulat.Catalogue.Load.CatalogueLoader>().Single();
            Assert.Empty(await loader.Read(folder, default));
            var told = await site.Database.Write(work => loader.Store(work, default));
            await loader.Refresh(default);
            return told;
        }
    }

    [Fact]
    public async Task Save_ByTwoAtOnce_OneIsTold_AndFaultsAreToldInTheirPlace()
    {
        await using var site = await Desks.Start(cluster);
        using var one = await site.Official(DemoOfficials.Administrator);
        using var other = await site.Official(DemoOfficials.SecondAdministrator);
        using var clerk = await site.Official(Desks.Tehsildar);
        var draft = await Begin(one);
        var seen = await Version(other, draft);
        await Save(one, draft, "texts", ("name.en", "Income certificate, new"));
        var late = await other.Form($"/en/desk/catalogue/drafts/{draft}/edit?at=texts", new() { ["version"] = seen, ["do"] = "save", ["name.en"] = "Mine" });
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        var page = await late.Content.ReadAsStringAsync();
        Assert.Contains("Somebody else changed this first", page, StringComparison.Ordinal);
        Assert.Contains(">\nMine</textarea>", page.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // Wrong input is kept, told in its place and in the reader's language, and keeps the draft from review.
        var wrong = await Post(one, draft, "/edit?at=facts", ("do", "save"), ("limit.days", "x"), ("fee.rupees", "free"), ("department", "12x"), ("valid_to.day", "31"), ("valid_to.month", "2"), ("valid_to.year", "2027"));
        var told = await one.GetStringAsync(wrong.Headers.Location!.OriginalString.Replace("/en/", "/ur/", StringComparison.Ordinal));
        foreach (var field in new[] { "limit-days", "fee-rupees", "department", "valid_to" }) Assert.Contains($"href=\"#f-{field}\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("said-in-english", told, StringComparison.Ordinal);
        Assert.Equal("draft-faulty", await Refused(one, $"/en/desk/catalogue/drafts/{draft}", [("do", "submit"), ("version", await Version(one, draft)), ("words", "x")]));

        // Taken out, and put back.
        var pages = await Pages(one, draft);
        var removed = await Post(one, draft, "/edit?at=form", ("do", "remove:form.pages:0"));
        Assert.Equal(pages - 1, await Pages(one, draft));
        var to = Regex.Match(removed.Headers.Location!.OriginalString, "undo=(\\d+)").Groups[1].Value;
        Assert.Contains($"name=\"to\" value=\"{to}\"", await one.GetStringAsync(removed.Headers.Location!.OriginalString), StringComparison.Ordinal);
        await Post(one, draft, "", ("do", "back"), ("to", to), ("at", "form"));
        Assert.Equal(pages, await Pages(one, draft));

        // Doors that stay shut.
        foreach (var at in new[] { "", "x", "form/pages/99", "form/pages/-1", "workflow", "source", "name", "form/pages/0/fields/0/fields/0" }) Assert.Equal(HttpStatusCode.NotFound, (await one.GetAsync($"/en/desk/catalogue/drafts/{draft}/edit?at={at}")).StatusCode);
        foreach (var act in new[] { "add:officers", "up:form.pages:0", "down:form.pages:99", "remove:source:0", "add:fields", "explode", "clear" })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Post(one, draft, "/edit?at=form", ("do", act))).StatusCode);
        foreach (var path in new[] { "/desk/catalogue", "/desk/catalogue/new", $"/desk/catalogue/services/{Code}", $"/desk/catalogue/drafts/{draft}", $"/desk/catalogue/drafts/{draft}/preview", $"/desk/catalogue/drafts/{draft}/try", $"/desk/catalogue/drafts/{draft}.yaml" })
        {
            Assert.Equal(HttpStatusCode.OK, (await one.GetAsync("/ks" + path)).StatusCode);
            Assert.NotEqual(HttpStatusCode.OK, (await clerk.GetAsync("/en" + path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await one.GetAsync($"/en/desk/catalogue/drafts/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await one.GetAsync("/en/desk/catalogue/services/atlantis")).StatusCode);
    }

    [Fact]
    public async Task Yaml_OutAndIn_IsTheDraft_AndHostileTextIsRefused()
    {
        await using var site = await Desks.Start(cluster);
        using var author = await site.Official(DemoOfficials.Administrator);
        var draft = await Begin(author);
        var yaml = await author.GetStringAsync($"/en/desk/catalogue/drafts/{draft}.yaml");
        var seen = await Version(author, draft);
        Assert.Equal(HttpStatusCode.SeeOther, (await Post(author, draft, "/yaml", ("yaml", "# a remark\n" + yaml))).StatusCode);
        Assert.Equal(seen, await Version(author, draft));
        foreach (var (bad, code) in new[] { ("code: other\n", "does not change"), ("a: [", "cannot be read as YAML"), ("a: &x 1\n", "anchors"), ("", "Answer this question") })
        {
            var refused = await Post(author, draft, "/yaml", ("yaml", bad));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(code, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Anything that is YAML is taken, told what is wrong with it, and no screen falls over it.
        Assert.Equal(HttpStatusCode.SeeOther, (await Post(author, draft, "/yaml", ("yaml", $"code: {Code}\nname: [1, 2]\nform: {{ pages: [1, {{ fields: x }}, {{ fields: [{{ type: choice, options: 3, when: 4 }}] }}] }}\nworkflow: 3\nlimit: 4\nkeywords: {{ en: x }}\n"))).StatusCode);
        foreach (var at in new[] { "texts", "facts", "officers", "form", "steps", "reasons", "certificate", "keywords", "form/pages/1", "form/pages/2", "form/pages/2/fields/0" })
        {
            Assert.Equal(HttpStatusCode.OK, (await author.GetAsync($"/en/desk/catalogue/drafts/{draft}/edit?at={at}&check")).StatusCode);
            Assert.Equal(HttpStatusCode.SeeOther, (await Post(author, draft, $"/edit?at={at}", ("do", "save"), ("limit.days", "5"), ("name.en", "Income"), ("keywords.en", "a\r\nb"))).StatusCode);
        }

        foreach (var path in new[] { "", "/preview", "/try", "/yaml" }) Assert.Equal(HttpStatusCode.OK, (await author.GetAsync($"/en/desk/catalogue/drafts/{draft}{path}")).StatusCode);
        using var taken = await author.Form("/en/desk/catalogue/new", new() { ["do"] = "import", ["yaml"] = yaml });
        Assert.Contains("There is a service of this code already", await taken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    internal static async Task<string> Begin(HttpClient author, string service = Code)
    {
        using var begun = await author.Form($"/en/desk/catalogue/services/{service}", new() { ["do"] = "change", ["version"] = "0" });
        Assert.Equal(HttpStatusCode.SeeOther, begun.StatusCode);
        return begun.Headers.Location!.OriginalString.Split('/')[^1];
    }

    internal static async Task Publish(HttpClient author, HttpClient reviewer, string days, int from)
    {
        var draft = await Begin(author);
        await Save(author, draft, "facts", ("limit.days", days), ("limit.confirmed", "true"), ("fee.confirmed", "true"), ("online", "true"));
        Assert.Equal(HttpStatusCode.SeeOther, (await Post(author, draft, "", ("do", "submit"), ("words", "Days"))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await Post(reviewer, draft, "/review", [("do", "approve"), .. Day("from", from)])).StatusCode);
    }

    private static (string, string)[] Day(string name, int day) => [(name + ".day", $"{day}"), (name + ".month", "11"), (name + ".year", "2026")];

    internal static async Task Save(HttpClient author, string draft, string at, params (string, string)[] fields)
    {
        using var saved = await Post(author, draft, $"/edit?at={at}", [("do", "save"), .. fields]);
        Assert.Equal(HttpStatusCode.SeeOther, saved.StatusCode);
        Assert.DoesNotContain("check", saved.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    internal static async Task<HttpResponseMessage> Post(HttpClient author, string draft, string path, params (string, string)[] fields) =>
        await author.Send($"/en/desk/catalogue/drafts/{draft}{path}", [("version", await Version(author, draft)), .. fields], $"/en/desk/catalogue/drafts/{draft}");

    private static async Task<string> Refused(HttpClient author, string path, (string, string)[] fields)
    {
        using var refused = await author.Send(path, fields, "/en/desk/catalogue/new");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());
        foreach (var (code, text) in new[] { ("draft-there", "is being written already"), ("version-not-scheduled", "not come into force"), ("draft-faulty", "need correcting first") })
            if (page.Contains(text, StringComparison.Ordinal)) return code;
        return page;
    }

    /// <summary>As the page tells it; a draft under review is read from its review.</summary>
    private static async Task<string> Version(HttpClient official, string draft)
    {
        foreach (var path in new[] { "", "/review" })
        {
            if (Seen().Match(await official.GetStringAsync($"/en/desk/catalogue/drafts/{draft}{path}")) is { Success: true } match) return match.Groups[1].Value;
        }

        return "0";
    }

    private static async Task<int> Pages(HttpClient official, string draft) =>
        Regex.Count(await official.GetStringAsync($"/en/desk/catalogue/drafts/{draft}.yaml"), "^  - id: ", RegexOptions.Multiline);

    [GeneratedRegex("name=\"version\" value=\"(\\d+)\"")]
    private static partial Regex Seen();
}
