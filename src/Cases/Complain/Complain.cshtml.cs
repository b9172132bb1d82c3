using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Complain;

/// <summary>What the grievance is about: by search in any language, or from the list by department.</summary>
internal sealed class ComplainModel(IGrievanceSearch search, IOrganisation organisation) : SahulatPage
{
    public string? Q { get; private set; }

    public IReadOnlyList<(string Title, IReadOnlyList<ServiceVersion> Subjects)> Groups { get; private set; } = [];

    public void OnGet([FromQuery] string? q)
    {
        Q = q is { Length: > 200 } ? q[..200] : q;
        var found = search.Find(Q);
        if (!string.IsNullOrWhiteSpace(Q))
        {
            Groups = found.Count == 0 ? [] : [(T["cases.complain.found", found.Count], found)];
            return;
        }

        Groups = [.. found.Where(s => s.Grievance!.Instead is null && s.Code != Other).GroupBy(s => s.Department).Select(g => (Title: organisation.Department(g.Key).In(Lang), Subjects: (IReadOnlyList<ServiceVersion>)[.. g]))
            .OrderBy(g => g.Title, StringComparer.Ordinal)];
        if (found.Where(s => s.Code == Other).ToArray() is { Length: > 0 } other) Groups = [.. Groups, (other[0].Name.In(Lang), other)];
        if (found.Where(s => s.Grievance!.Instead is not null).ToArray() is { Length: > 0 } refused) Groups = [.. Groups, (T["cases.complain.refused"], refused)];
    }

    /// <summary>What fits nowhere else comes last.</summary>
    private const string Other = "other";
}
