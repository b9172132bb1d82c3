using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Browse;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Forms;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;

namespace Sahulat.Catalogue.Preview;

/// <summary>A draft tried out: its pages ask and check as they will, but nothing is stored or filed. Answers travel in the page.</summary>
[RequestSizeLimit(30 * 1024 * 1024)]
internal sealed class TryModel(Drafts drafts, DraftCheck check, CompiledForms forms, IServiceDirectory directory, PlaceNames places) : DesignPage
{
    private const int MostAnswers = 200_000;

    public DraftRow Draft { get; private set; } = null!;

    public CheckedDraft Checked { get; private set; } = null!;

    public CompiledForm? Form { get; private set; }

    /// <summary>Null for the service's own page, and at the end.</summary>
    public FormPage? Asked { get; private set; }

    public bool End { get; private set; }

    public JsonObject Answers { get; private set; } = [];

    public string Base => $"/desk/catalogue/drafts/{Draft.Id}/try";

    public ServiceView View => ServiceView.Of(Checked.Service, directory, Today, places, Form is { Pages: [var first, ..] } ? $"{Base}/{Uri.EscapeDataString(first.Id)}" : Base);

    /// <summary>What keeps the form from being shown; a text that is only not translated does not.</summary>
    public IReadOnlyList<DraftFault> InTheWay => [.. Checked.Faults.Where(f => !f.Gap && f.Within("form"))];

    public async Task<IActionResult> OnGet([FromRoute] Guid id, [FromRoute] string? step, CancellationToken ct) =>
        await Load(id, step, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost([FromRoute] Guid id, [FromRoute] string? step, [FromForm(Name = "_answers")] string? answers, CancellationToken ct)
    {
        if (!await Load(id, step, ct) || Form is null || Asked is null) return Refuse(Problem.NotFound);
        Answers = Read(answers);
        var posted = Form.ReadPost(Asked.Id, Request.Form);
        // A file is looked at by name and size only.
        foreach (var field in Asked.Fields.Where(f => f.Type == FieldType.Document))
        {
            if (Request.Form.Files.GetFile(field.Name) is { Length: > 0 } file)
                posted[field.Name] = new JsonObject { ["document"] = Guid.NewGuid().ToString(), ["name"] = Path.GetFileName(file.FileName) is { Length: <= 255 } name ? name : "file", ["type"] = file.ContentType, ["size"] = file.Length };
        }

        Answers = Form.Merge(Answers, Asked.Id, posted);
        if (CompiledForm.AddsOrRemoves(Request.Form)) return Show(Asked);
        if (Form.CheckPage(Asked.Id, Answers) is { Count: > 0 } faults) return Refuse(Problem.Invalid(faults));
        var visible = Form.Visible(Answers).ToList();
        return Show(visible.Skip(visible.FindIndex(p => p.Id == Asked.Id) + 1).FirstOrDefault());
    }

    public IReadOnlyList<SummaryRow> Rows => Form!.Summary(Answers, Lang);

    private IActionResult Show(FormPage? page)
    {
        (Asked, End) = (page, page is null);
        return Page();
    }

    private JsonObject Read(string? answers)
    {
        try
        {
            return answers is { Length: > 0 and <= MostAnswers } && JsonNode.Parse(answers, null, new JsonDocumentOptions { MaxDepth = 8 }) is JsonObject read && Form!.Summary(read, Lang) is not null ? read : [];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            return [];
        }
    }

    private async Task<bool> Load(Guid id, string? step, CancellationToken ct)
    {
        if (await drafts.Find(id, ct) is not { } found) return false;
        var headers = Response.Headers;
        headers.ContentSecurityPolicy = headers.ContentSecurityPolicy.ToString().Replace("frame-ancestors 'none'", "frame-ancestors 'self'", StringComparison.Ordinal);
        headers.XFrameOptions = "SAMEORIGIN";
        Draft = found;
        Checked = check.Of(found.Document(), found.Code);
        if (Checked.Service.Form is { } form && InTheWay.Count == 0) Form = forms.Once(form);
        if (step is null) return true;
        Asked = Form?.Pages.FirstOrDefault(p => p.Id == step);
        return Asked is not null || InTheWay.Count > 0;
    }
}
