using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

public sealed class IntakeTests(Cluster cluster, SharedLoadedSite shared) : IClassFixture<SharedLoadedSite>
{
    private static async Task<JsonNode> Body(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    private static Task<long> Count(TestSite site) => site.Database.One<long>("""select (select count(*) from cases."case") + (select count(*) from cases.content) + (select count(*) from cases.idempotency)""");

    [Fact]
    public async Task Post_Complete_IsAcknowledgedWithItsDateAndLedger()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var system = await site.System();
        using var answer = await system.File(await system.Income());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var receipt = await Body(answer);
        Assert.Equal("open", (string?)receipt["state"]);
        Assert.Equal("2026-11-02", (string?)receipt["completeOn"]);
        // 45 days without public holidays from 2 November 2026; Guru Nanak's birthday falls into it.
        Assert.NotNull((string?)receipt["dueOn"]);
        var clock = await Body(await system.GetAsync((string?)receipt["clock"]));
        Assert.Equal((string?)receipt["dueOn"], (string?)clock["days"]!.AsArray()[^1]!["date"]);
        Assert.Equal(45, clock["days"]!.AsArray().Count(d => (string?)d!["reason"] == "Counted"));
        Assert.Contains(clock["days"]!.AsArray(), d => (string?)d!["reason"] == "Holiday");
        Assert.Null(await site.Database.FirstBroken($"case/{Guid.Parse((string)receipt["id"]!):N}"));
    }

    [Fact]
    public async Task Post_PapersMissing_IsAcknowledgedWithoutDate()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var body = await system.Income();
        body["answers"]!.AsObject().Remove("affidavit");
        var receipt = await Body(await system.File(body));
        Assert.Equal("incomplete", (string?)receipt["state"]);
        Assert.Null(receipt["dueOn"]);
        Assert.Equal(["affidavit"], receipt["missing"]!.AsArray().Select(m => (string)m!));
    }

    [Fact]
    public async Task Post_SameKey_ReplaysSameBody_RefusesAnother_EvenAtOnce()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var body = await system.Income();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => system.File(body, "the-same-key")));
        var references = new HashSet<string>();
        foreach (var answer in answers) references.Add((string)(await Body(answer))["reference"]!);
        Assert.Single(references);
        Assert.Equal(1, await site.Database.One<long>("""select count(*) from cases."case" """));
        using var other = await system.File(Filed.Income("9419099999"), "the-same-key");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal("idempotency-key-reused", (string?)(await Body(other))["code"]);
    }

    [Fact]
    public async Task Post_ManyAtOnce_EachIsItsOwnCase()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var references = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => system.FileIncome($"94190{i % 50:D5}")));
        Assert.Equal(100, references.Distinct().Count());
        Assert.Equal(50, await site.Database.One<long>("select count(*) from access.citizen"));
        Assert.Equal(100, await site.Database.One<long>("select count(*) from journal.entry where kind = 'case.filed'"));
    }

    [Fact]
    public async Task Post_PapersNotItsOwn_AreRefused_AndStayFree()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        using var other = await site.System();
        var mine = await system.Income();
        Assert.Equal(["/answers/identity_proof", "/answers/affidavit"], await Refused(system, Filed.Income()));
        Assert.Equal(["/answers/identity_proof", "/answers/affidavit"], await Refused(other, mine));
        var neighbours = mine.DeepClone();
        neighbours["applicant"]!["mobile"] = "9419055555";
        Assert.Equal(["/answers/identity_proof", "/answers/affidavit"], await Refused(system, neighbours));
        var twice = mine.DeepClone();
        twice["answers"]!["affidavit"] = twice["answers"]!["identity_proof"]!.DeepClone();
        Assert.Equal(["/answers/affidavit"], await Refused(system, twice));
        Assert.Equal(0, await Count(site));
        Assert.Equal(HttpStatusCode.Created, (await system.File(mine)).StatusCode);
        Assert.Equal(["/answers/identity_proof", "/answers/affidavit"], await Refused(system, mine));
        Assert.Equal(2, await site.Database.One<long>("""select count(*) from cases.document d join cases."case" c on c.id = d.case_id"""));

        static async Task<string[]> Refused(HttpClient by, JsonNode body)
        {
            using var answer = await by.File(body);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            return [.. (await Body(answer))["errors"]!.AsArray().Where(e => (string?)e!["code"] == "paper-unknown").Select(e => (string)e!["pointer"]!)];
        }
    }

    [Fact]
    public async Task Post_TwoAtOnceWithOnePaper_OneIsFiled()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var body = await system.Income();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => system.File(body)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(a => a.StatusCode == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(1, await site.Database.One<long>("""select count(*) from cases."case" """));
    }

    public static TheoryData<string, string, int, string> Bad => new()
    {
        { "not json", "{", 400, "malformed-json" },
        { "an array", "[]", 400, "malformed-json" },
        { "nothing", "", 400, "malformed-json" },
        { "a member twice", """{"service":"a","service":"b"}""", 400, "malformed-json" },
        { "too deep", string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40), 400, "malformed-json" },
        { "lone surrogate", """{"service":"\ud800"}""", 400, "malformed-json" },
        { "everything missing", "{}", 422, "invalid-input" },
        { "wrong types", """{"service":5,"place":[],"applicant":"x","answers":"y"}""", 422, "invalid-input" },
        { "unknown service", """{"service":"no-such","place":"tehsil-79","applicant":{"mobile":"9419012345"},"answers":{}}""", 422, "service-unknown" },
        { "too large", "{\"service\":\"" + new string('x', 70_000) + "\"}", 413, "too-large" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Post_BadBody_IsRefusedWithItsCode_AndWritesNothing(string what, string body, int status, string code)
    {
        var site = shared.Site;
        using var system = await site.System();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/cases") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "bad-" + what.Replace(' ', '-'));
        using var answer = await system.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, (string?)(await Body(answer))["code"]);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, await Count(site));
    }

    [Fact]
    public async Task Post_ManyFaults_AreAllNamedAtOnce()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var body = Filed.Income(place: "district-5");
        var answers = body["answers"]!.AsObject();
        answers["full_name"] = "A\0B";
        answers["father_name"] = "\u202Eevil";
        answers["mother_name"] = new string('x', 5000);
        answers["born_on"] = "1994-13-41";
        answers["gender"] = "neither-of-these";
        answers["extra"] = 1;
        answers["members"]!.AsArray()[1]!["member_age"] = "old";
        using var answer = await system.File(body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var pointers = (await Body(answer))["errors"]!.AsArray().Select(e => (string)e!["pointer"]!).ToHashSet();
        foreach (var expected in new[] { "/place", "/answers/full_name", "/answers/father_name", "/answers/mother_name", "/answers/born_on", "/answers/gender", "/answers/extra", "/answers/members/1/member_age" })
            Assert.Contains(expected, pointers);
        Assert.Equal(0, await Count(site));
    }

    [Fact]
    public async Task Doors_AreShutToOthers()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        using var other = await site.System();
        using var readOnly = await site.System("catalogue.read");
        var reference = await system.FileIncome();
        Assert.Equal(HttpStatusCode.OK, (await system.GetAsync($"/api/v1/cases/{reference}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/v1/cases/{reference}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await system.GetAsync("/api/v1/cases/JK26-0000-0000-0")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await readOnly.File(Filed.Income())).StatusCode);
        using var nobody = site.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.File(Filed.Income())).StatusCode);
        nobody.DefaultRequestHeaders.Add("X-Api-Key", "sk_forged");
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.File(Filed.Income())).StatusCode);
    }
}
