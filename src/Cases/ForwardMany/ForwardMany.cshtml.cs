using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Desk;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.ForwardMany;

/// <param name="Why">Null where it was done.</param>
internal sealed record Forwarded(string Reference, Problem? Why);

/// <summary>Forwards the chosen rows to one colleague; each stands for itself, and each result is told.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class ForwardManyModel(DeskAct act, IOrganisation organisation) : SahulatPage
{
    private const int Most = 100;

    public WorkFilter Filter { get; private set; } = WorkFilter.Parse(null);

    public string To { get; private set; } = "";

    public bool Undone { get; private set; }

    public IReadOnlyList<Forwarded> Results { get; private set; } = [];

    public IReadOnlyList<string> Done => [.. Results.Where(r => r.Why is null).Select(r => r.Reference)];

    public IReadOnlyList<Forwarded> Not => [.. Results.Where(r => r.Why is not null)];

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public IActionResult OnGet() => Go("/desk");

    public async Task<IActionResult> OnPost([FromForm] string[] row, [FromForm] string? to, [FromForm] string? remark, [FromForm] string? list, [FromForm(Name = "undo")] string[] undo, CancellationToken ct)
    {
        Filter = WorkFilter.Parse(list);
        var results = new List<Forwarded>();
        foreach (var reference in undo.Distinct().Take(Most))
            if (Reference.Parse(reference, out _) is { } known) results.Add(new(known, (await act.TakeBack(Who, known, ct)).Problem));
        Undone = results.Count > 0;
        if (!Undone)
        {
            To = organisation.Post(to ?? "")?.Name.In(Lang) ?? "";
            if (row.Length == 0) return Refuse(CaseProblems.NothingChosen);
            if (To.Length == 0) return Refuse(Problem.Invalid([new Fault("to", "required")]));
            foreach (var chosen in row.Distinct().Take(Most))
                if (chosen.Split(':', 3) is [var written, var version, var step] && long.TryParse(version, out var seen) && Reference.Parse(written, out _) is { } reference)
                    results.Add(new(reference, (await act.Run(Who, new DeskAction(reference, seen, step, "forward", remark, [], to), ct)).Problem));
        }

        Results = results;
        return Page();
    }

    /// <summary>The refusal in words; of a bad choice, the fault itself.</summary>
    public string Why(Problem problem) => problem.Faults.Count == 0 ? T.Problem(problem) : string.Join(" · ", problem.Faults.Select(f => f.Pointer == "to" ? T["cases.desk.other-office"] : T.Fault(f)));
}
