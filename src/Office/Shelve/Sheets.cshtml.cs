using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using QRCoder;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Scan;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Shelve;

/// <summary>Separator sheets to print, one a file: laid before its pages, the sheet's code says whose they are.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class SheetsModel(ScanPlans plans, OfficePosts posts) : SahulatPage
{
    public PlanRow Plan { get; private set; } = null!;

    public BundleRow Bundle { get; private set; } = null!;

    public IReadOnlyList<(ItemRow Item, string Title)> Items { get; private set; } = [];

    public async Task<IActionResult> OnGet(Guid plan, Guid bundle, CancellationToken ct)
    {
        if (await plans.Find(posts.Of((OfficialCaller)HttpContext.Caller()), plan, ct) is not { } found) return Refuse(Problem.NotFound);
        var view = await plans.View(found, ct);
        if (view.Bundles.FirstOrDefault(b => b.Bundle.Id == bundle) is not { Bundle: { } own, Items: { } items }) return Refuse(Problem.NotFound);
        (Plan, Bundle, Items) = (found, own, items);
        return Page();
    }

    /// <summary>A picture of the code, as a data address.</summary>
    public static string Code(string code)
    {
        using var qr = new PngByteQRCode(QRCodeGenerator.GenerateQrCode(PageLook.Mark + code, QRCodeGenerator.ECCLevel.Q));
        return "data:image/png;base64," + Convert.ToBase64String(qr.GetGraphic(12));
    }
}
