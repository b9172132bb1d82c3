using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.AppealByHand;
using Sahulat.Cases.Hear;
using Sahulat.Cases.Papers;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Office;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Requests;

/// <summary>The applicant's own page of a case: acknowledgement, clock, query, missing papers, decision, certificate, appeals.</summary>
[Authorize(Policy = Policies.Citizen)]
[RequestSizeLimit(30 * 1024 * 1024)]
internal sealed class RequestModel(CaseView view, ApplicantActs acts, PaperStore papers, IForms forms, IDateMoves moves, IOrganisation organisation, FiledAt filedAt, AppealRights rights, ProceedingsOf proceedings, Recover.Claims claims, ICasePapers papersOut) : SahulatPage
{
    public WholeCase Whole { get; private set; } = null!;

    /// <summary>What may be appealed against now; null when nothing.</summary>
    public AppealRight? Right { get; private set; }

    /// <summary>Of this case, and for a first request of the appeals above it.</summary>
    public ProceedingsShown Done { get; private set; } = null!;

    /// <summary>An appeal's: the reference of what it appeals against.</summary>
    public string? Against { get; private set; }

    /// <summary>Signed papers that an office sent out with the request.</summary>
    public IReadOnlyList<CaseOrder> Orders { get; private set; } = [];

    public IReadOnlyList<DateMove> Moves { get; private set; } = [];

    public bool JustFiled { get; private set; }

    /// <summary>Who filed it at a counter; null where the citizen did.</summary>
    public string? FiledBy { get; private set; }

    public string? Desk => Whole.Case.Post is { } post ? organisation.Post(post)?.Name.In(Lang) : null;

    /// <summary>What the office says it did about a grievance.</summary>
    public string? HowAnswered => Whole.Case.State != CaseState.Disposed ? null : Whole.How is { } code ? Whole.Service.Grievance?.Dispositions.FirstOrDefault(d => d.Code == code)?.Text.In(Lang) : null;

    public IReadOnlyList<FormField> MissingFields => [.. forms.For(Whole.Service).Pages.SelectMany(p => p.Fields).Where(f => Whole.Case.Missing.Contains(f.Name))];

    public async Task<IActionResult> OnGet(string reference, [FromQuery(Name = "new")] string? filed, CancellationToken ct)
    {
        JustFiled = filed == "1";
        if (!await Find(reference, ct)) return Refuse(Problem.NotFound);
        Moves = await moves.Of(Whole.Case.Id, ct);
        return Page();
    }

    public async Task<IActionResult> OnPost(string reference, [FromForm(Name = "do")] string? act, string? answer, CancellationToken ct)
    {
        if (!await Find(reference, ct)) return Refuse(Problem.NotFound);
        var result = act switch
        {
            "papers" => await Supply(ct),
            "answer" => await Answer(answer, ct),
            "withdraw" => await acts.Withdraw(Whole.Case.Id, ct),
            _ => Problem.NotFound,
        };
        if (result.Ok) return Go($"/requests/{Whole.Case.Reference}");
        await Find(reference, ct);
        return Refuse(result.Problem);
    }

    private async Task<Result<Done>> Answer(string? answer, CancellationToken ct)
    {
        var text = AnswerOf(answer);
        return text.Ok ? await acts.Answer(Whole.Case.Id, text.Value, ct) : text.Problem;
    }

    public static Result<string> AnswerOf(string? answer)
    {
        var text = answer?.Trim() ?? "";
        var check = new Check();
        check.That(text.Length > 0, "answer", "required");
        check.That(text.Length <= 2000, "answer", "too-long", 2000);
        check.That(!text.Any(ch => char.IsControl(ch) && ch is not ('\n' or '\r' or '\t')), "answer", "control-characters");
        return check.Ok ? text : check.ToProblem();
    }

    private async Task<Result<Done>> Supply(CancellationToken ct)
    {
        var check = new Check();
        var given = new Dictionary<string, System.Text.Json.Nodes.JsonObject>();
        foreach (var field in MissingFields)
        {
            if (Request.Form.Files.GetFile(field.Name) is not { Length: > 0 } file)
            {
                check.That(false, field.Name, "file-required");
                continue;
            }

            var added = await papers.Add(Whole.Case.Applicant, new(Case: Whole.Case.Id), field.Name, field.MaxMegabytes, file, ct);
            if (added.Ok) given[field.Name] = added.Value;
            else if (added.Problem.Code == Clam.Away.Code) return added.Problem;
            else foreach (var fault in added.Problem.Faults) check.Add(fault);
        }

        if (!check.Ok) return check.ToProblem();
        return await acts.Complete(Whole.Case.Id, ct);
    }

    private async Task<bool> Find(string reference, CancellationToken ct)
    {
        if (Reference.Parse(reference, out _) is not { } parsed || await view.Row(parsed, ct) is not { } row || row.Applicant != ((CitizenCaller)HttpContext.Caller()).Id) return false;
        Whole = await view.Whole(row, Lang, ct);
        Right = await rights.Of(Case.Restore(row, []), ct) is { Ok: true } right ? right.Value : null;
        var chain = await proceedings.Chain(row.Id, ct);
        Done = new ProceedingsShown(await proceedings.Cases(chain, row.Applicant, ct), code => code is null ? "–" : organisation.Post(code)?.Name.In(Lang) ?? code) { Compensations = await claims.Compensations(chain, row.Applicant, ct) };
        Against = row.Parent is { } parent ? (await view.Row(parent, ct))?.Reference : null;
        Orders = await papersOut.Orders(row.Reference, ct);
        FiledBy = await filedAt.Whom(row.FiledBy, Lang, ct);
        return true;
    }
}
