using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Sms;

/// <summary>C-DAC's Mobile Seva (services.mgov.gov.in/RegisterPushService): a form with a SHA-512 key over its parts; 402 in the text means accepted, and HTTP 200 says nothing. Gives no receipts. Settings: Url, User, Password, SenderId, SecureKey.</summary>
internal sealed class MobileSeva(ProviderSettings settings) : IProvider
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = settings.Window, ConnectTimeout = TimeSpan.FromSeconds(3), AllowAutoRedirect = false });
    private readonly string url = settings.Required("Url"), user = settings.Required("User").Trim(), sender = settings.Required("SenderId").Trim(), key = settings.Required("SecureKey").Trim();
    private readonly string password = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(settings.Required("Password"))));

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        var step = message.Step;
        if (step.DltTemplate is null) return new(Hand.Refused, Reason: "dlt-not-registered");
        var unicode = step.Encoding == "ucs-2";
        var content = (unicode ? Entities(step.Text) : step.Text).Trim();
        var header = (step.DltHeader ?? sender).Trim();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["username"] = user, ["password"] = password, ["senderid"] = header, ["content"] = content,
            ["smsservicetype"] = (message.Class == "otp", unicode) switch { (true, true) => "unicodeotpmsg", (true, false) => "otpmsg", (false, true) => "unicodemsg", _ => "singlemsg" },
            ["mobileno"] = step.To.TrimStart('+')[^10..],
            ["key"] = Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(user + header + content + key))),
            ["templateid"] = step.DltTemplate,
        });
        using var answer = await http.PostAsync(url, form, ct);
        var text = (await answer.Content.ReadAsStringAsync(ct)).Trim();
        if (Handed.TooMany(answer, "mgov") is { } wait) return wait;
        if (!answer.IsSuccessStatusCode) return new((int)answer.StatusCode >= 500 ? Hand.Down : Hand.Refused, Reason: $"mgov-http-{(int)answer.StatusCode}");
        var code = text.Split(',')[0].Trim();
        if (code == "402" && text.IndexOf("MsgID", StringComparison.OrdinalIgnoreCase) is >= 0 and var at) return new(Hand.Accepted, text[(text.IndexOf('=', at) + 1)..].Trim());
        // An answer that is none of theirs leaves open what happened.
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? new(Hand.Refused, Reason: $"mgov-{code}") : new(Hand.Unknown, Reason: "mgov-unreadable");
    }

    /// <summary>Decimal entities, a code point each.</summary>
    private static string Entities(string text) => string.Concat(text.EnumerateRunes().Select(r => $"&#{r.Value.ToString(CultureInfo.InvariantCulture)};"));
}
