using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sahulat.Access.Systems;

/// <summary><c>X-Api-Key</c>, or <c>Authorization: Bearer</c>.</summary>
internal sealed class ApiKeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? key = Request.Headers["X-Api-Key"];
        if (key is null && Request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) key = header[7..].Trim();
        // Keys of another form belong to a room that checks them itself.
        if (string.IsNullOrEmpty(key) || !key.StartsWith("sk_", StringComparison.Ordinal)) return AuthenticateResult.NoResult();
        return await keys.Find(key, Context.RequestAborted) is { } user ? AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name)) : AuthenticateResult.Fail("unknown key");
    }
}
