using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Papers;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.AppealByHand;

/// <summary>The applicant's appeal against a request's answer or silence, or his own words to the appeal that filed itself.</summary>
[Authorize(Policy = Policies.Citizen)]
[RequestSizeLimit((Most * 5 + 1) * 1024 * 1024)]
internal sealed class AppealModel(Database database, AppealRights rights, FileAppeal appeals, PaperStore papers, IServiceDirectory services, IOrganisation organisation) : SahulatPage
{
    public const int Most = 5;

    private const int Megabytes = 5;

    public Case Case { get; private set; } = null!;

    public AppealRight? Right { get; private set; }

    /// <summary>Why there is nothing to appeal against.</summary>
    public Problem? NotOpen { get; private set; }

    public string Service => services.FindVersion(Case.Service, Case.ServiceVersion)?.Name.In(Lang) ?? Case.Service;

    public string? Authority => Right?.Above.Post is { } post ? organisation.Post(post)?.Name.In(Lang) : null;

    public bool Joins => Right?.Standing is not null;

    public bool Late => Right is { Standing: null, LateDays: > 0 };

    public async Task<IActionResult> OnGet(string reference, CancellationToken ct) => await Find(reference, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(string reference, [FromForm] string? ground, [FromForm] string? reasons, [FromForm] string? late, CancellationToken ct)
    {
        if (!await Find(reference, ct)) return Refuse(Problem.NotFound);
        if (NotOpen is { } closed) return Refuse(closed);
        var held = Guid.CreateVersion7();
        var filed = await Keep(held, ct) is { } refused ? refused : await appeals.Run(Case.Id, new AppealWords(ground, reasons, late), new AppealPapers(held), ((CitizenCaller)HttpContext.Caller()).Actor, null, ct);
        if (filed.Ok) return Go($"/requests/{filed.Value.Reference}?{(filed.Value.Joined ? "joined" : "appealed")}=1");
        await database.Execute("delete from cases.document where draft_id = @held", new { held }, ct);
        await Find(reference, ct);
        return Refuse(filed.Problem);
    }

    private async Task<Problem?> Keep(Guid held, CancellationToken ct)
    {
        var files = Request.Form.Files.Where(f => f is { Name: "papers", Length: > 0 }).ToArray();
        if (files.Length > Most) return Problem.Invalid([new Fault("papers", "too-many-files", Most)]);
        foreach (var file in files)
        {
            var kept = await papers.Add(Case.Applicant, new PaperFor(Draft: held), "papers", Megabytes, file, ct);
            if (!kept.Ok) return kept.Problem;
        }

        return null;
    }

    private async Task<bool> Find(string reference, CancellationToken ct)
    {
        if (Reference.Parse(reference, out _) is not { } parsed || await database.Write(work => work.Case(parsed), ct) is not { } found || found.Applicant != ((CitizenCaller)HttpContext.Caller()).Id) return false;
        Case = found;
        var right = await rights.Of(found, ct);
        (Right, NotOpen) = (right.Ok ? right.Value : null, right.Problem);
        if (Right?.Standing is { } standing && standing.State is not (CaseState.Open or CaseState.Stayed)) NotOpen = CaseProblems.AppealDecided;
        return true;
    }
}
