using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Forms;

/// <summary>The form of one version of one service.</summary>
internal sealed class CompiledServiceForm : CompiledForm
{
    private readonly Page[] pages;
    private readonly Field[] fields;
    private readonly FormCheck[] formChecks;
    private readonly FrozenSet<string> names;
    private readonly Func<DateOnly> today;
    private readonly SummaryWriting summary;

    public CompiledServiceForm(FormDefinition form, RuleSources sources, Func<DateOnly> today, SummaryWriting summary)
    {
        this.today = today;
        this.summary = summary;
        Pages = form.Pages;
        formChecks = [.. form.Checks];
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var (allPages, allFields) = (new List<Page>(), new List<Field>());
        foreach (var page in form.Pages)
        {
            var first = allFields.Count;
            var pageWhen = page.When is null ? null : new Test(page.When);
            foreach (var field in page.Fields)
            {
                var when = field.When is null ? null : new Test(field.When);
                allFields.Add(new Field(
                    field, field.Name, "/" + field.Name, allPages.Count,
                    pageWhen, pageWhen is null ? -1 : index.GetValueOrDefault(pageWhen.Field, -1),
                    when, when is null ? -1 : index.GetValueOrDefault(when.Field, -1),
                    FieldRules.Of(field, sources)));
                index[field.Name] = allFields.Count - 1;
            }

            allPages.Add(new Page(page, first, allFields.Count));
        }

        pages = [.. allPages];
        fields = [.. allFields];
        names = index.Keys.ToFrozenSet(StringComparer.Ordinal);
    }

    public override IReadOnlyList<FormPage> Pages { get; }

    public override IReadOnlyList<FormPage> Visible(JsonObject answers)
    {
        var asked = Asked(answers);
        return [.. pages.Where(p => Enumerable.Range(p.First, p.End - p.First).Any(i => asked[i])).Select(p => p.Definition)];
    }

    public override IReadOnlyList<FormField> Visible(FormPage page, JsonObject answers)
    {
        var asked = Asked(answers);
        var found = Find(page.Id);
        return [.. Enumerable.Range(found.First, found.End - found.First).Where(i => asked[i]).Select(i => fields[i].Definition)];
    }

    public override IReadOnlyList<Fault> Check(JsonObject answers) => Check(answers, 0, fields.Length, pages, whole: true);

    public override IReadOnlyList<Fault> CheckPage(string pageId, JsonObject answers)
    {
        var page = Find(pageId);
        return Check(answers, page.First, page.End, [page], whole: false);
    }

    public override JsonObject ReadPost(string pageId, IFormCollection posted) => PostReading.Read(Find(pageId).Definition, posted, summary.Persons);

    public override JsonObject Merge(JsonObject answers, string pageId, JsonObject page)
    {
        var merged = answers.DeepClone().AsObject();
        var of = Find(pageId).Definition;
        foreach (var field in of.Fields)
        {
            if (page.TryGetPropertyValue(field.Name, out var given) && given is not null) merged[field.Name] = given.DeepClone();
            else if (field.Type != FieldType.Document) merged.Remove(field.Name);
        }

        var asked = Asked(merged);
        for (var i = 0; i < fields.Length; i++)
        {
            if (!asked[i]) merged.Remove(fields[i].Name);
        }

        return merged;
    }

    public override IReadOnlyList<FormField> MissingDocuments(JsonObject answers)
    {
        var asked = Asked(answers);
        return [.. fields.Where((f, i) => asked[i] && f.Definition is { Type: FieldType.Document, Required: true } && FieldRules.IsEmpty(answers[f.Name])).Select(f => f.Definition)];
    }

    public override IReadOnlyList<FormField> Parts(FormField person) => summary.Persons.Of(person);

    public override IReadOnlyList<SummaryRow> Summary(JsonObject answers, Lang lang)
    {
        var asked = Asked(answers);
        var rows = new List<SummaryRow>();
        for (var i = 0; i < fields.Length; i++)
        {
            if (asked[i]) summary.Write(pages[fields[i].Page].Definition.Id, fields[i].Definition, fields[i].Pointer, answers[fields[i].Name], lang, rows);
        }

        return rows;
    }

    private IReadOnlyList<Fault> Check(JsonObject answers, int first, int end, Page[] of, bool whole)
    {
        var run = new CheckRun(today());
        try
        {
            var asked = Asked(answers);
            var seen = 0;
            for (var i = 0; i < fields.Length; i++)
            {
                if (!whole && (i < first || i >= end)) continue;
                var field = fields[i];
                if (!answers.TryGetPropertyValue(field.Name, out var value))
                {
                    if (asked[i]) Absent(field, run);
                    continue;
                }

                seen++;
                if (FieldRules.IsEmpty(value))
                {
                    if (asked[i]) Absent(field, run);
                }
                else if (!asked[i]) run.Wrong(field.Pointer, "not-asked");
                else if (field.Rule(value!, field.Pointer, run) is { } normal && !ReferenceEquals(normal, value)) answers[field.Name] = normal;
            }

            if (whole && seen != answers.Count)
            {
                foreach (var (key, _) in answers)
                {
                    if (!names.Contains(key)) run.Wrong("/" + Pointer.Escape(key), "unknown-field");
                }
            }

            foreach (var page in of)
            {
                foreach (var check in page.Definition.Checks) Across(check, answers, run);
            }

            if (whole)
            {
                foreach (var check in formChecks) Across(check, answers, run);
            }
        }
        catch (ArgumentException)
        {
            // The JSON object holds a key twice; it tells so only when it is first looked into.
            run.Wrong("", "repeated-field");
        }

        return run.Faults;
    }

    private static void Absent(Field field, CheckRun run)
    {
        if (field.Definition is { Required: true, Type: not FieldType.Document } definition && !(definition.Type == FieldType.Group && definition.Min == 0)) run.Wrong(field.Pointer, "required");
    }

    private static void Across(FormCheck check, JsonObject answers, CheckRun run)
    {
        if (!FieldRules.Text(answers[check.Field], out var one) || !FieldRules.Text(answers[check.Other], out var other)) return;
        // ISO dates of ten characters are in order as text.
        var holds = check.Kind switch
        {
            "before" => one.Length != 10 || other.Length != 10 || string.CompareOrdinal(one, other) <= 0,
            "after" => one.Length != 10 || other.Length != 10 || string.CompareOrdinal(one, other) >= 0,
            _ => !string.Equals(one, other, StringComparison.OrdinalIgnoreCase),
        };
        if (!holds) run.Wrong("/" + check.Field, "check", check.Text);
    }

    /// <summary>Which fields are asked; a condition on a field that is itself not asked does not hold.</summary>
    private bool[] Asked(JsonObject answers)
    {
        var asked = new bool[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            asked[i] = Holds(field.PageWhen, field.PageOn) && Holds(field.When, field.On);
        }

        return asked;

        bool Holds(Test? test, int on) => test is null || on >= 0 && asked[on] && test.Holds(answers[test.Field]);
    }

    private Page Find(string id) => Array.Find(pages, p => p.Definition.Id == id) ?? throw new ArgumentException($"the form has no page '{id}'", nameof(id));

    private sealed record Page(FormPage Definition, int First, int End);

    private sealed record Field(FormField Definition, string Name, string Pointer, int Page, Test? PageWhen, int PageOn, Test? When, int On, FieldRule Rule);
}
