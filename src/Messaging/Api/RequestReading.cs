using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Accept;

namespace Sahulat.Messaging.Api;

/// <summary>Reads the JSON of a message; every field that is unknown or of the wrong kind is told.</summary>
internal static class RequestReading
{
    public static Result<MessageRequest> Message(JsonObject root)
    {
        var check = new Check();
        foreach (var (name, _) in root) check.That(name is "template" or "version" or "recipient" or "lang" or "personalisation" or "reference" or "channels" or "class" or "sendAfter" or "expiresAt", "/" + name, "unknown-field");
        var template = Text(root, "template", "/template", check, required: true);
        int? version = null;
        if (root["version"] is { } v && check.That(v is JsonValue n && n.TryGetValue<int>(out _), "/version", "wrong-type")) version = v.GetValue<int>();
        var lang = Lang.En;
        if (Text(root, "lang", "/lang", check) is { } code && check.That(Lang.Find(code) is not null, "/lang", "not-a-choice")) lang = Lang.Find(code)!;
        var channels = Words(root["channels"], "/channels", check);
        var (after, until) = (Instant(root, "sendAfter", check), Instant(root, "expiresAt", check));
        var values = Values(root["personalisation"], "/personalisation", check);
        var to = To(root["recipient"], check);
        var (reference, cls) = (Text(root, "reference", "/reference", check), Text(root, "class", "/class", check));
        return check.Ok ? new MessageRequest(template!, version, to, lang, values, reference, channels, cls, after, until) : check.ToProblem();
    }

    public static Recipient To(JsonNode? node, Check check, string pointer = "/recipient")
    {
        if (!check.That(node is JsonObject, pointer, node is null ? "required" : "wrong-type")) return new();
        var to = (JsonObject)node!;
        foreach (var (name, _) in to) check.That(name is "mobile" or "email" or "citizen" or "telegram" or "push", $"{pointer}/{name}", "unknown-field");
        Guid? citizen = null;
        if (Text(to, "citizen", pointer + "/citizen", check) is { } id && check.That(Guid.TryParse(id, out var parsed), pointer + "/citizen", "bad-format")) citizen = parsed;
        return new(Text(to, "mobile", pointer + "/mobile", check), Text(to, "email", pointer + "/email", check), citizen, Text(to, "telegram", pointer + "/telegram", check), Text(to, "push", pointer + "/push", check));
    }

    /// <summary>Texts, and numbers as they are written.</summary>
    public static IReadOnlyDictionary<string, string> Values(JsonNode? node, string pointer, Check check)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is null || !check.That(node is JsonObject, pointer, "wrong-type")) return values;
        foreach (var (name, value) in (JsonObject)node)
        {
            if (value is JsonValue v && v.GetValueKind() is JsonValueKind.String or JsonValueKind.Number) values[name] = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            else check.That(false, $"{pointer}/{name}", "wrong-type");
        }

        return values;
    }

    private static List<string>? Words(JsonNode? node, string pointer, Check check)
    {
        if (node is null || !check.That(node is JsonArray { Count: > 0 and <= 7 }, pointer, "wrong-type")) return null;
        var words = new List<string>();
        foreach (var item in (JsonArray)node)
            if (check.That(item is JsonValue v && v.TryGetValue<string>(out _), pointer, "wrong-type")) words.Add(item!.GetValue<string>());
        return words;
    }

    private static DateTimeOffset? Instant(JsonObject root, string name, Check check)
    {
        if (Text(root, name, "/" + name, check) is not { } text) return null;
        return check.That(DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at), "/" + name, "bad-format") ? at.ToUniversalTime() : null;
    }

    private static string? Text(JsonObject from, string name, string pointer, Check check, bool required = false)
    {
        var node = from[name];
        if (node is null)
        {
            if (required || from.ContainsKey(name)) check.That(false, pointer, "required");
            return null;
        }

        return check.That(node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length is > 0 and <= 2000, pointer, "wrong-type") ? node.GetValue<string>() : null;
    }
}
