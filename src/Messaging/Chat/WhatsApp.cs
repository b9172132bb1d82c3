using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Chat;

/// <summary>WhatsApp Cloud API (Graph, <c>/{phone number id}/messages</c>). A notice goes as an approved template; webhooks are signed over their raw body. Settings: Url (up to the phone number id), Token, AppSecret, VerifyToken.</summary>
internal sealed class WhatsApp(ProviderSettings settings) : IProvider, IHook, IMediaSource
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = settings.Window, ConnectTimeout = TimeSpan.FromSeconds(3), AllowAutoRedirect = false });
    private readonly string url = settings.Required("Url").TrimEnd('/'), token = settings.Required("Token"), verify = settings.Required("VerifyToken");
    private readonly byte[] secret = Encoding.UTF8.GetBytes(settings.Required("AppSecret"));

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        var step = message.Step;
        var body = new JsonObject { ["messaging_product"] = "whatsapp", ["recipient_type"] = "individual", ["to"] = step.To.TrimStart('+'), ["biz_opaque_callback_data"] = $"{message.Id:N}" };
        if (step.Approved is { } approved)
        {
            body["type"] = "template";
            var values = new JsonArray([.. step.Values.Select(v => (JsonNode)new JsonObject { ["type"] = "text", ["text"] = v })]);
            body["template"] = new JsonObject { ["name"] = approved, ["language"] = new JsonObject { ["code"] = step.Lang }, ["components"] = values.Count == 0 ? [] : new JsonArray(new JsonObject { ["type"] = "body", ["parameters"] = values }) };
        }
        else if (step.Options is { Count: > 0 } options)
        {
            body["type"] = "interactive";
            body["interactive"] = Interactive(step.Text, options, step.Choose ?? "…");
        }
        else
        {
            // Free words, allowed within 24 hours of the person's last message; outside, Meta answers 131047.
            body["type"] = "text";
            body["text"] = new JsonObject { ["body"] = step.Text, ["preview_url"] = false };
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/messages") { Content = JsonContent.Create(body), Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (answer.IsSuccessStatusCode) return JsonNode.Parse(text)?["messages"]?[0]?["id"]?.ToString() is { } id ? new(Hand.Accepted, id) : new(Hand.Unknown, Reason: "whatsapp-unreadable");
        if (answer.StatusCode == HttpStatusCode.Unauthorized) return new(Hand.Down, Reason: "whatsapp-refused-account");
        var code = Code(text);
        return code switch
        {
            // Throughput of the number, limit of the pair, too many calls.
            130429 or 80007 or 4 => new(Hand.Busy, Reason: $"whatsapp-{code}", After: TimeSpan.FromSeconds(2)),
            131056 => new(Hand.Busy, Reason: $"whatsapp-{code}", After: TimeSpan.FromSeconds(6)),
            null when Handed.TooMany(answer, "whatsapp") is { } wait => wait,
            null => new((int)answer.StatusCode >= 500 ? Hand.Down : Hand.Refused, Reason: $"whatsapp-http-{(int)answer.StatusCode}"),
            _ => new((int)answer.StatusCode >= 500 ? Hand.Down : Hand.Refused, Reason: $"whatsapp-{code}"),
        };
    }

    public HttpStatusCode Verify(HookCall call, out string? response)
    {
        response = null;
        if (call.Method == "GET")
        {
            if (call.Query.GetValueOrDefault("hub.mode") != "subscribe" || !Same(verify, call.Query.GetValueOrDefault("hub.verify_token") ?? "")) return HttpStatusCode.Forbidden;
            response = call.Query.GetValueOrDefault("hub.challenge") ?? "";
            return HttpStatusCode.OK;
        }

        var due = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, call.Body));
        return Same(due, call.Headers.GetValueOrDefault("X-Hub-Signature-256") ?? "") ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
    }

    /// <summary>Many entries, changes and statuses come in one call, twice, and out of order.</summary>
    public HookRead Read(HookCall call)
    {
        var (told, said) = (new List<Told>(), new List<Said>());
        var changes = (JsonNode.Parse(call.Body)?["entry"] as JsonArray ?? []).SelectMany(e => e?["changes"] as JsonArray ?? []).Select(c => c?["value"]).OfType<JsonObject>();
        foreach (var value in changes)
        {
            foreach (var s in value["statuses"] as JsonArray ?? [])
            {
                var status = s?["status"]?.ToString() switch { "sent" => Status.Sent, "delivered" => Status.Delivered, "read" => Status.Read, "failed" => Status.Permanent, _ => null };
                if (status is null || s?["id"]?.ToString() is not { } id) continue;
                told.Add(new(Guid.TryParseExact(s["biz_opaque_callback_data"]?.ToString(), "N", out var own) ? own : null, id, status, status == Status.Permanent ? $"whatsapp-{s["errors"]?[0]?["code"]}" : null));
            }

            var to = value["metadata"]?["display_phone_number"]?.ToString() ?? "";
            foreach (var m in value["messages"] as JsonArray ?? [])
            {
                var paper = m?["image"] ?? m?["document"];
                var text = m?["text"]?["body"] ?? m?["interactive"]?["button_reply"]?["id"] ?? m?["interactive"]?["list_reply"]?["id"] ?? m?["button"]?["payload"] ?? paper?["caption"];
                var media = paper?["id"]?.ToString() is { Length: < 200 } file ? new Media(file, paper["filename"]?.ToString()) : null;
                if (m?["id"]?.ToString() is { } id && m["from"]?.ToString() is { } from && (text is not null || media is not null))
                    said.Add(new(id, "whatsapp", "+" + from, to, text?.ToString() ?? "", long.TryParse(m["timestamp"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? DateTimeOffset.FromUnixTimeSeconds(at) : null, media));
            }
        }

        return new(told, said);
    }

    /// <summary>Three buttons, or a list of up to ten. What is longer than a title is told whole below it.</summary>
    private static JsonObject Interactive(string text, IReadOnlyList<Talk.Option> options, string choose)
    {
        var buttons = options.Count <= 3 && options.All(o => o.Label.Length <= 20);
        JsonObject Row(Talk.Option o) => o.Label.Length <= 24 ? new() { ["id"] = o.Key, ["title"] = o.Label } : new() { ["id"] = o.Key, ["title"] = Cut(o.Label, 24), ["description"] = Cut(o.Label, 72) };
        return new JsonObject
        {
            ["type"] = buttons ? "button" : "list",
            ["body"] = new JsonObject { ["text"] = text },
            ["action"] = buttons
                ? new JsonObject { ["buttons"] = new JsonArray([.. options.Select(o => (JsonNode)new JsonObject { ["type"] = "reply", ["reply"] = new JsonObject { ["id"] = o.Key, ["title"] = o.Label } })]) }
                : new JsonObject { ["button"] = Cut(choose, 20), ["sections"] = new JsonArray(new JsonObject { ["rows"] = new JsonArray([.. options.Select(o => (JsonNode)Row(o))]) }) },
        };
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";

    /// <summary>Graph gives an address that holds for five minutes. Only Meta's own are followed.</summary>
    public async Task<byte[]?> Fetch(string id, int most, CancellationToken ct)
    {
        if (!id.All(char.IsAsciiLetterOrDigit)) return null;
        using var told = await Get(url[..url.LastIndexOf('/')] + "/" + id, ct);
        if (!told.IsSuccessStatusCode || JsonNode.Parse(await told.Content.ReadAsStringAsync(ct)) is not { } node || (long?)node["file_size"] > most || !Uri.TryCreate(node["url"]?.ToString(), UriKind.Absolute, out var at)) return null;
        if (at.Authority != new Uri(url).Authority && !(at.Scheme == Uri.UriSchemeHttps && (at.Host.EndsWith(".fbsbx.com", StringComparison.Ordinal) || at.Host.EndsWith(".whatsapp.net", StringComparison.Ordinal)))) return null;
        using var file = await Get(at.ToString(), ct);
        return file.IsSuccessStatusCode ? await Bounded.Read(file.Content, most, ct) : null;
    }

    private async Task<HttpResponseMessage> Get(string address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    private static int? Code(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["error"]?["code"]?.GetValue<int>();
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
