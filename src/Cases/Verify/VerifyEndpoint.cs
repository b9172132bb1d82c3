using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Cases.Certify;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Verify;

/// <summary>For programs: one certificate by the token of its QR code, and the keys to verify statements with. See docs/certificates.md.</summary>
internal static class VerifyEndpoint
{
    public const string KeysPath = "/.well-known/sahulat-certificate-keys.json";

    /// <summary>An hour for one address: a counter that scans all day stays below it.</summary>
    public const int PerHour = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/certificates/{token}", Get);
        app.MapGet(KeysPath, async (HttpContext http, SigningKeys keys, CancellationToken ct) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=3600";
            return Results.Json(await keys.Published(ct), contentType: "application/jwk-set+json");
        });
    }

    private static async Task<IResult> Get(HttpContext http, string token, Certificates certificates, Attempts attempts, TimeProvider time, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!await attempts.Allowed("verify", http.Connection.RemoteIpAddress?.ToString() ?? "", PerHour, ct)) return CaseProblems.TooManyAttempts.ToResult(http);
        if (token.Length > 40 || await certificates.ByToken(token, ct) is not { } c) return Problem.NotFound.ToResult(http);
        var office = certificates.OfficeOf(c);
        return Results.Json(new
        {
            c.Number,
            shown = Reference.Show(c.Number),
            status = c.Standing(Ist.Today(time)),
            service = new { code = c.Service, name = certificates.ServiceOf(c)?.Name },
            office = office is null ? null : new { office.Code, office.Name },
            name = await certificates.HolderOf(c, ct),
            c.IssuedOn,
            validUntil = c.ExpiresOn,
            revokedOn = c.RevokedAt is { } at ? Ist.DateIn(at) : (DateOnly?)null,
            revokedFor = c.RevokedFor,
            c.Replaces,
            c.ReplacedBy,
            pdfSha256 = c.Digest,
            c.Statement,
            keys = KeysPath,
        });
    }
}
