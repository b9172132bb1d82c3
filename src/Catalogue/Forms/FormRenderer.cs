using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Forms;

/// <summary>Draws a page's questions by the partial views of this folder.</summary>
internal sealed class FormRenderer(PersonParts persons, PlaceNames places) : IFormRenderer
{
    public Task<IHtmlContent> Render(IHtmlHelper html, CompiledForm form, FormPage page, JsonObject answers)
    {
        var asked = form.Visible(page, answers);
        var here = page.Fields.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        // A question that depends on another of the same page cannot come and go without a script: it is shown and says when it counts.
        var shown = page.Fields.Where(f => asked.Contains(f) || f.When is { } when && here.Contains(when.Field)).ToArray();
        var alone = shown is [{ Type: not (FieldType.Group or FieldType.Person) }];
        return html.PartialAsync("/Catalogue/Forms/_Page.cshtml", new PageView(page, alone, [.. shown.Select(f => View(f, f.Name, answers[f.Name], page))]));

        FieldView View(FormField f, string name, JsonNode? answer, FormPage within) => new(f, name, answer, within, alone, this);
    }

    public IReadOnlyList<FieldView> Parts(FieldView person) =>
        [.. persons.Of(person.Field).Select(p => person.Below(p with { Required = person.Field.Required }, $"{person.Name}.{p.Name}", (person.Answer as JsonObject)?[p.Name]))];

    /// <summary>The rows of a group: those answered (or posted, when the page is shown again), at least one.</summary>
    public IReadOnlyList<IReadOnlyList<FieldView>> Rows(FieldView group, Microsoft.AspNetCore.Http.HttpContext http)
    {
        var answered = group.Answer as JsonArray;
        var count = Math.Max(answered?.Count ?? 0, (int)Math.Max(1, group.Field.Min ?? 1));
        if (Refusal.Of(http) is not null && http.Request.HasFormContentType)
        {
            while (count < 10 && http.Request.Form.Keys.Any(k => k.StartsWith($"{group.Name}.{count}.", StringComparison.Ordinal))) count++;
        }

        return [.. Enumerable.Range(0, count).Select(i => (IReadOnlyList<FieldView>)[.. group.Field.Fields.Select(f => group.Below(f, $"{group.Name}.{i}.{f.Name}", (answered is not null && i < answered.Count ? answered[i] as JsonObject : null)?[f.Name]))])];
    }

    public IEnumerable<Choice> Places(string kind, Lang lang) => places.All(kind, lang).Select(p => new Choice(p.Code, p.Name));
}

internal sealed record PageView(FormPage Page, bool Alone, IReadOnlyList<FieldView> Fields);

/// <summary>One question as the views need it.</summary>
internal sealed record FieldView(FormField Field, string Name, JsonNode? Answer, FormPage Page, bool Heading, FormRenderer Renderer)
{
    public FieldView Below(FormField field, string name, JsonNode? answer) => new(field, name, answer, Page, false, Renderer);

    public string? Text => FieldRules.Text(Answer, out var text) ? text : FieldRules.Number(Answer, out var number) ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;

    public DateOnly? Date => Text is { } iso && DateOnly.TryParseExact(iso, "yyyy-MM-dd", out var date) ? date : null;

    public IReadOnlyCollection<string> Codes => Answer is JsonArray many ? [.. many.Select(m => FieldRules.Text(m, out var code) ? code : "")] : [];

    public string? FileName => Answer is JsonObject document && FieldRules.Text(document["name"], out var name) ? name : null;

    /// <summary>The hint, and below it when the question counts.</summary>
    public string? Hint(Texts t)
    {
        var parts = new List<string>();
        if (Field.Hint is { } hint) parts.Add(hint.In(t.Lang));
        if (Field.Unit is { } unit && Field.Hint is null) parts.Add(unit.In(t.Lang));
        if (Field.Type == FieldType.Document)
        {
            parts.Add(t["catalogue.form.file-kinds", Field.MaxMegabytes]);
            if (FileName is { } given)
            {
                parts.Add(t["catalogue.form.given", given]);
                parts.Add(t["catalogue.form.replace"]);
            }
        }

        if (Field.When is { } when && Page.Fields.FirstOrDefault(f => f.Name == when.Field) is { } on)
        {
            var answers = when.AnyOf.Select(c => on.Options.FirstOrDefault(o => o.Code == c)?.Label.In(t.Lang) ?? c);
            parts.Add(t[when.Not ? "catalogue.form.only-unless" : "catalogue.form.only-if", on.Label.In(t.Lang), answers.Aggregate((a, b) => t["catalogue.form.or", a, b])]);
        }

        return parts.Count == 0 ? null : string.Join(t.Lang.Script == "Arab" ? "۔ " : ". ", parts.Select(p => p.TrimEnd('.', '۔', '।')));
    }

    public string? Autocomplete => Field.Pattern switch
    {
        "mobile" => "tel-national",
        "email" => "email",
        "pin" => "postal-code",
        _ => Field.Name is "full_name" or "applicant_name" ? "name" : null,
    };
}
