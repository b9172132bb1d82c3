using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Find;
using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Browse;

/// <summary>All services: search in any language, by department and subject.</summary>
internal sealed class ListModel(ServiceSearch search, IServiceDirectory directory, CompiledForms forms, PlaceNames places) : SahulatPage
{
    private const int PageSize = 20;

    public string? Q { get; private set; }

    public string? Category { get; private set; }

    public string? Department { get; private set; }

    public IReadOnlyList<Choice> Categories { get; private set; } = [];

    public IReadOnlyList<Choice> Departments { get; private set; } = [];

    public IReadOnlyList<ServiceVersion> Shown { get; private set; } = [];

    public int Count { get; private set; }

    public int Number { get; private set; } = 1;

    public int Pages { get; private set; } = 1;

    public void OnGet([FromQuery] string? q, [FromQuery] string? category, [FromQuery] string? department)
    {
        (Q, Category, Department) = (q is { Length: > 200 } ? q[..200] : q, category, department);
        var all = directory.All(forms.Today());
        Categories = [.. PackFacts.Categories.Where(c => all.Any(s => s.Category == c)).Select(c => new Choice(c, T["catalogue.category." + c]))];
        Departments = [.. all.Select(s => s.Department).Distinct().Select(d => new Choice(d, places.Department(d).In(Lang))).OrderBy(c => c.Label, StringComparer.Ordinal)];
        var found = search.Find(Q).Where(s => (string.IsNullOrEmpty(Category) || s.Category == Category) && (string.IsNullOrEmpty(Department) || s.Department == Department));
        if (string.IsNullOrWhiteSpace(Q)) found = found.OrderByDescending(s => s.Online).ThenBy(s => s.Name.In(Lang), StringComparer.Ordinal);
        var list = found.ToArray();
        Count = list.Length;
        Pages = Math.Max(1, (Count + PageSize - 1) / PageSize);
        // "page" is a name that routing keeps for itself, so it is read from the query.
        _ = int.TryParse(Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        Number = Math.Clamp(number, 1, Pages);
        Shown = [.. list.Skip((Number - 1) * PageSize).Take(PageSize)];
    }
}
