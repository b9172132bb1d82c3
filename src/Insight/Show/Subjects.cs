using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;

namespace Sahulat.Insight.Show;

/// <summary>What services, offices, districts and departments are called, and whether there is such a one.</summary>
internal sealed class Subjects(IServiceDirectory services, IOrganisation organisation, TimeProvider time)
{
    public LocalText? Name(string kind, string code) => kind switch
    {
        Kinds.Service => (services.Find(code, Ist.Today(time)) ?? services.FindVersion(code, 1))?.Name,
        Kinds.Office => organisation.Office(code)?.Name,
        Kinds.District => organisation.Place(code) is { Kind: "district" } place ? place.Name : null,
        Kinds.Department => services.All(Ist.Today(time)).Any(s => s.Department == code) ? organisation.Department(code) : null,
        _ => null,
    };

    public static bool Matches(LocalText? name, string code, string? q) =>
        string.IsNullOrWhiteSpace(q) || code.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase) || name?.Values.Any(n => n.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase)) == true;
}
