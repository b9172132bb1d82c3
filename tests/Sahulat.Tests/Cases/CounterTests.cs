using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sahulat.Cases;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>A service centre files for a citizen who confirms by code, and for nothing else.</summary>
public sealed partial class CounterTests(Cluster cluster)
{
    private const string Operator = "service-centre-operator@tehsil-79";
    private const string Mobile = "9419066666";

    private static readonly (string Name, string Value)[] Answers =
    [
        ("full_name", "Rukhsana Ahmad Bhat"), ("father_name", "Ghulam Ahmad Bhat"), ("mother_name", "Haseena Bano"), ("born_on.day", "21"), ("born_on.month", "6"), ("born_on.year", "1994"), ("gender", "female"), ("marital_status", "unmarried"),
        ("mobile", Mobile), ("address", "House 14, Lane 3, Lal Nagar"), ("pin", "180001"), ("other_category", "none"),
        ("members.0.member_name", "Rukhsana Ahmad Bhat"), ("members.0.member_relation", "self"), ("members.0.member_age", "32"), ("members.0.member_work", "tailor"), ("members.0.member_income", "96000"),
        ("members.1.member_name", "Ghulam Ahmad Bhat"), ("members.1.member_relation", "father"), ("members.1.member_age", "61"), ("members.1.member_income", "0"),
        ("financial_year", "2025-26"), ("family_income", "96000"), ("main_source", "wages"), ("land_kanal", "0"), ("has_house", "no"), ("has_plot", "no"),
    ];

    [Fact]
    public async Task Operator_FilesForACitizenWhoConfirmedByCode_AndTheJournalSaysWho()
    {
        await using var site = await Desks.Start(cluster);
        using var citizen = await site.Citizen(Mobile);
        using var counter = await site.Official(Operator);
        Assert.Contains("href=\"/en/desk/counter\"", await counter.Page("/en/desk"), StringComparison.Ordinal);
        var consent = await Asked(counter, Mobile);
        using var given = await counter.Send($"/en/desk/counter/{consent}/code", [("code", await Code(site, Mobile))], $"/en/desk/counter/{consent}/code");
        Assert.Equal($"/en/desk/counter/{consent}/start", given.Headers.Location!.OriginalString);
        Assert.Contains("selected=\"\" value=\"tehsil-79\"", await counter.Page($"/en/desk/counter/{consent}/start"), StringComparison.Ordinal);
        var check = await FillIn(counter, consent);
        Assert.Contains("Rukhsana Ahmad Bhat", check, StringComparison.Ordinal);
        Assert.Contains("You are filing for a citizen who confirmed by code", check, StringComparison.Ordinal);

        // The citizen sees what is being written for him.
        Assert.Contains("Begun at a counter: Service Centre Operator, Jammu", await citizen.Page("/en/requests"), StringComparison.Ordinal);

        using var filed = await counter.Send($"/en/desk/counter/{consent}/check", [], $"/en/desk/counter/{consent}/check");
        Assert.Equal($"/en/desk/counter/{consent}/receipt", filed.Headers.Location!.OriginalString);
        var (id, reference, by, due) = await site.Database.One<(Guid, string, string, DateOnly?)>("""select id, reference, filed_by, due_on from cases."case" """);
        Assert.NotNull(due);
        var official = await site.Database.One<Guid>("""select "Id" from access.official where "UserName" = @Operator""", new { Operator });
        var applicant = await site.Database.One<Guid>("""select applicant from cases."case" """);
        var entry = (await site.Database.Stream($"case/{id:N}"))[0];
        Assert.Equal($"post:{Operator}/{official:N}", entry.Actor);
        Assert.Equal(entry.Actor, by);
        Assert.Equal((applicant, $"citizen:{applicant:N}"), (entry.As<CaseFiled>().Applicant, entry.As<CaseFiled>().OnBehalf));
        var consented = Assert.Single(await site.Database.Stream($"consent/{id:N}"));
        Assert.Equal((applicant, Filed.Service, Operator), (consented.As<ConsentGiven>().Citizen, consented.As<ConsentGiven>().Service, consented.As<ConsentGiven>().Post));

        var receipt = await counter.Page($"/en/desk/counter/{consent}/receipt");
        Assert.Contains(Reference.Show(reference), receipt, StringComparison.Ordinal);
        Assert.DoesNotContain("Rukhsana", receipt, StringComparison.Ordinal);
        Assert.Contains(Reference.Show(reference), await counter.Page("/en/desk/counter"), StringComparison.Ordinal);
        var name = await site.Database.One<string>("""select "FullName" from access.official where "UserName" = @Operator""", new { Operator });
        Assert.Contains("Filed for you at a counter: Service Centre Operator, Jammu", await citizen.Page("/en/requests"), StringComparison.Ordinal);
        Assert.Contains($"Service Centre Operator, Jammu ({name}), for you, after you confirmed by code", await citizen.Page($"/en/requests/{reference}"), StringComparison.Ordinal);

        // One code, one request: every way back leads to the receipt of the one that was made.
        using var again = await counter.Send($"/en/desk/counter/{consent}/check", [], "/en/desk/counter");
        Assert.Equal($"/en/desk/counter/{consent}/receipt", again.Headers.Location!.OriginalString);
        using var anew = await counter.Send($"/en/desk/counter/{consent}/start", [("place", "tehsil-79")], "/en/desk/counter");
        Assert.Equal($"/en/desk/counter/{consent}/check", anew.Headers.Location!.OriginalString);
        using var check2 = await counter.GetAsync($"/en/desk/counter/{consent}/check");
        Assert.Equal($"/en/desk/counter/{consent}/receipt", check2.Headers.Location!.OriginalString);
        Assert.Equal(1, await site.Database.One<int>("""select count(*)::int from cases."case" """));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from cases.draft"));
    }

