using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Receive;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>A channel of one class: what the script says happens.</summary>
internal sealed class Scripted(ProviderSettings settings, Script script) : IProvider, IHook
{
    public bool TakesKey => settings.Section["Keyed"] == "true";

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        script.Given.Enqueue((settings.Name, message));
        return await script.Answer(settings.Name, message, ct);
    }

    public System.Net.HttpStatusCode Verify(HookCall call, out string? response)
    {
        response = null;
        return System.Net.HttpStatusCode.OK;
    }

    public HookRead Read(HookCall call)
    {
        var told = JsonNode.Parse(call.Body)!;
        return new([new Told(Guid.TryParse((string?)told["id"], out var id) ? id : null, (string?)told["ref"], (string)told["status"]!)], []);
    }
}

internal sealed class Script
{
    public ConcurrentQueue<(string Provider, Outgoing Message)> Given { get; } = new();

    public Func<string, Outgoing, CancellationToken, Task<Handed>> Answer { get; set; } = (_, _, _) => Task.FromResult(Handed.Ok);

    public string[] To => [.. Given.Select(g => g.Message.Step.To)];
}

public sealed class EngineTests(Cluster cluster)
{
    [Fact]
    public async Task ANewChannel_IsOneClassAndOneBlock()
    {
        var script = new Script();
        await using var site = await Start(script, ("pigeon", "telegram"));
        var (client, _) = await site.Department();
        var body = Sender.TryOut();
        body["recipient"] = new JsonObject { ["telegram"] = "loft-7" };
        var told = await (await client.Post(body)).Json();
        await client.Becomes((string)told["id"]!, "sent");
        Assert.Equal(("pigeon", "loft-7"), (script.Given.Single().Provider, script.Given.Single().Message.Step.To));
    }

