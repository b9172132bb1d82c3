using System.Globalization;
using System.Text.Json.Nodes;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Messaging.Flows;

namespace Sahulat.Messaging.Doings;

/// <summary>One question of a form, alone. <paramref name="Group"/> is set for "another row?".</summary>
/// <param name="Pointer">Where its answer stands, as /heirs/0/name.</param>
/// <param name="Page">The page that it is checked with.</param>
internal sealed record Asked(string Pointer, string Page, FormField Field, FormField? Group = null)
{
    public bool Another => Group is not null;
}

/// <summary>A form gone through question by question. Pure: the order, the conditions and the checks are the form's own.</summary>
internal sealed class FormWalk(CompiledForm form, JsonObject answers, ISet<string> passed)
{
    /// <summary>The first question without an answer that was not passed over; null when nothing is left.</summary>
    public Asked? Next()
    {
        foreach (var page in form.Visible(answers))
            foreach (var field in form.Visible(page, answers))
                if (In(field, "/" + field.Name, page.Id, answers, answers) is { } asked) return asked;
        return null;
    }

    private Asked? In(FormField field, string pointer, string page, JsonObject of, JsonObject outer)
    {
        // A paper for one row of many has no place in a conversation: it can be sent later.
        if (passed.Contains(pointer) || field.Type == FieldType.Document && pointer.LastIndexOf('/') > 0) return null;
        switch (field.Type)
        {
            case FieldType.Person:
                var person = of[field.Name] as JsonObject ?? [];
                return form.Parts(field).Where(p => person[p.Name] is null && !passed.Contains($"{pointer}/{p.Name}")).Select(p => new Asked($"{pointer}/{p.Name}", page, p with { Required = field.Required })).FirstOrDefault();
            case FieldType.Group:
                var rows = of[field.Name] as JsonArray ?? [];
                var least = (int)(field.Min ?? 1);
                for (var i = 0; i < Math.Max(rows.Count, least); i++)
                {
                    var row = i < rows.Count ? (JsonObject)rows[i]! : [];
                    foreach (var inner in field.Fields)
                        if (Holds(inner.When, row, outer, field) && In(inner, $"{pointer}/{i}/{inner.Name}", page, row, outer) is { } asked) return asked;
                }

                return rows.Count < (int)(field.Max ?? 10) ? new Asked(pointer, page, field, field) : null;
            default:
                return of[field.Name] is null ? new Asked(pointer, page, field) : null;
        }
    }

    /// <summary>A condition of a question inside a row: on a question of the row, else of the form.</summary>
    private static bool Holds(Condition? when, JsonObject row, JsonObject outer, FormField group)
    {
        if (when is null) return true;
        var answer = group.Fields.Any(f => f.Name == when.Field) ? row[when.Field] : outer[when.Field];
        return answer switch
        {
            JsonArray many => many.Count > 0 && many.Any(a => when.AnyOf.Contains((string?)a ?? "")) != when.Not,
            JsonValue one when one.GetValueKind() == System.Text.Json.JsonValueKind.String => when.AnyOf.Contains((string)one!) != when.Not,
            _ => false,
        };
    }

    /// <summary>Puts the answer in and checks it with the form's own rules.</summary>
    /// <returns>The faults of this answer; with any, nothing has changed.</returns>
    public IReadOnlyList<Fault> Put(Asked asked, JsonNode value)
    {
        var parts = asked.Pointer.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var before = answers.DeepClone().AsObject();
        Set(parts, value);
        var faults = form.CheckPage(asked.Page, answers).Where(f => f.Pointer == asked.Pointer || f.Pointer.StartsWith(asked.Pointer + "/", StringComparison.Ordinal)).ToArray();
        if (faults.Length > 0)
        {
            answers.Clear();
            foreach (var (key, old) in before.ToArray())
            {
                before.Remove(key);
                answers[key] = old;
            }
        }
        else
        {
            Prune();
        }

        return faults;
    }

    /// <summary>Takes an answer away, so that it is asked again; questions that are asked no longer lose theirs.</summary>
    public void Take(string field)
    {
        answers.Remove(field);
        foreach (var gone in passed.Where(p => p == "/" + field || p.StartsWith($"/{field}/", StringComparison.Ordinal)).ToArray()) passed.Remove(gone);
        Prune();
    }

