using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;

namespace Sahulat.Catalogue.Forms;

/// <summary>A condition made ready: which field it looks at and what it wants.</summary>
internal sealed class Test(Condition condition)
{
    private readonly FrozenSet<string> wanted = condition.AnyOf.ToFrozenSet(StringComparer.Ordinal);

    public string Field { get; } = condition.Field;

    /// <summary>A question that was not answered fulfils no condition.</summary>
    public bool Holds(JsonNode? answer)
    {
        if (answer is JsonArray many)
        {
            if (many.Count == 0) return false;
            foreach (var item in many)
            {
                if (FieldRules.Text(item, out var one) && wanted.Contains(one)) return !condition.Not;
            }

            return condition.Not;
        }

        return FieldRules.Text(answer, out var text) && text.Length > 0 && wanted.Contains(text) != condition.Not;
    }
}

/// <summary>The fields of one object (a row of a group, a person), ready to check.</summary>
internal sealed class CompiledFields
{
    private readonly (FormField Field, Test? When, FieldRule Rule, string Name)[] fields;
    private readonly FrozenSet<string> names;

    public CompiledFields(IReadOnlyList<FormField> fields, RuleSources sources)
    {
        this.fields = [.. fields.Select(f => (f, f.When is null ? null : new Test(f.When), FieldRules.Of(f, sources), f.Name))];
        names = fields.Select(f => f.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    public void Check(JsonObject answers, string pointer, CheckRun run, JsonObject? outer)
    {
        var seen = 0;
        foreach (var (field, when, rule, name) in fields)
        {
            var there = answers.TryGetPropertyValue(name, out var value);
            if (there) seen++;
            var asked = when is null || when.Holds(names.Contains(when.Field) ? answers[when.Field] : outer?[when.Field]);
            if (FieldRules.IsEmpty(value))
            {
                if (asked && field.Required) run.Faults.Add(new Fault($"{pointer}/{name}", "required"));
            }
            else if (!asked) run.Faults.Add(new Fault($"{pointer}/{name}", "not-asked"));
            else if (rule(value!, $"{pointer}/{name}", run) is { } normal && !ReferenceEquals(normal, value)) answers[name] = normal;
        }

        if (seen == answers.Count) return;
        foreach (var (key, _) in answers)
        {
            if (!names.Contains(key)) run.Faults.Add(new Fault($"{pointer}/{Pointer.Escape(key)}", "unknown-field"));
        }
    }
}
