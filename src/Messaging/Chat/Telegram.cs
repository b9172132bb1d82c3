using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Chat;

/// <summary>Telegram Bot API: <c>sendMessage</c>, and updates by webhook with its secret token. Settings: Url (https://api.telegram.org), Token, Secret.</summary>
internal sealed class Telegram(ProviderSettings settings) : IProvider, IHook
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = settings.Window, ConnectTimeout = TimeSpan.FromSeconds(3), AllowAutoRedirect = false });
    private readonly string url = $"{(settings.Section["Url"] ?? "https://api.telegram.org").TrimEnd('/')}/bot{settings.Required("Token")}/", secret = settings.Required("Secret");

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync(url + "sendMessage", new { chat_id = message.Step.To, text = message.Step.Text, link_preview_options = new { is_disabled = true } }, ct);
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
        var (chat, text) = (update["message"]?["chat"]?["id"] ?? update["callback_query"]?["message"]?["chat"]?["id"], update["message"]?["text"] ?? update["callback_query"]?["data"]);
        return chat is null || text is null ? HookRead.Nothing : new([], [new Said(id, "telegram", chat.ToString(), settings.Name, text.ToString())]);
    }
}
