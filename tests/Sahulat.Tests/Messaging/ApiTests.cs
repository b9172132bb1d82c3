using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

public sealed class ApiTests(Cluster cluster)
{
    [Fact]
    public async Task Message_IsAccepted_Told_AndDelivered()
    {
        await using var site = await TestSite.Start(cluster);
        var (client, _) = await site.Department();
        using var answer = await client.Post(Sender.TryOut(lang: "ur"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var told = await answer.Json();
        Assert.Contains("Rukhsana", (string)told["text"]!, StringComparison.Ordinal);
        Assert.Equal(("ucs-2", 1, "created", "sms", 1), ((string)told["encoding"]!, (int)told["segments"]!, (string)told["status"]!, (string)told["channel"]!, (int)told["version"]!));
        await client.Becomes((string)told["id"]!, "delivered");
        Assert.Equal("bill-1", (string?)(await client.Json("/api/v1/messages?reference=bill-1"))["messages"]![0]!["reference"]);
        var (stranger, _) = await site.Department(code: "stranger");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(answer.Headers.Location)).StatusCode);
    }

    [Fact]
    public async Task SameKey_SameBody_GivesTheStoredAnswer_AnotherBodyIsRefused()
    {
        await using var site = await TestSite.Start(cluster);
        var (client, _) = await site.Department();
        using var first = await client.Post(Sender.TryOut(), "key-00000001");
        await client.Becomes((string)(await first.Json())["id"]!, "delivered");
        using var again = await client.Post(Sender.TryOut(), "key-00000001");
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        using var other = await client.Post(Sender.TryOut(name: "Mohan"), "key-00000001");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-key-reused"), (other.StatusCode, (string)(await other.Json())["code"]!));
        Assert.Equal((HttpStatusCode.BadRequest, "idempotency-key-missing"), await Refusal(await client.Post(Sender.TryOut(), "")));
        var race = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Post(Sender.TryOut("9419054321"), "key-00000002")));
        Assert.Single((await Task.WhenAll(race.Select(async r => (string)(await r.Json())["id"]!))).Distinct());
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from messaging.message"));
    }

    [Fact]
    public async Task EveryFault_IsTold()
    {
        await using var site = await TestSite.Start(cluster);
        var (client, _) = await site.Department();
        var bad = (JsonObject)JsonNode.Parse("""{"template":"try-out","recipient":{"mobile":"12345","email":"nobody"},"personalisation":{"name":"<b>x</b>","more":"1"},"colour":"red","sendAfter":"soon","lang":"fr"}""")!;
        var unread = await (await client.Post(bad)).Json();
        Assert.Equal(["/colour", "/lang", "/sendAfter"], unread["errors"]!.AsArray().Select(e => (string)e!["pointer"]!).Order(StringComparer.Ordinal));
        foreach (var name in new[] { "colour", "sendAfter", "lang" }) bad.Remove(name);
        var refused = await (await client.Post(bad)).Json();
        Assert.Equal(["/personalisation/more unknown-field", "/personalisation/name markup", "/recipient/email not-an-email", "/recipient/mobile not-a-phone"], refused["errors"]!.AsArray().Select(e => $"{e!["pointer"]} {e["code"]}").Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.Post(new JsonObject { ["template"] = "nothing", ["recipient"] = new JsonObject { ["mobile"] = "9419012345" } })).StatusCode);
        Assert.Equal((HttpStatusCode.Forbidden, "message-may-not-warn"), await Refusal(await client.Post(new JsonObject { ["template"] = "danger-warning", ["recipient"] = new JsonObject { ["email"] = "a@b.in" }, ["personalisation"] = new JsonObject { ["danger"] = "f", ["place"] = "p", ["advice"] = "a" } })));
        foreach (var broken in new[] { "{", "[]", "{\"template\":\"\\ud800\"}", "{\"a\":1,\"a\":2}", "" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = new StringContent(broken, Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(request)).StatusCode);
        }

        using var nobody = site.Client();
        Assert.Equal((HttpStatusCode.Unauthorized, "message-key-unknown"), await Refusal(await nobody.Post(Sender.TryOut())));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.message"));
    }

    [Theory]
    [InlineData("+910000000001", "delivered")]
    [InlineData("+910000000002", "permanent-failure")]
    [InlineData("+910000000003", "temporary-failure")]
    [InlineData("+910000000004", "technical-failure")]
    [InlineData("+910000000005", "sent")]
    [InlineData("07700900003", "temporary-failure")]
    public async Task FixedNumbers_HaveTheirOutcome(string mobile, string outcome)
    {
        await using var site = await TestSite.Start(cluster);
        var (client, _) = await site.Department("test");
        var id = (string)(await (await client.Post(Sender.TryOut(mobile))).Json())["id"]!;
        await client.Becomes(id, outcome);
        Assert.Equal("simulator-simulator", await site.Database.One<string>("select provider from messaging.message"));
    }

    [Fact]
    public async Task TeamKeyAndTrial_WriteToGuestsOnly_TestKeyToNobody()
    {
        await using var site = await TestSite.Start(cluster);
        var (live, _) = await site.Department(trial: true);
        var (team, _) = await site.Department("team");
        var (test, _) = await site.Department("test");
        Assert.Equal((HttpStatusCode.Forbidden, "message-guests-only"), await Refusal(await live.Post(Sender.TryOut())));
        Assert.Equal((HttpStatusCode.Forbidden, "message-guests-only"), await Refusal(await team.Post(Sender.TryOut())));
        Assert.Equal((HttpStatusCode.Forbidden, "message-live-key-only"), await Refusal(await team.PutAsync("/api/v1/message-settings/guests", new StringContent("{\"guests\":[]}"))));
        Assert.Equal(HttpStatusCode.OK, (await live.PutAsync("/api/v1/message-settings/guests", new StringContent("{\"guests\":[\"94190 12345\",\"a@b.in\"]}"))).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await live.Post(Sender.TryOut())).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await team.Post(Sender.TryOut())).StatusCode);
        var simulated = (string)(await (await test.Post(Sender.TryOut("9419099999"))).Json())["id"]!;
        await test.Becomes(simulated, "delivered");
        Assert.Equal("simulator-simulator", (string?)(await test.Json($"/api/v1/messages/{simulated}"))["provider"]);
    }

    [Fact]
    public async Task Limits_AreKept_AndARepeatedRequestIsStillAnswered()
    {
        await using var site = await TestSite.Start(cluster);
        var (client, _) = await site.Department();
        await site.Database.Execute("update messaging.service set per_minute = 3, per_day = 5, international_per_day = 1 where code = 'jal-shakti'");
        await ((Sahulat.Messaging.Clients.ServiceKeys)site.Services.GetService(typeof(Sahulat.Messaging.Clients.ServiceKeys))!).Refresh(default);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Created, (await client.Post(Sender.TryOut(), $"limit-000{i}")).StatusCode);
        Assert.Equal((HttpStatusCode.TooManyRequests, "message-too-fast"), await Refusal(await client.Post(Sender.TryOut())));
        Assert.Equal(HttpStatusCode.Created, (await client.Post(Sender.TryOut(), "limit-0001")).StatusCode);
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Created, (await client.Post(Sender.TryOut("+971501234567"))).StatusCode);
        Assert.Equal((HttpStatusCode.TooManyRequests, "message-abroad-full"), await Refusal(await client.Post(Sender.TryOut("+971501234568"))));
        Assert.Equal(HttpStatusCode.Created, (await client.Post(Sender.TryOut())).StatusCode);
        Assert.Equal((HttpStatusCode.TooManyRequests, "message-day-full"), await Refusal(await client.Post(Sender.TryOut())));
        Assert.Equal(5, await site.Database.One<int>("select n::int from messaging.usage where span like 'd%'"));
    }

    private static async Task<(HttpStatusCode, string)> Refusal(HttpResponseMessage answer) => (answer.StatusCode, (string)(await answer.Json())["code"]!);
}
