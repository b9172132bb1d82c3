using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Batches;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

public sealed class BatchTests(Cluster cluster)
{
    [Fact]
    public async Task Csv_GoodRowsGo_FaultyRowsAreTold()
    {
        await using var site = await TestSite.Start(cluster);
        var (client, _) = await site.Department();
        var csv = "mobile,lang,name,reference\n9419000001,en,Asha,r1\n123,en,Bano,r2\n9419000003,ur,\"Dev, Singh\",r3\n9419000004,xx,Eva,r4\n9419000005,hi,,r5\n";
        using var answer = await Post(client, csv, "batch-001");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = (string)(await answer.Json())["id"]!;
        await Eventually.True(async () => (string?)(await client.Json($"/api/v1/message-batches/{id}"))["messages"]?["delivered"]?.ToString() == "2", "both good rows are delivered");
        var shown = await client.Json($"/api/v1/message-batches/{id}");
        Assert.Equal(("ended", 5, 2, 3), ((string)shown["state"]!, (int)shown["total"]!, (int)shown["accepted"]!, (int)shown["faulty"]!));
        var faults = (await client.Json($"/api/v1/message-batches/{id}/faults"))["rows"]!.AsArray();
        Assert.Equal(["2 /recipient/mobile not-a-phone", "4 /lang not-a-choice", "5 /personalisation/name required"], faults.Select(f => $"{f!["row"]} {f["errors"]![0]!["pointer"]} {f["errors"]![0]!["code"]}"));
        using var again = await Post(client, csv, "batch-001");
        Assert.Equal(id, (string)(await again.Json())["id"]!);
        using var other = await Post(client, csv + "9419000006,en,F,r6\n", "batch-001");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.batch_row where content is not null"));
    }

    /// <summary>Rows become messages before any lane is looked at: a warning does not wait there either.</summary>
    [Fact]
    public async Task AWarning_ComesBeforeWhatIsLeftOfOtherBatches()
    {
        await using var site = await TestSite.Start(cluster, replace: s => s.Remove(s.Last(d => d.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService) && d.ImplementationFactory?.Method.ReturnType == typeof(BatchRun))));
        var (client, _) = await site.Department();
        await site.Database.Execute("update messaging.service set may_warn = true where code = 'jal-shakti'");
        await site.Services.GetRequiredService<Sahulat.Messaging.Clients.ServiceKeys>().Refresh(default);
        async Task<string> Store(string template, JsonObject values, int count)
        {
            var rows = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject { ["recipient"] = new JsonObject { ["mobile"] = $"94190{i:D5}" }, ["personalisation"] = values.DeepClone() })]);
            using var answer = await client.Post(new JsonObject { ["template"] = template, ["rows"] = rows }, path: "/api/v1/message-batches");
            return (string)(await answer.Json())["id"]!;
        }

        var run = site.Services.GetRequiredService<BatchRun>();
        var bulk = await Store("try-out", new JsonObject { ["name"] = "n" }, 1200);
        Assert.True(await run.Once(default));
        var warning = await Store("danger-warning", new JsonObject { ["danger"] = "Flood", ["place"] = "Pampore", ["advice"] = "Go up." }, 1100);
        for (var n = 0; n < 3; n++) Assert.True(await run.Once(default));
        async Task<int> Accepted(string id) => (int)(await client.Json($"/api/v1/message-batches/{id}"))["accepted"]!;
        Assert.Equal((500, 1100), (await Accepted(bulk), await Accepted(warning)));
    }

    [Fact]
    public async Task Cancelled_NothingMoreGoesOut()
    {
        await using var site = await TestSite.Start(cluster);
        var (client, _) = await site.Department();
        var rows = new JsonArray([.. Enumerable.Range(0, 1200).Select(i => (JsonNode)new JsonObject { ["recipient"] = new JsonObject { ["mobile"] = $"94190{i:D5}" }, ["personalisation"] = new JsonObject { ["name"] = "n" } })]);
        using var answer = await client.Post(new JsonObject { ["template"] = "try-out", ["sendAfter"] = "2026-11-20T00:00:00Z", ["rows"] = rows }, path: "/api/v1/message-batches");
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var id = (string)(await answer.Json())["id"]!;
        await Eventually.True(async () => (int)(await client.Json($"/api/v1/message-batches/{id}"))["accepted"]! > 0, "some rows are worked on");
        using var cancelled = await client.PostAsync($"/api/v1/message-batches/{id}/cancel", null);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        var shown = await cancelled.Json();
        Assert.Equal(("cancelled", 1200), ((string)shown["state"]!, (int)shown["cancelled"]!));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.queue"));
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/api/v1/message-batches/{id}/cancel", null)).StatusCode);
        var (stranger, _) = await site.Department(code: "stranger");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/v1/message-batches/{id}")).StatusCode);
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, string csv, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/message-batches?template=try-out&class=bulk") { Content = new StringContent(csv, Encoding.UTF8, "text/csv") };
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}
