using System.Globalization;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Compare;

/// <summary>A difference as a person reads it. <paramref name="Name"/> is the path in the file.</summary>
internal sealed record ChangeRow(string Name, string Label, string? Before, string? After);

/// <summary>Puts differences into the reader's words: fields by their labels, posts and departments by their names, dates and yes or no as the language writes them.</summary>
internal sealed class DifferenceWriting(IOrganisation organisation)
{
    public IReadOnlyList<ChangeRow> Rows(IEnumerable<FieldChange> changes, Texts t) =>
        [.. changes.Select(c => new ChangeRow(c.Name, Label(c, t), Value(c, c.Before, t), Value(c, c.After, t)))];

    public static string Label(FieldChange change, Texts t) => Label(change.Path, t);

    public static string Label(IEnumerable<FieldStep> path, Texts t) => string.Join(" › ", path.Select(s => Step(s, t)));

    private static string Step(FieldStep step, Texts t)
    {
        if (step.Key == Difference.Order) return t["catalogue.field.order"];
        if (Lang.Find(step.Key) is { } lang) return lang.NativeName;
        var key = "catalogue.field." + step.Key.Replace('_', '-');
        var name = t.Has(key) ? t[key] : step.Key;
        return step.Item is null ? name : $"{name} {step.Item}";
    }

    private string? Value(FieldChange change, string? value, Texts t)
    {
        if (value is null) return null;
        if (value is "true" or "false") return t[$"catalogue.compare.{value}"];
        var last = change.Path[^1].Key;
        return last switch
        {
            "designation" => Named(organisation.Designation(value), value, t),
            "department" => Named(organisation.Department(value), value, t),
            "place" or "level" when t.Has("catalogue.level." + value) => t["catalogue.level." + value],
            "category" when t.Has("catalogue.category." + value) => t["catalogue.category." + value],
            "convention" or "value" when t.Has("catalogue.service.counting." + value) => t["catalogue.service.counting." + value],
            _ when DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => t.Date(date),
            _ => value,
        };
    }

    private static string Named(LocalText name, string code, Texts t) => name.In(t.Lang) is var read && read != code ? $"{read} ({code})" : code;
}
