using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Feedback;
using Sahulat.Feedback.Ask;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Feedback;

public sealed class RateTests(Cluster cluster)
{
    private static Dictionary<string, string> Answer(string score, string comment = "") => new() { ["score"] = score, ["q.only-the-fee"] = "no", ["q.polite"] = "yes", ["comment"] = comment, ["me"] = "yes" };

    [Fact]
    public async Task Link_TakesOneRating_CountsIt_AndSealsWhatWasWritten()
    {
        await using var site = await TestSite.Start(cluster);
        var (id, reference) = await site.Answered("9419055801", "ur");
        await site.Ask();
        await site.Ask();
        using var client = site.Client();
        var token = await site.Token(id);
        // In the applicant's language, once; the database has the link's hash and never the link.
        await Eventually.True(async () => (await client.GetStringAsync("/en/outbox?mobile=9419055801")).Contains($"/ur/rate/{token}", StringComparison.Ordinal), "the link is in the outbox");
        Assert.Equal(1, await site.Messages("rating/%"));
        Assert.DoesNotContain(token, await site.Database.One<string>("select a::text from feedback.assessment a where case_id = @id", new { id }), StringComparison.Ordinal);

        // A program that previews links, any number of times, uses nothing up.
        for (var i = 0; i < 3; i++) Assert.Contains("R•••", WebUtility.HtmlDecode(await client.GetStringAsync($"/ur/rate/{token}")), StringComparison.Ordinal);
        using (var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/ur/rate/{token}"))) Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("open", await site.State(id));

        using (var empty = await client.Rate(token, new() { ["comment"] = "x", ["q.polite"] = "perhaps" }))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
            var page = await empty.Content.ReadAsStringAsync();
            foreach (var field in new[] { "#f-score", "#f-me", "#f-q-polite" }) Assert.Contains($"href=\"{field}\"", page, StringComparison.Ordinal);
        }

        // Of two who have the form open and send it at once, one counts and the other is told.
        using var other = site.Client();
        var opened = new[] { await client.Opened($"/en/rate/{token}", Answer("bad", "He asked for 500 rupees\nat the counter")), await other.Opened($"/en/rate/{token}", Answer("good")) };
        var both = await Task.WhenAll(opened.Select(send => send()));
        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.Conflict], both.Select(b => b.StatusCode).Order());
        var won = both[0].StatusCode == HttpStatusCode.SeeOther ? "bad" : "good";
        using (var again = await client.GetAsync($"/en/rate/{token}")) Assert.Contains("answered already", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Thank you", await client.GetStringAsync($"/en/rate/{token}?thanks"), StringComparison.Ordinal);

        var entry = Assert.Single(await site.Database.Stream($"rating/{id:N}"));
        var body = entry.As<DeliveryRated>();
        Assert.Equal((id, reference, "income-certificate", "tehsil-79", won, "only-the-fee"), (body.Case, body.Reference, body.Service, body.Place, body.Score, Assert.Single(body.No)));
        var row = await site.Database.One<string>("select a::text from feedback.assessment a where case_id = @id", new { id });
        Assert.DoesNotContain("500 rupees", row, StringComparison.Ordinal);
        Assert.DoesNotContain("500 rupees", entry.Body, StringComparison.Ordinal);

        await site.CatchUp();
        foreach (var by in new[] { "service/income-certificate", "district/district-5", "department/revenue" })
        {
            var score = JsonNode.Parse(await client.GetStringAsync($"/api/v1/ratings/{by}"))!["rating"]!;
            Assert.Equal((1, 1, 1), ((int)score["sent"]!, (int)score["delivered"]!, (int)score["answered"]!));
            Assert.Null(score["good"]);
            Assert.Null(score["counts"]);
        }
    }

    [Fact]
    public async Task Links_ThatAreWrongOrOver_SaySo_AndGuessingEnds()
    {
        await using var site = await TestSite.Start(cluster);
        var (disowned, _) = await site.Answered("9419055811");
        var (late, _) = await site.Answered("9419055812");
        var (withdrawn, _) = await site.Answered("9419055813", outcome: "withdrawn");
        await site.Ask();
        using var client = site.Client();
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from feedback.assessment where case_id = @withdrawn", new { withdrawn }));

        // Somebody else got it: nothing is counted, and the link ends.
        using (var no = await client.Rate(await site.Token(disowned), new() { ["me"] = "no", ["score"] = "bad" })) Assert.Equal(HttpStatusCode.SeeOther, no.StatusCode);
        Assert.Equal("disowned", await site.State(disowned));
        Assert.Contains("This link has ended", await client.GetStringAsync($"/en/rate/{await site.Token(disowned)}"), StringComparison.Ordinal);
        Assert.Empty(await site.Database.Stream($"rating/{disowned:N}"));

        var token = await site.Token(late);
        site.Clock.Advance(TimeSpan.FromDays(31));
        using (var over = await client.GetAsync($"/en/rate/{token}")) Assert.Equal(HttpStatusCode.Gone, over.StatusCode);
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from feedback.assessment where content is not null"));
        await site.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Sahulat.Feedback.Forget.Forgetting>().Single().Once(default);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from feedback.assessment where content is not null"));

        var last = HttpStatusCode.OK;
        for (var i = 0; i < 31; i++)
        {
            using var guess = await client.GetAsync($"/en/rate/{(i == 0 ? "short" : $"0000000000000000{i:D4}")}");
            last = guess.StatusCode;
            if (i == 0) Assert.Contains("This link is not right", await guess.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task NoAnswerInADay_RemindsOnceByAnotherChannel_AndNotWhoAnswered()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var (silent, _) = await site.Answered("9419055821", system: system);
        var (quick, _) = await site.Answered("9419055822", system: system);
        await site.Ask();
        using var client = site.Client();
        using (var done = await client.Rate(await site.Token(quick), Answer("good"))) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        site.Clock.Advance(TimeSpan.FromHours(23));
        await site.Ask();
        Assert.Equal(0, await site.Messages("%/reminder/%"));
        site.Clock.Advance(TimeSpan.FromHours(2));
        var asking = site.Services.GetRequiredService<Asking>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => asking.Once(default)));
        site.Clock.Advance(TimeSpan.FromDays(3));
        await site.Ask();
        Assert.Equal("whatsapp,sms", Assert.Single(await site.Database.Query<string>("select array_to_string(channels, ',') from messaging.message where idem_key like '%/reminder/%'")));
        using (var done = await client.Rate(await site.Token(silent), Answer("average"))) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
    }

    [Fact]
    public async Task Grievance_IsAskedAbout_AsARequestIs()
    {
        await using var site = await TestSite.Start(cluster);
        var filed = await site.Services.GetRequiredService<IGrievances>().File(new NewGrievance("land-records", "tehsil-79", null, "9419055841", Lang.Ur, "The record of my land shows another's name.", null, null, "Rukhsana Bhat", Actor.Sahulat("test"), "one"), default);
        Assert.True(filed.Ok, filed.Problem?.Code);
        var now = site.Clock.GetUtcNow();
        await site.Database.Write(work => work.Append($"case/{filed.Value.Id:N}", null, new CaseDecided("disposed", Asked.Post, DateOnly.FromDateTime(now.UtcDateTime), [], null), Actor.Sahulat("test"), now));
        await site.Ask();
        using var client = site.Client();
        Assert.Contains("R••• B•••", WebUtility.HtmlDecode(await client.GetStringAsync($"/ur/rate/{await site.Token(filed.Value.Id)}")), StringComparison.Ordinal);
        Assert.Equal("ur", await site.Database.One<string>("select lang from feedback.assessment"));
    }

    [Fact]
    public async Task Comments_AreForTheHeadOfTheOffice_Alone()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var (id, reference) = await site.Answered("9419055831");
        await site.Ask();
        using var client = site.Client();
        using (var done = await client.Rate(await site.Token(id), Answer("bad", "Come back tomorrow, <b>they</b> said"))) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        await site.CatchUp();

        using var head = await site.Official(Asked.Post);
        var read = WebUtility.HtmlDecode(await head.GetStringAsync("/en/desk/ratings"));
        Assert.Contains("Come back tomorrow, <b>they</b> said", read, StringComparison.Ordinal);
        foreach (var hidden in new[] { Sahulat.Cases.Reference.Show(reference), "Rukhsana", "9419055831" }) Assert.DoesNotContain(hidden, read, StringComparison.Ordinal);
        var office = await site.Database.One<string>("select office from feedback.assessment where case_id = @id", new { id });
        var clerk = site.Services.GetRequiredService<Sahulat.Contracts.Organisation.IOrganisation>().PostsOfOffice(office!).First(p => !p.Head).Code;
        using var other = await site.Official(clerk);
        Assert.DoesNotContain("Come back tomorrow", await other.GetStringAsync("/en/desk/ratings"), StringComparison.Ordinal);
        using (var foreign = await other.GetAsync("/en/desk/ratings?office=dc-office-5")) Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);

        // Erased: the words are gone from the screen and for good; the counts stay.
        var person = await site.Database.One<Guid>("select person from feedback.assessment where case_id = @id", new { id });
        await site.Database.Write(work => site.Services.GetRequiredService<Sahulat.Kernel.Vault.Vault>().Erase(work, person));
        Assert.DoesNotContain("Come back tomorrow", await head.GetStringAsync("/en/desk/ratings"), StringComparison.Ordinal);
    }
}
