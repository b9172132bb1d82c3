using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Draft;

[Authorize(Policy = Policies.Citizen)]
internal sealed class StartModel(IServiceDirectory services, IForms forms, IOrganisation organisation, Drafts drafts, TimeProvider time) : SahulatPage
{
    public ServiceVersion Service { get; private set; } = null!;

    public string? Place { get; private set; }

    public IReadOnlyList<Choice> Places => [.. organisation.OfKind(Service.PlaceLevel).Select(p => new Choice(p.Code, p.Kind is "tehsil" or "block" or "body" && p.Parent is not null ? $"{p.Name.In(Lang)}, {organisation.Place(p.Parent)?.Name.In(Lang)}" : p.Name.In(Lang))).OrderBy(c => c.Label, StringComparer.Ordinal)];

    public IReadOnlyList<string> Papers => [.. forms.For(Service).Pages.SelectMany(p => p.Fields).Where(f => f.Type == FieldType.Document).Select(f => f.Label.In(Lang))];

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (services.Find(context.RouteData.Values["service"] as string ?? "", Ist.DateIn(time.GetUtcNow())) is { Online: true } service) Service = service;
        else context.Result = Refuse(Problem.NotFound);
    }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPost(string? place, CancellationToken ct)
    {
        Place = place;
        if (organisation.Place(place ?? "")?.Kind != Service.PlaceLevel) return Refuse(Problem.Invalid([new Fault("place", "required")]));
        var id = await drafts.Start(((CitizenCaller)HttpContext.Caller()).Id, Service, place!, Lang, null, ct);
        return Go($"/apply/{id:N}/{forms.For(Service).Visible([])[0].Id}");
    }
}
