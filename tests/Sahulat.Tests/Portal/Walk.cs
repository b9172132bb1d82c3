using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sahulat.Access.Demo;
using Sahulat.Cases.Demo;
using Sahulat.Host.Verbs;
using Sahulat.Insight.Publish;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Office.Fetch;
using Sahulat.Tests.Browser;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Catalogue;
using Sahulat.Tests.Feedback;
using Sahulat.Tests.Messaging;
using Sahulat.Tests.Office;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Portal;

/// <summary>A node with a small synthetic past, walked link by link by each kind of person, until every page of the program has an address at which it shows something.</summary>
public sealed partial class Walk(Cluster cluster, Chromium chromium) : IAsyncLifetime
{
    /// <summary>How many addresses of one kind a person follows.</summary>
    private const int Enough = 8;

    /// <summary>A page of more characters is not looked at where a smaller one of the same kind is known: what repeats is looked at often enough.</summary>
    private const int Large = 40_000;

    private const string Operator = "service-centre-operator@tehsil-79";

    private readonly Dictionary<string, IBrowserContext> people = [];
    private readonly Dictionary<string, Seen> found = [];
    private TestSite? site;

    /// <summary>By the page's own path: who sees a full one, and where. Addresses are English.</summary>
    public IReadOnlyDictionary<string, Seen> Found => found;

    /// <summary>Every page that the program serves.</summary>
    public IReadOnlySet<string> All { get; private set; } = new HashSet<string>();

    public IBrowserContext Person(string name) => people[name];

