using System.Text;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Sms;

/// <summary>NIC's SMS gateway (smsgw.sms.gov.in/failsafe/MLink): a form with the DLT ids; Unicode as hexadecimal UTF-16 with its mark. Sent as a POST body, so that the PIN is in no log of addresses. Settings: Url, User, Pin, Signature.</summary>
internal sealed class NicGateway(ProviderSettings settings) : IProvider
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = settings.Window, ConnectTimeout = TimeSpan.FromSeconds(3), AllowAutoRedirect = false });
    private readonly string url = settings.Required("Url"), user = settings.Required("User"), pin = settings.Required("Pin"), signature = settings.Required("Signature");

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        var step = message.Step;
        if (step.DltTemplate is null || step.DltEntity is null) return new(Hand.Refused, Reason: "dlt-not-registered");
        var unicode = step.Encoding == "ucs-2";
        var fields = new Dictionary<string, string>
        {
            ["username"] = user, ["pin"] = pin, ["mnumber"] = step.To.TrimStart('+'), ["signature"] = step.DltHeader ?? signature,
            ["message"] = unicode ? "FEFF" + Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(step.Text)) : step.Text,
            ["dlt_entity_id"] = step.DltEntity, ["dlt_template_id"] = step.DltTemplate,
        };
        if (unicode) fields["msgType"] = "UC";
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await http.PostAsync(url, form, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (Handed.TooMany(answer, "nic") is { } wait) return wait;
        if (!answer.IsSuccessStatusCode) return new((int)answer.StatusCode >= 500 ? Hand.Down : Hand.Refused, Reason: $"nic-http-{(int)answer.StatusCode}");
        if (text.Contains("Message Accepted", StringComparison.OrdinalIgnoreCase)) return new(Hand.Accepted, RequestId(text));
        return text.Contains("Invalid", StringComparison.OrdinalIgnoreCase) || text.Contains("Error", StringComparison.OrdinalIgnoreCase) ? new(Hand.Refused, Reason: "nic-refused") : new(Hand.Unknown, Reason: "nic-unreadable");
    }

    /// <summary><c>Message Accepted for Request ID=123…~code=API000</c>.</summary>
    private static string? RequestId(string text)
    {
        var at = text.IndexOf("ID=", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : new string([.. text[(at + 3)..].TakeWhile(char.IsLetterOrDigit)]);
    }
}
