using Sahulat.Kernel.Language;

namespace Sahulat.Host.Pages;

internal static class Root
{
    /// <summary>The bare address leads to the reader's language: the last choice, else the browser's.</summary>
    public static void MapRoot(this IEndpointRouteBuilder app) => app.MapMethods("/", ["GET", "HEAD"], (HttpContext http) =>
    {
        http.Response.Headers.Vary = "Accept-Language, Cookie";
        return Results.Redirect("/" + RequestLanguage.Of(http.Request).Code);
    });
}
