using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Office.Intake;
using Sahulat.Office.Papers;
using Sahulat.Office.Plan;

namespace Sahulat.Office.PlaceByHand;

/// <summary>The picture of a page that has no file yet, for who may see its plan.</summary>
internal static class PagePicture
{
    public static string Context(Guid scan, int page) => $"{Intakes.Context(scan)}/{page}";

    public static async Task<IResult> Get(HttpContext http, Guid plan, Guid scan, int page, ScanPlans plans, OfficePosts posts, Seals seals, SealedBlobs blobs, Database database, CancellationToken ct)
    {
        if (await plans.Find(posts.Of((OfficialCaller)http.Caller()), plan, ct) is null) return Results.StatusCode(StatusCodes.Status404NotFound);
        var (image, subject) = await database.One<(string?, Guid?)>("select p.image, p.image_key from office.intake_page p join office.intake i on i.id = p.intake where p.intake = @scan and p.page = @page and i.plan = @plan", new { scan, page, plan }, ct);
        if (image is null || !(await seals.Keys([subject!.Value], ct)).TryGetValue(subject.Value, out var key) || await blobs.Open(key, image, Context(scan, page), ct) is not { } content) return Results.StatusCode(StatusCodes.Status404NotFound);
        return PaperContent.Shown(http, content, "image/jpeg", $"{scan:N}-{page}.jpg");
    }
}
