using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Pendency;

/// <summary>Grievances pending by layer and office, for the head of an office.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PendencyModel(Pending pending) : SahulatPage
{
    private const int PageSize = 50;

    public IReadOnlyList<PendingRow> Rows { get; private set; } = [];

    public IReadOnlyList<PendingRow> Shown { get; private set; } = [];

    public int Number { get; private set; } = 1;

    public int Pages { get; private set; } = 1;

    public async Task<IActionResult> OnGet(CancellationToken ct)
    {
        var who = (OfficialCaller)HttpContext.Caller();
        if (!pending.Heads(who.Id)) return Refuse(Problem.Forbidden);
        Rows = await pending.Of(who.Id, ct);
        Pages = Math.Max(1, (Rows.Count + PageSize - 1) / PageSize);
        _ = int.TryParse(Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        Number = Math.Clamp(number, 1, Pages);
        Shown = [.. Rows.Skip((Number - 1) * PageSize).Take(PageSize)];
        return Page();
    }

    public string Office(PendingRow row) => pending.OfficeName(row.Office, Lang);
}