    [Fact]
    public async Task Code_Wrong_OfAnotherCitizen_OfASignIn_OrUsedUp_OpensNothing()
    {
        await using var site = await Desks.Start(cluster);
        using var counter = await site.Official(Operator);
        var consent = await Asked(counter, Mobile);
        var path = $"/en/desk/counter/{consent}/code";
        var right = await Code(site, Mobile);
        var other = await Asked(counter, "9419077770");
        var others = await Code(site, "9419077770");
        using var closed = await counter.GetAsync($"/en/desk/counter/{consent}/start");
        Assert.Equal(HttpStatusCode.NotFound, closed.StatusCode);
        foreach (var wrong in new[] { right == "000000" ? "000001" : "000000", others == right ? "000002" : others })
        {
            using var refused = await counter.Send(path, [("code", wrong)], path);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("The code is wrong or has expired", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // A sign-in code of the same citizen is no consent.
        using var phone = site.Client();
        using var signIn = await phone.Form("/en/sign-in", new() { ["mobile"] = "9419088880", ["back"] = "" });
        var third = await Asked(counter, "9419088880");
        using var mixed = await counter.Send($"/en/desk/counter/{third}/code", [("code", await Code(site, "9419088880", "is your Sahulat code"))], path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, mixed.StatusCode);

        // The third try with the right code still counts; then it is used up, for this and for any other consent.
        using var given = await counter.Send(path, [("code", right)], path);
        Assert.Equal(HttpStatusCode.SeeOther, given.StatusCode);
        using var reused = await counter.Send($"/en/desk/counter/{other}/code", [("code", right == others ? "000003" : right)], "/en/desk/counter");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, reused.StatusCode);

        // Five minutes later a code is worth nothing.
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        using var late = await counter.Send($"/en/desk/counter/{other}/code", [("code", others)], "/en/desk/counter");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from cases.consent where citizen is not null"));

        using var bad = await counter.Send("/en/desk/counter", [("mobile", "12345"), ("service", "no-such-service")], "/en/desk/counter");
        var html = WebUtility.HtmlDecode(await bad.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        Assert.Contains("Write a mobile number of ten digits", html, StringComparison.Ordinal);
        Assert.Contains("Choose one of the answers shown", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_SeesNothingElseOfTheCitizen_AndOthersNothingOfTheConsent()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var earlier = await system.FileIncome(Mobile);
        using var citizen = await site.Citizen(Mobile);
        using var begun = await citizen.Send($"/en/apply/{Filed.Service}", [("place", "tehsil-79")], $"/en/apply/{Filed.Service}");
        var own = await site.Database.One<Guid>("select id from cases.draft");

        using var counter = await site.Official(Operator);
        var consent = await Asked(counter, Mobile);
        using var given = await counter.Send($"/en/desk/counter/{consent}/code", [("code", await Code(site, Mobile))], $"/en/desk/counter/{consent}/code");
        using var started = await counter.Send($"/en/desk/counter/{consent}/start", [("place", "tehsil-79")], $"/en/desk/counter/{consent}/start");
        Assert.Equal(HttpStatusCode.SeeOther, started.StatusCode);
        var mine = started.Headers.Location!.OriginalString;
        var earlierId = await site.Database.One<Guid>("""select id from cases."case" """);
        var paper = await site.Database.One<Guid>("select id from cases.document limit 1");
        foreach (var path in new[] { $"/en/desk/counter/{own:N}/check", $"/en/desk/counter/{own:N}/{mine.Split('/')[^1]}", $"/en/desk/counter/{earlierId:N}/receipt", $"/en/desk/counter/{earlierId:N}/check", $"/en/desk/cases/{earlier}", $"/en/desk/cases/{earlier}/papers/{paper:N}/content" })
        {
            using var refused = await counter.GetAsync(path);
            Assert.True(refused.StatusCode == HttpStatusCode.NotFound, $"{path}: {refused.StatusCode}");
        }

        Assert.DoesNotContain(Reference.Show(earlier), await counter.Page("/en/desk/counter"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await counter.GetAsync($"/en/requests/{earlier}")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await counter.GetAsync("/en/requests")).StatusCode);

        // Another operator, another official and another citizen have no part in it.
        using var neighbour = await site.Official(await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'service-centre-operator@%' and "UserName" <> @Operator order by 1 limit 1""", new { Operator }) ?? "");
        foreach (var path in new[] { mine, $"/en/desk/counter/{consent}/check", $"/en/desk/counter/{consent}/code", $"/en/desk/counter/{consent}/start" })
            Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync(path)).StatusCode);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        foreach (var path in new[] { "/en/desk/counter", mine, $"/en/desk/counter/{consent}/code" }) Assert.Equal(HttpStatusCode.Forbidden, (await tehsildar.GetAsync(path)).StatusCode);
        using var stranger = await site.Citizen("9419099999");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/en/apply/{consent}/check")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync(mine)).StatusCode);

        // The citizen takes it up himself: then he filed it, not the operator.
        var check = await FillIn(citizen, consent, "/en/apply/" + consent);
        Assert.DoesNotContain("You are filing for a citizen", check, StringComparison.Ordinal);
        using var filed = await citizen.Send($"/en/apply/{consent}/check", [], $"/en/apply/{consent}/check");
        Assert.StartsWith("/en/requests/JK26", filed.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.StartsWith("citizen:", await site.Database.One<string>("""select filed_by from cases."case" where id = @id""", new { id = Guid.Parse(consent) }), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await counter.GetAsync($"/en/desk/counter/{consent}/receipt")).StatusCode);
    }

    [Fact]
    public async Task Consent_EndsAfterHours_WithThePost_AndWhenTheCitizenDiscards()
    {
        await using var site = await Desks.Start(cluster);
        using var counter = await site.Official(Operator);
        async Task<string> Begin(string mobile)
        {
            var consent = await Asked(counter, mobile);
            using var given = await counter.Send($"/en/desk/counter/{consent}/code", [("code", await Code(site, mobile))], $"/en/desk/counter/{consent}/code");
            using var started = await counter.Send($"/en/desk/counter/{consent}/start", [("place", "tehsil-79")], $"/en/desk/counter/{consent}/start");
            Assert.Equal(HttpStatusCode.OK, (await counter.GetAsync(started.Headers.Location!.OriginalString)).StatusCode);
            return started.Headers.Location!.OriginalString;
        }

        using var citizen = await site.Citizen("9419066661");
        var discarded = await Begin("9419066661");
        using var gone = await citizen.Send("/en/requests", [("discard", $"{await site.Database.One<Guid>("select id from cases.draft")}")], "/en/requests");
        Assert.Equal(HttpStatusCode.NotFound, (await counter.GetAsync(discarded)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await counter.GetAsync(discarded[..discarded.LastIndexOf('/')] + "/start")).StatusCode);

        var stale = await Begin("9419066662");
        site.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Equal(HttpStatusCode.NotFound, (await counter.GetAsync(stale)).StatusCode);

        var relieved = await Begin("9419066663");
        await site.Vacate(Operator);
        Assert.Equal(HttpStatusCode.Forbidden, (await counter.GetAsync(relieved)).StatusCode);
    }

    private static async Task<string> Asked(HttpClient counter, string mobile)
    {
        using var asked = await counter.Send("/en/desk/counter", [("mobile", mobile), ("service", Filed.Service), ("language", "en")], "/en/desk/counter");
        Assert.True(asked.StatusCode == HttpStatusCode.SeeOther, await asked.Content.ReadAsStringAsync());
        return asked.Headers.Location!.OriginalString.Split('/')[^2];
    }

    /// <summary>The code on the citizen's phone.</summary>
    private static async Task<string> Code(TestSite site, string mobile, string words = "lets the service centre")
    {
        using var phone = site.Client();
        var code = "";
        await Eventually.True(async () =>
        {
            var found = Regex.Match(WebUtility.HtmlDecode(await phone.GetStringAsync($"/en/outbox?mobile={mobile}")), @"(\d{6}) " + words);
            code = found.Groups[1].Value;
            return found.Success;
        }, "the message is there");
        return code;
    }

    /// <summary>Goes through the pages as they come and ends at "check your answers".</summary>
    private static async Task<string> FillIn(HttpClient client, string consent, string? at = null)
    {
        at ??= $"/en/desk/counter/{consent}";
        string page;
        if (at.Contains("/desk/", StringComparison.Ordinal))
        {
            using var started = await client.Send($"{at}/start", [("place", "tehsil-79")], $"{at}/start");
            page = started.Headers.Location!.OriginalString;
        }
        else
        {
            page = FirstPage().Match(await client.GetStringAsync($"{at}/check")).Groups[1].Value;
        }

        for (var i = 0; i < 20 && !page.EndsWith("/check", StringComparison.Ordinal); i++)
        {
            var html = await client.GetStringAsync(page);
            using var form = new MultipartFormDataContent { { new StringContent(WebUtility.HtmlDecode(Token().Match(html).Groups[1].Value)), "_form" } };
            foreach (var (name, value) in Answers) form.Add(new StringContent(value, Encoding.UTF8), name);
            foreach (var paper in new[] { "identity_proof", "affidavit" })
                if (html.Contains($"name=\"{paper}\"", StringComparison.Ordinal)) form.Add(new ByteArrayContent(Filed.Pdf(paper)), paper, paper + ".pdf");
            using var answer = await client.PostAsync(page.Split('?')[0], form);
            Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, $"{page}: {await answer.Content.ReadAsStringAsync()}");
            page = answer.Headers.Location!.OriginalString;
        }

        return WebUtility.HtmlDecode(await client.GetStringAsync(page));
    }

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("href=\"(/en/apply/[0-9a-f]{32}/[a-z-]+)\\?from=check\"")]
    private static partial Regex FirstPage();
}
