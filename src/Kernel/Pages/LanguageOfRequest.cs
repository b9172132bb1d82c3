using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>Sets the request's <see cref="Texts"/>; an address in a language we do not have is not found. Remembers the choice of language for a year.</summary>
internal sealed class LanguageOfRequest(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http, Texts texts)
    {
        texts.Lang = RequestLanguage.Of(http.Request);
        if (http.GetRouteValue("lang") is not string asked) return next(http);
        if (Lang.Find(asked) is not { } lang)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        texts.Lang = lang;
        if (http.Request.Cookies[RequestLanguage.Cookie] != lang.Code && !RequestLanguage.IsApi(http.Request))
        {
            http.Response.Cookies.Append(RequestLanguage.Cookie, lang.Code, new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = http.Request.IsHttps });
        }

        return next(http);
    }
}