    [Fact]
    public async Task Provider_Unreachable_TheOtherGetsIt_AndTheShareShifts()
    {
        var script = new Script { Answer = (name, _, _) => name == "bad" ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused") : Task.FromResult(Handed.Ok) };
        await using var site = await Start(script, ("bad", "sms"), ("good", "sms"));
        var (client, _) = await site.Department();
        for (var i = 0; i < 40; i++) await client.Post(Sender.TryOut($"94190{i:D5}"));
        await Eventually.True(async () => await Count(site, "status = 'sent' and provider = 'good'") == 40, "all go out by the good one");
        Assert.Equal(40, script.Given.Count(g => g.Provider == "good"));
        var accounts = site.Services.GetRequiredService<Accounts>();
        Assert.True(accounts.Find("bad")!.Weight < 50 && accounts.Find("good")!.Weight > 99);
    }

    [Fact]
    public async Task AnswerLost_ProviderWithKey_GetsTheSameKeyAgain_AndNoOtherIsTried()
    {
        var lost = true;
        var script = new Script { Answer = (_, _, _) => lost ? throw new IOException("reset") : Task.FromResult(Handed.Ok) };
        await using var site = await Start(script, ("one", "sms"), ("two", "sms"));
        var (client, _) = await site.Department();
        var id = (string)(await (await client.Post(Sender.TryOut())).Json())["id"]!;
        await Eventually.True(async () => await site.Database.One<bool>("select not leased and provider is not null from messaging.queue"), "it waits to be settled");
        lost = false;
        site.Clock.Advance(TimeSpan.FromSeconds(3));
        await client.Becomes(id, "sent");
        Assert.Single(script.Given.Select(g => g.Provider).Distinct());
        Assert.All(script.Given, g => Assert.Equal(id, $"{g.Message.Id}"));
        Assert.Equal(2, script.Given.Count);
    }

    [Fact]
    public async Task AnswerLost_ReceiptSettlesIt()
    {
        var script = new Script { Answer = (_, _, _) => throw new IOException("reset") };
        await using var site = await Start(script, ("one", "sms"));
        var (client, _) = await site.Department();
        var id = (string)(await (await client.Post(Sender.TryOut())).Json())["id"]!;
        await Eventually.True(() => script.Given.Count == 1, "it was given");
        await client.PostAsync("/hooks/messaging/one", new StringContent($$"""{"id":"{{id}}","status":"delivered"}"""));
        await client.Becomes(id, "delivered");
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.queue"));
    }

    [Fact]
    public async Task NodeStops_WhileAProviderHasAMessage_ItsAnswerIsStillWritten()
    {
        var answer = new TaskCompletionSource<Handed>();
        var script = new Script { Answer = (_, _, _) => answer.Task };
        await using var site = await Start(script, ("one", "sms"));
        var (client, _) = await site.Department();
        await client.Post(Sender.TryOut());
        await Eventually.True(() => script.Given.Count == 1, "it was given");
        var stop = site.Services.GetRequiredService<Dispatcher>().StopAsync(default);
        Assert.False(stop.IsCompleted);
        answer.SetResult(Handed.Ok);
        await stop;
        Assert.Equal((1, 0), await site.Database.One<(int, int)>("select (select count(*)::int from messaging.message where status = 'sent'), (select count(*)::int from messaging.queue)"));
    }

    [Fact]
    public async Task NodeDies_LeaseRunsOut_TheMessageIsFoundAgain()
    {
        var script = new Script();
        await using var site = await Start(script, ("one", "sms"));
        var (client, _) = await site.Department();
        var body = Sender.TryOut();
        body["sendAfter"] = site.Clock.GetUtcNow().AddHours(1).ToString("O");
        var id = (string)(await (await client.Post(body)).Json())["id"]!;
        // As a node leaves it that was killed while it held the lease.
        await site.Database.Execute("update messaging.queue set leased = true, attempt = 1, provider = 'one', due_at = @at", new { at = site.Clock.GetUtcNow().AddSeconds(60) });
        Assert.Empty(script.Given);
        site.Clock.Advance(TimeSpan.FromSeconds(61));
        await client.Becomes(id, "sent");
        Assert.Equal(2, script.Given.Single().Message.Attempt);
    }

    [Fact]
    public async Task Refused_GoesOnByTheNextChannel_AndIsNeverTriedAgain()
    {
        var script = new Script { Answer = (name, _, _) => Task.FromResult(name == "texts" ? new Handed(Hand.Refused, Reason: "dlt-633") : Handed.Ok) };
        await using var site = await Start(script, ("texts", "sms"), ("texts2", "sms"), ("mails", "email"));
        var (client, _) = await site.Department();
        await site.Database.Execute("select 1");
        var body = Sender.TryOut();
        body["recipient"] = new JsonObject { ["mobile"] = "9419012345", ["email"] = "a@b.in" };
        body["channels"] = new JsonArray("sms", "email");
        script.Answer = (name, _, _) => Task.FromResult(name.StartsWith("texts", StringComparison.Ordinal) ? new Handed(Hand.Refused, Reason: "dlt-633") : Handed.Ok);
        var id = (string)(await (await client.Post(body)).Json())["id"]!;
        await client.Becomes(id, "sent");
        Assert.Equal("email", (string?)(await client.Json($"/api/v1/messages/{id}"))["channel"]);
        Assert.Equal(1, script.Given.Count(g => g.Provider.StartsWith("texts", StringComparison.Ordinal)));
        body["channels"] = new JsonArray("sms");
        var alone = (string)(await (await client.Post(body)).Json())["id"]!;
        await client.Becomes(alone, "permanent-failure");
        Assert.Equal("dlt-633", (string?)(await client.Json($"/api/v1/messages/{alone}"))["reason"]);
        Assert.Equal(2, script.Given.Count(g => g.Provider.StartsWith("texts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Busy_Down_ThenUp_NothingIsLost_AndWhatIsOldExpires()
    {
        var up = false;
        var script = new Script { Answer = (_, m, _) => Task.FromResult(up ? Handed.Ok : m.Step.To.EndsWith('1') ? new Handed(Hand.Busy, After: TimeSpan.FromSeconds(30)) : new Handed(Hand.Down)) };
        await using var site = await Start(script, ("one", "sms"));
        var (client, _) = await site.Department();
        var body = Sender.TryOut("9419000009");
        body["expiresAt"] = site.Clock.GetUtcNow().AddMinutes(20).ToString("O");
        var brief = (string)(await (await client.Post(body)).Json())["id"]!;
        for (var i = 1; i <= 4; i++) await client.Post(Sender.TryOut($"941900000{i}"));
        for (var i = 0; i < 12; i++)
        {
            site.Clock.Advance(TimeSpan.FromMinutes(5));
            site.Services.GetRequiredService<Dispatcher>().Wake();
            await Eventually.True(async () => await site.Database.One<int>("select count(*)::int from messaging.queue where due_at <= @now or leased", new { now = site.Clock.GetUtcNow() }) == 0, "all have been tried");
        }

        up = true;
        site.Clock.Advance(TimeSpan.FromMinutes(10));
        await Eventually.True(async () => await Count(site, "status = 'sent'") == 4, "after an hour all go out");
        Assert.Contains((string?)(await client.Json($"/api/v1/messages/{brief}"))["status"], (string[])["temporary-failure", "expired"]);
    }

    [Fact]
    public async Task Hanging_IsGivenUp_AndSettledLater()
    {
        var script = new Script { Answer = async (_, _, ct) => { await Task.Delay(Timeout.Infinite, ct); return Handed.Ok; } };
        await using var site = await Start(script, ("one", "sms"));
        var (client, _) = await site.Department();
        var id = (string)(await (await client.Post(Sender.TryOut())).Json())["id"]!;
        await Eventually.True(async () => await site.Database.One<bool>("select not leased and provider = 'one' from messaging.queue"), "the call was given up, the provider noted");
        script.Answer = (_, _, _) => Task.FromResult(Handed.Ok);
        site.Clock.Advance(TimeSpan.FromSeconds(3));
        await client.Becomes(id, "sent");
    }

    private static JsonObject Warning() => new() { ["template"] = "danger-warning", ["recipient"] = new JsonObject { ["mobile"] = "9999999999" }, ["personalisation"] = new JsonObject { ["danger"] = "Flood", ["place"] = "Pampore", ["advice"] = "Go up." } };

    [Fact]
    public async Task ServicesShareALane_EmergencyOvertakes()
    {
        var gate = new TaskCompletionSource();
        var script = new Script { Answer = async (_, _, _) => { await gate.Task; return Handed.Ok; } };
        await using var site = await Start(script, ("one", "sms"));
        var (big, _) = await site.Department(code: "big");
        var (small, _) = await site.Department(code: "small");
        async Task Fill(HttpClient client, int from, int count)
        {
            var rows = new JsonArray([.. Enumerable.Range(from, count).Select(i => (JsonNode)new JsonObject { ["recipient"] = new JsonObject { ["mobile"] = $"94190{i:D5}" }, ["personalisation"] = new JsonObject { ["name"] = "n" } })]);
            using var answer = await client.Post(new JsonObject { ["template"] = "try-out", ["rows"] = rows }, path: "/api/v1/message-batches");
            var id = (string)(await answer.Json())["id"]!;
            await Eventually.True(async () => (string?)(await client.Json($"/api/v1/message-batches/{id}"))["state"] == "ended", "all rows are messages");
        }

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await small.Post(Warning())).StatusCode);
        await site.Database.Execute("update messaging.service set may_warn = true where code = 'small'");
        await site.Services.GetRequiredService<Sahulat.Messaging.Clients.ServiceKeys>().Refresh(default);
        await Fill(big, 0, 600);
        await Fill(small, 90_000, 20);
        Assert.Equal(System.Net.HttpStatusCode.Created, (await small.Post(Warning())).StatusCode);
        await Eventually.True(() => script.To.Contains("+919999999999"), "the warning went though the bulk lane is stuck", 5);
        gate.SetResult();
        await Eventually.True(() => script.To.Count(t => t.StartsWith("+919419090", StringComparison.Ordinal)) == 20, "the small service's are out");
        Assert.True(script.To.TakeWhile(t => t != script.To.Last(l => l.StartsWith("+919419090", StringComparison.Ordinal))).Count() < 300, "the small service did not wait behind the big one");
        await Eventually.True(() => script.Given.Count == 621, "all are out");
        Assert.Equal(621, script.To.Distinct().Count());
    }

    [Fact]
    public async Task Warning_ReachesThePeopleOfAPlace_EachInTheirLanguage_AndNobodyElse()
    {
        var script = new Script();
        await using var site = await Start(script, ("one", "sms"));
        using var system = await site.System();
        foreach (var (mobile, place, lang) in new[] { ("9419066601", "tehsil-79", "ur"), ("9419066602", "tehsil-79", "en"), ("9419066601", "tehsil-79", "hi"), ("9419066603", "tehsil-1", "en") })
        {
            var request = await system.Income(mobile, place);
            request["applicant"]!["lang"] = lang;
            using var filed = await system.File(request);
            Assert.True(filed.StatusCode == System.Net.HttpStatusCode.Created, await filed.Content.ReadAsStringAsync());
            site.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var (client, _) = await site.Department();
        var warning = Warning();
        warning.Remove("recipient");
        warning["place"] = "district-5";
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await client.Post(warning.DeepClone(), path: "/api/v1/message-batches")).StatusCode);
        await site.Database.Execute("update messaging.service set may_warn = true where code = 'jal-shakti'");
        await site.Services.GetRequiredService<Sahulat.Messaging.Clients.ServiceKeys>().Refresh(default);
        var wrong = (JsonObject)warning.DeepClone();
        (wrong["place"], wrong["personalisation"]) = ("district-999", new JsonObject());
        Assert.Equal("/place", (string?)(await (await client.Post(wrong, path: "/api/v1/message-batches")).Json())["errors"]![0]!["pointer"]);
        foreach (var service in new[] { "try-out" })
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await client.Post(new JsonObject { ["template"] = service, ["place"] = "district-5", ["personalisation"] = new JsonObject { ["name"] = "x" } }, path: "/api/v1/message-batches")).StatusCode);
        using var sent = await client.Post(warning.DeepClone(), path: "/api/v1/message-batches");
        Assert.True(sent.StatusCode == System.Net.HttpStatusCode.Accepted, await sent.Content.ReadAsStringAsync());
        string[] Warned() => [.. script.Given.Where(g => g.Message.Template == "danger-warning").Select(g => $"{g.Message.Step.To} {g.Message.Step.Lang}").Order(StringComparer.Ordinal)];
        await Eventually.True(() => Warned().Length >= 2, "the people of the place are warned");
        Assert.Equal(["+919419066601 hi", "+919419066602 en"], Warned());
    }

