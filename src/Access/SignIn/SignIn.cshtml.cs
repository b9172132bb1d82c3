using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Access.SignIn;

internal sealed class SignInModel(IOneTimeCodes codes) : SahulatPage
{
    public string Back { get; private set; } = "";

    public void OnGet(string? back) => Back = SafeBack.Of(back) ?? "";

    public async Task<IActionResult> OnPost(string? mobile, string? back, CancellationToken ct)
    {
        Back = SafeBack.Of(back) ?? "";
        if (Mobile.Normalise(mobile) is not { } number) return Refuse(Problem.Invalid([new Fault("mobile", string.IsNullOrWhiteSpace(mobile) ? "required" : "not-a-mobile")]));
        var sent = await codes.Send(number, "sign-in", Lang.Code, HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", ct);
        return sent.Ok ? Go($"/sign-in/code?challenge={sent.Value:N}&back={Uri.EscapeDataString(Back)}") : Refuse(sent.Problem);
    }
}

/// <summary>Only paths of this site may be gone back to.</summary>
internal static class SafeBack
{
    public static string? Of(string? path) =>
        path is { Length: > 1 and < 1000 } && path[0] == '/' && path[1] is not ('/' or '\\') && !path.Any(char.IsControl) && !path.Contains('\\') ? path : null;
}