    private void Prune()
    {
        var asked = form.Visible(answers).SelectMany(p => form.Visible(p, answers)).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var key in answers.Select(a => a.Key).Where(k => !asked.Contains(k)).ToArray()) answers.Remove(key);
    }

    private void Set(string[] parts, JsonNode value)
    {
        JsonNode at = answers;
        for (var i = 0; i < parts.Length - 1; i++)
        {
            var next = parts[i + 1];
            if (at is JsonObject map)
            {
                if (map[parts[i]] is null) map[parts[i]] = char.IsAsciiDigit(next[0]) ? new JsonArray() : new JsonObject();
                at = map[parts[i]]!;
            }
            else
            {
                var rows = (JsonArray)at;
                var n = int.Parse(parts[i], CultureInfo.InvariantCulture);
                while (rows.Count <= n) rows.Add(new JsonObject());
                at = rows[n]!;
            }
        }

        ((JsonObject)at)[parts[^1]] = value;
    }

    /// <summary>What a person wrote as the answer that the form takes; a text that cannot be one is given as it is, for the form to say what is wrong.</summary>
    public static JsonNode Read(FormField field, string text)
    {
        switch (field.Type)
        {
            case FieldType.Number or FieldType.Money:
                var number = string.Concat(text.Where(c => c is not (',' or ' ' or '٬' or '₹')).Select(c => char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : c == '٫' ? '.' : c));
                return decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && Math.Abs(n) < 1e15m ? JsonValue.Create(n) : JsonValue.Create(text);
            case FieldType.Date:
                return JsonValue.Create(Date(text) ?? text);
            case FieldType.Choice when field.Many:
                var codes = text.Split([',', ' ', '،', '+', '&', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(p => Option(field, p)).ToArray();
                if (Option(field, text) is { } whole) codes = [whole];
                return codes.Length > 0 && codes.All(c => c is not null) ? new JsonArray([.. codes.Distinct().Select(c => (JsonNode)JsonValue.Create(c)!)]) : new JsonArray(JsonValue.Create(text));
            case FieldType.Choice:
                return JsonValue.Create(Option(field, text) ?? text);
            case FieldType.Text when field.Pattern == "mobile":
                return JsonValue.Create(Mobile.Normalise(text) ?? text);
            default:
                return JsonValue.Create(text);
        }
    }

    /// <summary>The code of an option by its code, number, or words in any language.</summary>
    private static string? Option(FormField field, string text)
    {
        if (field.Options.FirstOrDefault(o => o.Code == text.Trim()) is { } same) return same.Code;
        if (FlowWords.Digits(text) is { Length: <= 2 } digits && int.Parse(digits, CultureInfo.InvariantCulture) is var n && n >= 1 && n <= field.Options.Count) return field.Options[n - 1].Code;
        var clean = FlowWords.Clean(text);
        return clean.Length == 0 ? null : field.Options.FirstOrDefault(o => o.Label.Values.Any(l => FlowWords.Clean(l) == clean))?.Code;
    }

    /// <summary>Day, month, year, as people write them in India, or year first; any digits, any sign between.</summary>
    public static string? Date(string text)
    {
        var ascii = string.Concat(text.Select(c => char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : ' '));
        var parts = ascii.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is [{ Length: 8 } run]) parts = [run[..2], run[2..4], run[4..]];
        if (parts.Length != 3 || text.Any(char.IsLetter)) return null;
        if (parts[0].Length == 4) Array.Reverse(parts);
        return parts[2].Length == 4 && parts[0].Length <= 2 && parts[1].Length <= 2 && int.Parse(parts[2], CultureInfo.InvariantCulture) is >= 1 and var year && int.Parse(parts[1], CultureInfo.InvariantCulture) is >= 1 and <= 12 and var month
            && int.Parse(parts[0], CultureInfo.InvariantCulture) is >= 1 and var day && day <= DateTime.DaysInMonth(year, month) ? $"{year:D4}-{month:D2}-{day:D2}" : null;
    }
}
