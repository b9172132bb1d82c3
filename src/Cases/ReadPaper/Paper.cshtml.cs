using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Examine;
using Sahulat.Cases.Papers;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.ReadPaper;

/// <summary>A paper of a case, shown inside a page of ours to the posts that may see the case.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PaperModel(CaseFiles files) : SahulatPage
{
    public CaseFile Opened { get; private set; } = null!;

    public PaperShown Paper { get; private set; } = null!;

    public string Address => $"/desk/cases/{Opened.Case.Reference}/papers/{Paper.Id:N}/content";

    public async Task<IActionResult> OnGet(string reference, Guid paper, CancellationToken ct)
    {
        if (await files.Find((OfficialCaller)HttpContext.Caller(), reference, null, Lang, ct) is not { } file || file.Papers.FirstOrDefault(p => p.Id == paper) is not { } found) return Refuse(Problem.NotFound);
        (Opened, Paper) = (file, found);
        // This page alone may frame something: the paper, from this site.
        Response.Headers.ContentSecurityPolicy = Response.Headers.ContentSecurityPolicy.ToString() + "; frame-src 'self'";
        return Page();
    }
}

/// <summary>The paper itself, opened on the way out and never kept by a browser or a proxy.</summary>
internal static class PaperContent
{
    public static async Task<IResult> Get(HttpContext http, string reference, Guid paper, CaseFiles files, PaperStore papers, Texts texts, CancellationToken ct)
    {
        if (await files.Seen((OfficialCaller)http.Caller(), reference, ct) is not { } seen || await files.Paper(seen, paper, texts.Lang, ct) is not var (shown, of) || await papers.Open(of, paper, ct) is not var (content, type)) return Results.StatusCode(StatusCodes.Status404NotFound);
        var headers = http.Response.Headers;
        // Only our own page may frame it, and nothing inside it may run, load or send anything.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'";
        headers.XFrameOptions = "SAMEORIGIN";
        headers.CacheControl = "no-store";
        headers.ContentDisposition = $"inline; filename=\"{seen.Case.Reference}-{paper:N}{Path.GetExtension(shown.Name)}\"";
        return Results.Stream(content, type);
    }
}
