using System.Text.Json.Nodes;

namespace Sahulat.Access.Scim;

/// <summary>PATCH of RFC 7644, 3.5.2: all operations or none. Pure: takes a resource and gives another.</summary>
internal static class ScimPatch
{
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    private const int MostOperations = 1000;

    public static JsonObject Apply(ScimAttribute kind, JsonObject resource, JsonObject message)
    {
        if (ScimPath.Find(message, "Operations") is not JsonArray { Count: > 0 } operations) throw ScimRefusal.Syntax("Operations is missing or empty");
        if (operations.Count > MostOperations) throw ScimRefusal.Syntax($"At most {MostOperations} operations at once");
        var changed = (JsonObject)resource.DeepClone();
        foreach (var operation in operations)
        {
            if (operation is not JsonObject one || ScimPath.Find(one, "op") is not JsonValue op || !op.TryGetValue(out string? name)) throw ScimRefusal.Syntax("An operation needs op");
            var path = ScimPath.Find(one, "path") switch { null => null, JsonValue v when v.TryGetValue(out string? p) && p.Length > 0 => p, _ => throw ScimRefusal.Path("path must be a string") };
            var value = ScimPath.Find(one, "value");
            switch (name.ToLowerInvariant())
            {
                case "add" or "replace" when path is null:
                    if (value is not JsonObject many) throw ScimRefusal.Value("Without a path, value must be an object of attributes");
                    foreach (var (key, inner) in many) Set(kind, changed, key, inner, name.Equals("add", StringComparison.OrdinalIgnoreCase));
                    break;
                case "add":
                    Set(kind, changed, path!, value, adding: true);
                    break;
                case "replace":
                    Set(kind, changed, path!, value, adding: false);
                    break;
                case "remove":
                    Remove(kind, changed, path ?? throw ScimRefusal.NoTarget("remove needs a path"), value);
                    break;
                default:
                    throw ScimRefusal.Syntax($"op must be add, replace or remove");
            }
        }

        return changed;
    }

    private static void Set(ScimAttribute kind, JsonObject resource, string target, JsonNode? value, bool adding)
    {
        var (path, filter, sub) = FilterReader.ReadTarget(target);
        if (IsCommon(path)) return;
        var attribute = Writable(kind, path);
        var holder = Holder(resource, path, make: true)!;
        var part = sub is null ? null : attribute.Part(sub) ?? throw ScimRefusal.Path($"There is no {path}.{sub}");
        if (part is { Fixed: true }) throw ScimRefusal.Fixed($"{path}.{sub}");
        if (filter is not null) Chosen(attribute, holder, filter, part, value, adding);
        else if (part is not null) Part(attribute, holder, part, value);
        else if (!attribute.Many) Whole(attribute, holder, value, adding);
        else Values(attribute, holder, value, adding);
        if (path.Urn is not null && holder.Count == 0) resource.Remove(ScimSchemas.Extension);
    }

    /// <summary>A complex value's parts are merged; anything else takes the new value.</summary>
    private static void Whole(ScimAttribute attribute, JsonObject holder, JsonNode? value, bool adding)
    {
        var read = ScimSchemas.Value(attribute, value);
        if (read is null && !adding) holder.Remove(attribute.Name);
        if (read is JsonObject parts && holder[attribute.Name] is JsonObject held)
        {
            foreach (var (key, inner) in parts) held[key] = inner?.DeepClone();
        }
        else if (read is not null)
        {
            holder[attribute.Name] = read;
        }
    }

    private static void Part(ScimAttribute attribute, JsonObject holder, ScimAttribute part, JsonNode? value)
    {
        var targets = holder[attribute.Name] switch
        {
            JsonObject held => [held],
            JsonArray values => values.OfType<JsonObject>().ToArray(),
            _ when attribute.Many => throw ScimRefusal.NoTarget($"{attribute.Name} has no values"),
            _ => [(JsonObject)(holder[attribute.Name] = new JsonObject())],
        };
        foreach (var target in targets) Put(target, part, value);
    }

    private static void Values(ScimAttribute attribute, JsonObject holder, JsonNode? value, bool adding)
    {
        var read = (JsonArray?)ScimSchemas.Value(attribute, value);
        if (!adding) holder.Remove(attribute.Name);
        if (read is null) return;
        var list = holder[attribute.Name] as JsonArray ?? (JsonArray)(holder[attribute.Name] = new JsonArray());
        foreach (var one in read.OfType<JsonObject>().ToArray())
        {
            read.Remove(one);
            if (list.Any(held => Same(held, one))) continue;
            if (IsPrimary(one)) Demote(list);
            list.Add(one);
        }
    }

