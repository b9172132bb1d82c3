using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Telegram's Bot API on the loopback, as core.telegram.org/bots/api tells it: updates until they are confirmed, a webhook or a long poll but not both, files.</summary>
internal sealed class BotApi : IAsyncDisposable
{
    public const string Token = "77:secret", Chat = "778899";

    private readonly WebApplication app;
    private readonly Lock gate = new();
    private TaskCompletionSource happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SortedDictionary<long, JsonObject> pending = [];
    private long last = 500;

    private BotApi(WebApplication app) => this.app = app;

    public string Address => app.Urls.First() + "/";

    public string? Webhook { get; set; }

    /// <summary>Every call but the polls.</summary>
    public ConcurrentQueue<(string Method, JsonObject Body)> Calls { get; } = new();

    /// <summary>By file id: what getFile answers, and the content.</summary>
    public ConcurrentDictionary<string, (Func<HttpContext, Task> Told, byte[] Content)> Files { get; } = new();

    public string[] Sent => [.. Calls.Where(c => c.Method == "sendMessage").Select(c => (string)c.Body["text"]!)];

    public int Waiting
    {
        get
        {
            lock (gate) return pending.Count;
        }
    }

    public static async Task<BotApi> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var api = new BotApi(app);
        app.Run(api.Answer);
        await app.StartAsync();
        return api;
    }

    public Dictionary<string, string?> Settings(params (string Key, string Value)[] more) =>
        GatewayTests.Block("tg", new(more.ToDictionary(m => m.Key, m => (string?)m.Value)) { ["Kind"] = "telegram", ["Channel"] = "telegram", ["Url"] = Address, ["Token"] = Token });

    /// <summary>The person writes, presses or sends something.</summary>
    public void Happens(string update, long? id = null)
    {
        lock (gate)
        {
            var body = (JsonObject)JsonNode.Parse(update)!;
            body["update_id"] = id ?? ++last;
            pending[(long)body["update_id"]!] = body;
            happened.TrySetResult();
            happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Writes(string text) => Happens($$$$"""{"message":{"message_id":1,"chat":{"id":{{{{Chat}}}},"type":"private"},"text":{{{{JsonValue.Create(text)!.ToJsonString()}}}}}}""");

    /// <summary>Writes, and waits for the answer.</summary>
    public async Task<string> Say(string text)
    {
        var before = Sent.Length;
        Writes(text);
        await Eventually.True(() => Sent.Length > before, $"an answer to '{text}'");
        return Sent[before];
    }

    private async Task Answer(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (path.StartsWith($"/file/bot{Token}/", StringComparison.Ordinal) && Files.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out var file))
        {
            await http.Response.Body.WriteAsync(file.Content);
            return;
        }

        var method = path.StartsWith($"/bot{Token}/", StringComparison.Ordinal) ? path[$"/bot{Token}/".Length..] : "";
        var body = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
        if (method != "getUpdates") Calls.Enqueue((method, body));
        switch (method)
        {
            case "getUpdates" when Webhook is not null:
                http.Response.StatusCode = 409;
                await http.Response.WriteAsync("""{"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}""");
                return;
            case "getUpdates":
                await http.Response.WriteAsync($$"""{"ok":true,"result":{{(await Updates((long)body["offset"]!, http.RequestAborted)).ToJsonString()}}}""");
                return;
            case "setWebhook" or "deleteWebhook":
                Webhook = (string?)body["url"];
                break;
            case "getFile":
                await Files[(string)body["file_id"]!].Told(http);
                return;
            case "sendMessage":
                await http.Response.WriteAsync("""{"ok":true,"result":{"message_id":12}}""");
                return;
            case "":
                http.Response.StatusCode = 404;
                break;
        }

        await http.Response.WriteAsync("""{"ok":true,"result":true}""");
    }

    /// <summary>A long poll of two seconds: what there is, or what happens meanwhile.</summary>
    private async Task<JsonArray> Updates(long offset, CancellationToken gone)
    {
        using var hold = CancellationTokenSource.CreateLinkedTokenSource(gone);
        hold.CancelAfter(TimeSpan.FromSeconds(2));
        while (true)
        {
            Task next;
            lock (gate)
            {
                foreach (var done in pending.Keys.Where(k => k < offset).ToArray()) pending.Remove(done);
                if (pending.Count > 0 || hold.IsCancellationRequested) return [.. pending.Values.Select(u => u.DeepClone())];
                next = happened.Task;
            }

            await next.WaitAsync(hold.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
