using Microsoft.AspNetCore.Mvc;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Host.Pages;

/// <summary>What a reader sees in place of a page that cannot be shown; asked for by itself, it is not found.</summary>
[IgnoreAntiforgeryToken]
internal sealed class StatusModel : SahulatPage
{
    public string Heading { get; private set; } = "";

    public string Advice { get; private set; } = "";

    public IActionResult OnGet()
    {
        var status = HttpContext.Features.Get<IStatusPageFeature>()?.Status ?? StatusCodes.Status404NotFound;
        Response.StatusCode = status;
        Heading = T.Problem(Refused ?? new Problem(StatusPages.CodeOf(status), status));
        Advice = T[status switch { 404 or 410 => "host.status.404.text", 401 or 403 => "host.status.403.text", 429 => "host.status.429.text", >= 500 => "host.status.500.text", _ => "host.status.other.text" }];
        return Page();
    }
}
