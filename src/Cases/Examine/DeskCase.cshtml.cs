using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Desk;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Examine;

/// <summary>One case on a page of its own, with what the step lets the officer do.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DeskCaseModel(CaseFiles files, Worklist worklist, DeskPosts posts, DeskAct act, TimeProvider time) : SahulatPage
{
    public CaseFile Opened { get; private set; } = null!;

    public WorkFilter Filter { get; private set; } = null!;

    public string? Did { get; private set; }

    /// <summary>What others did since the officer opened the page from which he acted.</summary>
    public IReadOnlyList<ActShown> Meanwhile { get; private set; } = [];

    /// <summary>What he wrote, where the form for it is gone.</summary>
    public string? Unsent { get; private set; }

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    private WorkScope Scope => new(posts.Seen(Who.Id), [.. posts.Acts(Who.Id).Keys], Ist.Today(time));

    public async Task<IActionResult> OnGet(string reference, string? at, string? did, CancellationToken ct)
    {
        Filter = WorkFilter.Of(Request);
        Did = did is not null && T.Has($"cases.desk.did.{did}") ? did : null;
        return await Load(reference, at, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(string reference, [FromForm] long version, [FromForm] string? step, [FromForm] string? action, [FromForm] string? text, [FromForm] string[] reasons, [FromForm] string? to, [FromForm] string? list, [FromForm] string? pane, [FromForm] string? office, [FromForm] string? subject, [FromForm] string? with, CancellationToken ct)
    {
        Filter = WorkFilter.Parse(list);
        if (!await Load(reference, step, ct)) return Refuse(Problem.NotFound);
        // Asked before the act takes the case out of the list.
        var (_, next) = await worklist.Around(Scope, Filter, Opened.Case.Reference, ct);
        if (!Dates.Read(Request.Form, "remand", out var remand)) return Refuse(Problem.Invalid([new Fault("remand", "not-a-date")]));
        var done = action == "take-back" ? await act.TakeBack(Who, Opened.Case.Reference, ct) : await act.Run(Who, new DeskAction(Opened.Case.Reference, version, step, action ?? "", text, reasons, action == "transfer" ? office : to, Until(), subject, with, remand), ct);
        if (done.Ok) return await After(action!, pane == "1", next, ct);
        if (!await Load(reference, step, ct)) return Refuse(Problem.NotFound);
        Opened.TransferOpen = action == "transfer" || done.Problem == CaseProblems.TransferInstead;
        if (done.Problem == Problem.Conflict) Meanwhile = [.. Opened.Acts.Where(a => a.Of == Opened.Case.Reference && a.Version > version)];
        if (!string.IsNullOrWhiteSpace(text) && Opened.Step is null && !Opened.Order) Unsent = text;
        return Refuse(done.Problem);
    }

    private string? Until() => DateBoxes.Read(Request.Form, "until").Text;

    /// <summary>From the split view on to the next case; from the case's own page back to it, where he may still see it.</summary>
    private async Task<IActionResult> After(string action, bool pane, string? next, CancellationToken ct)
    {
        if (pane) return Go(Filter.On("/desk", ("open", next), ("did", action), ("of", Opened.Case.Reference)));
        return await files.Seen(Who, Opened.Case.Reference, ct) is null
            ? Go(Filter.On("/desk", ("did", action), ("of", Opened.Case.Reference)))
            : Go(Filter.On($"/desk/cases/{Opened.Case.Reference}", ("did", action)));
    }

    private async Task<bool> Load(string reference, string? at, CancellationToken ct)
    {
        if (await files.Find(Who, reference, at, Lang, ct) is not { } found) return false;
        Opened = found;
        Opened.List = Filter.Query;
        (Opened.Previous, Opened.Next) = await worklist.Around(Scope, Filter, Opened.Case.Reference, ct);
        return true;
    }
}
