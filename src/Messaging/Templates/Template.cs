using System.Text.Json;
using Sahulat.Kernel.Language;

namespace Sahulat.Messaging.Templates;

/// <param name="Type">numeric, alphanumeric, url, cbn, email, text: as DLT names them; <c>text</c> is a plain variable.</param>
internal sealed record Variable(string Name, string Type, int Max);

/// <summary>The words of one channel, by language. <paramref name="Approved"/> is the channel's own name of an approved template (WhatsApp), where it has one.</summary>
internal sealed record Wordings(Dictionary<string, string> Body, Dictionary<string, string>? Subject, string? Approved);

/// <summary>Registration with the operators. An entity or template id that is not there is not registered yet.</summary>
internal sealed record DltIds(string? Entity, string? Header, string Category, Dictionary<string, string> Templates, Dictionary<string, string>? Registered);

/// <summary>A message as data: <c>data/{pack}/messages/{key}.yaml</c>. A version, once published, never changes.</summary>
internal sealed record Template(string Key, int Version, string Class, string Name, IReadOnlyList<Variable> Variables, Dictionary<string, Wordings> Channels, DltIds? Dlt)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly string[] Classes = ["otp", "service", "bulk", "emergency"];

    public IEnumerable<string> Languages(string channel) => Words(channel) is { } words ? words.Body.Keys : [];

    /// <summary>Channels that carry plain text may be sent the words for SMS.</summary>
    public Wordings? Words(string channel) =>
        Channels.TryGetValue(channel, out var words) ? words : channel is not ("sms" or "email" or "whatsapp") && Channels.TryGetValue("sms", out var sms) ? sms : null;

    public string Language(string channel, Lang asked) => Words(channel) is { } w && w.Body.ContainsKey(asked.Code) ? asked.Code : Lang.En.Code;

    /// <summary>The text as it must be registered with the operators.</summary>
    public string Registered(string lang)
    {
        if (Dlt?.Registered?.GetValueOrDefault(lang) is { } given) return given;
        var text = Channels["sms"].Body[lang];
        foreach (var v in Variables) text = text.Replace($"{{{v.Name}}}", Wording.Dlt.Tag(v.Type), StringComparison.Ordinal);
        return text;
    }
}
