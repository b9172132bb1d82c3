using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Compare;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.History;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Review;

/// <summary>A draft under review: what it changes, seen against what is in force, and the second person's word.</summary>
internal sealed class ReviewModel(Drafts drafts, Publishing publishing, StoredVersions versions, DifferenceWriting writing, Database database) : DesignPage
{
    public DraftRow Draft { get; private set; } = null!;

    public ServiceDocument Document { get; private set; } = null!;

    public IReadOnlyList<ChangeRow> Changes { get; private set; } = [];

    public IReadOnlyList<DraftWord> Words { get; private set; } = [];

    public IReadOnlyDictionary<Guid, string> Who { get; private set; } = new Dictionary<Guid, string>();

    /// <summary>The version against which the difference is shown; null for a new service.</summary>
    public StoredVersion? Against { get; private set; }

    /// <summary>Versions that came after the one the draft was begun from: approving it puts them aside.</summary>
    public IReadOnlyList<StoredVersion> Newer { get; private set; } = [];

    public bool Own { get; private set; }

    public string Base => $"/desk/catalogue/drafts/{Draft.Id}";

    public async Task<IActionResult> OnGet([FromRoute] Guid id, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        return Draft.State == "review" ? Page() : Go(Base);
    }

    public async Task<IActionResult> OnPost([FromRoute] Guid id, [FromForm] int version, [FromForm(Name = "do")] string? act, [FromForm] string? words, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        if (act == "approve")
        {
            var day = DateBoxes.Read(Request.Form, "from");
            if (day.Date is not { } from) return Refuse(Problem.Invalid([new Fault("from", day.Empty ? "required" : "not-a-date")]));
            var approved = await publishing.Approve(id, version, from, words ?? "", Hand, ct);
            return approved.Ok ? Go($"/desk/catalogue/services/{Draft.Code}?did=published") : Refuse(approved.Problem);
        }

        var returned = await publishing.Return(id, words ?? "", Hand, ct);
        return returned.Ok ? Go($"{Base}?did=returned") : Refuse(returned.Problem);
    }

    private async Task<bool> Load(Guid id, CancellationToken ct)
    {
        if (await drafts.Find(id, ct) is not { } found) return false;
        Draft = found;
        Document = found.Document();
        var all = await versions.Of(found.Code, ct);
        Against = StoredVersion.InForce(all, Today);
        Newer = [.. all.Where(v => v.WithdrawnAt is null && v.Version > (found.BaseVersion ?? int.MaxValue))];
        // The first day is given by whoever approves it, so it is no change of the draft's.
        Changes = writing.Rows(Difference.Between(Against?.Yaml ?? "", found.Yaml).Where(c => c.Name != "valid_from"), T);
        Words = await drafts.Words(id, ct);
        Who = await Names([found.SubmittedBy, found.ChangedBy, .. Words.Select(w => (Guid?)w.Official)], ct);
        Own = await database.Write(work => Publishing.HadAHand(work, id, Official), ct);
        return true;
    }
}
