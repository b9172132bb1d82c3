using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Consent;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Draft;

[Authorize(Policy = Policies.Filer)]
internal sealed class CheckAnswersModel(Drafts drafts, IForms forms, CaseIntake intake, Filers filers, Alike.Likenesses likenesses, Database database) : SahulatPage
{
    public Filer Who { get; private set; } = null!;

    public DraftRequest Draft { get; private set; } = null!;

    public CompiledForm Form { get; private set; } = null!;

    public IReadOnlyList<SummaryRow> Rows => Form.Summary(Draft.Answers, Lang);

    public IReadOnlyList<string> Missing => [.. Form.MissingDocuments(Draft.Answers).Select(f => f.Label.In(Lang))];

    /// <summary>How many others told of the same matter; no more than the number is anybody's to know.</summary>
    public int Alike { get; private set; }

    public async Task<IActionResult> OnGet(Guid draft, CancellationToken ct)
    {
        if (!await Ask(draft, ct)) return Refuse(Problem.NotFound);
        if (await Filed(draft, ct) is { } reference) return Go(Receipt(draft, reference));
        if (!await Find(draft, ct)) return Refuse(Problem.NotFound);
        if (Draft.Service.Grievance is not null) Alike = await likenesses.Count(Draft.Service.Code, Draft.Place!, Draft.Answers, Draft.Citizen, ct);
        return Page();
    }

    public async Task<IActionResult> OnPost(Guid draft, CancellationToken ct)
    {
        if (!await Ask(draft, ct)) return Refuse(Problem.NotFound);
        // Sent twice: the first made the case, and both come to it.
        if (await Filed(draft, ct) is { } before) return Go(Receipt(draft, before, "?new=1"));
        if (!await Find(draft, ct)) return Refuse(Problem.NotFound);
        var once = new Idempotency($"citizen:{Who.Citizen:N}", $"draft:{draft:N}", []);
        var result = await intake.Submit(new SubmitRequest(Draft.Service.Code, Draft.Place!, Who.Citizen, null, Who.Given?.Language ?? Lang, Draft.Answers), Who.Actor, Who.OnBehalf, once, draft, ct);
        if (result.Ok) return Go(Receipt(draft, result.Value.Reference, "?new=1"));
        return Refuse(result.Problem with { Faults = [.. result.Problem.Faults.Select(f => f with { Pointer = f.Pointer.Replace("/answers/", "/", StringComparison.Ordinal) })] });
    }

    private string Receipt(Guid draft, string reference, string query = "") => Who.AtCounter ? $"{Who.Base(draft)}/receipt" : $"/requests/{reference}{query}";

    private Task<string?> Filed(Guid draft, CancellationToken ct) =>
        database.One<string>("""select reference from cases."case" where id = @draft and applicant = @Citizen""", new { draft, Who.Citizen }, ct);

    private async Task<bool> Ask(Guid draft, CancellationToken ct)
    {
        if (await filers.Of(HttpContext, draft, ct) is not { } who) return false;
        Who = who;
        return true;
    }

    private async Task<bool> Find(Guid id, CancellationToken ct)
    {
        if (await drafts.Find(id, Who.Citizen, ct) is not { } found) return false;
        Draft = found;
        Form = forms.For(found.Service);
        return true;
    }
}
