using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Talk;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Dial;

/// <summary>What somebody keyed in or spoke during a call or USSD session.</summary>
/// <param name="Once">By which a call repeated by the gateway is known.</param>
internal sealed record Keyed(string Once, string From, string Text);

/// <summary>A channel on which the answer goes back in the same call. It cannot begin by itself.</summary>
internal interface IDialled : IProvider
{
    bool Verify(HookCall call);

    /// <exception cref="FormatException">The call cannot be read.</exception>
    Keyed Read(HookCall call);

    (string Type, string Body) Answer(Reply reply, Lang lang, string next);
}

/// <summary>USSD gateways that call once a step with <c>sessionId, phoneNumber, serviceCode, text</c> and take <c>CON …</c> or <c>END …</c>. Settings: Secret (header X-Gateway-Secret or ?key=), Cumulative (the text holds all steps so far, with * between).</summary>
internal sealed class Ussd(ProviderSettings settings) : IDialled
{
    private readonly string secret = settings.Required("Secret");
    private readonly bool cumulative = settings.Section["Cumulative"] != "false";

    public Task<Handed> Send(Outgoing message, CancellationToken ct) => Task.FromResult(new Handed(Hand.Refused, Reason: "ussd-cannot-begin"));

    public bool Verify(HookCall call) => Gateway.Knows(secret, call);

    public Keyed Read(HookCall call)
    {
        var fields = Gateway.Fields(call);
        var session = fields("sessionId");
        if (session.Length is 0 or > 100) throw new FormatException("sessionId");
        var from = Phone.Normalise(fields("phoneNumber")) ?? throw new FormatException("phoneNumber");
        var text = fields("text");
        if (text.Length > 500) throw new FormatException("text");
        return cumulative ? new($"{session}/{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}", from, text[(text.LastIndexOf('*') + 1)..]) : new($"{session}/{(fields("step") is { Length: > 0 } step ? step : Guid.NewGuid().ToString("N"))}", from, text);
    }

    public (string Type, string Body) Answer(Reply reply, Lang lang, string next) => ("text/plain; charset=utf-8", (reply.Ends ? "END " : "CON ") + reply.Text);
}

internal static class Gateway
{
    public static bool Knows(string secret, HookCall call) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(call.Headers.GetValueOrDefault("X-Gateway-Secret") ?? call.Query.GetValueOrDefault("key") ?? ""));

    /// <summary>Fields of a form, of JSON, or of the address.</summary>
    public static Func<string, string> Fields(HookCall call)
    {
        var text = Encoding.UTF8.GetString(call.Body);
        if ((call.Headers.GetValueOrDefault("Content-Type") ?? "").StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            var json = JsonNode.Parse(text) as JsonObject ?? throw new FormatException("no object");
            return name => json[name] is JsonValue value ? value.ToString() : "";
        }

        var form = HttpUtility.ParseQueryString(text);
        return name => form[name] ?? call.Query.GetValueOrDefault(name) ?? "";
    }
}
