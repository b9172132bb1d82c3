using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;

namespace Sahulat.Cases.Demo;

/// <summary>Answers to any form, made from its declaration: whatever the form's own checks refuse is thrown away and made anew.</summary>
internal sealed class SyntheticAnswers(IOrganisation organisation)
{
    private const int Tries = 60;
    private static readonly string[] Texts = ["2025-26", "0000", "000000000000", "DEMO1", "DEMO12", "JK00DE0001", "180001", "34.0837, 74.7973"];
    private static readonly string[] Wrongs = ["It has not worked for ten days. We told the office twice and nobody came.", "Since last month it is worse each week. The whole lane suffers.", "We were sent from one office to another and got no answer.", "It is dangerous for the children who pass here to school."];
    private static readonly string[] Homes = ["House 12, Ward 4, near the school", "Lane 2, Mohalla Bala, opposite the post office", "Village road, by the spring", "Quarter 7, old colony, behind the bus stand"];

    /// <summary>Without documents.</summary>
    public JsonObject For(CompiledForm form, Random chance, string mobile, string place, DateOnly today)
    {
        IReadOnlyList<Fault> faults = [];
        for (var i = 0; i < Tries; i++)
        {
            var answers = Once(form, new Maker(organisation, chance, mobile, place, today));
            faults = form.Check(answers);
            if (faults.Count == 0) return answers;
        }

        throw new InvalidOperationException($"no synthetic answers fit: {string.Join(", ", faults.Select(f => $"{f.Pointer} {f.Code}"))}");
    }

    private static JsonObject Once(CompiledForm form, Maker maker)
    {
        var answers = new JsonObject();
        foreach (var page in form.Pages)
        {
            if (form.Visible(answers).All(p => p.Id != page.Id)) continue;
            foreach (var field in page.Fields)
                if (field.Type != FieldType.Document && form.Visible(page, answers).Any(f => f.Name == field.Name) && maker.Answer(field) is { } answer) answers[field.Name] = answer;
        }

        return answers;
    }

    private sealed class Maker(IOrganisation organisation, Random chance, string mobile, string place, DateOnly today)
    {
        private string? gender;

        public JsonNode? Answer(FormField field) => !field.Required && chance.Next(3) == 0 ? null : field.Type switch
        {
            FieldType.Text => Text(field),
            FieldType.Number => Number(field, 40),
            FieldType.Money => Number(field, 240_000),
            FieldType.Date => Date(field).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            FieldType.Choice => Choice(field),
            FieldType.Place => PlaceOf(field),
            FieldType.Person => Person(field),
            FieldType.Group => Group(field),
            _ => null,
        };

        private JsonNode? Choice(FormField field)
        {
            var code = field.Options[chance.Next(field.Options.Count)].Code;
            if (field.Name == "gender") gender = code;
            return field.Many ? new JsonArray(code) : code;
        }

        private string? Text(FormField field)
        {
            var name = field.Name;
            var text = field.Pattern switch
            {
                "mobile" => name == "mobile" ? mobile : SyntheticPeople.Mobile(chance.Next(100_000)),
                "pin" => chance.Next(2) == 0 ? "180001" : "190001",
                "email" => "nobody@demo.invalid",
                "vehicle" => $"JK{1 + chance.Next(22):D2}D{chance.Next(1, 9999):D4}",
                "aadhaar-last4" => "0000",
                { } pattern => Array.Find(Texts, t => Regex.IsMatch(t, pattern, RegexOptions.NonBacktracking)),
                null when name.Contains("name", StringComparison.Ordinal) => SyntheticPeople.Name(chance, name switch { "full_name" => gender, "father_name" or "husband_name" => "male", "mother_name" or "wife_name" => "female", _ => null }),
                null when name == "happened" => $"{Wrongs[chance.Next(Wrongs.Length)]} {organisation.Place(place)?.Name.In(Kernel.Language.Lang.En)}. {SyntheticPeople.Mark}",
                null when name.Contains("address", StringComparison.Ordinal) => $"{Homes[chance.Next(Homes.Length)]} {SyntheticPeople.Mark}",
                null => $"{organisation.Place(place)?.Name.In(Kernel.Language.Lang.En)} {SyntheticPeople.Mark}",
            };
            return text is null || field.Max is not { } max || text.Length <= max ? text : text[..(int)max].TrimEnd();
        }

        private JsonNode Number(FormField field, int usual)
        {
            var least = (long)Math.Ceiling(field.Min ?? 0);
            var most = (long)Math.Min(field.Max ?? usual, Math.Max(usual, least + 3));
            return chance.NextInt64(least, Math.Max(least, most) + 1);
        }

        private DateOnly Date(FormField field)
        {
            var birth = field.Name.Contains("born", StringComparison.Ordinal);
            var earliest = Bound(field.Earliest) ?? today.AddYears(-70);
            var latest = Bound(field.Latest) ?? today;
            if (birth && earliest < today.AddYears(-60) && latest >= today.AddYears(-22)) (earliest, latest) = (today.AddYears(-60), today.AddYears(-22));
            else if (latest <= today && earliest < today.AddYears(-15) && latest >= today.AddYears(-15)) earliest = today.AddYears(-15);
            return earliest.AddDays(chance.Next(Math.Max(0, latest.DayNumber - earliest.DayNumber) + 1));
        }

        private DateOnly? Bound(string? written)
        {
            if (written is null) return null;
            if (!written.StartsWith("today", StringComparison.Ordinal)) return DateOnly.Parse(written, CultureInfo.InvariantCulture);
            if (written.Length == 5) return today;
            var amount = int.Parse(written[5..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            return written[^1] switch { 'd' => today.AddDays(amount), 'm' => today.AddMonths(amount), _ => today.AddYears(amount) };
        }

        private string? PlaceOf(FormField field)
        {
            var near = organisation.OfKind(field.Level!).Where(p => organisation.Covers(place, p.Code) || organisation.Covers(p.Code, place)).ToArray();
            var from = near.Length > 0 ? near : [.. organisation.OfKind(field.Level!)];
            return from[chance.Next(from.Length)].Code;
        }

        private JsonObject Person(FormField field)
        {
            var person = new JsonObject();
            var sex = chance.Next(2) == 0 ? "female" : "male";
            foreach (var part in field.Parts)
                person[part] = part switch
                {
                    "born_on" => today.AddDays(-chance.Next(22 * 365, 60 * 365)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    "gender" => sex,
                    "relation" => "cousin",
                    "name" => SyntheticPeople.Name(chance, sex),
                    _ => SyntheticPeople.Name(chance, part == "mother_name" ? "female" : "male"),
                };
            return person;
        }

        private JsonArray Group(FormField field)
        {
            var least = Math.Max(1, (int)(field.Min ?? 1));
            var rows = new JsonArray();
            for (var n = least + chance.Next(Math.Max(1, Math.Min((int)(field.Max ?? 10) - least + 1, 3))); n > 0; n--)
            {
                var row = new JsonObject();
                foreach (var inner in field.Fields.Where(f => f.Type != FieldType.Document))
                    if (Asked(inner, row) && Answer(inner) is { } answer) row[inner.Name] = answer;
                rows.Add(row);
            }

            return rows;
        }

        private static bool Asked(FormField field, JsonObject row) =>
            field.When is not { } when || (row[when.Field] is JsonValue value && when.AnyOf.Contains(value.ToString())) != when.Not;
    }
}
