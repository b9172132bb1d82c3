using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Draft;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Preview;

/// <summary>The draft as a citizen's phone would show it, in any of its languages, beside the list of its pages.</summary>
internal sealed class PreviewModel(Drafts drafts, DraftCheck check) : DesignPage
{
    public DraftRow Draft { get; private set; } = null!;

    public CheckedDraft Checked { get; private set; } = null!;

    public Lang In { get; private set; } = Lang.En;

    /// <summary>A form page's id; null for the service's own page.</summary>
    public string? Shown { get; private set; }

    public bool Wide { get; private set; }

    public string Base => $"/desk/catalogue/drafts/{Draft.Id}";

    public IReadOnlyList<FormPage> FormPages => Checked.Service.Form?.Pages ?? [];

    public string Frame => $"/{In.Code}{Base}/try{(Shown is null ? "" : "/" + Uri.EscapeDataString(Shown))}";

    public async Task<IActionResult> OnGet([FromRoute] Guid id, [FromQuery(Name = "in")] string? lang, [FromQuery] string? show, [FromQuery] string? width, CancellationToken ct)
    {
        if (await drafts.Find(id, ct) is not { } found) return Refuse(Problem.NotFound);
        Draft = found;
        Checked = check.Of(found.Document(), found.Code);
        In = Lang.Find(lang) ?? Lang;
        Shown = FormPages.Any(p => p.Id == show) ? show : null;
        Wide = width == "wide";
        Response.Headers.ContentSecurityPolicy = Response.Headers.ContentSecurityPolicy.ToString() + "; frame-src 'self'";
        return Page();
    }
}
