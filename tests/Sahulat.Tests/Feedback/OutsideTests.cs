using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Feedback;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Messaging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Feedback;

/// <summary>Other departments' systems ask.</summary>
public sealed class OutsideTests(Cluster cluster)
{
    private static JsonObject Body(string mobile = "9419055901", string? name = null) => new()
    {
        ["service"] = "driving-licence", ["place"] = "district-5", ["reference"] = "JK02/2026/1188", ["lang"] = "hi",
        ["recipient"] = name is null ? new JsonObject { ["mobile"] = mobile } : new JsonObject { ["mobile"] = mobile, ["name"] = name },
    };

    private static async Task<(HttpStatusCode Status, JsonObject Body)> Ask(HttpClient client, JsonObject body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/assessments") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Json());
    }

    [Fact]
    public async Task System_Asks_Once_AndTheNumberConfirmsThePerson()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System(Policies.AskScope);
        using (var filer = await site.System()) Assert.Equal(HttpStatusCode.Forbidden, (await Ask(filer, Body(), "key-00000001")).Status);
        Assert.Equal("idempotency-key-missing", (string?)(await Ask(system, Body(), null)).Body["code"]);
        var wrong = new JsonObject { ["service"] = "no-such", ["place"] = "district-5", ["reference"] = "a b", ["endedOn"] = "2027-01-01", ["extra"] = 1, ["recipient"] = new JsonObject { ["mobile"] = "12345" } };
        var (status, faults) = await Ask(system, wrong, "key-00000002");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(["/endedOn", "/extra", "/recipient/mobile", "/reference", "/service"], faults["errors"]!.AsArray().Select(e => (string)e!["pointer"]!).Order(StringComparer.Ordinal));

        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Ask(system, Body(), "key-00000003")));
        Assert.All(made, m => Assert.Equal(HttpStatusCode.Created, m.Status));
        var id = Assert.Single(made.Select(m => (Guid)m.Body["id"]!).Distinct());
        Assert.Equal("idempotency-key-reused", (string?)(await Ask(system, Body("9419055902"), "key-00000003")).Body["code"]);
        await site.Ask();
        await Eventually.True(async () => await site.Messages($"rating/{id:N}/%") == 1, "the person is asked, by the node's own round when it came first");
        Assert.DoesNotContain("9419055901", await site.Database.One<string>("select a::text from feedback.assessment a where id = @id", new { id }), StringComparison.Ordinal);

        using var client = site.Client();
        var token = await site.Token(id);
        using (var another = await client.Rate(token, new() { ["score"] = "bad", ["digits"] = "5902" }, "hi")) Assert.Equal(HttpStatusCode.UnprocessableEntity, another.StatusCode);
        using (var own = await client.Rate(token, new() { ["score"] = "bad", ["digits"] = "५९०१", ["q.no-agent"] = "no" }, "hi")) Assert.Equal(HttpStatusCode.SeeOther, own.StatusCode);
        var body = Assert.Single(await site.Database.Stream($"rating/{id:N}")).As<OutsideRated>();
        Assert.Equal(("driving-licence", "bad", "no-agent"), (body.Service, body.Score, Assert.Single(body.No)));
        // It counts as every rating does; there is no request here whose layer it could open, so that the page says where a grievance goes.
        await site.CatchUp();
        Assert.Equal(1, (int)(await client.Json("/api/v1/ratings/service/driving-licence"))["rating"]!["answered"]!);
        Assert.Equal(0, await site.Database.One<int>("""select count(*)::int from cases."case" """));
        Assert.Contains("/hi/complain", await client.GetStringAsync($"/hi/rate/{token}?thanks"), StringComparison.Ordinal);
        await Eventually.True(async () => (string?)(await system.Json($"/api/v1/assessments/{id}"))["state"] == "answered", "its state is told");
        using (var stranger = await site.System(Policies.AskScope)) Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/v1/assessments/{id}")).StatusCode);

        // Nobody is written to without end, whatever a key is used for.
        for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.Created, (await Ask(system, Body(), $"key-many-{i}")).Status);
        Assert.Equal("rating-person-asked-often", (string?)(await Ask(system, Body(), "key-many-5")).Body["code"]);
    }

    [Fact]
    public async Task WrongDigits_EndAfterFiveTries()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System(Policies.AskScope);
        var id = (Guid)(await Ask(system, Body(), "key-00000001")).Body["id"]!;
        await site.Ask();
        using var client = site.Client();
        var token = await site.Token(id);
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            using var guess = await client.Rate(token, new() { ["score"] = "bad", ["digits"] = $"000{i}" });
            codes.Add(guess.StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, codes[^1]);
        Assert.All(codes[..5], c => Assert.Equal(HttpStatusCode.UnprocessableEntity, c));
        // Not even the right ones now.
        using (var right = await client.Rate(token, new() { ["score"] = "bad", ["digits"] = "5901" })) Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
        Assert.Equal("open", await site.State(id));
    }
}
