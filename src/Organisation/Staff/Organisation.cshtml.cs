using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Load;

namespace Sahulat.Organisation.Staff;

/// <summary>A place: its offices with their posts and holders, and the places in it; or the vacant posts of all of them.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class OrganisationModel(Staff staff, OrganisationDirectory directory, IOfficials officials) : SahulatPage
{
    public const int PageSize = 100;

    public Place Place { get; private set; } = null!;

    public bool Vacant { get; private set; }

    public string? Q { get; private set; }

    public IReadOnlyList<Place> Found { get; private set; } = [];

    public IReadOnlyList<Place> Above { get; private set; } = [];

    public IReadOnlyList<(string Kind, IReadOnlyList<Place> Places)> Below { get; private set; } = [];

    /// <summary>Those beside it that lie in no other place either.</summary>
    public IReadOnlyList<Place> Governments { get; private set; } = [];

    public IReadOnlyList<StaffRow> Rows { get; private set; } = [];

    public IReadOnlyDictionary<Guid, OfficialName> Names { get; private set; } = new Dictionary<Guid, OfficialName>();

    public int Posts { get; private set; }

    public int VacantPosts { get; private set; }

    public int Number { get; private set; } = 1;

    public int Pages => Math.Max(1, (VacantPosts + PageSize - 1) / PageSize);

    public async Task<IActionResult> OnGet(string? place, string? show, string? q, CancellationToken ct)
    {
        if (directory.Place(place ?? directory.Now.Roots[0].Code) is not { } found) return Refuse(Problem.NotFound);
        Place = found;
        Vacant = show == "vacant";
        Q = string.IsNullOrWhiteSpace(q) ? null : q.Trim();
        Found = Q is null ? [] : directory.SearchPlaces(Q, null);
        Above = [.. directory.PlaceAndAncestors(found.Code).Skip(1).Reverse().Select(directory.Place).OfType<Place>()];
        Below = [.. PackTables.Kinds.Select(k => (k, directory.Children(found.Code, k))).Where(k => k.Item2.Count > 0)];
        Governments = found.Parent is null ? [.. directory.Now.Roots.Where(r => r.Code != found.Code)] : [];
        var all = staff.Within(found.Code).ToArray();
        var vacant = all.Where(r => r.Holders.Count == 0).ToArray();
        (Posts, VacantPosts) = (all.Length, vacant.Length);
        if (int.TryParse(Request.Query["page"], out var page)) Number = Math.Clamp(page, 1, Pages);
        Rows = Vacant ? [.. vacant.Skip((Number - 1) * PageSize).Take(PageSize)] : [.. directory.Now.OfficesAt(found.Code).SelectMany(staff.Of)];
        Names = await officials.Names([.. Rows.SelectMany(r => r.Holders).Select(h => h.Official).Distinct()], ct);
        return Page();
    }

    public string Designation(Post post) => directory.Designation(post.Designation).In(Lang);
}
