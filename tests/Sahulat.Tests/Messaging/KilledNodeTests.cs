using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Web;
using Sahulat.Tests.Node;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>The real executable, killed in the middle of its work.</summary>
[Trait("Category", "Long")]
public sealed class KilledNodeTests
{
    [Fact]
    public async Task Node_KilledUnderLoad_EveryAcknowledgedMessageGoesOut()
    {
        using var folder = new DataFolder();
        var given = new ConcurrentDictionary<Guid, int>();
        await using var provider = await Listener.Start(call =>
        {
            given.AddOrUpdate(Guid.ParseExact(HttpUtility.ParseQueryString(HttpUtility.ParseQueryString(call.Query)["dlr-url"]!.Split('?')[1])["id"]!, "N"), 1, (_, n) => n + 1);
            return 202;
        });
        var (code, key, error) = await Node.Node.Run("messages", "key", "--service", "billing", "--kind", "live", "--data", folder.Path);
        Assert.True(code == 0, error);
        await using var node = new Node.Node(folder.Path);
        foreach (var (name, value) in new Dictionary<string, string> { ["Kind"] = "kannel", ["Channel"] = "sms", ["Url"] = provider.Address + "send", ["User"] = "jk", ["Password"] = "p", ["Secret"] = "s", ["Callback"] = node.Address.ToString() })
            node.Environment[$"Sahulat__Messaging__Providers__kannel__{name}"] = value;
        await node.Start("--pack", Node.Node.Pack);
        using var client = new HttpClient { BaseAddress = node.Address, Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { { "Authorization", "Bearer " + key } } };
        var acknowledged = new ConcurrentBag<Guid>();
        var senders = Enumerable.Range(0, 16).Select(s => Send(client, s, acknowledged)).ToArray();
        await Eventually.True(() => acknowledged.Count > 150, "many are acknowledged", 90);
        await node.Kill();
        await Task.WhenAll(senders);
        await node.Start();
        // What the dead node held leases for comes free after a minute.
        await Eventually.True(() => acknowledged.All(given.ContainsKey), "every acknowledged message has reached the provider", 150);
        // Only what was between the provider and the database in that moment can have gone twice.
        Assert.True(given.Values.Count(n => n > 1) <= 64, $"{given.Values.Count(n => n > 1)} of {given.Count} went twice");
        Assert.Equal(0, await node.Interrupt());
    }

    private static async Task Send(HttpClient client, int sender, ConcurrentBag<Guid> acknowledged)
    {
        for (var i = 0; i < 500; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/messages") { Content = JsonContent.Create(Messaging.Sender.TryOut($"9419{sender:D2}{i:D4}")) };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            try
            {
                using var answer = await client.SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.Created) acknowledged.Add(Guid.Parse((string)(await answer.Json())["id"]!));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                return;
            }
        }
    }
}
