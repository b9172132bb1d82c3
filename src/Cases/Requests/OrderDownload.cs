using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Cases.Examine;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Requests;

/// <summary>The order that an office sent out with the request: for the applicant below his request, for officials below the case on the desk.</summary>
internal static class OrderDownload
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/{lang}/requests/{reference}/orders/{order:guid}", Own).RequireAuthorization(Policies.Citizen);
        app.MapGet("/{lang}/desk/cases/{reference}/orders/{order:guid}", OnDesk).RequireAuthorization(Policies.Official);
    }

    private static async Task<IResult> Own(HttpContext http, string reference, Guid order, CaseView view, ICasePapers orders, CancellationToken ct) =>
        Reference.Parse(reference, out _) is { } parsed && await view.Row(parsed, ct) is { } row && row.Applicant == ((CitizenCaller)http.Caller()).Id ? await File(http, parsed, order, orders, ct) : Results.NotFound();

    private static async Task<IResult> OnDesk(HttpContext http, string reference, Guid order, CaseFiles files, ICasePapers orders, CancellationToken ct) =>
        await files.Seen((OfficialCaller)http.Caller(), reference, ct) is var (c, _) ? await File(http, c.Reference, order, orders, ct) : Results.NotFound();

    private static async Task<IResult> File(HttpContext http, string reference, Guid order, ICasePapers orders, CancellationToken ct)
    {
        if (await orders.Open(reference, order, ct) is not { } pdf) return Results.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{order:N}.pdf\"";
        return Results.Stream(pdf, "application/pdf");
    }
}
