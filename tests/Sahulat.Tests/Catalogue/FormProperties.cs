using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Catalogue;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

/// <summary>For every form of the data pack: answers made from the declaration pass, and every way of spoiling one is caught where it was done.</summary>
public sealed class FormProperties
{
    private static readonly (string Code, FormDefinition Form, CompiledForm Compiled)[] Forms =
    [
        .. new[] { "jk", "hr" }.SelectMany(pack => Directory.EnumerateFiles(Path.Combine(Cluster.RepositoryRoot, "data", pack, "services"), "*.yaml").Order(StringComparer.Ordinal))
            .Select(f => PackReading.One(f, File.ReadAllText(f), [], m => ServiceFile.Read(m, new PackFacts(null, null, null)))!)
            .Append(PackTests.Read(FormYaml.Everything).Service)
            .Where(s => s.Form is not null)
            .Select(s => (s.Code, s.Form!, FormTests.Compile(s.Form!))),
    ];

    private static readonly (string Name, Func<FormField, JsonNode?> Spoil)[] Spoilings =
    [
        ("object where none belongs", f => f.Type is FieldType.Person or FieldType.Document ? "text" : new JsonObject { ["x"] = 1 }),
        ("true", _ => true),
        ("NUL", f => f.Type == FieldType.Text ? "a\0b" : null),
        ("bidi", f => f.Type == FieldType.Text ? "a\u202Eb" : null),
        ("too long", f => f.Type == FieldType.Text ? new string('a', (int)(f.Max ?? 200) + 1) : null),
        ("no date", f => f.Type == FieldType.Date ? "2026-13-01" : null),
        ("below", f => f.Min is { } min && f.Type is FieldType.Number or FieldType.Money ? JsonValue.Create(f.Min.Value - 1) : null),
        ("above", f => f.Max is { } && f.Type is FieldType.Number or FieldType.Money ? JsonValue.Create(f.Max.Value + 1) : null),
        ("unknown code", f => f.Type == FieldType.Choice ? f.Many ? new JsonArray("no-such-code") : "no-such-code" : null),
        ("rows without end", f => f.Type == FieldType.Group ? new JsonArray([.. Enumerable.Range(0, 12).Select(_ => (JsonNode)new JsonObject())]) : null),
    ];

    private static readonly Gen<(int Form, int Seed)> Cases = from form in Gen.Choose(0, Forms.Length - 1) from seed in Gen.Choose(0, int.MaxValue - 1) select (form, seed);