    [Fact]
    public async Task Receipts_OutOfOrder_Replayed_Unknown_AndByTheProvidersId()
    {
        var script = new Script { Answer = (_, m, _) => Task.FromResult(new Handed(Hand.Accepted, "p-" + m.Step.To)) };
        await using var site = await Start(script, ("one", "sms"));
        var (client, _) = await site.Department();
        var id = (string)(await (await client.Post(Sender.TryOut())).Json())["id"]!;
        await client.Becomes(id, "sent");
        Task<HttpResponseMessage> Receipt(string body) => client.PostAsync("/hooks/messaging/one", new StringContent(body));
        foreach (var status in new[] { "temporary-failure", "delivered", "sent", "permanent-failure", "delivered" })
            Assert.True((await Receipt($$"""{"ref":"p-+919419012345","status":"{{status}}"}""")).IsSuccessStatusCode);
        await client.Becomes(id, "delivered");
        // The feed holds an event back while an older transaction is still running.
        string[] told = [];
        await Eventually.True(async () => (told = [.. (await client.Json("/api/v1/message-events"))["events"]!.AsArray().Select(e => (string)e!["data"]!["status"]!)]).Length >= 2, "both events are told");
        Assert.Equal(["temporary-failure", "delivered"], told);
        Assert.True((await Receipt("not json")).IsSuccessStatusCode);
        Assert.True((await Receipt("""{"ref":"p-later","status":"delivered"}""")).IsSuccessStatusCode);
        Assert.Equal(["applied", "unreadable", "waiting"], (await site.Database.Query<string>("select distinct coalesce(outcome, 'waiting') as o from messaging.receipt order by o")));
        await site.Database.Execute("update messaging.message set provider_ref = 'p-later', rank = 20, status = 'sent'");
        await site.Services.GetRequiredService<Receipts>().Again(default);
        await client.Becomes(id, "delivered");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.PostAsync("/hooks/messaging/nobody", new StringContent("{}"))).StatusCode);
    }

    private Task<TestSite> Start(Script script, params (string Name, string Channel)[] providers)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (name, channel) in providers)
            foreach (var (key, value) in new Dictionary<string, string> { ["Kind"] = "scripted", ["Channel"] = channel, ["Keyed"] = "true", ["Timeout"] = "1" }) settings[$"Sahulat:Messaging:Providers:{name}:{key}"] = value;
        return TestSite.Start(cluster, settings: settings, replace: services =>
        {
            services.AddSingleton(script);
            services.AddSingleton(ProviderKind.Of<Scripted>("scripted"));
        });
    }

    private static Task<int> Count(TestSite site, string where) => site.Database.One<int>($"select count(*)::int from messaging.message where {where}");
}
