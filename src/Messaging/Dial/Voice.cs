using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Talk;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Dial;

/// <summary>The voice menu for an IVR bridge: each step of a call is asked for with <c>callId, from, step, said</c> and answered as VoiceXML 2.1, or as JSON for bridges that speak themselves. Settings: Secret, Format (vxml or json).</summary>
internal sealed class Voice(ProviderSettings settings) : IDialled
{
    private static readonly XNamespace Vxml = "http://www.w3.org/2001/vxml";

    private readonly string secret = settings.Required("Secret");
    private readonly bool json = settings.Section["Format"] == "json";

    public Task<Handed> Send(Outgoing message, CancellationToken ct) => Task.FromResult(new Handed(Hand.Refused, Reason: "voice-cannot-begin"));

    public bool Verify(HookCall call) => Gateway.Knows(secret, call);

    public Keyed Read(HookCall call)
    {
        var fields = Gateway.Fields(call);
        var (id, step, said) = (fields("callId"), fields("step"), fields("said"));
        if (id.Length is 0 or > 100) throw new FormatException("callId");
        if (step.Length > 10 || said.Length > 500) throw new FormatException("said");
        return new($"{id}/{(step.Length > 0 ? step : Guid.NewGuid().ToString("N"))}", Phone.Normalise(fields("from")) ?? throw new FormatException("from"), said);
    }

    public (string Type, string Body) Answer(Reply reply, Lang lang, string next)
    {
        var spoken = string.Concat(reply.Text.Where(c => c is not (>= '\u2066' and <= '\u2069')));
        // Choices by keypad need no more digits than the greatest of their numbers has.
        var digits = reply.Options.Count.ToString(CultureInfo.InvariantCulture).Length;
        if (json)
            return ("application/json; charset=utf-8", JsonSerializer.Serialize(new
            {
                say = spoken, lang = $"{lang.Code}-IN", options = reply.Options.Select((o, i) => new { digits = i + 1, say = o.Label }),
                expect = reply.Ends ? "nothing" : reply.Expects switch { "choice" or "digits" => "dtmf", "text" => "speech", var other => other }, digits = reply.Expects == "choice" ? digits : (int?)null, end = reply.Ends, next = reply.Ends ? null : next,
            }, DayKeys.Json));
        XElement Prompt() => new(Vxml + "prompt", spoken, reply.Options.Select((o, i) => new XElement(Vxml + "s", $"{i + 1}: {o.Label}")));
        var form = reply.Ends
            ? new XElement(Vxml + "form", new XElement(Vxml + "block", Prompt(), new XElement(Vxml + "disconnect")))
            : new XElement(Vxml + "form", new XElement(Vxml + "field", new XAttribute("name", "said"),
                reply.Expects is "choice" or "digits" ? new XAttribute("type", reply.Expects == "choice" ? $"digits?minlength=1;maxlength={digits}" : "digits") : null,
                reply.Expects == "text" ? new XElement(Vxml + "grammar", new XAttribute("src", "builtin:speech/transcribe")) : null,
                Prompt(), new XElement(Vxml + "noinput", new XElement(Vxml + "reprompt")),
                new XElement(Vxml + "filled", new XElement(Vxml + "submit", new XAttribute("next", next), new XAttribute("method", "post"), new XAttribute("namelist", "said")))));
        return ("application/voicexml+xml; charset=utf-8", new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement(Vxml + "vxml", new XAttribute("version", "2.1"), new XAttribute(XNamespace.Xml + "lang", $"{lang.Code}-IN"), form)).ToString(SaveOptions.DisableFormatting));
    }
}
