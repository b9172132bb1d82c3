using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sahulat.Messaging.Tell;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

public sealed class WebhookTests(Cluster cluster)
{
    [Fact]
    public async Task Webhook_IsSigned_AndTriedAgain_AndTheFeedHasAll()
    {
        await using var site = await TestSite.Start(cluster, settings: new Dictionary<string, string?> { ["Sahulat:Messaging:PrivateCallbacks"] = "allow" });
        await using var listener = await Listener.Start(call => call.N == 1 ? 503 : 204);
        var (client, _) = await site.Department();
        using var set = await client.PutAsync("/api/v1/message-settings/webhook", new StringContent($$"""{"url":"{{listener.Address}}told"}"""));
        var secret = (string)(await set.Json())["secret"]!;
        var id = (string)(await (await client.Post(Sender.TryOut("+910000000002"))).Json())["id"]!;
        await Eventually.True(() => !listener.Calls.IsEmpty, "the first try is made");
        await Eventually.True(() =>
        {
            site.Clock.Advance(TimeSpan.FromSeconds(1));
            return listener.Calls.Count > 1;
        }, "the second try is made");
        var call = listener.Calls.Last();
        Assert.Equal("v1," + CallbackSender.Sign(secret, call.Headers["webhook-id"], long.Parse(call.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture), call.Body), call.Headers["webhook-signature"]);
        var told = JsonNode.Parse(call.Body)!;
        Assert.Equal(("1.0", "sahulat.message.permanent-failure", id, "bill-1"), ((string)told["specversion"]!, (string)told["type"]!, (string)told["subject"]!, (string)told["data"]!["reference"]!));
        Assert.DoesNotContain("910000000002", System.Text.Encoding.UTF8.GetString(call.Body), StringComparison.Ordinal);
        await Eventually.True(async () => await site.Database.One<int>("select count(*)::int from messaging.callback") == 0, "what was told is done with");

        var feed = await client.Json("/api/v1/message-events");
        Assert.Equal(id, (string)feed["events"]!.AsArray().Single()!["subject"]!);
        Assert.Empty((await client.Json($"/api/v1/message-events?after={feed["cursor"]}"))["events"]!.AsArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.GetAsync("/api/v1/message-events?after=x")).StatusCode);
        var (stranger, _) = await site.Department(code: "stranger");
        Assert.Empty((await stranger.Json("/api/v1/message-events"))["events"]!.AsArray());
    }

    [Fact]
    public async Task Feed_NeverPassesALateCommit()
    {
        await using var site = await TestSite.Start(cluster);
        var (client, key) = await site.Department();
        var service = await site.Database.One<Guid>("select id from messaging.service where code = 'jal-shakti'");
        await using var slow = await site.Database.Open();
        await using var transaction = await slow.BeginTransactionAsync();
        const string Insert = "insert into messaging.event (service, kind, subject, status, at) values (@service, 'message', @id, 'delivered', now())";
        await Dapper.SqlMapper.ExecuteAsync(slow, Insert, new { service, id = Guid.NewGuid() }, transaction);
        await site.Database.Execute(Insert, new { service, id = Guid.NewGuid() });
        var early = await client.Json("/api/v1/message-events");
        await transaction.CommitAsync();
        await Eventually.True(async () => early["events"]!.AsArray().Count + (await client.Json($"/api/v1/message-events?after={early["cursor"]}"))["events"]!.AsArray().Count == 2, "both are in the feed");
        Assert.NotEmpty(key);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.20.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("2001:4860:4860::8888", true)]
    public void Webhooks_NeverGoInside(string address, bool allowed) => Assert.Equal(allowed, CallbackSender.IsPublic(IPAddress.Parse(address)));
}

/// <summary>A server on the loopback that keeps what it is told.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication app;

    private Listener(WebApplication app) => this.app = app;

    public sealed record Call(int N, string Method, string Path, string Query, Dictionary<string, string> Headers, byte[] Body)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Body);
    }

    public ConcurrentQueue<Call> Calls { get; } = new();

    public string Address => app.Urls.First() + "/";

    public static Task<Listener> Start(Func<Call, int> answer, int port = 0) => Start(call => (answer(call), "", null), port);

    public static async Task<Listener> Start(Func<Call, (int Status, string Body, Dictionary<string, string>? Headers)> answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var listener = new Listener(app);
        var count = 0;
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var call = new Call(Interlocked.Increment(ref count), http.Request.Method, http.Request.Path, http.Request.QueryString.Value ?? "", http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), body.ToArray());
            listener.Calls.Enqueue(call);
            var (status, text, headers) = answer(call);
            foreach (var (name, value) in headers ?? []) http.Response.Headers[name] = value;
            http.Response.StatusCode = status;
            if (status is not 204) await http.Response.WriteAsync(text);
        });
        await app.StartAsync();
        return listener;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
