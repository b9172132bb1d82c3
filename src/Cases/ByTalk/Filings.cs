using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Draft;
using Sahulat.Cases.Papers;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.ByTalk;

/// <summary>A request put together in a conversation: a draft like any other, so that it can be finished on the pages too, and the same intake.</summary>
internal sealed class Filings(Database database, Drafts drafts, PaperStore papers, PaperLinks links, CaseIntake intake, Requests.CaseView view, ICitizens citizens, IServiceDirectory services, IForms forms, TimeProvider time) : IFilings
{
    public async Task<Result<JsonObject>> Keep(RequestDraft draft, CancellationToken ct)
    {
        var citizen = await Citizen(draft, ct);
        var kept = await Kept(draft, citizen, ct);
        if (!kept.Ok) return kept.Problem;
        var answers = await WithPapers(kept.Value, draft.Answers, ct);
        await drafts.Save(kept.Value, answers, ct);
        return answers;
    }

    public string PaperPath(Guid draft, string field) => links.Path(draft, field);

    public async Task<Result<Done>> AddPaper(RequestDraft draft, string field, string name, byte[] content, CancellationToken ct)
    {
        var citizen = await Citizen(draft, ct);
        var kept = await Kept(draft, citizen, ct);
        if (!kept.Ok) return kept.Problem;
        return await Add(kept.Value, field, new FormFile(new MemoryStream(content), 0, content.Length, field, name), ct);
    }

    /// <summary>Stores the paper of a question that the form asks.</summary>
    public async Task<Result<Done>> Add(DraftRequest draft, string field, IFormFile file, CancellationToken ct)
    {
        var question = forms.For(draft.Service).Pages.SelectMany(p => p.Fields).FirstOrDefault(f => f.Name == field && f.Type == FieldType.Document);
        if (question is null) return Problem.NotFound;
        var added = await papers.Add(draft.Citizen, new(Draft: draft.Id), field, question.MaxMegabytes, file, ct);
        if (!added.Ok) return added.Problem;
        var answers = draft.Answers.DeepClone().AsObject();
        answers[field] = added.Value;
        await drafts.Save(draft, answers, ct);
        return Done.It;
    }

    public async Task<Result<FiledRequest>> File(RequestDraft draft, CancellationToken ct)
    {
        var citizen = await Citizen(draft, ct);
        if (await view.Row(draft.Id, ct) is { } before) return before.Applicant == citizen ? Of(before.Reference, Ist.DateIn(before.FiledAt), before.DueOn, before.Missing) : Problem.NotFound;
        var answers = await Keep(draft, ct);
        if (!answers.Ok) return answers.Problem;
        var filed = await intake.Submit(new SubmitRequest(draft.Service, draft.Place, citizen, null, draft.Lang, answers.Value), Actor.Citizen(citizen), null, new Idempotency($"citizen:{citizen:N}", $"draft:{draft.Id:N}", []), draft.Id, ct);
        return filed.Ok ? Of(filed.Value.Reference, filed.Value.FiledOn, filed.Value.DueOn, filed.Value.Missing) : filed.Problem;
    }

    private static FiledRequest Of(string reference, DateOnly filed, DateOnly? due, IReadOnlyList<string> missing) => new(reference, Reference.Show(reference), filed, due, missing);

    private async Task<Guid> Citizen(RequestDraft draft, CancellationToken ct) =>
        await database.Write(async work => (await citizens.Resolve(work, [draft.Mobile]))[draft.Mobile], ct);

    private async Task<Result<DraftRequest>> Kept(RequestDraft draft, Guid citizen, CancellationToken ct)
    {
        if (await drafts.Find(draft.Id, citizen, ct) is { } found) return found;
        if (await drafts.Taken(draft.Id, ct)) return Problem.Conflict;
        var service = services.Find(draft.Service, Ist.Today(time));
        if (service is null) return CaseProblems.NoService;
        if (!service.Online) return CaseProblems.NotOnline;
        await drafts.Start(citizen, service, draft.Place, draft.Lang, null, ct, draft.Id);
        return await drafts.Find(draft.Id, citizen, ct) is { } begun ? begun : Problem.Conflict;
    }

    /// <summary>The newest paper of each question, whoever wrote the draft last.</summary>
    private async Task<JsonObject> WithPapers(DraftRequest draft, JsonObject given, CancellationToken ct)
    {
        var answers = given.DeepClone().AsObject();
        foreach (var paper in await papers.OfDraft(draft.Id, ct)) answers[paper.Field] = new JsonObject { ["document"] = paper.Id.ToString(), ["name"] = paper.Name, ["type"] = paper.Type, ["size"] = paper.Size };
        return answers;
    }
}
