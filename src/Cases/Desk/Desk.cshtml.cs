using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Desk;

[Authorize(Policy = Policies.Official)]
internal sealed class DeskModel(Worklist worklist, DeskPosts posts, IServiceDirectory services, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    [BindProperty(SupportsGet = true)]
    public string? Service { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Late { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    public int Number { get; private set; } = 1;

    public IReadOnlyList<WorkRow> Rows { get; private set; } = [];

    public long Count { get; private set; }

    public int Pages => (int)Math.Max(1, (Count + Worklist.PageSize - 1) / Worklist.PageSize);

    public DateOnly Today => Ist.Today(time);

    public IEnumerable<Choice> Services => services.All(Today).Where(s => s.Online).Select(s => new Choice(s.Code, s.Name.In(Lang)));

    public IEnumerable<Choice> States => new[] { CaseState.Open, CaseState.Query, CaseState.Incomplete }.Select(s => new Choice(s, T[$"cases.state.{s}"]));

    public async Task OnGet(CancellationToken ct)
    {
        if (int.TryParse(Request.Query["page"], out var page)) Number = Math.Clamp(page, 1, 10_000);
        var who = (OfficialCaller)HttpContext.Caller();
        var text = string.IsNullOrWhiteSpace(Q) ? null : Q.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("%", "", StringComparison.Ordinal).ToUpperInvariant();
        (Rows, Count) = await worklist.Page(posts.Seen(who.Id), Empty(Service), Empty(State), Late == "yes", text, Today, Number, ct);
    }

    public string NameOf(WorkRow row) => services.FindVersion(row.Service, row.ServiceVersion)?.Name.In(Lang) ?? row.Service;

    public string PlaceOf(WorkRow row) => organisation.Place(row.Place)?.Name.In(Lang) ?? row.Place;

    public string StepOf(WorkRow row) => row.Step is null ? T["cases.desk.appeal"] : services.FindVersion(row.Service, row.ServiceVersion)?.Steps.FirstOrDefault(s => s.Code == row.Step)?.Name.In(Lang) ?? row.Step;

    private static string? Empty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