    [Fact]
    public void Check_AnswersMadeFromTheForm_Pass() =>
        Prop.ForAll(Cases.ToArbitrary(), c => Assert.Empty(Forms[c.Form].Compiled.Check(Make(c.Form, c.Seed)).Select(f => $"{Forms[c.Form].Code} {f.Pointer} {f.Code}")))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(600));

    [Fact]
    public void Check_EverySpoiledAnswer_IsCaughtWhereItIs() =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            var (code, _, compiled) = Forms[c.Form];
            var answers = Make(c.Form, c.Seed);
            var random = new Random(c.Seed);
            var fields = compiled.Visible(answers).SelectMany(p => compiled.Visible(p, answers)).ToArray();
            var field = fields[random.Next(fields.Length)];
            foreach (var (name, spoil) in Spoilings)
            {
                if (spoil(field) is not { } bad) continue;
                var spoiled = answers.DeepClone().AsObject();
                spoiled[field.Name] = bad;
                Assert.True(compiled.Check(spoiled).Any(f => f.Pointer.StartsWith("/" + field.Name, StringComparison.Ordinal)), $"{code} {field.Name}: {name}");
            }

            var unknown = answers.DeepClone().AsObject();
            unknown["no_such_field"] = 1;
            Assert.Equal("/no_such_field", Assert.Single(compiled.Check(unknown)).Pointer);
            if (field is { Required: true, Type: not FieldType.Document })
            {
                var without = answers.DeepClone().AsObject();
                without.Remove(field.Name);
                Assert.Contains(compiled.Check(without), f => f.Pointer == "/" + field.Name && f.Code == "required");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    /// <summary>Right answers to every question that a service of the data pack asks.</summary>
    public static JsonObject Make(string service, int seed) => Make(Array.FindIndex(Forms, f => f.Code == service), seed);

    private static JsonObject Make(int form, int seed)
    {
        var (_, definition, compiled) = Forms[form];
        var random = new Random(seed);
        for (var attempt = 0; ; attempt++)
        {
            var answers = new JsonObject();
            foreach (var page in definition.Pages)
            {
                foreach (var field in page.Fields)
                {
                    if (compiled.Visible(page, answers).Contains(field) && (field.Required || random.Next(2) == 0)) answers[field.Name] = Answer(field, random);
                }
            }

            // Dates and names drawn apart may break a check across fields: draw again.
            if (attempt > 200 || compiled.Check(answers).All(f => f.Code != "check")) return answers;
        }
    }

    private static JsonNode Answer(FormField field, Random random) => field.Type switch
    {
        FieldType.Text => Text(field, random),
        FieldType.Number => JsonValue.Create(decimal.Floor(Between(field, random))),
        FieldType.Money => JsonValue.Create(decimal.Round(Between(field, random), 2)),
        FieldType.Date => Date(field, random),
        FieldType.Choice when field.Many => new JsonArray(field.Options[random.Next(field.Options.Count)].Code),
        FieldType.Choice => field.Options[random.Next(field.Options.Count)].Code,
        FieldType.Place => $"{field.Level}-{random.Next(1, 300)}",
        FieldType.Document => new JsonObject { ["document"] = Guid.NewGuid().ToString("D"), ["name"] = "a.pdf", ["type"] = "application/pdf", ["size"] = random.Next(1, field.MaxMegabytes << 20) },
        FieldType.Person => new JsonObject(field.Parts.Select(p => KeyValuePair.Create<string, JsonNode?>(p, p switch { "born_on" => "1980-02-03", "gender" => "other", _ => "نام" }))),
        _ => new JsonArray([.. Enumerable.Range(0, random.Next(Math.Max(1, (int)(field.Min ?? 1)), (int)(field.Max ?? 10) + 1)).Select(_ => (JsonNode)new JsonObject(field.Fields.Where(f => f.When is null).Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Answer(f, random)))))]),
    };

    private static JsonNode Text(FormField field, Random random) => field.Pattern switch
    {
        "mobile" => random.NextInt64(6_000_000_000, 9_999_999_999).ToString(System.Globalization.CultureInfo.InvariantCulture),
        "pin" => random.Next(180_001, 194_999).ToString(System.Globalization.CultureInfo.InvariantCulture),
        "email" => $"a{random.Next()}@example.in",
        "vehicle" => $"JK{random.Next(1, 22):00}A{random.Next(1, 9999):0000}",
        "aadhaar-last4" => random.Next(0, 9999).ToString("0000", System.Globalization.CultureInfo.InvariantCulture),
        null => string.Concat(Enumerable.Range(0, random.Next(1, (int)Math.Min(field.Max ?? 200, 40))).Select(_ => "aZéक्षمحٲ-9"[random.Next(11)])) + "x",
        "^[A-Za-z0-9]{5}$" => "AbC12",
        "^[0-9]{9,18}$" => "123456789012",
        "^20[0-9]{2}-[0-9]{2}$" => "2025-26",
        _ => "ab12",
    };

    private static decimal Between(FormField field, Random random)
    {
        var (min, max) = (field.Min ?? 0, field.Max ?? 1_000_000);
        return Math.Clamp(min + (max - min) * (decimal)random.NextDouble(), Math.Ceiling(min), max);
    }

    private static string Date(FormField field, Random random)
    {
        var first = field.Earliest is null ? new DateOnly(1950, 1, 1) : DateBound.Parse(field.Earliest)!.On(FormTests.Today);
        var last = field.Latest is null ? new DateOnly(2030, 1, 1) : DateBound.Parse(field.Latest)!.On(FormTests.Today);
        return first.AddDays(random.Next(0, Math.Max(1, last.DayNumber - first.DayNumber + 1))).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}
