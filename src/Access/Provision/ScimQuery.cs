using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sahulat.Access.Scim;

namespace Sahulat.Access.Provision;

/// <summary>What a list is asked for (RFC 7644, 3.4.2). <paramref name="Start"/> counts from 1.</summary>
internal sealed record ScimQuery(ScimFilter? Filter, int Start, int Count, ScimPath? SortBy, bool Descending, ScimShape Shape)
{
    public const int Most = 500, Usual = 100;

    public int Skip => Start - 1;

    public static ScimQuery Of(HttpRequest request) => Of(name => request.Query[name].ToString() is { Length: > 0 } text ? text : null);

    /// <summary>From the body of <c>.search</c>.</summary>
    public static ScimQuery Of(JsonObject search) => Of(name => ScimPath.Find(search, name) switch { null => null, JsonArray many => string.Join(',', many.Select(m => m?.ToString())), var one => one.ToString() });

    private static ScimQuery Of(Func<string, string?> ask)
    {
        var sort = ask("sortBy") is { } by ? ScimPath.Parse(by) ?? throw ScimRefusal.Path("sortBy is not an attribute") : null;
        return new ScimQuery(ask("filter") is { } filter ? FilterReader.Read(filter) : null, Math.Max(1, Number(ask("startIndex")) ?? 1), Math.Clamp(Number(ask("count")) ?? Usual, 0, Most), sort,
            "descending".Equals(ask("sortOrder"), StringComparison.OrdinalIgnoreCase), ScimShape.Of(ask("attributes"), ask("excludedAttributes")));
    }

    /// <summary>Filters, sorts and cuts the page out.</summary>
    public (int Total, IReadOnlyList<JsonObject> Page) Cut(IReadOnlyList<JsonObject> all)
    {
        var found = Filter is null ? all : [.. all.Where(Filter.Matches)];
        if (SortBy is not null)
        {
            string? Key(JsonObject resource) => SortBy.Values(resource).Select(v => v is JsonObject complex ? complex["value"]?.ToString() : v.ToString()).FirstOrDefault();
            // What has no value comes last, whichever the order (RFC 7644, 3.4.2.3).
            var keyed = found.Select(r => (Key: Key(r), Resource: r)).ToArray();
            var way = ScimSchemas.IsCaseExact(SortBy) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
            found = [.. (Descending ? keyed.OrderBy(k => k.Key is null).ThenByDescending(k => k.Key, way) : keyed.OrderBy(k => k.Key is null).ThenBy(k => k.Key, way)).Select(k => k.Resource)];
        }

        return (found.Count, [.. found.Skip(Skip).Take(Count)]);
    }

    private static int? Number(string? text) => text is null ? null : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw ScimRefusal.Value("startIndex and count must be numbers");
}

/// <summary>Which attributes are shown (RFC 7644, 3.9); schemas and id always are.</summary>
internal sealed record ScimShape(IReadOnlyList<ScimPath>? Only, IReadOnlyList<ScimPath> Without)
{
    private static readonly string[] Always = ["schemas", "id"];

    public static ScimShape Of(HttpRequest request) => Of(request.Query["attributes"], request.Query["excludedAttributes"]);

    public static ScimShape Of(string? only, string? without) => new(string.IsNullOrEmpty(only) ? null : Paths(only), string.IsNullOrEmpty(without) ? [] : Paths(without));

    public JsonObject Apply(JsonObject resource)
    {
        var shown = resource;
        if (Only is not null)
        {
            shown = [];
            foreach (var name in Always) shown[name] = resource[name]?.DeepClone();
            foreach (var path in Only) Copy(path, resource, shown);
        }

        foreach (var path in Without)
        {
            if (path.Holder(shown) is not { } holder || ScimPath.Key(holder, path.Name) is not { } key || Always.Contains(key)) continue;
            if (path.Sub is null) holder.Remove(key);
            else
                foreach (var one in holder[key] is JsonArray many ? many.OfType<JsonObject>() : [.. new[] { holder[key] }.OfType<JsonObject>()])
                    if (ScimPath.Key(one, path.Sub) is { } sub) one.Remove(sub);
        }

        return shown;
    }

    private static void Copy(ScimPath path, JsonObject from, JsonObject to)
    {
        if (path.Holder(from) is not { } holder || ScimPath.Key(holder, path.Name) is not { } key) return;
        var urn = path.Urn is null ? null : ScimPath.Key(from, path.Urn);
        var target = urn is null ? to : to[urn] as JsonObject ?? (JsonObject)(to[urn] = new JsonObject());
        if (path.Sub is null) target[key] = holder[key]?.DeepClone();
        else if (holder[key] is JsonObject one) Part(one, target[key] as JsonObject ?? (JsonObject)(target[key] = new JsonObject()), path.Sub);
        else if (holder[key] is JsonArray many)
        {
            var list = target[key] as JsonArray ?? (JsonArray)(target[key] = new JsonArray([.. many.Select(_ => new JsonObject())]));
            for (var i = 0; i < many.Count; i++)
                if (many[i] is JsonObject complex) Part(complex, (JsonObject)list[i]!, path.Sub);
        }
    }

    private static void Part(JsonObject from, JsonObject to, string name)
    {
        if (ScimPath.Key(from, name) is { } key) to[key] = from[key]?.DeepClone();
    }

    private static ScimPath[] Paths(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(p => ScimPath.Parse(p) ?? throw ScimRefusal.Path($"{p} is not an attribute"))];
}

/// <summary>If-Match (RFC 7644, 3.14). Without it anything goes.</summary>
internal sealed record ScimMatch(string? Header)
{
    public static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    public static ScimMatch Of(HttpRequest request) => new(request.Headers.IfMatch.Count == 0 ? null : request.Headers.IfMatch.ToString());

    public bool Allows(long version) => Names(Header, version) ?? true;

    /// <summary>Null when there is no header.</summary>
    public static bool? Names(string? header, long version) =>
        string.IsNullOrEmpty(header) ? null : header.Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || t == Tag(version) || "W/" + t == Tag(version));
}
