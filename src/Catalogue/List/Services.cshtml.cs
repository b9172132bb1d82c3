using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.List;

/// <summary>Every service and every draft with its state.</summary>
internal sealed class ServicesModel(Database database, Versions.ServiceDirectory directory, IOrganisation organisation) : DesignPage
{
    public const int PageSize = 50;

    public static readonly string[] States = ["in-force", "scheduled", "draft", "review", "past"];

    public string? Q { get; private set; }

    public string? State { get; private set; }

    public string? Department { get; private set; }

    public string? Category { get; private set; }

    public IReadOnlyList<Choice> Departments { get; private set; } = [];

    public IReadOnlyList<Choice> Categories { get; private set; } = [];

    public IReadOnlyList<ServiceRow> Shown { get; private set; } = [];

    public IReadOnlyList<DraftInReview> ForReview { get; private set; } = [];

    public bool Discarded { get; private set; }

    public int Count { get; private set; }

    public int Number { get; private set; } = 1;

    public int Pages => Math.Max(1, (Count + PageSize - 1) / PageSize);

    public async Task OnGet([FromQuery] string? q, [FromQuery] string? state, [FromQuery] string? department, [FromQuery] string? category, string? did, CancellationToken ct)
    {
        (Q, State, Department, Category, Discarded) = (q is { Length: > 100 } ? q[..100] : q?.Trim(), state, department, category, did == "discarded");
        var drafts = (await database.Query<DraftFact>("select id, code, name::text, state, (submitted_by = @Official or exists (select from catalogue.draft_save s where s.draft = d.id and s.official = @Official)) as own from catalogue.draft d where state in ('open', 'review')", new { Official }, ct)).ToDictionary(d => d.Code, StringComparer.Ordinal);
        var now = directory.Current;
        var all = now.Codes.Union(drafts.Keys, StringComparer.Ordinal).Select(code => Row(now, code, drafts.GetValueOrDefault(code))).OrderBy(r => r.Name.In(Lang), StringComparer.Ordinal).ToArray();
        ForReview = [.. all.Where(r => r.Draft is { State: "review", Own: not true }).Select(r => new DraftInReview(r.Draft!.Id, r.Name.In(Lang)))];
        Departments = [.. all.Select(r => r.Department).Distinct().Where(d => d.Length > 0).Select(d => new Choice(d, organisation.Department(d).In(Lang))).OrderBy(c => c.Label, StringComparer.Ordinal)];
        Categories = [.. PackFacts.Categories.Select(c => new Choice(c, T["catalogue.category." + c]))];
        var found = all.Where(r => (string.IsNullOrEmpty(Q) || r.Code.Contains(Q, StringComparison.OrdinalIgnoreCase) || r.Name.Values.Any(n => n.Contains(Q, StringComparison.OrdinalIgnoreCase)))
            && (string.IsNullOrEmpty(State) || r.States.Contains(State)) && (string.IsNullOrEmpty(Department) || r.Department == Department) && (string.IsNullOrEmpty(Category) || r.Category == Category)).ToArray();
        Count = found.Length;
        // "page" is a name that routing keeps for itself, so it is read from the query.
        _ = int.TryParse(Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        Number = Math.Clamp(number, 1, Pages);
        Shown = [.. found.Skip((Number - 1) * PageSize).Take(PageSize)];
    }

    private ServiceRow Row(Versions.Snapshot now, string code, DraftFact? draft)
    {
        var versions = now.Versions(code);
        var inForce = now.Find(code, Today);
        var scheduled = versions.Where(v => v.ValidFrom > Today).MinBy(v => v.ValidFrom);
        var known = inForce ?? versions.FirstOrDefault();
        var states = new List<string>();
        if (inForce is not null) states.Add("in-force");
        else if (known is not null && scheduled is null) states.Add("past");
        if (scheduled is not null) states.Add("scheduled");
        if (draft is not null) states.Add(draft.State == "open" ? "draft" : "review");
        var name = known?.Name ?? new LocalText(System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(draft!.Name)!);
        return new ServiceRow(code, name, known?.Department ?? "", known?.Category ?? "", inForce?.Version, scheduled?.ValidFrom, states, draft);
    }
}

internal sealed record DraftFact(Guid Id, string Code, string Name, string State, bool? Own);

internal sealed record DraftInReview(Guid Id, string Name);

/// <param name="States">in-force, scheduled, past, draft, review.</param>
internal sealed record ServiceRow(string Code, LocalText Name, string Department, string Category, int? Version, DateOnly? Scheduled, IReadOnlyList<string> States, DraftFact? Draft);
