using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Consent;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Counter;

/// <summary>The acknowledgement to hand over (SRO 223, rule 4). It is all that the operator sees of a case after filing it.</summary>
[Authorize(Policy = Policies.Operator)]
internal sealed class ReceiptModel(CaseView view, Consents consents, IServiceDirectory services) : SahulatPage
{
    public CaseStore.Row Case { get; private set; } = null!;

    public ServiceVersion? Service => services.FindVersion(Case.Service, Case.ServiceVersion);

    public IReadOnlyList<string> Missing => [.. Case.Missing.Select(name => Service?.Form?.Pages.SelectMany(p => p.Fields).FirstOrDefault(f => f.Name == name)?.Label.In(Lang) ?? name)];

    public async Task<IActionResult> OnGet(Guid draft, CancellationToken ct)
    {
        var who = (OfficialCaller)HttpContext.Caller();
        if (await consents.Find(draft, who.Id, ct) is null || await view.Row(draft, ct) is not { } found || !found.FiledBy.EndsWith($"/{who.Id:N}", StringComparison.Ordinal)) return Refuse(Problem.NotFound);
        Case = found;
        return Page();
    }
}
