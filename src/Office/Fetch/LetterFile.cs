using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Fetch;

/// <summary>The letter itself, as it was signed; and the short address without a language.</summary>
internal static class LetterFile
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/d/{code}", (HttpContext http, string code) => Results.Redirect($"/{RequestLanguage.Of(http.Request).Code}/d/{Uri.EscapeDataString(code)}"));
        app.MapGet("/{lang}/d/{code}/file", Get);
    }

    /// <summary>Nobody keeps it on the way, no list of pages names it, and where one goes from here is told to nobody.</summary>
    public static void Private(HttpResponse response)
    {
        response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
    }

    private static async Task<IResult> Get(HttpContext http, string code, LetterLinks links, CancellationToken ct)
    {
        Private(http.Response);
        if (!await links.Allowed(http.Connection.RemoteIpAddress?.ToString() ?? "", ct)) return OfficeProblems.OpenedOften.ToResult(http);
        return await links.Open(code, ct) is { } found ? Results.File(found.Pdf, "application/pdf", $"{found.Kind}-{found.Row.Number}.pdf") : Results.StatusCode(StatusCodes.Status404NotFound);
    }
}
