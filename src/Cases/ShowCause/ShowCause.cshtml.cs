using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Recover;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.ShowCause;

/// <summary>A notice to show cause, for the person it is addressed to and nobody else.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class ShowCauseModel(Database database, Claims claims, ShowCauseAct act, IOrganisation organisation, IServiceDirectory services, TimeProvider time) : SahulatPage
{
    public Claim Claim { get; private set; } = null!;

    public CaseStore.Row Of { get; private set; } = null!;

    public string Layer { get; private set; } = "";

    public bool Did { get; private set; }

    public DateOnly Today => Ist.Today(time);

    public string Service => services.FindVersion(Of.Service, Of.ServiceVersion)?.Name.In(Lang) ?? Of.Service;

    public string PostName(string? code) => code is null ? "–" : organisation.Post(code)?.Name.In(Lang) ?? code;

    public async Task<IActionResult> OnGet(Guid id, string? did, CancellationToken ct)
    {
        Did = did == "answered";
        return await Load(id, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(Guid id, [FromForm] string? answer, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        var done = await act.Answer((OfficialCaller)HttpContext.Caller(), id, answer, ct);
        if (done.Ok) return Go($"/desk/notices/{id:N}?did=answered");
        await Load(id, ct);
        return Refuse(done.Problem);
    }

    private async Task<bool> Load(Guid id, CancellationToken ct)
    {
        if (await claims.Find(id, ct) is not { Row: { IsPenalty: true } row } found || row.Official != ((OfficialCaller)HttpContext.Caller()).Id) return false;
        Claim = found;
        Of = (await database.One<CaseStore.Row>("""select id, reference, service, service_version, place from cases."case" where id = @id""", new { id = row.Request }, ct))!;
        Layer = await database.One<string>("""select layer from cases."case" where id = @id""", new { id = row.CaseId }, ct) ?? "";
        return true;
    }
}
