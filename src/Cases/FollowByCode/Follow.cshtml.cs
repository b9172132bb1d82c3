using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Anonymous;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.FollowByCode;

/// <summary>An anonymous grievance by reference and secret code. A wrong reference and a wrong code get the same answer.</summary>
internal sealed class FollowModel(CaseView view, ApplicantActs acts, IOrganisation organisation, Attempts attempts, Vault vault, Database database) : SahulatPage
{
    private const int PerHour = 20;

    public WholeCase? Whole { get; private set; }

    public string? Asked { get; private set; }

    public string? Code { get; private set; }

    public string? Desk => Whole?.Case.Post is { } post ? organisation.Post(post)?.Name.In(Lang) : null;

    public string? Done => Whole is { Case.State: CaseState.Disposed, How: { } code } ? Whole.Service.Grievance?.Dispositions.FirstOrDefault(d => d.Code == code)?.Text.In(Lang) : null;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPost([FromForm] string? reference, [FromForm] string? code, [FromForm(Name = "do")] string? act, [FromForm] string? answer, CancellationToken ct)
    {
        Asked = reference;
        var check = new Check();
        var parsed = Reference.Parse(reference, out var fault);
        check.That(parsed is not null, "reference", string.IsNullOrWhiteSpace(reference) ? "required" : fault ?? "reference-form");
        Code = FollowCode.Parse(code);
        check.That(Code is not null, "code", string.IsNullOrWhiteSpace(code) ? "required" : "follow-code");
        if (!check.Ok) return Refuse(check.ToProblem());
        if (!await attempts.Allowed("follow", HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", PerHour, ct)) return Refuse(CaseProblems.TooManyAttempts);
        if (await view.Row(parsed!, ct) is not { } row || !await Fits(row.Id, ct)) return Refuse(Problem.Invalid([new Fault("reference", "follow-no-match")]));
        Result<Done>? answered = null;
        if (act == "answer")
        {
            var words = RequestModel.AnswerOf(answer);
            answered = words.Ok ? await acts.Answer(row.Id, words.Value, ct) : words.Problem;
            row = await view.Row(row.Id, ct) ?? row;
        }

        Whole = await view.Whole(row, Lang, ct);
        return answered is { Ok: false } ? Refuse(answered.Problem) : Page();
    }

    private async Task<bool> Fits(Guid id, CancellationToken ct) =>
        await database.One<byte[]>("select follow from cases.grievance where case_id = @id", new { id }, ct) is { } kept && FollowCode.Fits(vault, Code!, kept);
}
