using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;

namespace Sahulat.Catalogue.Forms;

/// <summary>One check of one form: where faults are gathered.</summary>
internal sealed class CheckRun(DateOnly today)
{
    public List<Fault> Faults { get; } = [];

    public DateOnly Today { get; } = today;

    public JsonNode? Wrong(string pointer, string code, params object?[] args)
    {
        Faults.Add(new Fault(pointer, code, args));
        return null;
    }
}

/// <summary>Checks one answer that is there. Returns it in normal form (the same node where nothing changed), or null after noting a fault.</summary>
internal delegate JsonNode? FieldRule(JsonNode value, string pointer, CheckRun run);

/// <summary>What the rules must ask others.</summary>
/// <param name="KnowsPlace">Whether a place of this kind has this code.</param>
internal sealed record RuleSources(PersonParts Persons, Func<string, string, bool> KnowsPlace);

/// <summary>Makes the rule of a field once; nothing is looked up in the declaration while answers are checked.</summary>
internal static class FieldRules
{
    private const int NoLimitGiven = 200;
    private static readonly FrozenSet<string> DocumentTypes = new[] { "application/pdf", "image/jpeg", "image/png" }.ToFrozenSet(StringComparer.Ordinal);

    public static FieldRule Of(FormField field, RuleSources sources) => field.Type switch
    {
        FieldType.Text => Text(field),
        FieldType.Number => Number(field, decimals: 0, "not-a-number"),
        FieldType.Money => Number(field, decimals: 2, "not-an-amount"),
        FieldType.Date => Date(field),
        FieldType.Choice => field.Many ? Many(field) : One(field),
        FieldType.Place => Place(field, sources),
        FieldType.Person => Person(field, sources),
        FieldType.Document => Document(field),
        _ => Group(field, sources),
    };

