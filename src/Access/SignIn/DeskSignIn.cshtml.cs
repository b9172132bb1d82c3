using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using QRCoder;
using Sahulat.Access.Account;
using Sahulat.Access.Officials;
using Sahulat.Access.Provision;
using Sahulat.Kernel.Pages;

namespace Sahulat.Access.SignIn;

/// <summary>Password and the code of an authenticator app, asked together, so that neither can be tested alone. An official without an app enrols one at the first sign-in.</summary>
internal sealed class DeskSignInModel(UserManager<Official> users, SignInManager<Official> signIn, Accounts accounts) : SahulatPage
{
    public string Back { get; private set; } = "";

    public (string Secret, string Qr)? Enrol { get; private set; }

    public void OnGet(string? back) => Back = SafeBack.Of(back) ?? "";

    public async Task<IActionResult> OnPost(string? name, string? password, string? code, string? credential, string? back)
    {
        Back = SafeBack.Of(back) ?? "";
        if (!string.IsNullOrEmpty(credential)) return await Passkeys.Prove(signIn, users, credential) is { } proved ? await Enter(proved, "passkey") : Refuse(AccessProblems.PasskeyRefused);
        var official = await users.FindByNameAsync(name ?? "");
        if (official is null)
        {
            // As long as a real check takes, so that names cannot be found by the time of the answer.
            users.PasswordHasher.VerifyHashedPassword(new Official(), NoPassword, password ?? "");
            return Refuse(AccessProblems.WrongSignIn);
        }

        var right = await signIn.CheckPasswordSignInAsync(official, password ?? "", lockoutOnFailure: true);
        if (!right.Succeeded && !right.RequiresTwoFactor) return Refuse(AccessProblems.WrongSignIn);
        var digits = new string([.. (code ?? "").Where(char.IsDigit).Select(c => (char)('0' + (int)char.GetNumericValue(c)))]);
        if (!official.TwoFactorEnabled && await users.GetAuthenticatorKeyAsync(official) is null) await users.ResetAuthenticatorKeyAsync(official);
        if (!await users.VerifyTwoFactorTokenAsync(official, TokenOptions.DefaultAuthenticatorProvider, digits) && !await Recovers(official, code))
        {
            if (official.TwoFactorEnabled || digits.Length > 0) await users.AccessFailedAsync(official);
            if (!official.TwoFactorEnabled) Enrol = await Enrolment(official);
            return Refuse(AccessProblems.WrongSignIn);
        }

        if (!official.TwoFactorEnabled) await users.SetTwoFactorEnabledAsync(official, true);
        await users.ResetAccessFailedCountAsync(official);
        return await Enter(official, "pwd+otp");
    }

    private async Task<IActionResult> Enter(Official official, string how)
    {
        if (!official.Active) return Refuse(how == "passkey" ? AccessProblems.PasskeyRefused : AccessProblems.WrongSignIn);
        await signIn.SignInAsync(official, isPersistent: false, how);
        await accounts.FirstSignIn(official.Id);
        if (Back.Length == 0) return Go("/desk");
        Response.Headers.Location = Back;
        return StatusCode(303);
    }

    /// <summary>A recovery code stands for the authenticator once.</summary>
    private async Task<bool> Recovers(Official official, string? code) =>
        official.TwoFactorEnabled && !string.IsNullOrWhiteSpace(code) && (await users.RedeemTwoFactorRecoveryCodeAsync(official, code.Trim().ToUpperInvariant())).Succeeded;

    /// <summary>A hash of nothing that anybody knows.</summary>
    private static readonly string NoPassword = new PasswordHasher<Official>().HashPassword(new Official(), Guid.NewGuid().ToString());

    private async Task<(string, string)> Enrolment(Official official)
    {
        var secret = await users.GetAuthenticatorKeyAsync(official) ?? "";
        using var qr = new PngByteQRCode(QRCodeGenerator.GenerateQrCode($"otpauth://totp/Sahulat:{Uri.EscapeDataString(official.UserName!)}?secret={secret}&issuer=Sahulat", QRCodeGenerator.ECCLevel.M));
        return (secret, Convert.ToBase64String(qr.GetGraphic(6)));
    }
}
