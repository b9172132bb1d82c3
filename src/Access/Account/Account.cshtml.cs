using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Access.Officials;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Access.Account;

/// <summary>An official's own ways in: passkeys, recovery codes, password.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class AccountModel(UserManager<Official> users, SignInManager<Official> signIn, TokenSeal seal) : SahulatPage
{
    private const int CodesMade = 10;

    public string SignInName { get; private set; } = "";

    public IReadOnlyList<UserPasskeyInfo> Passkeys { get; private set; } = [];

    public int CodesLeft { get; private set; }

    /// <summary>Shown once.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public string? Did { get; private set; }

    /// <summary>Where notices of hearings, directions and show cause go.</summary>
    public string? Number { get; private set; }

    public static string Handle(UserPasskeyInfo passkey) => Convert.ToHexStringLower(passkey.CredentialId);

    public async Task<IActionResult> OnGet(string? did)
    {
        Did = did is "added" or "removed" or "password" or "mobile" ? did : null;
        return await Load() is null ? StatusCode(401) : Page();
    }

    public async Task<IActionResult> OnPost([FromForm(Name = "do")] string? act, [FromForm] string? credential, [FromForm] string? name, [FromForm] string? passkey, [FromForm] string? current, [FromForm] string? next, [FromForm] string? mobile)
    {
        if (await Load() is not { } official) return StatusCode(401);
        switch (act)
        {
            case "add":
                var added = await Account.Passkeys.Add(signIn, users, official, credential ?? "", name);
                return added.Ok ? Go("/desk/account?did=added") : Refuse(added.Problem);
            case "remove":
                if (Passkeys.FirstOrDefault(p => Handle(p) == passkey) is not { } gone) return Refuse(Problem.NotFound);
                await users.RemovePasskeyAsync(official, gone.CredentialId);
                return Go("/desk/account?did=removed");
            case "codes":
                Codes = [.. await users.GenerateNewTwoFactorRecoveryCodesAsync(official, CodesMade) ?? []];
                CodesLeft = Codes.Count;
                return Page();
            case "mobile":
                return await Reach(official, mobile);
            case "password":
                return await Change(official, current ?? "", next ?? "");
            default:
                return Refuse(Problem.NotFound);
        }
    }

    private async Task<IActionResult> Reach(Official official, string? written)
    {
        var number = string.IsNullOrWhiteSpace(written) ? null : Mobile.Normalise(written);
        if (number is null && !string.IsNullOrWhiteSpace(written)) return Refuse(Problem.Invalid([new Fault("mobile", "not-a-mobile")]));
        official.PhoneNumber = number is null ? null : seal.Seal(official.Id, OfficialRegister.MobileName, number);
        await users.UpdateAsync(official);
        return Go("/desk/account?did=mobile");
    }

    private async Task<IActionResult> Change(Official official, string current, string next)
    {
        if (!(await signIn.CheckPasswordSignInAsync(official, current, lockoutOnFailure: true)).Succeeded) return Refuse(Problem.Invalid([new Fault("current", "wrong-password")]));
        var changed = await users.ChangePasswordAsync(official, current, next);
        if (!changed.Succeeded) return Refuse(Problem.Invalid([new Fault("next", "weak-password")]));
        await signIn.RefreshSignInAsync(official);
        return Go("/desk/account?did=password");
    }

    private async Task<Official?> Load()
    {
        if (await users.GetUserAsync(User) is not { } official) return null;
        SignInName = official.UserName!;
        Number = official.PhoneNumber is { } kept ? seal.Open(official.Id, OfficialRegister.MobileName, kept) : null;
        Passkeys = [.. (await users.GetPasskeysAsync(official)).OrderBy(p => p.CreatedAt)];
        CodesLeft = await users.CountRecoveryCodesAsync(official);
        return official;
    }
}
