using Microsoft.AspNetCore.Mvc;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Sign;

namespace Sahulat.Office.Fetch;

/// <summary>What the link in a message opens: the letter to be fetched, its number, date and office, and whether its signature holds. Nothing else is shown to whoever has the link.</summary>
internal sealed class LetterPageModel(LetterLinks links, OfficePosts posts) : SahulatPage
{
    public string Code { get; private set; } = "";

    /// <summary>Null when the address opened too many.</summary>
    public Linked? Found { get; private set; }

    public SignatureSeen? Signature { get; private set; }

    public DateOnly On => Ist.DateIn(Found!.Row.At);

    public DateOnly Until => Ist.DateIn(Found!.Row.LinkUntil!.Value);

    public string Office => posts.OfficeName(Found!.Row.Office, Lang);

    public async Task<IActionResult> OnGet(string code, CancellationToken ct)
    {
        LetterFile.Private(Response);
        Code = code;
        if (!await links.Allowed(HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", ct)) return Refuse(OfficeProblems.OpenedOften);
        if (await links.Open(code, ct) is not { } found) return Refuse(Problem.NotFound);
        (Found, Signature) = (found, SignatureCheck.Of(found.Pdf));
        return Page();
    }
}