    /// <summary>The values that a filter chooses. Adding where none is chosen makes one that the filter describes, as Entra ID and Okta expect.</summary>
    private static void Chosen(ScimAttribute attribute, JsonObject holder, ScimFilter filter, ScimAttribute? part, JsonNode? value, bool adding)
    {
        if (!attribute.Many) throw ScimRefusal.Path($"{attribute.Name} has one value; it takes no filter");
        var list = holder[attribute.Name] as JsonArray;
        var chosen = list?.OfType<JsonObject>().Where(filter.Matches).ToList() ?? [];
        if (chosen.Count == 0)
        {
            if (!adding) throw ScimRefusal.NoTarget($"No value of {attribute.Name} matches");
            list ??= (JsonArray)(holder[attribute.Name] = new JsonArray());
            var made = Described(attribute, filter);
            list.Add(made);
            chosen.Add(made);
        }

        foreach (var one in chosen)
        {
            if (part is not null) Put(one, part, value);
            else if (ScimSchemas.Single(attribute, value ?? throw ScimRefusal.Value("value is missing")) is JsonObject read)
                foreach (var (key, inner) in read) one[key] = inner?.DeepClone();
            if (!IsPrimary(one)) continue;
            Demote(list!);
            one["primary"] = true;
        }
    }

    private static void Remove(ScimAttribute kind, JsonObject resource, string target, JsonNode? value)
    {
        var (path, filter, sub) = FilterReader.ReadTarget(target);
        var attribute = Writable(kind, path);
        if (attribute.Required) throw ScimRefusal.Fixed(attribute.Name);
        if (Holder(resource, path, make: false) is not { } holder || holder[attribute.Name] is not { } held) return;
        var part = sub is null ? null : attribute.Part(sub) ?? throw ScimRefusal.Path($"There is no {path}.{sub}");
        if (filter is not null && held is JsonArray list)
        {
            foreach (var one in list.OfType<JsonObject>().Where(filter.Matches).ToArray())
            {
                if (part is null) list.Remove(one);
                else one.Remove(part.Name);
            }
        }
        else if (part is not null)
        {
            foreach (var one in held is JsonArray values ? values.OfType<JsonObject>().ToArray() : [(JsonObject)held]) one.Remove(part.Name);
        }
        // Entra ID names the members to remove in the value, without a filter.
        else if (attribute.Many && value is JsonArray or JsonObject && held is JsonArray all)
        {
            var named = ((JsonArray)ScimSchemas.Value(attribute, value)!).OfType<JsonObject>().ToArray();
            foreach (var one in all.Where(h => named.Any(n => Same(h, n))).ToArray()) all.Remove(one);
        }
        else
        {
            holder.Remove(attribute.Name);
        }

        if (holder[attribute.Name] is JsonArray { Count: 0 } or JsonObject { Count: 0 }) holder.Remove(attribute.Name);
        if (path.Urn is not null && holder.Count == 0) resource.Remove(ScimSchemas.Extension);
    }

    private static ScimAttribute Writable(ScimAttribute kind, ScimPath path)
    {
        if (path is { Urn: null } && (path.Name.Equals("id", StringComparison.OrdinalIgnoreCase) || path.Name.Equals("meta", StringComparison.OrdinalIgnoreCase))) throw ScimRefusal.Fixed(path.Name);
        var attribute = ScimSchemas.Find(kind, path) ?? throw ScimRefusal.Path($"There is no {path}");
        return attribute.Fixed ? throw ScimRefusal.Fixed(attribute.Name) : attribute;
    }

    private static JsonObject? Holder(JsonObject resource, ScimPath path, bool make)
    {
        if (path.Urn is null) return resource;
        if (resource[ScimSchemas.Extension] is JsonObject held) return held;
        return make ? (JsonObject)(resource[ScimSchemas.Extension] = new JsonObject()) : null;
    }

    private static void Put(JsonObject target, ScimAttribute part, JsonNode? value)
    {
        if (value is null) target.Remove(part.Name);
        else target[part.Name] = ScimSchemas.Single(part, value);
    }

    /// <summary>Values are the same by what they are of, wherever they come from; a display name may differ.</summary>
    private static bool Same(JsonNode? a, JsonNode? b)
    {
        if (a is not JsonObject one || b is not JsonObject other) return false;
        if (one.ContainsKey("value") && other.ContainsKey("value") && !one.ContainsKey("primary") && !other.ContainsKey("primary") && JsonNode.DeepEquals(one["type"], other["type"])) return JsonNode.DeepEquals(one["value"], other["value"]);
        return JsonNode.DeepEquals(one, other);
    }

    private static JsonObject Described(ScimAttribute attribute, ScimFilter filter)
    {
        var made = new JsonObject();
        foreach (var wanted in Equalities(filter))
            if (wanted is { Path: { Urn: null, Sub: null }, Value: { } value } && attribute.Part(wanted.Path.Name) is { Fixed: false } part) made[part.Name] = ScimSchemas.Single(part, value);
        return made;
    }

    private static IEnumerable<CompareFilter> Equalities(ScimFilter filter) => filter switch
    {
        CompareFilter { Operator: "eq" } one => [one],
        AndFilter both => Equalities(both.Left).Concat(Equalities(both.Right)),
        _ => [],
    };

    private static bool IsPrimary(JsonObject value) => value["primary"] is JsonValue flag && flag.TryGetValue(out bool primary) && primary;

    private static void Demote(JsonArray list)
    {
        foreach (var one in list.OfType<JsonObject>().Where(IsPrimary)) one["primary"] = false;
    }

    private static bool IsCommon(ScimPath path) => path is { Urn: null } && path.Name.Equals("schemas", StringComparison.OrdinalIgnoreCase);
}
