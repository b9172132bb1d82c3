using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Forms;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Browse;

/// <summary>One service: what it is, who answers and by when, and where this is known from.</summary>
internal sealed class ServiceModel(IServiceDirectory directory, CompiledForms forms, PlaceNames places) : SahulatPage
{
    private static readonly string[] AppealRoles = ["first_appellate", "second_appellate", "revision"];

    public ServiceVersion Service { get; private set; } = null!;

    public LawVersion? Law { get; private set; }

    public LocalText Department { get; private set; } = [];

    /// <summary>Each paper the form may ask for, and whether that depends on answers.</summary>
    public IReadOnlyList<(FormField Paper, bool Sometimes)> Papers { get; private set; } = [];

    public IReadOnlyList<(string Role, OfficerRule Officer)> Appeals { get; private set; } = [];

    public IActionResult OnGet(string code)
    {
        if (directory.Find(code, forms.Today()) is not { } service) return Refuse(Problem.NotFound);
        if (service.Grievance is not null) return Go($"/complain/{service.Code}");
        Service = service;
        Law = service.Law is null ? null : directory.Law(service.Law, forms.Today());
        Department = places.Department(service.Department);
        if (service.Form is not null)
            Papers = [.. service.Form.Pages.SelectMany(p => p.Fields.Where(f => f.Type == FieldType.Document).Select(f => (f, p.When is not null || f.When is not null || !f.Required)))];
        Appeals = [.. AppealRoles.Select(r => (r, service.Officers.GetValueOrDefault(r) ?? Law?.Layers.FirstOrDefault(l => l.Role == r)?.Officer)).Where(a => a.Item2 is not null).Select(a => (a.r, a.Item2!))];
        return Page();
    }

    public string Officer(OfficerRule officer)
    {
        var name = places.Designation(officer.Designation).In(Lang);
        return officer.Confirmed ? name : $"{name} ({T["catalogue.service.unconfirmed"]})";
    }
}
