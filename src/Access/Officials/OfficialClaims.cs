using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sahulat.Contracts.Access;

namespace Sahulat.Access.Officials;

internal sealed class OfficialClaims(UserManager<Official> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<Official>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Official user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        if (identity.FindFirst(ClaimTypes.Name) is { } login) identity.RemoveClaim(login);
        identity.AddClaim(new Claim(ClaimTypes.Name, user.FullName));
        identity.AddClaim(new Claim(Callers.KindClaim, "official"));
        identity.AddClaim(new Claim(ClaimTypes.Role, "official"));
        return identity;
    }
}
