using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Complain;

/// <summary>One subject: who answers and by when, who comes after, whether one may stay unnamed; for a refused one, where to go instead.</summary>
internal sealed class SubjectModel(IServiceDirectory services, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    public ServiceVersion Subject { get; private set; } = null!;

    public LawVersion? Law { get; private set; }

    /// <summary>The rungs above the first answer, in the law's order.</summary>
    public IReadOnlyList<(string Layer, OfficerRule Officer)> Ladder { get; private set; } = [];

    public IActionResult OnGet(string subject)
    {
        var today = Ist.Today(time);
        if (services.Find(subject, today) is not { Grievance: { } terms } found) return Refuse(Problem.NotFound);
        Subject = found;
        Law = found.Law is null ? null : services.Law(found.Law, today);
        var above = Law is null ? [] : terms.EntersAt is { } enters ? Law.Layers.SkipWhile(l => l.Code != enters).Skip(1) : Law.Layers;
        Ladder = [.. above.Select(l => (l.Code, Officer: found.Officers.GetValueOrDefault(l.Role) ?? l.Officer)).Where(l => l.Officer is not null).Select(l => (l.Code, l.Officer!))];
        return Page();
    }

    public string Officer(OfficerRule? rule) => rule is null ? "" : organisation.Designation(rule.Designation).In(Lang);
}
