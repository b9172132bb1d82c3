using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Find;

/// <summary>Search in the contents of everything the official may see.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class SearchPageModel(Search search, OfficePosts posts) : SahulatPage
{
    public string? Query { get; private set; }

    public Found Found { get; private set; } = new([], null);

    /// <summary>Where the list shown begins; null at its head.</summary>
    public string? From { get; private set; }

    public async Task OnGet(string? q, string? from, CancellationToken ct)
    {
        (Query, From) = (q is { Length: > 0 and <= Search.QueryMax } ? q : null, from);
        if (Query is not null) Found = await search.Run(posts.Of((OfficialCaller)HttpContext.Caller()), Query, from, ct);
    }
}
