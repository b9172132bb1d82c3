using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Consent;
using Sahulat.Cases.Papers;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Draft;

/// <summary>One question or group a page. Every step is saved, checked or not, so that nothing typed is lost.</summary>
[Authorize(Policy = Policies.Filer)]
[RequestSizeLimit(30 * 1024 * 1024)]
internal sealed class QuestionModel(Drafts drafts, IForms forms, PaperStore papers, Filers filers) : SahulatPage
{
    public Filer Who { get; private set; } = null!;

    public DraftRequest Draft { get; private set; } = null!;

    public CompiledForm Form { get; private set; } = null!;

    public FormPage Asked { get; private set; } = null!;

    public JsonObject Answers { get; private set; } = null!;

    public bool Returning { get; private set; }

    public string Here => $"{Base}/{Asked.Id}";

    public int Number => Visible.FindIndex(p => p.Id == Asked.Id) + 1;

    public int Count => Visible.Count;

    public string BackTo => Returning ? $"{Base}/check" : Number > 1 ? $"{Base}/{Visible[Number - 2].Id}" : Who.AtCounter ? "/desk/counter" : "/requests";

    private string Base => Who.Base(Draft.Id);

    private List<FormPage> Visible => [.. Form.Visible(Answers)];

    public async Task<IActionResult> OnGet(Guid draft, string step, string? from, CancellationToken ct)
    {
        Returning = from == "check";
        return await Find(draft, step, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(Guid draft, string step, CancellationToken ct)
    {
        Returning = Request.Form["_return"] == "check";
        if (!await Find(draft, step, ct)) return Refuse(Problem.NotFound);
        var faults = new List<Fault>();
        Problem? away = null;
        var posted = Form.ReadPost(step, Request.Form);
        foreach (var field in Asked.Fields.Where(f => f.Type == FieldType.Document))
        {
            if (Request.Form.Files.GetFile(field.Name) is not { Length: > 0 } file) continue;
            var added = await papers.Add(Draft.Citizen, new(Draft: Draft.Id), field.Name, field.MaxMegabytes, file, ct);
            if (added.Ok) posted[field.Name] = added.Value;
            else
            {
                faults.AddRange(added.Problem.Faults);
                if (added.Problem.Code == Clam.Away.Code) away = added.Problem;
            }
        }

        Answers = Form.Merge(Answers, step, posted);
        await drafts.Save(Draft, Answers, ct);
        if (CompiledForm.AddsOrRemoves(Request.Form)) return Go(Here + (Returning ? "?from=check" : ""));
        faults.AddRange(Form.CheckPage(step, Answers));
        if (faults.Count > 0) return Refuse(away is null ? Problem.Invalid(faults) : away with { Faults = faults });
        await drafts.Save(Draft, Answers, ct);
        var next = Visible.Skip(Number).FirstOrDefault();
        return Go(Returning || next is null ? $"{Base}/check" : $"{Base}/{next.Id}");
    }

    private async Task<bool> Find(Guid id, string step, CancellationToken ct)
    {
        if (await filers.Of(HttpContext, id, ct) is not { } who || await drafts.Find(id, who.Citizen, ct) is not { } found) return false;
        (Who, Draft) = (who, found);
        Answers = found.Answers;
        Form = forms.For(found.Service);
        if (Form.Visible(Answers).FirstOrDefault(p => p.Id == step) is not { } page) return false;
        Asked = page;
        return true;
    }
}
