using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Browse;

/// <summary>One service: what it is, who answers and by when, and where this is known from.</summary>
internal sealed class ServiceModel(IServiceDirectory directory, CompiledForms forms, PlaceNames places) : SahulatPage
{
    public ServiceView View { get; private set; } = null!;

    public IActionResult OnGet(string code)
    {
        if (directory.Find(code, forms.Today()) is not { } service) return Refuse(Problem.NotFound);
        if (service.Grievance is not null) return Go($"/complain/{service.Code}");
        View = ServiceView.Of(service, directory, forms.Today(), places, $"/apply/{code}");
        return Page();
    }
}

/// <summary>A service as its page tells it.</summary>
/// <param name="Papers">Each paper the form may ask for, and whether that depends on answers.</param>
/// <param name="Start">Where an application begins.</param>
internal sealed record ServiceView(ServiceVersion Service, LawVersion? Law, LocalText Department, IReadOnlyList<(FormField Paper, bool Sometimes)> Papers, IReadOnlyList<(string Role, LocalText? Title, OfficerRule Officer)> Appeals, PlaceNames Places, string Start)
{
    public static ServiceView Of(ServiceVersion service, IServiceDirectory directory, DateOnly on, PlaceNames places, string start)
    {
        var law = service.Law is null ? null : directory.Law(service.Law, on);
        return new ServiceView(service, law, places.Department(service.Department),
            service.Form is null ? [] : [.. service.Form.Pages.SelectMany(p => p.Fields.Where(f => f.Type == FieldType.Document).Select(f => (f, p.When is not null || f.When is not null || !f.Required)))],
            [.. (law?.Layers.Select(l => (l.Role, l.Title, l.Officer)) ?? ServiceRoles.Appeals.Select(r => (Role: r, Title: (LocalText?)null, Officer: (OfficerRule?)null)))
                .Select(l => (l.Role, l.Title, Officer: service.Officers.GetValueOrDefault(l.Role) ?? l.Officer)).Where(l => l.Officer is not null).Select(l => (l.Role, l.Title, l.Officer!))],
            places, start);
    }

    public string Officer(OfficerRule officer, Texts t)
    {
        var name = Places.Designation(officer.Designation).In(t.Lang);
        return officer.Confirmed ? name : $"{name} ({t["catalogue.service.unconfirmed"]})";
    }
}
