using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Access.SignIn;

internal sealed class CodeModel(IOneTimeCodes codes, ICitizens citizens, Database database, IConfiguration configuration) : SahulatPage
{
    public string Sent { get; private set; } = "";

    public string Back { get; private set; } = "";

    public bool OnScreen => configuration["Sahulat:Outbox"] == "screen";

    public void OnGet(string? challenge, string? back) => Keep(challenge, back);

    public async Task<IActionResult> OnPost(string? challenge, string? code, string? back, CancellationToken ct)
    {
        Keep(challenge, back);
        _ = Guid.TryParse(challenge, out var id);
        var verified = await codes.Verify(id, "sign-in", code ?? "", ct);
        if (!verified.Ok) return Refuse(verified.Problem);
        var citizen = await database.Write(async work => (await citizens.Resolve(work, [verified.Value]))[verified.Value], ct);
        await HttpContext.SignInAsync(Policies.Citizen, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, citizen.ToString("N")), new Claim(Callers.KindClaim, "citizen")], Policies.Citizen)));
        if (Back.Length == 0) return Go("/requests");
        Response.Headers.Location = Back;
        return StatusCode(303);
    }

    private void Keep(string? challenge, string? back) => (Sent, Back) = (Guid.TryParse(challenge, out var id) ? id.ToString("N") : "", SafeBack.Of(back) ?? "");
}