    public static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonArray array => array.Count == 0,
        JsonObject => false,
        JsonValue value => value.GetValueKind() == JsonValueKind.String && value.TryGetValue<string>(out var text) && string.IsNullOrWhiteSpace(text),
        _ => false,
    };

    public static bool Text(JsonNode? node, out string text)
    {
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String) return value.TryGetValue(out text!);
        text = "";
        return false;
    }

    public static bool Number(JsonNode? node, out decimal number)
    {
        number = 0;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number) return false;
        if (value.TryGetValue(out number)) return true;
        if (value.TryGetValue<long>(out var whole)) number = whole;
        else if (value.TryGetValue<int>(out var small)) number = small;
        else return value.TryGetValue<double>(out var real) && double.IsFinite(real) && decimal.TryParse(real.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        return true;
    }

    private static FieldRule Text(FormField field)
    {
        var max = (int)(field.Max ?? NoLimitGiven);
        var multiline = field.Multiline;
        var (fits, fault) = field.Pattern is null ? (null, "") : Patterns.Of(field.Pattern);
        var mobile = field.Pattern == "mobile";
        var numeric = Patterns.IsNumeric(field.Pattern);
        return (value, pointer, run) =>
        {
            if (!Text(value, out var typed)) return run.Wrong(pointer, "wrong-type");
            // Normalising is not done for a text that is refused anyway.
            if (typed.Length > max * 4) return run.Wrong(pointer, "too-long", max);
            var text = Cleaning.Text(typed);
            if (Cleaning.HasForbidden(text, multiline)) return run.Wrong(pointer, "control-characters");
            if (mobile) text = Cleaning.Mobile(text);
            else if (numeric) text = Cleaning.Digits(text).Replace(" ", "", StringComparison.Ordinal);
            if (text.Length > max) return run.Wrong(pointer, "too-long", max);
            if (fits is not null && !fits(text)) return run.Wrong(pointer, fault);
            return ReferenceEquals(text, typed) || text == typed ? value : JsonValue.Create(text);
        };
    }

    private static FieldRule Number(FormField field, int decimals, string fault)
    {
        var (min, max) = (field.Min, field.Max);
        return (value, pointer, run) =>
        {
            if (!Number(value, out var number)) return run.Wrong(pointer, value is JsonValue v && v.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? fault : "wrong-type");
            if (decimal.Round(number, decimals) != number) return run.Wrong(pointer, fault);
            if (number < min) return run.Wrong(pointer, "too-small", min.Value);
            if (number > max) return run.Wrong(pointer, "too-big", max.Value);
            return value;
        };
    }

    private static FieldRule Date(FormField field)
    {
        var earliest = field.Earliest is null ? null : DateBound.Parse(field.Earliest);
        var latest = field.Latest is null ? null : DateBound.Parse(field.Latest);
        return (value, pointer, run) =>
        {
            if (!Text(value, out var typed)) return run.Wrong(pointer, "wrong-type");
            var text = Cleaning.Digits(typed.Length > 20 ? "" : typed.Trim());
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return run.Wrong(pointer, "not-a-date");
            if (earliest is not null && earliest.On(run.Today) is var first && date < first) return run.Wrong(pointer, "date-too-early", first);
            if (latest is not null && latest.On(run.Today) is var last && date > last) return run.Wrong(pointer, "date-too-late", last);
            return text == typed ? value : JsonValue.Create(text);
        };
    }

    private static FieldRule One(FormField field)
    {
        var codes = field.Options.Select(o => o.Code).ToFrozenSet(StringComparer.Ordinal);
        return (value, pointer, run) =>
        {
            if (!Text(value, out var code)) return run.Wrong(pointer, "wrong-type");
            return codes.Contains(code) ? value : run.Wrong(pointer, "not-a-choice");
        };
    }

    private static FieldRule Many(FormField field)
    {
        var codes = field.Options.Select(o => o.Code).ToFrozenSet(StringComparer.Ordinal);
        return (value, pointer, run) =>
        {
            if (value is not JsonArray chosen) return run.Wrong(pointer, "wrong-type");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var item in chosen)
            {
                if (!Text(item, out var code)) return run.Wrong(pointer, "wrong-type");
                if (!codes.Contains(code) || !seen.Add(code)) return run.Wrong(pointer, "not-a-choice");
            }

            return value;
        };
    }

    private static FieldRule Place(FormField field, RuleSources sources)
    {
        var kind = field.Level!;
        return (value, pointer, run) =>
        {
            if (!Text(value, out var code)) return run.Wrong(pointer, "wrong-type");
            return code.Length <= 40 && sources.KnowsPlace(kind, code) ? value : run.Wrong(pointer, "not-a-place");
        };
    }

    private static FieldRule Document(FormField field)
    {
        var most = field.MaxMegabytes * 1024L * 1024L;
        return (value, pointer, run) =>
        {
            if (value is not JsonObject document) return run.Wrong(pointer, "wrong-type");
            var before = run.Faults.Count;
            foreach (var (key, _) in document)
            {
                if (key is not ("document" or "name" or "type" or "size")) run.Wrong($"{pointer}/{Pointer.Escape(key)}", "unknown-field");
            }

            if (!Text(document["document"], out var id) || !Guid.TryParseExact(id, "D", out _)) run.Wrong(pointer + "/document", "wrong-type");
            if (!Text(document["name"], out var name) || name.Length > 255 || Cleaning.HasForbidden(name, multiline: false)) run.Wrong(pointer + "/name", "control-characters");
            if (!Text(document["type"], out var type) || !DocumentTypes.Contains(type)) run.Wrong(pointer, "file-wrong-type");
            if (!Number(document["size"], out var size) || size <= 0) run.Wrong(pointer, "file-empty");
            else if (size > most) run.Wrong(pointer, "file-too-large", field.MaxMegabytes);
            return run.Faults.Count == before ? value : null;
        };
    }

    private static FieldRule Person(FormField field, RuleSources sources)
    {
        var parts = new CompiledFields(sources.Persons.Of(field), sources);
        return (value, pointer, run) =>
        {
            if (value is not JsonObject person) return run.Wrong(pointer, "wrong-type");
            var before = run.Faults.Count;
            parts.Check(person, pointer, run, outer: null);
            return run.Faults.Count == before ? value : null;
        };
    }

    private static FieldRule Group(FormField field, RuleSources sources)
    {
        var fields = new CompiledFields(field.Fields, sources);
        var (min, max) = ((int)(field.Min ?? 1), (int)(field.Max ?? 10));
        return (value, pointer, run) =>
        {
            if (value is not JsonArray rows) return run.Wrong(pointer, "wrong-type");
            if (rows.Count > max) return run.Wrong(pointer, "too-many", max);
            var before = run.Faults.Count;
            if (rows.Count < min) run.Wrong(pointer, "too-few", min);
            for (var i = 0; i < rows.Count; i++)
            {
                if (rows[i] is JsonObject row) fields.Check(row, $"{pointer}/{i}", run, rows.Parent as JsonObject);
                else run.Wrong($"{pointer}/{i}", "wrong-type");
            }

            return run.Faults.Count == before ? value : null;
        };
    }
}

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class Pointer
{
    public static string Escape(string key)
    {
        if (key.Length > 100) key = key[..100];
        key = string.Concat(key.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }
}
