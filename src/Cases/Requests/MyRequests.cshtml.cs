using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Draft;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Requests;

[Authorize(Policy = Policies.Citizen)]
internal sealed class MyRequestsModel(Database database, Drafts drafts, IServiceDirectory services, FiledAt filedAt) : SahulatPage
{
    public IReadOnlyList<DraftRequest> Drafts { get; private set; } = [];

    public IReadOnlyList<(CaseStore.Row Case, string Name)> Cases { get; private set; } = [];

    /// <summary>The post at whose counter it was filed or begun; null where the citizen did it himself.</summary>
    public string? Counter(string? by) => filedAt.Post(by, Lang);

    private Guid Citizen => ((CitizenCaller)HttpContext.Caller()).Id;

    public async Task OnGet(CancellationToken ct)
    {
        Drafts = await drafts.Of(Citizen, ct);
        var rows = await database.Query<CaseStore.Row>("""select id, reference, type, service, service_version, layer, state, due_on, decided_on, filed_by from cases."case" where applicant = @Citizen order by filed_at desc limit 200""", new { Citizen }, ct);
        Cases = [.. rows.Select(r => (r, (r.Type == "appeal" ? T["cases.layer." + r.Layer] + ": " : "") + (services.FindVersion(r.Service, r.ServiceVersion)?.Name.In(Lang) ?? r.Service)))];
    }

    public async Task<IActionResult> OnPost(Guid discard, CancellationToken ct)
    {
        await drafts.Discard(discard, Citizen, ct);
        return Go("/requests");
    }
}

internal static class StateTone
{
    public static string Of(string state) => state switch
    {
        CaseState.Approved or CaseState.Disposed or CaseState.Allowed or CaseState.Partly => "green",
        CaseState.Rejected or CaseState.Dismissed => "red",
        CaseState.Query or CaseState.Incomplete => "yellow",
        CaseState.Withdrawn => "grey",
        _ => "blue",
    };
}
