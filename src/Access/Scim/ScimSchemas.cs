using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sahulat.Access.Scim;

/// <summary>An attribute of a schema (RFC 7643, 7).</summary>
internal sealed record ScimAttribute(string Name, string Type, string Description, bool Many = false, bool Fixed = false, bool Required = false, bool CaseExact = false, bool Unique = false, params ScimAttribute[] Parts)
{
    public ScimAttribute? Part(string name) => Parts.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public JsonObject Json()
    {
        var json = new JsonObject
        {
            ["name"] = Name, ["type"] = Type, ["multiValued"] = Many, ["description"] = Description, ["required"] = Required,
            ["mutability"] = Fixed ? "readOnly" : "readWrite", ["returned"] = Name == "id" ? "always" : "default",
        };
        if (Type is "string" or "reference") (json["caseExact"], json["uniqueness"]) = (CaseExact, Unique ? "server" : "none");
        if (Type == "reference") json["referenceTypes"] = new JsonArray("User", "Group");
        if (Parts.Length > 0) json["subAttributes"] = new JsonArray([.. Parts.Select(p => p.Json())]);
        return json;
    }
}

/// <summary>What is kept of an account and of a group, and nothing else: no telephone, no address, no password.</summary>
internal static class ScimSchemas
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string Extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    public static readonly string[] Cores = [User, Group];

    private const int MostValues = 2000, LongestText = 512;

    private static readonly string[] Exact = ["id", "externalId", "version", "resourceType", "location", "$ref"];

    private static readonly ScimAttribute External = new("externalId", "string", "What the provisioning system calls it", CaseExact: true);

    public static readonly ScimAttribute Users = new("User", "complex", "An official's account", Parts:
    [
        External,
        new("userName", "string", "The name by which the official signs in", Required: true, Unique: true),
        new("name", "complex", "The official's name", Parts: [Text("formatted"), Text("familyName"), Text("givenName"), Text("middleName"), Text("honorificPrefix"), Text("honorificSuffix")]),
        Text("displayName"), Text("title"), Text("preferredLanguage"),
        new("active", "boolean", "Whether the official may sign in; false ends every session"),
        new("emails", "complex", "Official mail ids", Many: true, Parts: [Text("value"), Text("display"), Text("type"), new("primary", "boolean", "The one to write to")]),
        new("groups", "complex", "Groups the official is in", Many: true, Fixed: true, Parts: [Text("value"), new("$ref", "reference", "The group's address", Fixed: true), Text("display"), Text("type")]),
    ]);

    public static readonly ScimAttribute Enterprise = new(Extension, "complex", "Where the official works", Parts: [Text("employeeNumber"), Text("organization"), Text("division"), Text("department")]);

    public static readonly ScimAttribute Groups = new("Group", "complex", "A group of officials. One that is named as a post gives its member the post", Parts:
    [
        External,
        new("displayName", "string", "The group's name, or the code of a post", Required: true),
        new("members", "complex", "Officials", Many: true, Parts: [new("value", "string", "The id of the user", CaseExact: true), new("$ref", "reference", "The user's address", Fixed: true), Text("type"), Text("display")]),
    ]);

    public static bool IsCaseExact(ScimPath path) => Exact.Contains(path.Sub ?? path.Name, StringComparer.OrdinalIgnoreCase) || path is { Name: "members" or "groups" or "manager", Sub: null or "value" };

    public static ScimAttribute Of(string schema) => schema == Group ? Groups : Users;

    /// <summary>The attribute that a path names, in a resource of this kind.</summary>
    public static ScimAttribute? Find(ScimAttribute kind, ScimPath path)
    {
        if (path.Urn is null && path.Name == Extension && kind == Users) return Enterprise;
        var top = path.Urn is null ? kind : Extension.Equals(path.Urn, StringComparison.OrdinalIgnoreCase) && kind == Users ? Enterprise : null;
        var attribute = top?.Part(path.Name);
        return path.Sub is null ? attribute : attribute?.Part(path.Sub);
    }

    /// <summary>What was sent, in the names and types of the schema; unknown and read-only attributes are passed over (RFC 7644, 3.3), wrong types refused.</summary>
    public static JsonObject Read(ScimAttribute kind, JsonObject sent)
    {
        var read = new JsonObject();
        foreach (var (key, value) in sent)
        {
            if (key.Equals(Extension, StringComparison.OrdinalIgnoreCase) && kind == Users) read[Extension] = Value(Enterprise, value);
            else if (kind.Part(key) is { Fixed: false } attribute && value is not null) read[attribute.Name] = Value(attribute, value);
        }

        if (read[Extension] is JsonObject { Count: 0 } or null) read.Remove(Extension);
        return read;
    }

    /// <summary>One attribute's value in its type; null and an empty list mean that there is none.</summary>
    public static JsonNode? Value(ScimAttribute attribute, JsonNode? value)
    {
        if (value is null) return null;
        if (!attribute.Many) return Single(attribute, value);
        JsonNode?[] values = value is JsonArray array ? [.. array] : [value];
        if (values.Length > MostValues) throw ScimRefusal.Value($"{attribute.Name} takes at most {MostValues} values at once");
        var read = new JsonArray([.. values.Where(v => v is not null).Select(v => Single(attribute, v!))]);
        return read.Count == 0 ? null : read;
    }

    public static JsonNode Single(ScimAttribute attribute, JsonNode value)
    {
        switch (attribute.Type)
        {
            case "complex":
                if (value is JsonValue plain && attribute.Many && attribute.Part("value") is { } own) return new JsonObject { ["value"] = Single(own, plain) };
                if (value is not JsonObject sent) throw ScimRefusal.Value($"{attribute.Name} must be an object");
                var read = new JsonObject();
                foreach (var (key, inner) in sent)
                    if (inner is not null && attribute.Part(key) is { Fixed: false } part) read[part.Name] = Single(part, inner);
                return read;
            case "boolean":
                if (value is JsonValue flag && (flag.TryGetValue(out bool truth) || flag.TryGetValue(out string? word) && bool.TryParse(word, out truth))) return JsonValue.Create(truth);
                throw ScimRefusal.Value($"{attribute.Name} must be true or false");
            default:
                if (value.GetValueKind() != JsonValueKind.String) throw ScimRefusal.Value($"{attribute.Name} must be a string");
                var text = value.GetValue<string>().Normalize().Trim();
                if (text.Length > LongestText || text.Any(char.IsControl)) throw ScimRefusal.Value($"{attribute.Name} must be at most {LongestText} characters, none of them hidden");
                return JsonValue.Create(text);
        }
    }

    private static ScimAttribute Text(string name) => new(name, "string", name switch { "value" => "The value", "type" => "What kind it is", "display" => "How it is shown", _ => $"The {name}" });
}
