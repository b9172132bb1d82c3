using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Intake;
using Sahulat.Office.PlaceByHand;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Shelve;

/// <summary>One plan: how it stands, its bundles, scans coming in.</summary>
[Authorize(Policy = Policies.Official), RequestSizeLimit(MostBytes), RequestFormLimits(MultipartBodyLengthLimit = MostBytes)]
internal sealed class ScanPlanPageModel(ScanPlans plans, Intakes intakes, Placing placing, Alike alike, OfficePosts posts) : SahulatPage
{
    private const long MostBytes = 210L * 1024 * 1024;
    private const int MostFiles = 100;

    private static readonly string[] Dones = ["bundle", "scans", "again", "retried", "keyed", "accepted", "rejected"];

    public PlanView View { get; private set; } = null!;

    public IReadOnlyList<(IntakeRow Scan, string? Name)> Scans { get; private set; } = [];

    public IReadOnlyDictionary<string, int> Account { get; private set; } = new Dictionary<string, int>();

    /// <summary>Pages that wait for a person.</summary>
    public int Lost => Account.GetValueOrDefault("unplaced") + Account.GetValueOrDefault("unreadable");

    /// <summary>Pages that say nearly the same as another.</summary>
    public int Alike { get; private set; }

    public bool MayAct { get; private set; }

    public string? Did { get; private set; }

    public IEnumerable<Choice> Items => View.Bundles.SelectMany(b => b.Items.Select(i => new Choice(i.Item.Id.ToString(), $"{b.Bundle.Number}.{i.Item.Seq} {i.Item.Number}")));

    public async Task<IActionResult> OnGet(Guid plan, string? did, CancellationToken ct)
    {
        Did = Dones.Contains(did) ? did : null;
        return await Load(plan, ct) is null ? Refuse(Problem.NotFound) : Page();
    }

    public async Task<IActionResult> OnPost(Guid plan, [FromForm(Name = "do")] string? act, [FromForm] string? shelf, [FromForm] string? team, [FromForm] string? list, [FromForm] Guid? item, [FromForm] Guid scan, CancellationToken ct)
    {
        if (await Load(plan, ct) is not { } reach) return Refuse(Problem.NotFound);
        if (!MayAct) return Refuse(Problem.Forbidden);
        if (act == "bundle")
        {
            var target = DateBoxes.Read(Request.Form, "target");
            if (!target.Empty && target.Date is null) return Refuse(Problem.Invalid([new Fault("target", "not-a-date")]));
            var added = await plans.AddBundle(reach, View.Plan, shelf, team, target.Date, list, ct);
            return added.Ok ? Go($"/desk/office/scanning/{plan:N}?did=bundle") : Refuse(added.Problem);
        }

        if (act == "again")
        {
            var again = await placing.Retry(reach, View.Plan, scan, ct);
            return again.Ok ? Go($"/desk/office/scanning/{plan:N}?did=retried") : Refuse(again.Problem);
        }

        var files = Request.Form.Files.Where(f => f.Name == "scans" && f.Length > 0).ToArray();
        if (files.Length == 0) return Refuse(Problem.Invalid([new Fault("scans", "file-required")]));
        if (files.Length > MostFiles) return Refuse(Problem.Invalid([new Fault("scans", "too-many", MostFiles)]));
        var post = reach.Acts.Keys.First(p => posts.OfficeOf(p) == View.Plan.Office);
        var seen = new List<TakenAs>();
        foreach (var file in files)
        {
            if (file.Length > Intakes.MaxMegabytes * 1024L * 1024) return Refuse(Problem.Invalid([new Fault("scans", "file-too-large", Intakes.MaxMegabytes)]));
            using var memory = new MemoryStream((int)file.Length);
            await file.CopyToAsync(memory, ct);
            var taken = await intakes.Take(View.Plan, memory.ToArray(), "upload", item, reach.Who.Id, reach.As(post), ct);
            // What came before it is kept: sent again, it is known.
            if (!taken.Ok) return Refuse(taken.Problem);
            seen.Add(taken.Value.As);
        }

        return Go($"/desk/office/scanning/{plan:N}?did={(seen.Contains(TakenAs.New) ? "scans" : seen.Contains(TakenAs.Again) ? "retried" : "again")}");
    }

    private async Task<Reach?> Load(Guid id, CancellationToken ct)
    {
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (await plans.Find(reach, id, ct) is not { } plan) return null;
        View = await plans.View(plan, ct);
        Scans = await intakes.Of(id, ct);
        Account = await intakes.Account(id, ct);
        Alike = await alike.Count(id, ct);
        MayAct = reach.Acts.Keys.Any(p => posts.OfficeOf(p) == plan.Office);
        return reach;
    }
}
