using Microsoft.AspNetCore.Http;

namespace Sahulat.Kernel.Pages;

/// <summary>Serves <see cref="Assets"/> in the smallest form the browser takes; hashed names may be kept for ever.</summary>
internal sealed class AssetServing(RequestDelegate next, Assets assets)
{
    public Task InvokeAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return next(http);
        if (request.Path.Value is not { } path || assets.Find(path) is not { } asset) return next(http);
        var accepted = request.Headers.AcceptEncoding.ToString();
        var (body, encoding) = (asset.Brotli, asset.Gzip) switch
        {
            ({ } brotli, _) when Takes(accepted, "br") => (brotli, "br"),
            (_, { } gzip) when Takes(accepted, "gzip") => (gzip, "gzip"),
            _ => (asset.Plain, null),
        };
        response.ContentType = asset.ContentType;
        response.ContentLength = body.Length;
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        if (asset.Brotli is not null || asset.Gzip is not null) response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = asset.Immutable ? "public, max-age=31536000, immutable" : "public, max-age=3600";
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static bool Takes(string accepted, string encoding) =>
        accepted.Split(',', StringSplitOptions.TrimEntries).Any(a => a == encoding || (a.StartsWith(encoding + ";", StringComparison.Ordinal) && !a.EndsWith("q=0", StringComparison.Ordinal)));
}
