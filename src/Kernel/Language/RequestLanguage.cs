using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Sahulat.Kernel.Language;

/// <summary>Which language a request speaks: the address, else the reader's last choice, else what the browser asks for, else English.</summary>
public static class RequestLanguage
{
    public const string Cookie = "lang";

    public static Lang Of(HttpRequest request) =>
        Lang.Find(FirstSegment(request.Path)) ?? (IsApi(request) ? null : Lang.Find(request.Cookies[Cookie])) ?? Accepted(request.Headers.AcceptLanguage) ?? Lang.En;

    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api");

    /// <summary>The best of our languages in an Accept-Language header (RFC 9110, 12.5.4).</summary>
    public static Lang? Accepted(StringValues header)
    {
        if (StringValues.IsNullOrEmpty(header) || !StringWithQualityHeaderValue.TryParseList([.. header.OfType<string>()], out var wanted)) return null;
        return wanted
            .Where(w => w.Quality is not 0)
            .OrderByDescending(w => w.Quality ?? 1)
            .Select(w => Lang.Find(w.Value.Value?.Split('-')[0].ToLowerInvariant()))
            .FirstOrDefault(l => l is not null);
    }

    internal static string? FirstSegment(PathString path) => path.Value?.Split('/', 3, StringSplitOptions.None) is [_, var first, ..] ? first : null;
}
