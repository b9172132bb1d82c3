using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Sms;

/// <summary>SMS through Kannel's <c>sendsms</c> (userguide, chapter "Using the HTTP interface"). Settings: Url, User, Password, Smsc, From, Callback (this site as Kannel reaches it), Secret (signs receipts), Tlv (<c>true</c> sends DLT ids as SMPP parameters PE_ID and TEMPLATE_ID).</summary>
internal sealed class Kannel(ProviderSettings settings) : IProvider, IHook
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = settings.Window, ConnectTimeout = TimeSpan.FromSeconds(3), PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
    private readonly string url = settings.Required("Url"), user = settings.Required("User"), password = settings.Required("Password"), callback = settings.Required("Callback").TrimEnd('/');
    private readonly byte[] secret = Encoding.UTF8.GetBytes(settings.Required("Secret"));

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        var step = message.Step;
        var query = new StringBuilder(url, 800).Append(url.Contains('?') ? '&' : '?');
        void Add(string name, string? value) => query.Append(name).Append('=').Append(Uri.EscapeDataString(value ?? "")).Append('&');
        Add("username", user);
        Add("password", password);
        Add("from", step.DltHeader ?? settings.Section["From"] ?? "SAHULT");
        Add("to", step.To);
        Add("charset", "UTF-8");
        if (step.Encoding == "ucs-2") Add("coding", "2");
        Add("text", step.Text);
        if (settings.Section["Smsc"] is { Length: > 0 } smsc) Add("smsc", smsc);
        // Delivered, undeliverable, accepted and rejected by the SMSC; not Kannel's own queueing (4).
        Add("dlr-mask", "27");
        Add("dlr-url", $"{callback}/hooks/messaging/{settings.Name}/dlr?id={message.Id:N}&k={Sign(message.Id)}&type=%d&reply=%A");
        if (settings.Section["Tlv"] == "true" && step.DltEntity is not null) Add("meta-data", $"?smpp?PE_ID={step.DltEntity}&TEMPLATE_ID={step.DltTemplate}&");
        query.Length--;
        using var answer = await http.GetAsync(query.ToString(), ct);
        return Handed.TooMany(answer, "kannel") ?? answer.StatusCode switch
        {
            HttpStatusCode.Accepted or HttpStatusCode.OK => Handed.Ok,
            HttpStatusCode.ServiceUnavailable => new(Hand.Busy, Reason: "kannel-busy", After: TimeSpan.FromSeconds(5)),
            // A wrong password is the account's fault, not the message's.
            HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new(Hand.Down, Reason: "kannel-refused-account"),
            HttpStatusCode.BadRequest => new(Hand.Refused, Reason: "kannel-refused"),
            _ => new(Hand.Down, Reason: $"kannel-{(int)answer.StatusCode}"),
        };
    }

    public HttpStatusCode Verify(HookCall call, out string? response)
    {
        response = null;
        var given = call.Query.GetValueOrDefault("k") ?? "";
        var due = call.Path == "dlr" && Guid.TryParse(call.Query.GetValueOrDefault("id"), out var id) ? Sign(id) : Mo;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(due), Encoding.UTF8.GetBytes(given)) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
    }

    /// <summary>1 delivered, 2 undeliverable, 8 accepted by the SMSC, 16 rejected by it. They come in any order.</summary>
    public HookRead Read(HookCall call)
    {
        if (call.Path == "mo")
        {
            var q = call.Query;
            var (from, to) = (q.GetValueOrDefault("from") ?? throw new FormatException("no sender"), q.GetValueOrDefault("to") ?? "");
            return new([], [new Said(q.GetValueOrDefault("id") ?? throw new FormatException("no id"), "sms", Wording.Phone.Normalise("+" + from.TrimStart('+', ' ')) ?? from, to.Trim(), Encoding.UTF8.GetString(call.Body))]);
        }

        var id = Guid.Parse(call.Query["id"]);
        var reply = call.Query.GetValueOrDefault("reply") ?? "";
        return call.Query.GetValueOrDefault("type") switch
        {
            "1" => new([new Told(id, null, Status.Delivered)], []),
            "2" => new([new Told(id, null, Status.Permanent, Error(reply) ?? "undeliverable")], []),
            "8" => new([new Told(id, null, Status.Sent)], []),
            "16" => new([new Told(id, null, Status.Permanent, Error(reply) ?? "rejected")], []),
            "4" => HookRead.Nothing,
            var other => throw new FormatException($"no receipt of type {other}"),
        };
    }

    /// <summary>What a <c>sms-service</c> of Kannel puts into its post-url.</summary>
    public string Mo => Convert.ToHexStringLower(HMACSHA256.HashData(secret, "mo"u8))[..32];

    /// <summary>What the receipts of a message bring to be believed.</summary>
    public string Sign(Guid id) => Convert.ToHexStringLower(HMACSHA256.HashData(secret, id.ToByteArray()))[..32];

    /// <summary>The code in <c>err:633</c> of a receipt, or of <c>NACK/0x0000000b/…</c>.</summary>
    private static string? Error(string reply)
    {
        var at = reply.IndexOf("err:", StringComparison.Ordinal);
        if (at >= 0) return new string([.. reply[(at + 4)..].TakeWhile(char.IsLetterOrDigit)]) is { Length: > 0 } code && code != "000" ? Wording.Dlt.IsRefusal(code) ? "dlt-" + code : "err-" + code : null;
        return reply.StartsWith("NACK/", StringComparison.Ordinal) && reply.Split('/') is { Length: > 1 } parts ? "smpp-" + parts[1] : null;
    }
}
