using Microsoft.AspNetCore.Http;

namespace Sahulat.Kernel.Pages;

/// <summary>The browser keeps what officials write until it is told that exactly this form was taken: by a cookie that holds the form's mark.</summary>
internal static class Kept
{
    public const string Field = "_kept", Cookie = "taken";

    private const int Length = 32, Most = 20;

    public static void Taken(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.HasFormContentType || http.Request.Form[Field].ToString() is not { Length: Length } mark || !mark.All(char.IsAsciiHexDigitLower)) return;
        // Marks that no page has read yet, of other windows, stay.
        var marks = (http.Request.Cookies[Cookie] ?? "").Split('.').Where(m => m.Length == Length && m.All(char.IsAsciiHexDigitLower)).TakeLast(Most - 1).Append(mark);
        http.Response.Cookies.Append(Cookie, string.Join('.', marks), new CookieOptions { MaxAge = TimeSpan.FromDays(1), SameSite = SameSiteMode.Strict, HttpOnly = false, IsEssential = true, Secure = http.Request.IsHttps });
    }
}
