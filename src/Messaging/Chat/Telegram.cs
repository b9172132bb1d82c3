using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Chat;

/// <summary>Telegram Bot API: <c>sendMessage</c>, and updates by webhook with its secret token or by long poll. Settings: Url (https://api.telegram.org), Token; Updates (<c>poll</c> where Telegram cannot call this site), else Secret, and Callback (this site as Telegram reaches it: the webhook is then set at the start).</summary>
internal sealed class Telegram(ProviderSettings settings) : IProvider, IHook, IMediaSource
{
    private static readonly string[] Wanted = ["message", "callback_query"];

    /// <summary>Telegram answers a long poll after this when nothing comes.</summary>
    private const int PollSeconds = 25;

    private readonly HttpClient http = Client(settings.Window);

    /// <summary>A long poll holds its connection; messages go by others.</summary>
    private readonly HttpClient polls = Client(1);

    private readonly string url = $"{(settings.Section["Url"] ?? "https://api.telegram.org").TrimEnd('/')}/bot{settings.Required("Token")}/";

    private readonly string? secret = settings.Section["Updates"] == "poll" ? null : settings.Required("Secret");

    public bool Polls => secret is null;

    private static HttpClient Client(int connections) => new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = connections, ConnectTimeout = TimeSpan.FromSeconds(3), AllowAutoRedirect = false });

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        var body = new JsonObject { ["chat_id"] = message.Step.To, ["text"] = message.Step.Text, ["link_preview_options"] = new JsonObject { ["is_disabled"] = true } };
        // A key longer than 64 bytes is refused by Telegram; people can still type its number.
        if (message.Step.Options is { Count: > 0 } options) body["reply_markup"] = new JsonObject { ["inline_keyboard"] = new JsonArray([.. options.Select((o, i) => (JsonNode)new JsonArray(new JsonObject { ["text"] = o.Label, ["callback_data"] = Encoding.UTF8.GetByteCount(o.Key) <= 64 ? o.Key : $"{i + 1}" }))]) };
        using var answer = await http.PostAsJsonAsync(url + "sendMessage", body, ct);
        JsonNode? told;
        try
        {
            told = JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct));
        }
        catch (JsonException)
        {
            return new(Hand.Unknown, Reason: "telegram-unreadable");
        }

        if (told?["ok"]?.GetValue<bool>() == true) return new(Hand.Delivered, $"{message.Step.To}/{told["result"]?["message_id"]}");
        var code = told?["error_code"]?.GetValue<int>() ?? (int)answer.StatusCode;
        return code switch
        {
            429 => new(Hand.Busy, Reason: "telegram-429", After: TimeSpan.FromSeconds(told?["parameters"]?["retry_after"]?.GetValue<int>() ?? 5)),
            401 or 404 => new(Hand.Down, Reason: "telegram-refused-account"),
            >= 500 => new(Hand.Down, Reason: $"telegram-{code}"),
            // 403: the person has blocked the bot; 400: there is no such chat.
            _ => new(Hand.Refused, Reason: $"telegram-{code}"),
        };
    }

    public HttpStatusCode Verify(HookCall call, out string? response)
    {
        response = null;
        return secret is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(call.Headers.GetValueOrDefault("X-Telegram-Bot-Api-Secret-Token") ?? "")) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
    }

    /// <summary>A pressed button turns until it is answered; the answer to a webhook may carry a call of the API.</summary>
    public string? Answer(HookCall call) => Pressed(JsonNode.Parse(call.Body)) is { } id ? new JsonObject { ["method"] = "answerCallbackQuery", ["callback_query_id"] = id }.ToJsonString() : null;

    /// <summary>Has Telegram call this site, where settings say at which address it is reached.</summary>
    public async Task Subscribe(CancellationToken ct)
    {
        if (secret is null || settings.Section["Callback"] is not { Length: > 0 } site) return;
        using var answer = await http.PostAsJsonAsync(url + "setWebhook", new { url = $"{site.TrimEnd('/')}/hooks/messaging/{settings.Name}", secret_token = secret, allowed_updates = Wanted }, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The updates after <paramref name="last"/>, which confirms those before; waits when there are none.</summary>
    public async Task<IReadOnlyList<(long Id, HookCall Call)>> Next(long last, CancellationToken ct)
    {
        using var answer = await polls.PostAsJsonAsync(url + "getUpdates", new { offset = last + 1, timeout = PollSeconds, allowed_updates = Wanted }, ct);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            // A webhook set earlier stands in the way; another poller ends by itself.
            using var removed = await http.PostAsJsonAsync(url + "deleteWebhook", new { drop_pending_updates = false }, ct);
        }

        answer.EnsureSuccessStatusCode();
        var updates = JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct))?["result"] as JsonArray ?? throw new JsonException("no result");
        return [.. updates.Select(u => ((long?)u?["update_id"] ?? throw new JsonException("no update_id"), new HookCall("POST", "", [], [], Encoding.UTF8.GetBytes(u!.ToJsonString()))))];
    }

    /// <summary>Ends the turning of a pressed button.</summary>
    public async Task Acknowledge(HookCall call, CancellationToken ct)
    {
        if (Pressed(JsonNode.Parse(call.Body)) is not { } id) return;
        using var answer = await http.PostAsJsonAsync(url + "answerCallbackQuery", new { callback_query_id = id }, ct);
    }

    private static string? Pressed(JsonNode? update) => update?["callback_query"]?["id"]?.ToString();

    public HookRead Read(HookCall call)
    {
        var update = JsonNode.Parse(call.Body) ?? throw new FormatException("empty");
        var id = update["update_id"]?.ToString() ?? throw new FormatException("no update_id");
        // What several people say in a group is no conversation with one of them.
        if ((update["message"] ?? update["callback_query"]?["message"])?["chat"]?["type"]?.ToString() is not (null or "private")) return HookRead.Nothing;
        var paper = update["message"]?["document"] ?? (update["message"]?["photo"] as JsonArray)?.LastOrDefault();
        var media = paper?["file_id"]?.ToString() is { Length: < 300 } file ? new Media(file, paper["file_name"]?.ToString()) : null;
        var (chat, text) = (update["message"]?["chat"]?["id"] ?? update["callback_query"]?["message"]?["chat"]?["id"], update["message"]?["text"] ?? update["message"]?["caption"] ?? update["callback_query"]?["data"]);
        return chat is null || (text is null && media is null) ? HookRead.Nothing : new([], [new Said(id, "telegram", chat.ToString(), settings.Name, text?.ToString() ?? "", Media: media)]);
    }

    public async Task<byte[]?> Fetch(string id, int most, CancellationToken ct)
    {
        using var told = await http.PostAsJsonAsync(url + "getFile", new { file_id = id }, ct);
        if (!told.IsSuccessStatusCode || JsonNode.Parse(await told.Content.ReadAsStringAsync(ct))?["result"] is not { } file || (long?)file["file_size"] > most || file["file_path"]?.ToString() is not { } path || path.Contains("..", StringComparison.Ordinal)) return null;
        using var answer = await http.GetAsync(url.Replace("/bot", "/file/bot", StringComparison.Ordinal) + path, HttpCompletionOption.ResponseHeadersRead, ct);
        return answer.IsSuccessStatusCode ? await Bounded.Read(answer.Content, most, ct) : null;
    }
}

/// <summary>Reads what another server sends, and no more than was agreed.</summary>
internal static class Bounded
{
    public static async Task<byte[]?> Read(HttpContent content, int most, CancellationToken ct)
    {
        if (content.Headers.ContentLength > most) return null;
        await using var from = await content.ReadAsStreamAsync(ct);
        using var to = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, ct) is > 0 and var n)
        {
            if (to.Length + n > most) return null;
            to.Write(buffer, 0, n);
        }

        return to.ToArray();
    }
}
