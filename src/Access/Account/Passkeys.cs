using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Sahulat.Access.Officials;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;

namespace Sahulat.Access.Account;

/// <summary>What a browser asks before it makes or uses a passkey (WebAuthn, level 3). The challenge is kept in a sealed cookie for five minutes.</summary>
internal static class Passkeys
{
    public const int Most = 10;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/{lang}/desk/sign-in/passkey", async (SignInManager<Official> signIn) => Json(await signIn.MakePasskeyRequestOptionsAsync(null)));
        app.MapPost("/{lang}/desk/account/passkey", async (HttpContext http, SignInManager<Official> signIn, UserManager<Official> users) =>
        {
            if (await users.GetUserAsync(http.User) is not { } official) return Results.Unauthorized();
            return Json(await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = official.Id.ToString(), Name = official.UserName!, DisplayName = official.FullName }));
        }).RequireAuthorization(Policies.Official);
    }

    /// <summary>Takes in a new passkey that the official's browser made.</summary>
    public static async Task<Result<Done>> Add(SignInManager<Official> signIn, UserManager<Official> users, Official official, string credential, string? name)
    {
        name = name?.Trim() ?? "";
        var check = new Check();
        check.That(name.Length > 0, "name", "required");
        check.That(name.Length <= 60, "name", "too-long", 60);
        check.That(!name.Any(char.IsControl), "name", "control-characters");
        if (!check.Ok) return check.ToProblem();
        if (credential.Length == 0) return AccessProblems.PasskeyRefused;
        if ((await users.GetPasskeysAsync(official)).Count >= Most) return Problem.Invalid([new Fault("name", "too-many", Most)]);
        try
        {
            var made = await signIn.PerformPasskeyAttestationAsync(credential);
            if (!made.Succeeded || made.UserEntity.Id != official.Id.ToString()) return AccessProblems.PasskeyRefused;
            made.Passkey.Name = name;
            var kept = await users.AddOrUpdatePasskeyAsync(official, made.Passkey);
            return kept.Succeeded ? Done.It : AccessProblems.PasskeyRefused;
        }
        catch (InvalidOperationException)
        {
            // The challenge's cookie is gone: five minutes passed, or it was answered before.
            return AccessProblems.PasskeyRefused;
        }
    }

    /// <returns>The official whom the passkey proves; null when it proves nobody who may sign in.</returns>
    public static async Task<Official?> Prove(SignInManager<Official> signIn, UserManager<Official> users, string credential)
    {
        try
        {
            var shown = await signIn.PerformPasskeyAssertionAsync(credential);
            if (!shown.Succeeded || await users.IsLockedOutAsync(shown.User) || !await signIn.CanSignInAsync(shown.User)) return null;
            return (await users.AddOrUpdatePasskeyAsync(shown.User, shown.Passkey)).Succeeded ? shown.User : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static IResult Json(string options) => Results.Text(options, "application/json");
}
