using System.Text.Json;
using System.Text.Json.Nodes;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Doings;

/// <summary>A form as far as it was answered in a conversation.</summary>
internal sealed record FormState(string Service, int Version, string Place, JsonObject Answers, List<string> Passed, string? Asked = null)
{
    public static FormState? Of(string json)
    {
        try
        {
            return json.Length == 0 ? null : JsonSerializer.Deserialize<FormState>(json, DayKeys.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, DayKeys.Json);
}

/// <summary>The questions of a service's form, one by one.</summary>
internal sealed class FormDoings(IServiceDirectory services, IForms forms, IOrganisation organisation, TextCatalogue texts) : IDoings
{
    private const int MostChoices = 10, MostSummary = 1500;
    private const string Skip = "skip", Yes = "yes", No = "no";

    public IEnumerable<DoingKind> All =>
    [
        new("form.begin", ["service", "place"], ["begun"], ["form", "draft"], [], false, (call, _) => new(Begin(call))),
        new("form.next", [], ["text", "choice", "paper", "done"], ["form", "question", "field"], ["options"], false, (call, _) => new(Next(call))),
        new("form.take", ["answer"], ["taken", "wrong"], ["form", "why"], [], false, (call, _) => new(Take(call))),
        new("form.pass", [], ["passed"], ["form"], [], false, (call, _) => new(Pass(call))),
        new("form.summary", [], ["complete", "lacking"], ["summary", "lacking"], [], false, (call, _) => new(Summary(call))),
        new("form.rows", [], ["some"], [], ["rows"], false, (call, _) => new(Rows(call))),
        new("form.redo", ["field"], ["redone"], ["form"], [], false, (call, _) => new(Redo(call))),
    ];

    private static Did Form(string outcome, FormState state) => new(outcome) { Values = new Dictionary<string, string> { ["form"] = state.Write() } };

    private Did Begin(DoingCall call)
    {
        var service = services.Find(call["service"], Kernel.Calendar.Ist.DateIn(call.Who.Now));
        var state = new FormState(call["service"], service?.Version ?? 0, call["place"], [], []);
        // What the conversation knows already is not asked.
        if (service is { Online: true } && call.Session.Proved is { } mobile && forms.For(service).Pages.SelectMany(p => p.Fields).FirstOrDefault(f => f is { Name: "mobile", Pattern: "mobile", When: null }) is not null) state.Answers["mobile"] = mobile;
        return new("begun") { Values = new Dictionary<string, string> { ["form"] = state.Write(), ["draft"] = "" } };
    }

    private (FormState State, CompiledForm Form, FormWalk Walk, HashSet<string> Passed)? Open(DoingCall call)
    {
        if (FormState.Of(call.Value("form")) is not { } state || services.FindVersion(state.Service, state.Version) is not { Online: true } service) return null;
        var (form, passed) = (forms.For(service), state.Passed.ToHashSet(StringComparer.Ordinal));
        return (state, form, new FormWalk(form, state.Answers, passed), passed);
    }

    private Did Next(DoingCall call)
    {
        if (Open(call) is not { } f || f.Walk.Next() is not { } asked) return new("done");
        var t = texts.In(call.Session.Language);
        var field = asked.Field;
        var options = new List<Option>();
        var question = asked.Another ? t["messaging.form.another", field.Label] : field.Label.In(t.Lang);
        // A part of a person or of a row needs to say of whom.
        if (asked.Pointer.Split('/') is { Length: > 2 } path && f.Form.Pages.SelectMany(p => p.Fields).FirstOrDefault(p => p.Name == path[1]) is { } whole && !asked.Another)
            question = path.Length > 3 && int.TryParse(path[2], out var row) ? $"{whole.Label.In(t.Lang)} {row + 1}: {question}" : $"{whole.Label.In(t.Lang)}: {question}";
        if (field.Hint?.In(t.Lang) is { Length: > 0 } hint && !asked.Another) question += "\n" + hint;
        if (field.Unit?.In(t.Lang) is { Length: > 0 } unit && !asked.Another) question += $" ({unit})";
        if (asked.Another) options.AddRange([new(No, t["messaging.form.no"]), new(Yes, t["messaging.form.yes"])]);
        else if (field.Type == FieldType.Choice) options.AddRange(field.Options.Select(o => new Option(o.Code, o.Label.In(t.Lang))));
        else if (field.Type == FieldType.Place && Places(field) is { Count: <= MostChoices } few) options.AddRange(few.Select(p => new Option(p.Code, p.Name.In(t.Lang))));
        else if (field.Type == FieldType.Place) question += "\n" + t["messaging.form.place"];
        else if (field.Type == FieldType.Date && field.Hint is null) question += "\n" + t["messaging.form.date"];
        if (field is { Type: FieldType.Choice, Many: true } && !asked.Another) question += "\n" + t["messaging.form.many"];
        if (!asked.Another && !field.Required && field.Type != FieldType.Document) options.Add(new(Skip, t["messaging.form.skip"]));
        var values = new Dictionary<string, string> { ["form"] = (f.State with { Asked = asked.Pointer }).Write(), ["question"] = question, ["field"] = asked.Pointer.TrimStart('/') };
        return new(field.Type == FieldType.Document && !asked.Another ? "paper" : options.Count > 0 ? "choice" : "text") { Values = values, Lists = new Dictionary<string, IReadOnlyList<Option>> { ["options"] = options } };
    }

    private Did Take(DoingCall call)
    {
        if (Open(call) is not { } f || f.Walk.Next() is not { } asked || asked.Pointer != f.State.Asked) return new("taken");
        var t = texts.In(call.Session.Language);
        var answer = call["answer"];
        Did Wrong(string why) => new("wrong") { Values = new Dictionary<string, string> { ["why"] = why } };
        if (asked.Another)
        {
            var yes = answer == Yes || FlowWords.Clean(answer) == FlowWords.Clean(t["messaging.form.yes"]);
            if (!yes && answer != No && FlowWords.Clean(answer) != FlowWords.Clean(t["messaging.form.no"])) return Wrong(t["messaging.talk.not-understood"]);
            if (yes) ((JsonArray)f.State.Answers[asked.Field.Name]!).Add(new JsonObject());
            else f.Passed.Add(asked.Pointer);
            return Form("taken", f.State with { Passed = [.. f.Passed] });
        }

        if (!asked.Field.Required && answer == Skip) return Pass(call);
        JsonNode value;
        if (asked.Field.Type == FieldType.Place)
        {
            var places = organisation.Place(answer) is { } exact && exact.Kind == asked.Field.Level ? [exact] : organisation.SearchPlaces(answer, asked.Field.Level);
            if (places.Count != 1) return Wrong(places.Count == 0 ? t["messaging.form.no-place"] : t["messaging.form.which-place", string.Join('\n', places.Take(8).Select(p => "• " + PlaceDoings.Label(organisation, p, t.Lang)))]);
            value = JsonValue.Create(places[0].Code);
        }
        else
        {
            value = FormWalk.Read(asked.Field, answer);
        }

        var faults = f.Walk.Put(asked, value);
        return faults.Count > 0 ? Wrong(string.Join('\n', faults.Take(2).Select(x => t.Fault(x)))) : Form("taken", f.State with { Passed = [.. f.Passed] });
    }

    private Did Pass(DoingCall call)
    {
        if (FormState.Of(call.Value("form")) is not { Asked: { } asked } state) return new("passed");
        return Form(call["answer"].Length > 0 ? "taken" : "passed", state with { Passed = [.. state.Passed, asked] });
    }

    private Did Summary(DoingCall call)
    {
        if (Open(call) is not { } f) return new("complete");
        var lang = call.Session.Language;
        var text = string.Join('\n', f.Form.Summary(f.State.Answers, lang).Select(r => $"{r.Label}: {r.Value}"));
        var lacking = f.Form.MissingDocuments(f.State.Answers).Select(d => d.Label.In(lang)).ToArray();
        return new(lacking.Length == 0 ? "complete" : "lacking") { Values = new Dictionary<string, string> { ["summary"] = text.Length > MostSummary ? text[..MostSummary] + "…" : text, ["lacking"] = string.Join('\n', lacking.Select(l => "• " + l)) } };
    }

    private Did Rows(DoingCall call)
    {
        if (Open(call) is not { } f) return new("some");
        var rows = f.Form.Summary(f.State.Answers, call.Session.Language).Select(r => (Field: r.Pointer.Split('/')[1], r.Label)).DistinctBy(r => r.Field).Select(r => new Option(r.Field, r.Label)).ToArray();
        return new("some") { Lists = new Dictionary<string, IReadOnlyList<Option>> { ["rows"] = rows } };
    }

    private Did Redo(DoingCall call)
    {
        if (Open(call) is not { } f) return new("redone");
        f.Walk.Take(call["field"]);
        return Form("redone", f.State with { Passed = [.. f.Passed], Asked = null });
    }

    private IReadOnlyList<Place> Places(FormField field) => organisation.OfKind(field.Level!);
}
