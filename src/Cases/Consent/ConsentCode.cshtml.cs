using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Consent;

/// <summary>The citizen tells the operator the code; with it the operator may file this one request.</summary>
[Authorize(Policy = Policies.Operator)]
internal sealed class ConsentCodeModel(Consents consents, IServiceDirectory services, TimeProvider time) : SahulatPage
{
    public ConsentRow Asked { get; private set; } = null!;

    public string Service => services.Find(Asked.Service, Ist.Today(time))?.Name.In(Lang) ?? Asked.Service;

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public async Task<IActionResult> OnGet(Guid draft, CancellationToken ct)
    {
        if (!await Load(draft, ct)) return Refuse(Problem.NotFound);
        return Asked.Citizen is null ? Page() : Go($"/desk/counter/{draft:N}/start");
    }

    public async Task<IActionResult> OnPost(Guid draft, [FromForm] string? code, CancellationToken ct)
    {
        if (!await Load(draft, ct)) return Refuse(Problem.NotFound);
        if (Asked.Citizen is null && await consents.Give(Asked, Who, code, ct) is { Ok: false } refused) return Refuse(refused.Problem);
        return Go($"/desk/counter/{draft:N}/start");
    }

    private async Task<bool> Load(Guid draft, CancellationToken ct)
    {
        if (await consents.Find(draft, Who.Id, ct) is not { } found) return false;
        Asked = found;
        return true;
    }
}
