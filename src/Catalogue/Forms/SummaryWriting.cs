using System.Globalization;
using System.Text.Json.Nodes;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Forms;

/// <summary>Answers as people read them.</summary>
internal sealed class SummaryWriting(TextCatalogue texts, PersonParts persons, PlaceNames places)
{
    public PersonParts Persons => persons;

    public void Write(string page, FormField field, string pointer, JsonNode? answer, Lang lang, List<SummaryRow> rows) =>
        Write(page, field, pointer, field.Label.In(lang), answer, texts.In(lang), rows);

    private void Write(string page, FormField field, string pointer, string label, JsonNode? answer, Texts t, List<SummaryRow> rows)
    {
        if (FieldRules.IsEmpty(answer)) return;
        if (field.Type == FieldType.Person && answer is JsonObject person)
        {
            foreach (var part in persons.Of(field)) Write(page, part, $"{pointer}/{part.Name}", $"{label}: {part.Label.In(t.Lang)}", person[part.Name], t, rows);
            return;
        }

        if (field.Type == FieldType.Group && answer is JsonArray group)
        {
            for (var i = 0; i < group.Count; i++)
            {
                if (group[i] is not JsonObject row) continue;
                foreach (var inner in field.Fields) Write(page, inner, $"{pointer}/{i}/{inner.Name}", $"{label} {i + 1}: {inner.Label.In(t.Lang)}", row[inner.Name], t, rows);
            }

            return;
        }

        var document = field.Type == FieldType.Document && answer is JsonObject d && FieldRules.Text(d["document"], out var id) && Guid.TryParse(id, out var guid) ? guid : (Guid?)null;
        rows.Add(new SummaryRow(page, pointer, label, Value(field, answer!, t), document));
    }

    private string Value(FormField field, JsonNode answer, Texts t)
    {
        switch (field.Type)
        {
            case FieldType.Number when FieldRules.Number(answer, out var number) && decimal.Truncate(number) == number && Math.Abs(number) < long.MaxValue:
                return field.Unit is null ? t.Number((long)number) : $"{t.Number((long)number)} {field.Unit.In(t.Lang)}";
            case FieldType.Money when FieldRules.Number(answer, out var rupees):
                return t.Money(rupees);
            case FieldType.Date when FieldRules.Text(answer, out var iso) && DateOnly.TryParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date):
                return t.Date(date);
            case FieldType.Choice when answer is JsonArray many:
                return string.Join(t.Lang.RightToLeft ? "، " : ", ", many.Select(m => FieldRules.Text(m, out var code) ? Label(field, code, t.Lang) : ""));
            case FieldType.Choice when FieldRules.Text(answer, out var one):
                return Label(field, one, t.Lang);
            case FieldType.Place when FieldRules.Text(answer, out var place):
                return places.Name(place, t.Lang);
            case FieldType.Document when answer is JsonObject document:
                return FieldRules.Text(document["name"], out var name) ? name : "";
            default:
                return FieldRules.Text(answer, out var text) ? text : answer.ToJsonString();
        }
    }

    private static string Label(FormField field, string code, Lang lang) => field.Options.FirstOrDefault(o => o.Code == code)?.Label.In(lang) ?? code;
}
