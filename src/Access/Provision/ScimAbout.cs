using System.Text.Json.Nodes;
using Sahulat.Access.Scim;

namespace Sahulat.Access.Provision;

/// <summary>What this server can do, and of what its resources consist (RFC 7643, 5 to 7).</summary>
internal static class ScimAbout
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:";

    public static JsonObject Provider(string address) => new()
    {
        ["schemas"] = new JsonArray(Core + "ServiceProviderConfig"),
        ["patch"] = Supported(true), ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimQuery.Most }, ["changePassword"] = Supported(false), ["sort"] = Supported(true), ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject { ["type"] = "oauthbearertoken", ["name"] = "Key", ["description"] = "A key of this site, as a bearer token", ["primary"] = true }),
        ["meta"] = new JsonObject { ["resourceType"] = "ServiceProviderConfig", ["location"] = address + "/ServiceProviderConfig" },
    };

    public static IReadOnlyList<JsonObject> Types(string address)
    {
        var user = Type(address, "User", "/Users", ScimSchemas.User, "An official's account");
        user["schemaExtensions"] = new JsonArray(new JsonObject { ["schema"] = ScimSchemas.Extension, ["required"] = false });
        return [user, Type(address, "Group", "/Groups", ScimSchemas.Group, "A group of officials, or a post")];
    }

    public static IReadOnlyList<JsonObject> Schemas(string address) =>
        [Schema(address, ScimSchemas.User, "User", ScimSchemas.Users), Schema(address, ScimSchemas.Extension, "EnterpriseUser", ScimSchemas.Enterprise), Schema(address, ScimSchemas.Group, "Group", ScimSchemas.Groups)];

    private static JsonObject Supported(bool supported) => new() { ["supported"] = supported };

    private static JsonObject Type(string address, string name, string endpoint, string schema, string about) => new()
    {
        ["schemas"] = new JsonArray(Core + "ResourceType"), ["id"] = name, ["name"] = name, ["endpoint"] = endpoint, ["description"] = about, ["schema"] = schema,
        ["meta"] = new JsonObject { ["resourceType"] = "ResourceType", ["location"] = $"{address}/ResourceTypes/{name}" },
    };

    private static JsonObject Schema(string address, string id, string name, ScimAttribute kind) => new()
    {
        ["schemas"] = new JsonArray(Core + "Schema"), ["id"] = id, ["name"] = name, ["description"] = kind.Description, ["attributes"] = new JsonArray([.. kind.Parts.Where(p => p.Name != "externalId").Select(p => p.Json())]),
        ["meta"] = new JsonObject { ["resourceType"] = "Schema", ["location"] = $"{address}/Schemas/{id}" },
    };
}
