using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Draft;
using Sahulat.Kernel;

namespace Sahulat.Catalogue.Overview;

/// <summary>The draft as the file that it is: to read, to take away, to paste or send anew.</summary>
[RequestFormLimits(ValueLengthLimit = 2_000_000)]
internal sealed class YamlModel(Drafts drafts) : DesignPage
{
    public DraftRow Draft { get; private set; } = null!;

    public string Base => $"/desk/catalogue/drafts/{Draft.Id}";

    public async Task<IActionResult> OnGet([FromRoute] Guid id, CancellationToken ct) => await Load(id, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost([FromRoute] Guid id, [FromForm] int version, [FromForm] string? yaml, IFormFile? file, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        var read = await Read(yaml, file, ct);
        if (!read.Ok) return Refuse(read.Problem);
        if (read.Value.Code != Draft.Code) return Refuse(Problem.Invalid([new Fault("yaml", "code-fixed", Draft.Code)]));
        var saved = await drafts.Save(id, version, read.Value, Hand, ct);
        return saved.Ok ? Go($"{Base}?did=imported") : Refuse(saved.Problem);
    }

    /// <summary>A file that was sent goes before a text that was pasted.</summary>
    public static async Task<Result<ServiceDocument>> Read(string? yaml, IFormFile? file, CancellationToken ct)
    {
        if (file is { Length: > ServiceDocument.Most * 4L }) return Problem.Invalid([new Fault("file", "too-long", ServiceDocument.Most)]);
        if (file is { Length: > 0 })
        {
            using var reader = new StreamReader(file.OpenReadStream());
            yaml = await reader.ReadToEndAsync(ct);
        }

        return string.IsNullOrWhiteSpace(yaml) ? Problem.Invalid([new Fault("yaml", "required")]) : ServiceDocument.Parse(yaml);
    }

    private async Task<bool> Load(Guid id, CancellationToken ct)
    {
        if (await drafts.Find(id, ct) is not { } found) return false;
        Draft = found;
        return true;
    }
}
