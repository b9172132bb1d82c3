using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Find;

/// <summary>Search in the contents of everything the official may see.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class SearchPageModel(Search search, OfficePosts posts) : SahulatPage
{
    public string? Query { get; private set; }

    public IReadOnlyList<Hit> Hits { get; private set; } = [];

    public async Task OnGet(string? q, CancellationToken ct)
    {
        Query = q is { Length: > 0 and <= Search.QueryMax } ? q : null;
        if (Query is not null) Hits = await search.Run(posts.Of((OfficialCaller)HttpContext.Caller()), Query, ct);
    }
}
