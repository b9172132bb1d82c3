using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Draft;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.ByTalk;

/// <summary>One paper, by the link that a conversation gave.</summary>
[RequestSizeLimit(30 * 1024 * 1024)]
internal sealed class SendPaperModel(PaperLinks links, Filings filings, Drafts drafts, Database database) : SahulatPage
{
    public DraftRequest Draft { get; private set; } = null!;

    public FormField Asked { get; private set; } = null!;

    public bool Sent { get; private set; }

    public async Task<IActionResult> OnGet(string token, string field, CancellationToken ct) => await Load(token, field, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(string token, string field, IFormFile? file, CancellationToken ct)
    {
        if (!await Load(token, field, ct)) return Refuse(Problem.NotFound);
        if (file is not { Length: > 0 }) return Refuse(Problem.Invalid([new Fault("file", "file-required")]));
        var added = await filings.Add(Draft, field, file, ct);
        if (!added.Ok) return Refuse(added.Problem with { Faults = [.. added.Problem.Faults.Select(f => f with { Pointer = "file" })] });
        Sent = true;
        return Page();
    }

    private async Task<bool> Load(string token, string field, CancellationToken ct)
    {
        if (links.Read(token, field) is not { } id || await database.One<Guid?>("select citizen from cases.draft where id = @id", new { id }, ct) is not { } citizen || await drafts.Find(id, citizen, ct) is not { } draft) return false;
        if (draft.Service.Form?.Pages.SelectMany(p => p.Fields).FirstOrDefault(f => f.Name == field && f.Type == FieldType.Document) is not { } asked) return false;
        (Draft, Asked) = (draft, asked);
        return true;
    }
}
