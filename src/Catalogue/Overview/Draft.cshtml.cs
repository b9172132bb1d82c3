using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Design;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Review;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Overview;

/// <summary>A draft as a list of what there is to do, and the way on: preview, YAML, review.</summary>
internal sealed class DraftModel(Drafts drafts, DraftCheck check, Publishing publishing) : DesignPage
{
    public DraftRow Draft { get; private set; } = null!;

    public ServiceDocument Document { get; private set; } = null!;

    public CheckedDraft Checked { get; private set; } = null!;

    public IReadOnlyList<DraftSaved> Saves { get; private set; } = [];

    public IReadOnlyList<DraftWord> Words { get; private set; } = [];

    public IReadOnlyDictionary<Guid, string> Who { get; private set; } = new Dictionary<Guid, string>();

    public string? Did { get; private set; }

    public string Base => $"/desk/catalogue/drafts/{Draft.Id}";

    public IReadOnlyList<string> OtherLanguages => [.. Lang.All.Where(l => !Sheets.Languages(Document.Root).Contains(l.Code)).Select(l => l.NativeName)];

    public int Wrong(string section) => Checked.Faults.Count(f => !f.Gap && Sheets.SectionOf(f.Path) == section);

    public int Gaps(string section) => Checked.Faults.Count(f => f.Gap && Sheets.SectionOf(f.Path) == section);

    /// <summary>How many parts the section has; null where that says nothing.</summary>
    public int? Parts(string section) => section switch
    {
        "form" => Document.Root.Maps("form.pages").Sum(p => p.Maps("fields").Count),
        "steps" => Document.Root.Maps("workflow.steps").Count,
        "reasons" => Document.Root.Maps("reject_reasons").Count,
        "officers" => (Document.Root.Child("officers") as YamlDotNet.RepresentationModel.YamlMappingNode)?.Children.Count ?? 0,
        _ => null,
    };

    public async Task<IActionResult> OnGet([FromRoute] Guid id, string? did, CancellationToken ct)
    {
        Did = did is "saved" or "returned" or "submitted" or "imported" or "back" ? did : null;
        return await Load(id, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost([FromRoute] Guid id, [FromForm(Name = "do")] string? act, [FromForm] int version, [FromForm] int to, [FromForm] string? at, [FromForm] string? words, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        switch (act)
        {
            case "back":
                var back = await drafts.GoBack(id, version, to, Hand, ct);
                // Only to an address that is one of ours.
                return back.Ok ? Go(at is { Length: > 0 and < 100 } && at.All(c => char.IsAsciiLetterOrDigit(c) || c == '/') ? $"{Base}/edit?at={at}" : $"{Base}?did=back") : Refuse(back.Problem);
            case "discard":
                var discarded = await drafts.Discard(id, version, Hand, ct);
                return discarded.Ok ? Go(Draft.BaseVersion is null ? "/desk/catalogue?did=discarded" : $"/desk/catalogue/services/{Draft.Code}?did=discarded") : Refuse(discarded.Problem);
            default:
                var submitted = await publishing.Submit(id, version, words ?? "", Hand, ct);
                return submitted.Ok ? Go($"{Base}?did=submitted") : Refuse(submitted.Problem);
        }
    }

    private async Task<bool> Load(Guid id, CancellationToken ct)
    {
        if (await drafts.Find(id, ct) is not { } found) return false;
        Draft = found;
        Document = found.Document();
        Checked = check.Of(Document, found.Code);
        Saves = await drafts.Saves(id, ct);
        Words = await drafts.Words(id, ct);
        Who = await Names([found.ChangedBy, .. Saves.Select(s => (Guid?)s.Official), .. Words.Select(w => (Guid?)w.Official)], ct);
        return true;
    }
}
