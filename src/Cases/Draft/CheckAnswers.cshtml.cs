using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Draft;

[Authorize(Policy = Policies.Citizen)]
internal sealed class CheckAnswersModel(Drafts drafts, IForms forms, CaseIntake intake, Database database) : SahulatPage
{
    public DraftRequest Draft { get; private set; } = null!;

    public CompiledForm Form { get; private set; } = null!;

    public IReadOnlyList<SummaryRow> Rows => Form.Summary(Draft.Answers, Lang);

    public IReadOnlyList<string> Missing => [.. Form.MissingDocuments(Draft.Answers).Select(f => f.Label.In(Lang))];

    public async Task<IActionResult> OnGet(Guid draft, CancellationToken ct)
    {
        if (await Filed(draft, ct) is { } reference) return Go($"/requests/{reference}");
        return await Find(draft, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(Guid draft, CancellationToken ct)
    {
        // Sent twice: the first made the case, and both come to it.
        if (await Filed(draft, ct) is { } before) return Go($"/requests/{before}?new=1");
        if (!await Find(draft, ct)) return Refuse(Problem.NotFound);
        var citizen = ((CitizenCaller)HttpContext.Caller()).Id;
        var once = new Idempotency($"citizen:{citizen:N}", $"draft:{draft:N}", []);
        var by = Draft.Operator is null ? Actor.Citizen(citizen) : new Actor(Draft.Operator);
        var result = await intake.Submit(new SubmitRequest(Draft.Service.Code, Draft.Place!, citizen, null, Lang, Draft.Answers), by, Draft.Operator is null ? null : $"citizen:{citizen:N}", once, draft, ct);
        if (result.Ok) return Go($"/requests/{result.Value.Reference}?new=1");
        return Refuse(result.Problem with { Faults = [.. result.Problem.Faults.Select(f => f with { Pointer = f.Pointer.Replace("/answers/", "/", StringComparison.Ordinal) })] });
    }

    private Task<string?> Filed(Guid draft, CancellationToken ct) =>
        database.One<string>("""select reference from cases."case" where id = @draft and applicant = @Id""", new { draft, ((CitizenCaller)HttpContext.Caller()).Id }, ct);

    private async Task<bool> Find(Guid id, CancellationToken ct)
    {
        if (await drafts.Find(id, ((CitizenCaller)HttpContext.Caller()).Id, ct) is not { } found) return false;
        Draft = found;
        Form = forms.For(found.Service);
        return true;
    }
}