    public async ValueTask InitializeAsync()
    {
        // The past is lived through before this node runs, whose clock stands at its end.
        site = await TestSite.Start(cluster, replace: s => s.AddSingleton<IStartupFilter, NamesItsPage>(), before: store => DemoVerb.Fill(store.App, cluster.KeyFolder, new DemoPlan(Cases: 150, Days: 90, Seed: 20110810), TestSite.Begins, default));
        All = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(e => e.Metadata.GetMetadata<PageActionDescriptor>()?.ViewEnginePath).OfType<string>().ToHashSet(StringComparer.Ordinal);
        await site.CatchUp();
        var more = await Fill(site);

        await Enter("citizen", async page =>
        {
            await page.GotoAsync("/en/sign-in");
            await page.FillAsync("input[name=mobile]", SyntheticPeople.Mobile(4));
            await page.Press();
            await page.WaitForURLAsync("**/sign-in/code**");
            Note(await page.Context.APIRequest.GetAsync(page.Url), "citizen", page.Url);
            await page.GotoAsync("/en/sign-in");
            await page.SignInCitizen(SyntheticPeople.Mobile(3), "en");
            await page.GotoAsync($"/en/apply/{Filed.Service}");
            await page.SelectOptionAsync("select[name=place]", Filed.Place);
            await page.Press();
            await page.WaitForURLAsync("**/apply/*/*");
            await Follow("citizen", page.Url, page.Url[..page.Url.LastIndexOf('/')] + "/check");
        });
        await Enter("anyone", _ => Task.CompletedTask);
        foreach (var post in more.Select(m => m.Who).Where(w => w.Contains('@', StringComparison.Ordinal)).Union([DemoOfficials.Administrator, Desks.Tehsildar, Offices.Deputy, Offices.Clerk, Operator]))
            await Enter(post, page => page.SignInOfficial(post));
        await Consent();

        foreach (var (who, path) in more) await Follow(who, path);
        await Follow("anyone", "/en", "/en/site-map", "/en/outbox", "/en/desk/sign-in");
        await Follow("citizen", "/en/requests");
        foreach (var official in people.Keys.Where(p => p.Contains('@', StringComparison.Ordinal))) await Follow(official, "/en/desk");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in people.Values) await person.CloseAsync();
        if (site is not null) await site.DisposeAsync();
    }

    /// <summary>What the synthetic past does not hold: a certificate, papers in the office, a request filed at a counter.</summary>
    /// <returns>Who may see it, and where.</returns>
    private static async Task<IReadOnlyList<(string Who, string Path)>> Fill(TestSite site)
    {
        var (number, token) = await site.Issued(await site.Approve("9419066601", "en"));
        await site.Services.GetRequiredService<Publisher>().Run(TimeSpan.Zero, default);
        var (notice, accused) = await Accuse(site);
        using var clerk = await site.Official(Offices.Clerk);
        var receipt = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("The first page", "The second page"));
        var waiting = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("A page"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Mut/12", receipt);
        using var noted = await site.OnFile(clerk, file, "sign", ("text", "The letter asks for a mutation."), ("cites", "1-2"));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, noted.StatusCode);
        using var drafted = await clerk.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "letter", ["in"] = "en", ["to"] = "The applicant", ["subject"] = "Mutation", ["body"] = "It was looked into." });
        Assert.True(drafted.StatusCode == System.Net.HttpStatusCode.SeeOther, await drafted.Content.ReadAsStringAsync());
        var official = await site.Database.One<Guid>("select official from organisation.holding where post = @Operator", new { Operator });
        var filed = await site.Database.One<Guid>("""
            with c as (update cases."case" set filed_by = @by where id = (select id from cases."case" where type = 'application' limit 1) returning id, applicant, service)
            insert into cases.consent (id, official, post, service, lang, citizen, sent_at, given_at, expires_at) select id, @official, @Operator, service, 'en', applicant, now(), now(), now() from c returning id
            """, new { official, Operator, by = $"post:{Operator}/{official:N}" });
        var (rated, _) = await site.Answered("9419066602");
        await site.Ask();
        using var caller = site.Client();
        await TalkTests.Chat(caller, "menu");
        await TalkTests.Chat(caller, "person");
        await TalkTests.Chat(caller, "Where is my certificate?");
        using var applicant = site.Client();
        foreach (var said in new[] { "menu", "income certificate", "apply", "9419066603" }) await TalkTests.Chat(applicant, said);
        await TalkTests.Chat(applicant, await TalkTests.Code(applicant, "9419066603"));
        var chat = await TalkTests.Chat(applicant, "Pampore");
        await site.Answer(async said => chat = await TalkTests.Chat(applicant, said), chat, "/papers/");
        var plan = await Scans.Planned(clerk, "JB-1975 | Jamabandi of Gho | 1 | register");
        var (bundle, item) = await site.Database.One<(Guid, Guid)>("select b.id, i.id from office.scan_bundle b join office.scan_item i on i.bundle = b.id");
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await Scans.Upload(clerk, plan, Offices.Pdf("A page that no sheet names"))).StatusCode);
        await Eventually.True(() => site.Database.One<bool>("select exists (select from office.intake_page where outcome = 'unplaced')"), "a page lies without a file", 120);
        var (order, due) = await Old(site, clerk);
        using var author = await site.Official(DemoOfficials.Administrator);
        using var reviewer = await site.Official(DemoOfficials.SecondAdministrator);
        await DesignTests.Publish(author, reviewer, "3", 4);
        var (draft, reviewed) = (await DesignTests.Begin(author, "character-certificate"), await DesignTests.Begin(author, "age-certificate"));
        using var submitted = await DesignTests.Post(author, reviewed, "", ("do", "submit"), ("words", "Read again."));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, submitted.StatusCode);
        var (before, after) = await site.Database.One<(int, int)>("select min(version), max(version) from catalogue.service_version where code = 'income-certificate'");
        var pack = await ExchangeTests.Bring(author, await author.GetByteArrayAsync("/en/desk/packs/export?service=income-certificate"));
        return
        [
            ("anyone", $"/en/rate/{await site.Token(rated)}"), ("anyone", Paper().Match(chat).Value),
            ("anyone", "/en/performance/districts/district-5"), (accused, $"/en/desk/notices/{notice:N}"), (Desks.Tehsildar, "/en/desk/duties"),
            (Offices.Clerk, $"/en/desk/office/scanning/bundles/{bundle:N}"), (Offices.Clerk, $"/en/desk/office/scanning/items/{item:N}"), (Offices.Clerk, $"/en/desk/office/scanning/{plan:N}"), (Offices.Clerk, $"/en/desk/office/scanning/{plan:N}/sheets"), (Offices.Clerk, $"/en/desk/office/scanning/{plan:N}/pages"),
            (Offices.Clerk, order), (Desks.Tehsildar, $"/en/desk/office/records/{due:N}/review"), ("anyone", await Letter(site)),
            (DemoOfficials.Administrator, $"/en/desk/catalogue/drafts/{draft}"), (DemoOfficials.Administrator, $"/en/desk/catalogue/drafts/{reviewed}/review"), (DemoOfficials.Administrator, $"/en/desk/catalogue/drafts/{draft}/try"), (DemoOfficials.Administrator, $"/en/desk/catalogue/services/income-certificate/compare?from={before}&to={after}"), (DemoOfficials.Administrator, pack),
            ("anyone", $"/en/verify/{token}"), (Desks.Tehsildar, $"/en/desk/certificates/{number}"), (Operator, $"/en/desk/counter/{filed}/receipt"),
            (Offices.Clerk, $"/en/desk/office/receipts/{waiting:N}"), (Offices.Clerk, $"/en/desk/office/drafts/{Offices.Id(drafted):N}"),
        ];
    }

    /// <returns>The address of an order to weed one old file, and another that is to be reviewed.</returns>
    private static async Task<(string Order, Guid Due)> Old(TestSite site, HttpClient clerk)
    {
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var files = new[] { await clerk.OpenFile(Offices.Clerk, "TJ/Old/1"), await clerk.OpenFile(Offices.Clerk, "TJ/Old/2") };
        foreach (var file in files)
        {
            using var closed = await site.OnFile(clerk, file, "close", ("retention", "C-3"));
            using var recorded = await RecordTests.Records(tehsildar, ("record", $"{file}"));
            Assert.Equal(System.Net.HttpStatusCode.SeeOther, recorded.StatusCode);
        }

        await site.Database.Execute("update office.file set weed_on = date '2026-01-01', review_on = date '2026-01-01' where id = any(@files)", new { files });
        using var made = await RecordTests.Records(tehsildar, ("do", "weeding"), ("file", $"{files[0]}"));
        Assert.True(made.StatusCode == System.Net.HttpStatusCode.SeeOther, await made.Content.ReadAsStringAsync());
        return (made.Headers.Location!.OriginalString, files[1]);
    }

    /// <returns>Where whoever got the message fetches a letter.</returns>
    private static async Task<string> Letter(TestSite site)
    {
        using var officer = await site.Official(Desks.Tehsildar);
        var draft = await DispatchTests.Signed(officer, await officer.OpenFile(Desks.Tehsildar, "TJ/Letter/1"), "en", "The applicant");
        await DispatchTests.Dispatch(officer, draft, "message", "9419066604");
        return $"/en/d/{site.Services.GetRequiredService<LetterLinks>().CodeOf(await site.Database.One<Guid>("select id from office.dispatch where draft_id = @id", new { id = Offices.Id(draft) }))}";
    }

    /// <summary>A notice to show cause, to whoever let the days of an appeal's request pass and was not asked yet.</summary>
    private static async Task<(Guid Notice, string Post)> Accuse(TestSite site)
    {
        foreach (var (reference, post) in await site.Database.Query<(string, string)>("""select c.reference, o."UserName" from cases."case" c join access.official o on o."UserName" = coalesce(c.post, c.decided_by) where c.type = 'appeal' and c.opened_by = 'lapse' order by c.filed_at, c.reference"""))
        {
            using var authority = await site.Official(post);
            var path = $"/en/desk/cases/{reference}/penalty";
            if (Person().Match(await authority.Page(path)) is not { Success: true } person) continue;
            var fields = Appealing.With(new() { ["do"] = "notice", ["rule"] = "not-provided", ["person"] = person.Groups[1].Value, ["notice"] = "The request was not answered in time." }, Appealing.Date("reply", Ist.Today(site.Clock).AddDays(7)));
            using var sent = await authority.Form(path, fields);
            if (sent.StatusCode == System.Net.HttpStatusCode.SeeOther) return (await site.Database.One<Guid>("""select k.id from cases.claim k join cases."case" c on c.id = k.case_id where c.reference = @reference and k.state = 'noticed'""", new { reference }), person.Groups[1].Value.Split('.')[1]);
        }

        throw new InvalidOperationException("nobody let a request of the synthetic past lapse");
    }

    /// <summary>An operator's counter, up to the code that the citizen tells.</summary>
    private async Task Consent()
    {
        var page = await people[Operator].NewPageAsync();
        await page.GotoAsync("/en/desk/counter");
        await page.FillAsync("input[name=mobile]", "9419066666");
        await page.SelectOptionAsync("select[name=service]", Filed.Service);
        await page.SelectOptionAsync("select[name=language]", "en");
        await page.Press();
        await page.WaitForURLAsync("**/code");
        await Follow(Operator, page.Url);
        await page.CloseAsync();
    }

    private async Task<IBrowserContext> Enter(string name, Func<IPage, Task> how)
    {
        var page = await chromium.Desk(site!.Address);
        people[name] = page.Context;
        await how(page);
        await page.CloseAsync();
        return page.Context;
    }

    /// <summary>Breadth first over the links of the pages, a few addresses of each page.</summary>
    private async Task Follow(string who, params string[] starts)
    {
        var waiting = new Queue<string>(starts.Select(s => s.StartsWith('/') ? s : new Uri(s).PathAndQuery));
        var known = waiting.ToHashSet(StringComparer.Ordinal);
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var path))
        {
            var shape = Variable().Replace(path.Split('?')[0], "*");
            if ((taken[shape] = taken.GetValueOrDefault(shape) + 1) > Enough) continue;
            var answer = await people[who].APIRequest.GetAsync(path, new() { MaxRedirects = 0 });
            if (Note(answer, who, path) is not { } html) continue;
            foreach (var link in Links().Matches(html).Select(m => System.Net.WebUtility.HtmlDecode(m.Groups[1].Value)).Where(l => !l.Contains("sign-out", StringComparison.Ordinal)))
                if (known.Add(link)) waiting.Enqueue(link);
        }
    }

    /// <returns>The page's HTML; null when it is none, or is refused.</returns>
    private string? Note(IAPIResponse answer, string who, string path)
    {
        Assert.True(answer.Status < 500, $"{who} at {path}: {answer.Status}");
        if (answer.Status != 200 || !answer.Headers.TryGetValue(NamesItsPage.Header, out var page)) return null;
        var html = answer.TextAsync().GetAwaiter().GetResult();
        if (path.StartsWith("http", StringComparison.Ordinal)) path = new Uri(path).PathAndQuery;
        if (!found.TryGetValue(page, out var seen) || Better(html.Length, seen.Length)) found[page] = new Seen(who, path, html.Length);
        return html;
    }

    private static bool Better(int length, int than) => than > Large ? length < than : length > than && length <= Large;

    [GeneratedRegex("/en/papers/[A-Za-z0-9_.-]+/[a-z_]+")]
    private static partial Regex Paper();

    [GeneratedRegex("name=\"person\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Person();

    [GeneratedRegex("<a [^>]*href=\"(/en[/?\"#]?[^\"#]*)")]
    private static partial Regex Links();

    /// <summary>What differs between addresses of one page.</summary>
    [GeneratedRegex("[0-9a-f]{32}|[0-9a-f-]{36}|JK[0-9A-Z-]{6,}|[a-z-]+@[a-z0-9-]+|(?<=/services/|/apply/)[^/]+")]
    private static partial Regex Variable();

    public sealed record Seen(string Who, string Path, int Length);

    /// <summary>Says in a header which page answers.</summary>
    private sealed class NamesItsPage : IStartupFilter
    {
        public const string Header = "x-page";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Response.OnStarting(() =>
                {
                    if (http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is { } page) http.Response.Headers[Header] = page.ViewEnginePath;
                    return Task.CompletedTask;
                });
                return rest(http);
            });
            next(app);
        };
    }
}
