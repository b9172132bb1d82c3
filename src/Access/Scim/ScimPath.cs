using System.Text.Json.Nodes;

namespace Sahulat.Access.Scim;

/// <summary>An attribute by its name (RFC 7644, 3.10): <c>userName</c>, <c>name.familyName</c>, <c>urn:…:User:employeeNumber</c>. Names are compared without regard to case.</summary>
internal sealed record ScimPath(string? Urn, string Name, string? Sub)
{
    public override string ToString() => $"{(Urn is null ? "" : Urn + ":")}{Name}{(Sub is null ? "" : "." + Sub)}";

    /// <returns>Null when it is not written as a path.</returns>
    public static ScimPath? Parse(string text)
    {
        string? urn = null;
        if (text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase))
        {
            if (ScimSchemas.Extension.Equals(text, StringComparison.OrdinalIgnoreCase)) return new ScimPath(null, ScimSchemas.Extension, null);
            var end = text.LastIndexOf(':');
            (urn, text) = (text[..end], text[(end + 1)..]);
            if (ScimSchemas.Cores.Contains(urn, StringComparer.OrdinalIgnoreCase)) urn = null;
        }

        var parts = text.Split('.');
        if (parts.Length > 2 || parts.Any(p => !IsName(p))) return null;
        return new ScimPath(urn, parts[0], parts.Length == 2 ? parts[1] : null);
    }

    /// <summary>The object that holds the attribute: the resource itself, or its extension.</summary>
    public JsonObject? Holder(JsonObject resource) => Urn is null ? resource : Find(resource, Urn) as JsonObject;

    /// <summary>Every value that the path names; several for an attribute of many values.</summary>
    public IEnumerable<JsonNode> Values(JsonObject resource)
    {
        foreach (var value in Many(Holder(resource) is { } holder ? Find(holder, Name) : null))
        {
            if (Sub is null) yield return value;
            else if (value is JsonObject complex)
                foreach (var inner in Many(Find(complex, Sub))) yield return inner;
        }
    }

    public static JsonNode? Find(JsonObject holder, string name) => Key(holder, name) is { } key ? holder[key] : null;

    /// <summary>The name as the object spells it.</summary>
    public static string? Key(JsonObject holder, string name)
    {
        if (holder.ContainsKey(name)) return name;
        foreach (var (key, _) in holder)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return key;
        return null;
    }

    private static IEnumerable<JsonNode> Many(JsonNode? node) => node switch { null => [], JsonArray array => array.OfType<JsonNode>(), _ => [node] };

    private static bool IsName(string text) => text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '$') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '$');
}
