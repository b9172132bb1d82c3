using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Examine;
using Sahulat.Cases.SaveView;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Desk;

/// <summary>The worklist, and beside it the case that <c>open</c> names.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DeskModel(Database database, Worklist worklist, WorkNames names, SavedViews views, CaseFiles files, DeskPosts posts, IServiceDirectory services, Pendency.Pending pending, TimeProvider time) : SahulatPage
{
    public WorkFilter Filter { get; private set; } = null!;

    /// <summary>Name of the saved view from which the filter came.</summary>
    public string? View { get; private set; }

    public WorkPage List { get; private set; } = null!;

    public WorkCounts Counts { get; private set; } = null!;

    public IReadOnlyList<SavedView> Views { get; private set; } = [];

    public CaseFile? Opened { get; private set; }

    /// <summary>What was done a moment ago, to say so.</summary>
    public (string Action, string Reference)? Did { get; private set; }

    /// <summary>Rows that may be forwarded together, by their key.</summary>
    public IReadOnlySet<WorkKey> Forwardable { get; private set; } = new HashSet<WorkKey>();

    public IReadOnlyList<Choice> Colleagues { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Acts { get; private set; } = null!;

    public DateOnly Today => Ist.Today(time);

    public WorkNames Names => names;

    public bool SeesMore => Counts.Seen > Counts.Mine || Filter.Whose is not null;

    public bool HeadsOffice => pending.Heads(Who.Id);

    public SavedView? Chosen => Views.FirstOrDefault(v => v.Name == View);

    public IEnumerable<Choice> Services => services.All(Today).Concat(services.Grievances(Today)).Where(s => s.Online).Select(s => new Choice(s.Code, s.Name.In(Lang))).OrderBy(c => c.Label, StringComparer.Ordinal);

    public IEnumerable<Choice> States => WorkFilter.States.Select(s => new Choice(s, T[$"cases.state.{s}"]));

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public async Task<IActionResult> OnGet(string? open, string? at, string? did, string? of, CancellationToken ct)
    {
        await Load(ct);
        Did = did is not null && T.Has($"cases.desk.did.{did}") && Reference.Parse(of ?? "", out _) is { } done ? (did, done) : null;
        if (open is null) return Page();
        Opened = await files.Find(Who, open, at, Lang, ct);
        if (Opened is null) return Refuse(Problem.NotFound);
        (Opened.Previous, Opened.Next) = await worklist.Around(Scope, Filter, Opened.Case.Reference, ct);
        (Opened.List, Opened.Pane) = (Filter.Query, true);
        return Page();
    }

    public async Task<IActionResult> OnPost([FromForm(Name = "do")] string? act, [FromForm] string? name, CancellationToken ct)
    {
        await Load(ct);
        if (act == "remove-view")
        {
            await views.Remove(Who.Id, name, ct);
            return Go(Filter.On("/desk"));
        }

        if (act != "save-view") return Refuse(Problem.NotFound);
        var saved = await views.Save(Who.Id, name, Filter, ct);
        return saved.Ok ? Go(Filter.On("/desk", ("view", name!.Normalize().Trim()))) : Refuse(saved.Problem);
    }

    /// <summary>The list with the same filter and something else beside it.</summary>
    public string Link(params (string, string?)[] more) => Filter.On("/desk", [("view", View), .. more]);

    /// <summary>What authorities wait for: directions, hearings, notices.</summary>
    public long Duties { get; private set; }

    private WorkScope Scope => new(posts.Seen(Who.Id), [.. Acts.Keys], Today);

    private async Task Load(CancellationToken ct)
    {
        Filter = WorkFilter.Of(Request);
        View = Request.HasFormContentType ? Request.Form["view"] : Request.Query["view"];
        Acts = posts.Acts(Who.Id);
        List = await worklist.Page(Scope, Filter, WorkKey.Parse(Request.Query["after"]), WorkKey.Parse(Request.Query["before"]), ct);
        Counts = await worklist.Counts(Scope, Filter, ct);
        Views = await views.Of(Who.Id, ct);
        Duties = await Comply.DutiesModel.Count(database, [.. Acts.Keys], Who.Id, ct);
        Forwardable = List.Rows.Where(r => Acts.ContainsKey(r.Post) && names.MayForward(r)).Select(r => r.Key).ToHashSet();
        var from = List.Rows.Where(r => Forwardable.Contains(r.Key)).Select(r => r.Post).Distinct().ToArray();
        Colleagues = [.. from.SelectMany(posts.Colleagues).DistinctBy(p => p.Code).Where(p => from.Length > 1 || p.Code != from[0]).Select(p => new Choice(p.Code, p.Name.In(Lang)))];
    }
}
