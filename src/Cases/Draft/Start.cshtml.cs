using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Consent;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Draft;

/// <summary>Where to apply, and which papers will be asked for. By the citizen at <c>/apply/{service}</c>; at a counter the consent names the service.</summary>
[Authorize(Policy = Policies.Filer)]
internal sealed class StartModel(IServiceDirectory services, IForms forms, IOrganisation organisation, Drafts drafts, Filers filers, TimeProvider time) : SahulatPage
{
    public Filer Who { get; private set; } = null!;

    public string Here => Who.Given is { } consent ? $"/desk/counter/{consent.Id:N}/start" : "/apply/" + Service.Code;

    public ServiceVersion Service { get; private set; } = null!;

    public string? Place { get; private set; }

    public IReadOnlyList<Choice> Places => PlacesOf(organisation, Service, Lang);

    public static IReadOnlyList<Choice> PlacesOf(IOrganisation organisation, ServiceVersion service, Kernel.Language.Lang lang) =>
        [.. organisation.PlacesOf(service).Select(p => new Choice(p.Code, p.Kind is "tehsil" or "block" or "body" && p.Parent is not null ? $"{p.Name.In(lang)}, {organisation.Place(p.Parent)?.Name.In(lang)}" : p.Name.In(lang))).OrderBy(c => c.Label, StringComparer.Ordinal)];

    public IReadOnlyList<string> Papers => [.. forms.For(Service).Pages.SelectMany(p => p.Fields).Where(f => f.Type == FieldType.Document).Select(f => f.Label.In(Lang))];

    public async Task<IActionResult> OnGet(string? service, Guid draft, CancellationToken ct)
    {
        if (!await Find(service, draft, ct)) return Refuse(Problem.NotFound);
        if (Who.AtCounter && await drafts.Taken(draft, ct)) return Go(Who.Base(draft) + "/check");
        // The place of the operator's own counter is the likely one.
        if (Who.Given is { } consent) Place = organisation.PlaceAndAncestors(organisation.Post(consent.Post)?.Place ?? "").FirstOrDefault(p => organisation.Serves(Service, p));
        return Page();
    }

    public async Task<IActionResult> OnPost(string? service, Guid draft, [FromForm] string? place, CancellationToken ct)
    {
        if (!await Find(service, draft, ct)) return Refuse(Problem.NotFound);
        if (Who.AtCounter && await drafts.Taken(draft, ct)) return Go(Who.Base(draft) + "/check");
        Place = place;
        if (!organisation.Serves(Service, place ?? "")) return Refuse(Problem.Invalid([new Fault("place", "required")]));
        var id = await drafts.Start(Who.Citizen, Service, place!, Who.Given?.Language ?? Lang, Who.Given is null ? null : Who.Actor.Token, ct, Who.Given?.Id);
        return Go($"{Who.Base(id)}/{forms.For(Service).Visible([])[0].Id}");
    }

    private async Task<bool> Find(string? code, Guid draft, CancellationToken ct)
    {
        if (await filers.Of(HttpContext, draft, ct) is not { } who || services.Find(who.Given?.Service ?? code ?? "", Ist.DateIn(time.GetUtcNow())) is not { Online: true } service) return false;
        (Who, Service) = (who, service);
        return true;
    }
}
