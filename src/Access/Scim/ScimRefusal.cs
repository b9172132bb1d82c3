using System.Text.Json.Nodes;

namespace Sahulat.Access.Scim;

/// <summary>A refusal in the words of RFC 7644, 3.12. Thrown, because it may come from deep within a filter or a patch, and rolls back whatever was begun; the one door of the API answers it.</summary>
internal sealed class ScimRefusal(int status, string? type, string detail) : Exception(detail)
{
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:Error";

    public int Status { get; } = status;

    /// <summary>invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget, invalidValue; null where the RFC has none.</summary>
    public string? Type { get; } = type;

    public static ScimRefusal Filter(string detail) => new(400, "invalidFilter", detail);

    public static ScimRefusal Path(string detail) => new(400, "invalidPath", detail);

    public static ScimRefusal Value(string detail) => new(400, "invalidValue", detail);

    public static ScimRefusal Syntax(string detail) => new(400, "invalidSyntax", detail);

    public static ScimRefusal Fixed(string attribute) => new(400, "mutability", $"{attribute} cannot be changed");

    public static ScimRefusal NoTarget(string detail) => new(400, "noTarget", detail);

    public static ScimRefusal Taken(string detail) => new(409, "uniqueness", detail);

    public static ScimRefusal NotFound(string what) => new(404, null, $"There is no {what}");

    public static ScimRefusal Stale => new(412, null, "The resource was changed meanwhile; read it again");

    public JsonObject Body()
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(Schema), ["status"] = Status.ToString(System.Globalization.CultureInfo.InvariantCulture), ["detail"] = Message };
        if (Type is not null) body["scimType"] = Type;
        return body;
    }
}
