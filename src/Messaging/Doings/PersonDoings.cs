using Sahulat.Contracts.Access;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Doings;

/// <summary>Who is talking: the networks of SMS, WhatsApp and USSD vouch for the number; on the web, in Telegram and on the voice line a one-time code does.</summary>
internal sealed class PersonDoings(IOneTimeCodes codes) : IDoings
{
    public IEnumerable<DoingKind> All =>
    [
        new("person.known", [], ["proved", "unproved"], ["mobile"], [], false, (call, _) => new(Known(call))),
        new("code.send", ["mobile"], ["sent", "refused"], ["challenge"], [], true, Send),
        new("code.verify", ["code"], ["right", "wrong"], ["mobile"], [], true, Verify),
    ];

    private static Did Known(DoingCall call)
    {
        var mobile = call.Session.Proved ?? (call.Who.Channel is "sms" or "whatsapp" or "ussd" ? Mobile.Normalise(call.Who.Address) : null);
        return mobile is null ? new("unproved") : new("proved") { Proved = mobile, Values = new Dictionary<string, string> { ["mobile"] = mobile } };
    }

    private async ValueTask<Did> Send(DoingCall call, CancellationToken ct)
    {
        var sent = Mobile.Normalise(call["mobile"]) is { } mobile ? await codes.Send(mobile, "talk", call.Session.Lang, call.Who.Network, ct) : null;
        return sent is { Ok: true } ? new("sent") { Values = new Dictionary<string, string> { ["challenge"] = sent.Value.ToString("N") } } : new("refused");
    }

    private async ValueTask<Did> Verify(DoingCall call, CancellationToken ct)
    {
        var right = Guid.TryParseExact(call.Value("challenge"), "N", out var challenge) && FlowWords.Digits(call["code"]) is { } code ? await codes.Verify(challenge, "talk", code, ct) : null;
        return right is { Ok: true } ? new("right") { Proved = right.Value, Values = new Dictionary<string, string> { ["mobile"] = right.Value, ["challenge"] = "" } } : new("wrong");
    }
}
