using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Archive;

/// <summary>Pages of a file or receipt as PDF/A: which, and those that are made.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class ArchivePageModel(Archives archives, OfficePosts posts) : SahulatPage
{
    public Guid Item { get; private set; }

    public Holder Holder { get; private set; } = null!;

    public int First { get; private set; }

    public int Last { get; private set; }

    public IReadOnlyList<ArchiveRow> Made { get; private set; } = [];

    public string Path => $"/desk/office/{Holder.Kind}/{Item:N}";

    public async Task<IActionResult> OnGet(Guid id, [FromQuery] int? from, [FromQuery] int? to, CancellationToken ct) => await Load(id, from, to, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(Guid id, [FromForm] int? from, [FromForm] int? to, CancellationToken ct)
    {
        if (!await Load(id, from, to, ct)) return Refuse(Problem.NotFound);
        var asked = await archives.Ask(posts.Of((OfficialCaller)HttpContext.Caller()), id, from, to, ct);
        if (asked.Ok) return Go($"{Path}/pdfa?from={from}&to={to}");
        Made = await archives.Of(id, ct);
        return Refuse(asked.Problem);
    }

    private async Task<bool> Load(Guid id, int? from, int? to, CancellationToken ct)
    {
        if (await archives.Find(posts.Of((OfficialCaller)HttpContext.Caller()), id, ct) is not { } holder) return false;
        (Item, Holder) = (id, holder);
        First = from ?? 1;
        Last = to ?? Math.Min(holder.Pages, First + Archives.MostPages - 1);
        Made = await archives.Of(id, ct);
        return true;
    }
}
