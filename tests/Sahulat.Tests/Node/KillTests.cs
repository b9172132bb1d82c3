using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Node;

/// <summary><c>kill -9</c> of the real executable under load: no acknowledged request is lost, none is there twice.</summary>
[Trait("Category", "Long")]
public sealed class KillTests
{
    [Fact]
    public async Task KilledUnderLoad_LosesNoAcknowledgedCase_AndDoublesNone()
    {
        using var folder = new DataFolder();
        await using var node = new Node(folder.Path);
        await node.Start("--pack", Node.Pack);
        var (code, key, error) = await Node.Run("keys", "issue", "kill-test", "--data", folder.Path);
        Assert.True(code == 0, error);

        var bodies = new ConcurrentDictionary<string, JsonNode>();
        var acknowledged = new ConcurrentDictionary<string, string>();
        for (var round = 0; round < 2; round++)
        {
            using var client = Client(node, key);
            using var over = new CancellationTokenSource();
            var load = Enumerable.Range(0, 24).Select(i => Load(client, $"94190{(round * 24) + i:D5}", bodies, acknowledged, over.Token)).ToArray();
            var before = acknowledged.Count;
            await Eventually.True(() => acknowledged.Count >= before + 150, "150 more are acknowledged", seconds: 120);
            await node.Kill();
            await over.CancelAsync();
            await Task.WhenAll(load);
            await node.Start();
        }

        Assert.True(bodies.Count > acknowledged.Count, "the kill came between request and answer at least once");
        using var again = Client(node, key);
        // Each acknowledged request is replayed to the same case; each that was not answered is filed once by sending it again.
        var references = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (sent, _) =>
        {
            using var answer = await again.File(sent.Value, sent.Key);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.True(answer.StatusCode == HttpStatusCode.Created, body.ToString());
            references[sent.Key] = (string)body["reference"]!;
        });
        foreach (var (sent, reference) in acknowledged) Assert.Equal(reference, references[sent]);
        Assert.Equal(bodies.Count, references.Values.Distinct().Count());

        var running = await PrivateCluster.Running(folder.Path);
        await using (var database = Database.Connect(running!.Value.Owner + ";Pooling=false"))
        {
            Assert.Equal(bodies.Count, await database.One<long>("""select count(*) from cases."case" """));
            Assert.Equal(bodies.Count, await database.One<long>("select count(*) from journal.entry where kind = 'case.filed'"));
            Assert.Equal(bodies.Count, await database.One<long>("select count(*) from cases.content"));
            foreach (var stream in await database.Query<string>("select stream from journal.stream where stream like 'case/%' order by stream limit 40")) Assert.Null(await database.FirstBroken(stream));
        }

        NpgsqlConnection.ClearAllPools();
        Assert.Equal(0, await node.Interrupt());
        Assert.Null(await PrivateCluster.Running(folder.Path));
    }

    private static HttpClient Client(Node node, string key) => new() { BaseAddress = node.Address, DefaultRequestHeaders = { { "X-Api-Key", key } }, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Files until stopped; what was begun and what was acknowledged are noted apart.</summary>
    private static async Task Load(HttpClient client, string mobile, ConcurrentDictionary<string, JsonNode> bodies, ConcurrentDictionary<string, string> acknowledged, CancellationToken over)
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                var body = await client.Income(mobile);
                var key = Guid.NewGuid().ToString();
                bodies[key] = body;
                using var answer = await client.File(body, key);
                if (answer.StatusCode == HttpStatusCode.Created) acknowledged[key] = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(over))!["reference"]!;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The node died under it.
        }
    }
}
