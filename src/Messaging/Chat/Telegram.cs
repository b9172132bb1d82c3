using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Chat;

/// <summary>Telegram Bot API: <c>sendMessage</c>, and updates by webhook with its secret token. Settings: Url (https://api.telegram.org), Token, Secret.</summary>
internal sealed class Telegram(ProviderSettings settings) : IProvider, IHook, IMediaSource
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = settings.Window, ConnectTimeout = TimeSpan.FromSeconds(3), AllowAutoRedirect = false });
    private readonly string url = $"{(settings.Section["Url"] ?? "https://api.telegram.org").TrimEnd('/')}/bot{settings.Required("Token")}/", secret = settings.Required("Secret");

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
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(call.Headers.GetValueOrDefault("X-Telegram-Bot-Api-Secret-Token") ?? "")) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
    }

    public HookRead Read(HookCall call)
    {
        var update = JsonNode.Parse(call.Body) ?? throw new FormatException("empty");
        var id = update["update_id"]?.ToString() ?? throw new FormatException("no update_id");
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
