using Microsoft.AspNetCore.Http;

namespace Sahulat.Kernel.Pages;

/// <summary>What a browser may do with our pages: nothing inline, nothing from elsewhere, no framing.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        Set(http);
        http.Response.OnStarting(KeepPrivate, http);
        return next(http);
    }

    internal static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
    }

    // A page about a person must not be read again from a shared phone's cache after signing out.
    private static Task KeepPrivate(object state)
    {
        var http = (HttpContext)state;
        if (string.IsNullOrEmpty(http.Response.Headers.CacheControl))
            http.Response.Headers.CacheControl = http.User.Identity?.IsAuthenticated == true || !HttpMethods.IsGet(http.Request.Method) ? "no-store" : "no-cache";
        return Task.CompletedTask;
    }
}
