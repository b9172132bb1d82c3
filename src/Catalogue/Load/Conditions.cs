using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Load;

/// <summary>The fields declared so far, and under which conditions they are asked.</summary>
internal sealed class FormScope
{
    private readonly Dictionary<string, (FormField Field, Condition? Page)> fields = new(StringComparer.Ordinal);

    public bool Declare(FormField field, Condition? page) => fields.TryAdd(field.Name, (field, page));

    public FormField? Find(string name) => fields.TryGetValue(name, out var found) ? found.Field : null;

    public Condition? PageOf(string name) => fields.TryGetValue(name, out var found) ? found.Page : null;
}

/// <summary>Reads a <c>when</c>: it names a choice asked before, with codes that choice has, and can come true.</summary>
internal static class Conditions
{
    public static Condition? Read(YamlMap map, FormScope scope, string? self = null, Condition? page = null, FormScope? outer = null)
    {
        if (map.OptionalMap("when") is not { } when) return null;
        var name = when.Text("field");
        var (one, not) = (when.Optional("is"), when.Optional("not"));
        var many = when.Words("in");
        if ((one is null ? 0 : 1) + (not is null ? 0 : 1) + (many.Count == 0 ? 0 : 1) != 1) when.Faults.Add(when.Node, "when: exactly one of is, in, not belongs here");
        var condition = new Condition(name, one is not null ? [one] : not is not null ? [not] : many, not is not null);
        var home = scope.Find(name) is not null ? scope : outer;
        var field = home?.Find(name);
        if (name == self && self is not null) when.Faults.Add(when.At("field"), $"when: '{name}' cannot depend on itself");
        else if (field is null) when.Faults.Add(when.At("field"), $"when: there is no field '{name}' before this one");
        else if (field.Type != FieldType.Choice) when.Faults.Add(when.At("field"), $"when: '{name}' is not a choice");
        else
        {
            foreach (var code in condition.AnyOf.Where(c => field.Options.All(o => o.Code != c))) when.Faults.Add(when.Node, $"when: '{name}' has no option '{code}'");
            if (!CanHold(condition, page, home!)) when.Faults.Add(when.Node, "when: this condition contradicts another, the field would never be asked");
        }

        when.Done();
        return condition;
    }

    private static bool CanHold(Condition own, Condition? page, FormScope scope)
    {
        var all = new List<Condition>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Condition>();
        open.Push(own);
        if (page is not null) open.Push(page);
        while (open.TryPop(out var next))
        {
            all.Add(next);
            if (!seen.Add(next.Field)) continue;
            if (scope.Find(next.Field)?.When is { } behind) open.Push(behind);
            if (scope.PageOf(next.Field) is { } behindPage) open.Push(behindPage);
        }

        // An answer to several of many may satisfy conditions that one answer cannot.
        return all.GroupBy(c => c.Field).All(g => scope.Find(g.Key) is not { Many: false } field || field.Options.Any(o => g.All(c => c.AnyOf.Contains(o.Code) != c.Not)));
    }
}
