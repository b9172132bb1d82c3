using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Plan;

/// <summary>Scanning plans of one's office and of those below it, and the form for a new one.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class ScanningModel(ScanPlans plans, OfficePosts posts, TimeProvider time) : SahulatPage
{
    public Reach Reach { get; private set; } = null!;

    public IReadOnlyList<(PlanRow Plan, int Kept)> Rows { get; private set; } = [];

    public DateOnly Today => Ist.Today(time);

    public IEnumerable<Choice> Own => Reach.Own.Select(p => new Choice(p, posts.Name(p, Lang)));

    public IEnumerable<Choice> Languages => Receipts.Languages.Select(l => new Choice(l, Kernel.Language.Lang.Find(l)!.NativeName));

    public async Task OnGet(CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        Rows = await plans.All(Reach, ct);
    }

    public async Task<IActionResult> OnPost([FromForm] string? name, [FromForm] string? lang, [FromForm] string? post, CancellationToken ct)
    {
        await OnGet(ct);
        var (starts, due) = (DateBoxes.Read(Request.Form, "starts"), DateBoxes.Read(Request.Form, "due"));
        var check = new Check();
        check.That(starts.Empty || starts.Date is not null, "starts", "not-a-date");
        check.That(due.Empty || due.Date is not null, "due", "not-a-date");
        if (!check.Ok) return Refuse(check.ToProblem());
        var made = await plans.Create(Reach, post ?? "", name, lang, starts.Date, due.Date, int.TryParse(Request.Form["pages"], out var pages) ? pages : null, int.TryParse(Request.Form["keep"], out var keep) ? keep : null, ct);
        return made.Ok ? Go($"/desk/office/scanning/{made.Value:N}") : Refuse(made.Problem);
    }

    public string OfficeName(string office) => posts.OfficeName(office, Lang);
}
