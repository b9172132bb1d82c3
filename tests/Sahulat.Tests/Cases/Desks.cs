using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Access.Demo;
using Sahulat.Access.Officials;
using Sahulat.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>What the tests of the desk do again and again.</summary>
internal static partial class Desks
{
    public const string Patwari = "patwari@tehsil-79";
    public const string Naib = "naib-tehsildar@tehsil-79";
    public const string Tehsildar = "tehsildar@tehsil-79";

    /// <summary>A node with officials in every post of the tehsil.</summary>
    public static Task<TestSite> Start(Cluster cluster, IReadOnlyDictionary<string, string?>? settings = null) => TestSite.Start(cluster, Cluster.Staffed, settings: settings);

    public static async Task<(string Step, string Post, long Version)> Open(this TestSite site, string reference) =>
        await site.Database.One<(string, string, long)>("""select s.code, s.post, c.version from cases.step s join cases."case" c on c.id = s.case_id where c.reference = @reference and s.state = 'open' order by s.seq""", new { reference });

    /// <summary>One act through the page's own form, on the version that the officer saw.</summary>
    public static async Task<HttpResponseMessage> Act(this HttpClient officer, string reference, long version, string step, string action, string text = "", params (string Name, string Value)[] more) =>
        await officer.Send($"/en/desk/cases/{reference}", [("version", $"{version}"), ("step", step), ("action", action), ("text", text), .. more], "/en/desk");

    public static async Task<HttpResponseMessage> Act(this TestSite site, HttpClient officer, string reference, string action, string text = "Seen and found right.")
    {
        var (step, _, version) = await site.Open(reference);
        return await officer.Act(reference, version, step, action, text);
    }

    /// <summary>Recommends until the case waits on the post.</summary>
    public static async Task Bring(this TestSite site, string reference, string to)
    {
        for (var open = await site.Open(reference); open.Post != to; open = await site.Open(reference))
        {
            using var officer = await site.Official(open.Post);
            using var done = await site.Act(officer, reference, "recommend");
            Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        }
    }

    /// <summary>Posts a form whose names may repeat.</summary>
    public static async Task<HttpResponseMessage> Send(this HttpClient client, string path, IEnumerable<(string Name, string Value)> fields, string page)
    {
        var token = Token().Match(await client.GetStringAsync(page));
        return await client.PostAsync(path, new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), KeyValuePair.Create("_form", WebUtility.HtmlDecode(token.Groups[1].Value))]));
    }

    /// <summary>The same case many times over, each due a day after the one before, on the same post.</summary>
    public static async Task<string[]> Copies(this TestSite site, string reference, int count)
    {
        var today = DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime);
        var references = Enumerable.Range(0, count).Select(_ => Reference.New(today, site.Services.GetRequiredService<IOrganisation>().Governments[0])).ToArray();
        var args = new { reference, ids = references.Select(_ => Guid.NewGuid()).ToArray(), references, due = references.Select((_, i) => today.AddDays(i - 2)).ToArray() };
        await site.Database.Execute("""
            insert into cases."case" (id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, filed_at, filed_by, complete_on, due_on, version)
            select n.id, n.reference, c.type, c.service, c.service_version, c.law, c.law_version, c.place, c.applicant, c.state, c.step, c.post, c.filed_at, c.filed_by, c.complete_on, n.due, 0
            from cases."case" c, unnest(@ids, @references, @due) as n(id, reference, due) where c.reference = @reference
            """, args);
        await site.Database.Execute("""
            insert into cases.step (case_id, code, seq, post, state, opened_on, due_on)
            select n.id, s.code, s.seq, s.post, s.state, s.opened_on, null from cases.step s join cases."case" c on c.id = s.case_id, unnest(@ids) as n(id) where c.reference = @reference
            """, args);
        return references;
    }

    /// <summary>A second official with the same powers in the post, as by an order of delegation. Signs in by the name given.</summary>
    public static async Task Delegate(this TestSite site, string post, string signIn, string name)
    {
        var id = Guid.CreateVersion7();
        await site.Database.Execute("""
            insert into access.official ("Id", "FullName", "Synthetic", "UserName", "NormalizedUserName", "EmailConfirmed", "PasswordHash", "SecurityStamp", "ConcurrencyStamp", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount")
            select @id, @name, true, @signIn, upper(@signIn), false, "PasswordHash", md5(@signIn), md5(@signIn), false, true, true, 0 from access.official where "UserName" = @post
            """, new { id, name, signIn, post });
        var secret = site.Services.GetRequiredService<TokenSeal>().Seal(id, "AuthenticatorKey", DemoOfficials.Secret);
        await site.Database.Execute("""insert into access.official_token ("UserId", "LoginProvider", "Name", "Value") values (@id, '[AspNetUserStore]', 'AuthenticatorKey', @secret)""", new { id, secret });
        var day = DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime);
        var taken = await site.Database.Write(work => site.Services.GetRequiredService<IHoldings>().Take(work, [new Holding(post, id, "delegated", day, day.AddDays(30))], Actor.Sahulat("test")));
        Assert.True(taken.Ok, taken.Problem?.Code);
        await site.Services.GetRequiredService<OrganisationDirectory>().Load(default);
    }

    /// <summary>Relieves whoever holds the post, from today.</summary>
    public static async Task Vacate(this TestSite site, string post)
    {
        var day = DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime);
        foreach (var id in await site.Database.Query<Guid>("select id from organisation.holding where post = @post", new { post }))
            Assert.True((await site.Database.Write(work => site.Services.GetRequiredService<IHoldings>().Leave(work, id, day, Actor.Sahulat("test")))).Ok);
        await site.Services.GetRequiredService<OrganisationDirectory>().Load(default);
    }

    /// <summary>The references of a page, in their order.</summary>
    public static string[] References(string html) => [.. Shown().Matches(html).Select(m => Reference.Parse(m.Groups[1].Value, out _)!)];

    public static async Task<string> Page(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<tr data-row.*?<bdi dir=\"ltr\">(JK[^<]+)</bdi>", RegexOptions.Singleline)]
    private static partial Regex Shown();
}
