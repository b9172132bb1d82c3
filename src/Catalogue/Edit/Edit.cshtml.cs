using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Sahulat.Catalogue.Design;
using Sahulat.Catalogue.Draft;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Edit;

/// <summary>One screen of a draft. Every press of a button saves, right or wrong, so that nothing typed is lost; what is wrong is then told in its place.</summary>
[RequestFormLimits(ValueCountLimit = 8_000)]
internal sealed class EditModel(Drafts drafts, DraftCheck check, Sheets sheets) : DesignPage
{
    public DraftRow Draft { get; private set; } = null!;

    public ServiceDocument Document { get; private set; } = null!;

    public Sheet Sheet { get; private set; } = null!;

    public IDictionary<string, StringValues> Values { get; } = new Dictionary<string, StringValues>(StringComparer.Ordinal);

    public CheckedDraft Checked { get; private set; } = null!;

    /// <summary>The save to which a removal can be taken back.</summary>
    public int? UndoTo { get; private set; }

    public bool Saved { get; private set; }

    public string Base => $"/desk/catalogue/drafts/{Draft.Id}";

    public string Here => $"{Base}/edit?at={Sheet.At}";

    public string UpTo => Sheet.Up is null ? Base : $"{Base}/edit?at={Sheet.Up}";

    public async Task<IActionResult> OnGet([FromRoute] Guid id, [FromQuery] string? at, [FromQuery] int? undo, CancellationToken ct)
    {
        if (!await Load(id, at, ct)) return Refuse(Problem.NotFound);
        if (Draft.State != "open") return Go(Base);
        UndoTo = undo is { } to && to < Draft.Version ? to : null;
        Saved = Request.Query.ContainsKey("saved");
        if (Request.Query.ContainsKey("check") && OwnFaults() is { Count: > 0 } faults) Refusal.Set(HttpContext, Problem.Invalid(faults));
        return Page();
    }

    // The inputs have names of their own (a page has an "id", a question a "type"): what is the request's is taken from where it stands.
    public async Task<IActionResult> OnPost([FromRoute] Guid id, [FromQuery] string? at, [FromForm] int version, [FromForm(Name = "do")] string? act, [FromForm(Name = "_type")] string? type, CancellationToken ct)
    {
        if (!await Load(id, at, ct)) return Refuse(Problem.NotFound);
        if (version != Draft.Version) return Refuse(Draft.State == "open" ? Problem.Conflict : CatalogueProblems.DraftClosed);
        var (what, list, index) = Read(act);
        var (nameBefore, typeBefore) = (Sheet.Node.Scalar("name"), Sheet.Node.Scalar("type"));
        foreach (var input in Sheet.Inputs) input.Write(Sheet.Node, "", Request.Form);
        Changes.Settle(Document, Sheet, nameBefore, typeBefore, tidy: what == "save");
        var (to, undo) = (Here, false);
        switch (what)
        {
            case "add" when Changes.Add(Sheet, list, type) is { } made:
                to = list == Sheet.Children ? $"{Base}/edit?at={Child(made)}" : Here + "#f-" + $"{list}-{made}".Replace('.', '-');
                break;
            case "up" when Changes.Move(Sheet, list, index, -1):
            case "down" when Changes.Move(Sheet, list, index, 1):
                break;
            case "remove" when Changes.Remove(Sheet, list, index):
                undo = true;
                break;
            case "clear" when Sheet.Kind == "certificate":
                Document.Root.Put("certificate", (YamlNode?)null);
                undo = true;
                break;
            case "save":
                to = check.Of(Document, Draft.Code).At(Sheet.Path) is var faults && Own(faults).Count > 0 ? Here + "&check&saved" : Sheet.Children is not null ? Here + "&saved" : Sheet.Up is null ? Base + "?did=saved" : UpTo + "&saved";
                break;
            default:
                return Refuse(Problem.Invalid([new Fault(what == "add" ? "_type" : "", what == "add" && list == "fields" ? "required" : "not-a-choice")]));
        }

        var saved = await drafts.Save(id, version, Document, Hand, ct);
        if (!saved.Ok) return Refuse(saved.Problem);
        return Go(undo ? $"{Here}&undo={version}" : to);
    }

    /// <summary>How many things are wrong in a child or below it.</summary>
    public int Wrong(int child) => Checked.Faults.Count(f => f.Within(Child(child)));

    /// <summary>The kinds of question that may be added here.</summary>
    public IReadOnlyList<Choice> Types => [.. Sheets.Types(inGroup: Sheet.Kind == "field").Select(n => new Choice(n, T["catalogue.design.type." + n]))];

    public string Child(int index) => $"{Sheet.Path}/{Sheet.Children!.Replace('.', '/')}/{index}".TrimStart('/');

    private static (string What, string List, int Index) Read(string? act)
    {
        var parts = (act ?? "save").Split(':');
        return (parts[0], parts.Length > 1 ? parts[1] : "", parts.Length > 2 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var i) ? i : -1);
    }

    private List<Fault> OwnFaults() => Own(Checked.At(Sheet.Path));

    /// <summary>Faults of what this screen asks: those of other sections and of children are told there.</summary>
    private List<Fault> Own(IReadOnlyList<Fault> faults)
    {
        var below = Sheet.Children is null ? null : "/" + Sheet.Children.Replace('.', '/') + "/";
        return [.. faults.Where(f => (Sheet.Path.Length > 0 || Sheets.SectionOf(f.Pointer.TrimStart('/')) == Sheet.At) && (below is null || !f.Pointer.StartsWith(below, StringComparison.Ordinal)))];
    }

    private async Task<bool> Load(Guid id, string? at, CancellationToken ct)
    {
        if (await drafts.Find(id, ct) is not { } found) return false;
        Draft = found;
        Document = found.Document();
        if (at is null || sheets.At(Document, at, T) is not { } sheet) return false;
        Sheet = sheet;
        foreach (var input in sheet.Inputs) input.Show(sheet.Node, "", Values);
        Checked = check.Of(Document, found.Code);
        return true;
    }
}
