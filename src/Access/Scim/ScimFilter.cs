using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sahulat.Access.Scim;

/// <summary>A filter of RFC 7644, 3.4.2.2, as read by <see cref="FilterReader"/>.</summary>
internal abstract record ScimFilter
{
    public abstract bool Matches(JsonObject resource);
}

internal sealed record AndFilter(ScimFilter Left, ScimFilter Right) : ScimFilter
{
    public override bool Matches(JsonObject resource) => Left.Matches(resource) && Right.Matches(resource);
}

internal sealed record OrFilter(ScimFilter Left, ScimFilter Right) : ScimFilter
{
    public override bool Matches(JsonObject resource) => Left.Matches(resource) || Right.Matches(resource);
}

internal sealed record NotFilter(ScimFilter Inner) : ScimFilter
{
    public override bool Matches(JsonObject resource) => !Inner.Matches(resource);
}

/// <summary><c>emails[type eq "work"]</c>: one value must match the whole.</summary>
internal sealed record ValueFilter(ScimPath Path, ScimFilter Inner) : ScimFilter
{
    public override bool Matches(JsonObject resource) => Path.Values(resource).OfType<JsonObject>().Any(Inner.Matches);
}

internal sealed record PresentFilter(ScimPath Path) : ScimFilter
{
    public override bool Matches(JsonObject resource) => Path.Values(resource).Any(v => v switch { JsonObject o => o.Count > 0, JsonValue s when s.GetValueKind() == JsonValueKind.String => s.GetValue<string>().Length > 0, _ => true });
}

/// <param name="Operator">eq, ne, co, sw, ew, gt, ge, lt or le.</param>
/// <param name="Value">A string, number, boolean, or null.</param>
internal sealed record CompareFilter(ScimPath Path, string Operator, JsonValue? Value) : ScimFilter
{
    public override bool Matches(JsonObject resource)
    {
        // A complex value is compared by its "value".
        var values = Path.Values(resource).Select(v => v is JsonObject complex ? ScimPath.Find(complex, "value") : v).OfType<JsonValue>().ToArray();
        return Operator switch
        {
            "ne" => !values.Any(v => Order(v) == 0) && (Value is not null || values.Length > 0),
            "eq" when Value is null => values.Length == 0,
            _ => values.Any(Holds),
        };
    }

    private bool Holds(JsonValue value) => Operator switch
    {
        "eq" => Order(value) == 0,
        "co" => Text(value, (held, wanted, way) => held.Contains(wanted, way)),
        "sw" => Text(value, (held, wanted, way) => held.StartsWith(wanted, way)),
        "ew" => Text(value, (held, wanted, way) => held.EndsWith(wanted, way)),
        "gt" => Order(value) > 0,
        "ge" => Order(value) >= 0,
        "lt" => Order(value) < 0,
        "le" => Order(value) <= 0,
        _ => false,
    };

    private bool Text(JsonValue value, Func<string, string, StringComparison, bool> holds) =>
        value.GetValueKind() == JsonValueKind.String && Value!.GetValueKind() == JsonValueKind.String && holds(value.GetValue<string>(), Value.GetValue<string>(), Way);

    /// <summary>Less than, equal to or greater than the filter's value; null where they cannot be compared.</summary>
    private int? Order(JsonValue value)
    {
        if (Value is null) return null;
        switch (value.GetValueKind(), Value.GetValueKind())
        {
            case (JsonValueKind.String, JsonValueKind.String):
                var (held, wanted) = (value.GetValue<string>(), Value.GetValue<string>());
                return Instant(held) is { } a && Instant(wanted) is { } b ? a.CompareTo(b) : Math.Sign(string.Compare(held, wanted, Way));
            case (JsonValueKind.Number, JsonValueKind.Number):
                return value.GetValue<decimal>().CompareTo(Value.GetValue<decimal>());
            case (JsonValueKind.True or JsonValueKind.False, JsonValueKind.True or JsonValueKind.False):
                return value.GetValueKind() == Value.GetValueKind() ? 0 : null;
            default:
                return null;
        }
    }

    private StringComparison Way => ScimSchemas.IsCaseExact(Path) ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    private static DateTimeOffset? Instant(string text) =>
        text.Length >= 19 && text[4] == '-' && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
