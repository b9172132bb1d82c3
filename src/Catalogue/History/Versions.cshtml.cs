using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Design;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Review;
using Sahulat.Kernel;

namespace Sahulat.Catalogue.History;

/// <summary>One service with its versions: in force, to come and past. From here a change begins, and one that has not begun is withdrawn.</summary>
internal sealed class VersionsModel(StoredVersions versions, Drafts drafts, Publishing publishing) : DesignPage
{
    public string Code { get; private set; } = "";

    public string Name { get; private set; } = "";

    public IReadOnlyList<StoredVersion> Versions { get; private set; } = [];

    public StoredVersion? InForce { get; private set; }

    public DraftRow? Draft { get; private set; }

    public string? Did { get; private set; }

    public string State(StoredVersion v) => v.WithdrawnAt is not null ? "withdrawn" : v.ValidFrom > Today ? "scheduled" : v == InForce ? "in-force" : "past";

    public async Task<IActionResult> OnGet([FromRoute] string code, string? did, CancellationToken ct)
    {
        Did = did is "published" or "withdrawn" or "discarded" ? did : null;
        return await Load(code, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost([FromRoute] string code, [FromForm(Name = "do")] string? act, [FromForm] int version, CancellationToken ct)
    {
        if (!await Load(code, ct)) return Refuse(Problem.NotFound);
        if (act == "withdraw")
        {
            var withdrawn = await publishing.Withdraw(code, version, Hand, ct);
            return withdrawn.Ok ? Go($"/desk/catalogue/services/{code}?did=withdrawn") : Refuse(withdrawn.Problem);
        }

        // A change starts from what is to hold last, so that a scheduled version is not undone unseen.
        var from = Versions.FirstOrDefault(v => v.Version == version && v.WithdrawnAt is null) ?? Versions.FirstOrDefault(v => v.WithdrawnAt is null);
        if (from is null) return Refuse(Problem.NotFound);
        var begun = await drafts.Begin(ServiceDocument.Stored(from.Yaml), from.Version, Hand, ct);
        return begun.Ok ? Go($"/desk/catalogue/drafts/{begun.Value}") : Refuse(begun.Problem);
    }

    private async Task<bool> Load(string code, CancellationToken ct)
    {
        Code = code;
        Versions = await versions.Of(code, ct);
        if (Versions.Count == 0) return false;
        InForce = StoredVersion.InForce(Versions, Today);
        Draft = await drafts.OpenOf(code, ct);
        Name = Sheets.Named(ServiceDocument.Stored((InForce ?? Versions[0]).Yaml).Root, "name", "service", T);
        return true;
    }
}
