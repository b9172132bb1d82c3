using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Plan;

namespace Sahulat.Office.PlaceByHand;

/// <summary>Pages of a plan that have no file or could not be read, each with its picture, to be placed or tried again.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PagesModel(ScanPlans plans, Placing placing, Alike alike, OfficePosts posts) : SahulatPage
{
    public PlanView View { get; private set; } = null!;

    public int All { get; private set; }

    public int At { get; private set; } = 1;

    public int Sheets => (All + Placing.Shown - 1) / Placing.Shown;

    public IReadOnlyList<IGrouping<Guid, LostPage>> Scans { get; private set; } = [];

    public IReadOnlyDictionary<Guid, int> Unplaced { get; private set; } = new Dictionary<Guid, int>();

    /// <summary>Pages that say nearly the same as another of their file.</summary>
    public IReadOnlyList<Pair> Pairs { get; private set; } = [];

    public bool MayAct { get; private set; }

    public string? Did { get; private set; }

    public IEnumerable<Choice> Items => View.Bundles.SelectMany(b => b.Items.Select(i => new Choice(i.Item.Id.ToString(), $"{b.Bundle.Number}.{i.Item.Seq} {i.Item.Number}")));

    public async Task<IActionResult> OnGet(Guid plan, [FromQuery] int? page, string? did, CancellationToken ct)
    {
        Did = did is "placed" or "retried" or "compared" ? did : null;
        return await Load(plan, page, ct) is null ? Refuse(Problem.NotFound) : Page();
    }

    public async Task<IActionResult> OnPost(Guid plan, [FromQuery] int? page, [FromForm(Name = "do")] string? act, [FromForm(Name = "ticked")] string[] ticked, [FromForm] Guid[] scan, [FromForm] Guid? item, CancellationToken ct)
    {
        if (await Load(plan, page, ct) is not { } reach) return Refuse(Problem.NotFound);
        if (!MayAct) return Refuse(Problem.Forbidden);
        if (act is "same" or "different")
        {
            var judged = ticked.Length == 1 && Read(ticked[0]) is { } one ? await alike.Judge(reach, View.Plan, one.Scan, one.Page, act == "same", ct) : Problem.Invalid([new Fault("page", "not-a-choice")]);
            return judged.Ok ? Go($"/desk/office/scanning/{plan:N}/pages?did=compared") : Refuse(judged.Problem);
        }

        if (act == "place" && item is null) return Refuse(Problem.Invalid([new Fault("item", "required")]));
        var pages = new List<(Guid, int)>();
        foreach (var tick in ticked)
        {
            if (Read(tick) is not { } chosen) return Refuse(Problem.Invalid([new Fault("page", "not-a-choice")]));
            pages.Add(chosen);
        }

        var done = await placing.Place(reach, View.Plan, pages, scan, act == "place" ? item : null, ct);
        return done.Ok ? Go($"/desk/office/scanning/{plan:N}/pages?did={(act == "place" ? "placed" : "retried")}") : Refuse(done.Problem);
    }

    private static (Guid Scan, int Page)? Read(string tick) => tick.Split('/') is [var scan, var page] && Guid.TryParse(scan, out var id) && int.TryParse(page, out var n) ? (id, n) : null;

    private async Task<Reach?> Load(Guid id, int? page, CancellationToken ct)
    {
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (await plans.Find(reach, id, ct) is not { } plan) return null;
        View = await plans.View(plan, ct);
        At = Math.Max(1, page ?? 1);
        (All, var pages) = await placing.Of(id, At, ct);
        Scans = [.. pages.GroupBy(p => p.Intake)];
        Unplaced = await placing.Unplaced(pages.Select(p => p.Intake), ct);
        Pairs = await alike.Of(id, ct);
        MayAct = reach.Acts.Keys.Any(p => posts.OfficeOf(p) == plan.Office);
        return reach;
    }
}
