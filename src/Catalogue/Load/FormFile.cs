using Sahulat.Catalogue.Forms;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Load;

/// <summary>Reads the <c>form</c> of a service.</summary>
internal static class FormFile
{
    private const int MostRows = 10;

    public static IReadOnlySet<string> AllNames(FormDefinition form) => form.Pages.SelectMany(p => p.Fields).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);

    public static FormDefinition Read(YamlMap map)
    {
        var scope = new FormScope();
        var pages = new List<FormPage>();
        foreach (var page in map.Maps("pages"))
        {
            var id = Codes.Read(page, "id");
            if (pages.Any(p => p.Id == id)) page.Faults.Add(page.At("id"), $"page '{id}' is there twice");
            var when = Conditions.Read(page, scope);
            var read = new FormPage(id, page.Local("title"), page.OptionalLocal("intro"), when, Fields(page, scope, when), Checks(page, scope));
            if (read.Fields.Count == 0) page.Faults.Add(page.Node, $"page '{id}' has no fields");
            page.Done();
            pages.Add(read);
        }

        if (pages.Count == 0) map.Faults.Add(map.Node, "a form needs at least one page");
        var form = new FormDefinition(pages, Checks(map, scope));
        map.Done();
        return form;
    }

    private static List<FormField> Fields(YamlMap map, FormScope scope, Condition? page, FormScope? outer = null)
    {
        var fields = new List<FormField>();
        foreach (var fieldMap in map.Maps("fields"))
        {
            var field = Field(fieldMap, scope, outer);
            if (Conditions.Read(fieldMap, scope, field.Name, page, outer) is { } when) field = field with { When = when };
            if (!scope.Declare(field, page)) fieldMap.Faults.Add(fieldMap.At("name"), $"field '{field.Name}' is there twice");
            fieldMap.Done();
            fields.Add(field);
        }

        return fields;
    }

    private static FormField Field(YamlMap map, FormScope scope, FormScope? outer)
    {
        var name = map.Text("name");
        if (name.Length > 0 && !(char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')))
            map.Faults.Add(map.At("name"), $"name: '{name}' must start with a letter and hold lower-case letters, digits and _ only");
        var typeName = map.OneOf("type", [.. Enum.GetNames<FieldType>().Select(n => n.ToLowerInvariant())]);
        Enum.TryParse<FieldType>(typeName, ignoreCase: true, out var type);
        if (outer is not null && (type is FieldType.Group or FieldType.Document or FieldType.Person)) map.Faults.Add(map.At("type"), $"a {typeName} cannot stand in a group");
        var field = new FormField(name, type, map.Local("label")) { Hint = map.OptionalLocal("hint"), Required = map.Flag("required", true) };
        return type switch
        {
            FieldType.Text => Text(map, field),
            FieldType.Number or FieldType.Money => Number(map, field),
            FieldType.Date => Date(map, field),
            FieldType.Choice => Choice(map, field),
            FieldType.Place => field with { Level = map.OneOf("level", [.. PackFacts.Levels]) },
            FieldType.Person => Person(map, field),
            FieldType.Document => field with { MaxMegabytes = Between(map, "max_mb", 1, 20) ?? 5 },
            _ => Group(map, field, scope),
        };
    }

    private static FormField Text(YamlMap map, FormField field)
    {
        var pattern = map.Optional("pattern");
        if (pattern is not null && !Patterns.Exists(pattern)) map.Faults.Add(map.At("pattern"), $"pattern: '{pattern}' is neither a known pattern nor a usable expression");
        return field with { Max = Between(map, "max", 1, 10_000), Multiline = map.Flag("multiline", false), Rows = Between(map, "rows", 1, 30) ?? 4, Pattern = pattern };
    }

    private static FormField Number(YamlMap map, FormField field)
    {
        var (min, max) = (map.Number("min"), map.Number("max"));
        if (min > max) map.Faults.Add(map.At("min"), $"min {min} is more than max {max}");
        var unit = map.Find("unit") is YamlDotNet.RepresentationModel.YamlScalarNode plain ? new LocalText { ["en"] = plain.Value ?? "" } : map.OptionalLocal("unit");
        return field with { Min = min, Max = max, Unit = unit };
    }

    private static FormField Date(YamlMap map, FormField field)
    {
        var (min, max) = (map.Optional("min"), map.Optional("max"));
        foreach (var (key, value) in ((string, string?)[])[("min", min), ("max", max)])
        {
            if (value is not null && DateBound.Parse(value) is null) map.Faults.Add(map.At(key), $"{key}: '{value}' is not a date like 2026-01-31, today, today-18y or today+30d");
        }

        if (min is not null && max is not null && DateBound.Parse(min) is { } low && DateBound.Parse(max) is { } high && low.Comparable(high) && low.On(DateBound.AnyDay) > high.On(DateBound.AnyDay))
            map.Faults.Add(map.At("min"), $"min {min} lies after max {max}");
        return field with { Earliest = min, Latest = max };
    }

    private static FormField Choice(YamlMap map, FormField field)
    {
        var options = new List<FieldOption>();
        foreach (var option in map.Maps("options"))
        {
            var read = new FieldOption(option.Text("code"), option.Local("label"));
            if (options.Any(o => o.Code == read.Code)) option.Faults.Add(option.At("code"), $"option '{read.Code}' is there twice");
            option.Done();
            options.Add(read);
        }

        if (options.Count < 2 && !map.Flag("many", false)) map.Faults.Add(map.At("options"), $"choice '{field.Name}' needs at least two options");
        return field with { Options = options, Many = map.Flag("many", false) };
    }

    private static FormField Person(YamlMap map, FormField field)
    {
        var parts = map.Words("parts", PersonParts.Names);
        if (parts.Count == 0) map.Faults.Add(map.At("parts"), $"person '{field.Name}' has no parts");
        return field with { Parts = parts };
    }

    private static FormField Group(YamlMap map, FormField field, FormScope scope)
    {
        var min = Between(map, "min", 0, MostRows) ?? 1;
        var max = Between(map, "max", 1, MostRows) ?? MostRows;
        if (min > max) map.Faults.Add(map.At("min"), $"min {min} is more than max {max}");
        var fields = Fields(map, new FormScope(), null, scope);
        if (fields.Count == 0) map.Faults.Add(map.Node, $"group '{field.Name}' has no fields");
        return field with { Min = min, Max = max, Fields = fields };
    }

    private static List<FormCheck> Checks(YamlMap map, FormScope scope)
    {
        var checks = new List<FormCheck>();
        foreach (var check in map.Maps("checks"))
        {
            var read = new FormCheck(check.OneOf("kind", ["before", "after", "not_equal"]), check.Text("field"), check.Text("other"), check.Local("text"));
            foreach (var (key, name) in ((string, string)[])[("field", read.Field), ("other", read.Other)])
            {
                if (scope.Find(name) is not { } field) check.Faults.Add(check.At(key), $"check: there is no field '{name}' here or before");
                else if (read.Kind is "before" or "after" && field.Type != FieldType.Date) check.Faults.Add(check.At(key), $"check: '{name}' is not a date");
            }

            check.Done();
            checks.Add(read);
        }

        return checks;
    }

    private static int? Between(YamlMap map, string key, int least, int most)
    {
        var number = map.Whole(key, least);
        if (number > most) map.Faults.Add(map.At(key), $"{key}: at most {most}");
        return number;
    }
}
