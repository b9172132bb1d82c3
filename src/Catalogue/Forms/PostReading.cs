using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Forms;

/// <summary>A posted page as answers. What cannot be read as its kind stays as it was typed, for the check to refuse.</summary>
internal static class PostReading
{
    private const int MostRows = 10;

    public static JsonObject Read(FormPage page, IFormCollection posted, PersonParts persons)
    {
        var answers = new JsonObject();
        foreach (var field in page.Fields) Put(answers, field, field.Name, posted, persons);
        return answers;
    }

    private static void Put(JsonObject answers, FormField field, string name, IFormCollection posted, PersonParts persons)
    {
        JsonNode? value = field.Type switch
        {
            FieldType.Document => null,
            FieldType.Group => Group(field, name, posted, persons),
            FieldType.Person => Person(field, name, posted, persons),
            FieldType.Date => DateBoxes.Read(posted, name) is { Empty: false, Text: var text } ? JsonValue.Create(text) : null,
            FieldType.Choice when field.Many => Many(posted[name]),
            FieldType.Number or FieldType.Money => Number(posted[name].ToString()),
            _ => string.IsNullOrWhiteSpace(posted[name].ToString()) ? null : JsonValue.Create(posted[name].ToString()),
        };
        if (value is not null) answers[field.Name] = value;
    }

    private static JsonValue? Number(string typed)
    {
        if (string.IsNullOrWhiteSpace(typed)) return null;
        var text = typed.Length > 40 ? typed : Cleaning.Digits(typed).Replace(",", "", StringComparison.Ordinal).Replace("₹", "", StringComparison.Ordinal).Trim();
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(typed);
    }

    private static JsonArray? Many(Microsoft.Extensions.Primitives.StringValues chosen)
    {
        var codes = chosen.Where(c => !string.IsNullOrEmpty(c)).Select(c => (JsonNode?)JsonValue.Create(c)).ToArray();
        return codes.Length == 0 ? null : new JsonArray(codes);
    }

    private static JsonObject? Person(FormField field, string name, IFormCollection posted, PersonParts persons)
    {
        var person = new JsonObject();
        foreach (var part in persons.Of(field)) Put(person, part, $"{name}.{part.Name}", posted, persons);
        return person.Count == 0 && !field.Required ? null : person;
    }

    private static JsonArray? Group(FormField field, string name, IFormCollection posted, PersonParts persons)
    {
        var rows = new List<JsonObject>();
        for (var i = 0; i <= MostRows && posted.Keys.Any(k => k.StartsWith($"{name}.{i}.", StringComparison.Ordinal)); i++)
        {
            var row = new JsonObject();
            foreach (var inner in field.Fields) Put(row, inner, $"{name}.{i}.{inner.Name}", posted, persons);
            rows.Add(row);
        }

        var remove = posted[CompiledForm.RemoveButton].ToString().Split('/');
        if (remove is [var which, var at] && which == name && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < rows.Count) rows.RemoveAt(index);
        if (posted[CompiledForm.AddButton] == name)
        {
            if (rows.Count < (field.Max ?? MostRows)) rows.Add([]);
        }
        else if (!CompiledForm.AddsOrRemoves(posted))
        {
            while (rows.Count > 0 && rows[^1].Count == 0) rows.RemoveAt(rows.Count - 1);
        }

        return rows.Count == 0 ? null : new JsonArray([.. rows]);
    }
}
