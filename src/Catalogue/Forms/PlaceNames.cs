using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Forms;

/// <summary>What forms and pages need of the organisation. Asked late: rooms are registered in any order.</summary>
internal sealed class PlaceNames(IServiceProvider services)
{
    private IOrganisation Organisation => services.GetRequiredService<IOrganisation>();

    /// <summary>Whether a place of this kind has this code.</summary>
    public bool Knows(string kind, string code) => Organisation.Place(code)?.Kind == kind;

    public string Name(string code, Lang lang) => Organisation.Place(code)?.Name.In(lang) ?? code;

    /// <summary>Places of a kind with the name of the place above them, which tells namesakes apart.</summary>
    public IEnumerable<(string Code, string Name)> All(string kind, Lang lang) =>
        Organisation.OfKind(kind)
            .Select(p => (p.Code, Name: p.Parent is { } above && p.Kind is not ("ut" or "state" or "division" or "district") ? $"{p.Name.In(lang)} ({Name(above, lang)})" : p.Name.In(lang)))
            .OrderBy(p => p.Name, StringComparer.Ordinal);

    public LocalText Department(string code) => Organisation.Department(code);

    public LocalText Designation(string code) => Organisation.Designation(code);
}
