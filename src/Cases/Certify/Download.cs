using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Cases.Requests;
using Sahulat.Cases.Revoke;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Certify;

/// <summary>The PDF: for the applicant below his request, for officials below the certificate's page on the desk.</summary>
internal static class Download
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/{lang}/requests/{reference}/certificate", Own).RequireAuthorization(Policies.Citizen);
        app.MapGet("/{lang}/desk/certificates/{number}/pdf", OnDesk).RequireAuthorization(Policies.Official);
    }

    private static async Task<IResult> Own(HttpContext http, string lang, string reference, CaseView view, Certificates certificates, TimeProvider time, CancellationToken ct)
    {
        if (Reference.Parse(reference, out _) is not { } parsed || await view.Row(parsed, ct) is not { } row || row.Applicant != ((CitizenCaller)http.Caller()).Id) return Results.NotFound();
        if ((await certificates.OfCase(row.Id, ct)).FirstOrDefault() is not { } certificate) return Results.NotFound();
        if (certificate.RevokedAt is not null) return Results.StatusCode(StatusCodes.Status410Gone);
        if (certificate.State == "issued") return await File(http, certificate, certificates, ct);
        await certificates.Want(certificate, time.GetUtcNow(), ct);
        http.Response.Headers.Location = $"/{lang}/requests/{parsed}";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<IResult> OnDesk(HttpContext http, string number, Certificates certificates, RevokeRight right, CancellationToken ct) =>
        Reference.ParseCertificate(number, out _) is { } parsed && await certificates.ByNumber(parsed, ct) is { } certificate && await right.MaySee((OfficialCaller)http.Caller(), certificate, ct)
            ? await File(http, certificate, certificates, ct) : Results.NotFound();

    private static async Task<IResult> File(HttpContext http, CertificateRow certificate, Certificates certificates, CancellationToken ct)
    {
        if (await certificates.Pdf(certificate, ct) is not { } pdf) return Results.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{Reference.Show(certificate.Number)}.pdf\"";
        return Results.Stream(pdf, "application/pdf");
    }
}
