using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Desk;

internal sealed record NoteShown(DateTimeOffset At, string By, string Kind, string Text);

/// <summary>One case as an officer sees it, with what the step lets him do.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DeskCaseModel(Database database, DeskPosts posts, DeskAct act, IServiceDirectory services, IForms forms, IOrganisation organisation, Vault vault, TimeProvider time) : SahulatPage
{
    public Case Case { get; private set; } = null!;

    public Case? Parent { get; private set; }

    public ServiceVersion? Service { get; private set; }

    public IReadOnlyList<SummaryRow> Answers { get; private set; } = [];

    public IReadOnlyList<JournalEntry> Timeline { get; private set; } = [];

    public IReadOnlyList<NoteShown> Notes { get; private set; } = [];

    /// <summary>The officer's own open step; null where he only looks on.</summary>
    public WorkflowStep? Step { get; private set; }

    public bool Appeal { get; private set; }

    public IReadOnlyList<Choice> Colleagues { get; private set; } = [];

    public IReadOnlyList<Choice> Reasons => [.. Service?.RejectReasons.Select(r => new Choice(r.Code, r.Text.In(Lang))) ?? []];

    public DateOnly Today => Ist.Today(time);

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public async Task<IActionResult> OnGet(string reference, CancellationToken ct) => await Load(reference, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(string reference, [FromForm] long version, [FromForm] string? step, [FromForm] string? action, [FromForm] string? text, [FromForm] string[] reasons, [FromForm] string? to, CancellationToken ct)
    {
        if (!await Load(reference, ct)) return Refuse(Problem.NotFound);
        var done = await act.Run(Who, new DeskAction(Case.Reference, version, step, action ?? "", text, reasons, to), ct);
        if (done.Problem is null) return Go(posts.Seen(Who.Id).Any() ? $"/desk/cases/{Case.Reference}" : "/desk");
        await Load(reference, ct);
        return Refuse(done.Problem);
    }

    public string PostName(string? code) => code is null ? "" : organisation.Post(code)?.Name.In(Lang) ?? code;

    public string PlaceName => organisation.Place(Case.Place)?.Name.In(Lang) ?? Case.Place;

    /// <summary>Who made an entry: the post's name; citizens and the program by kind.</summary>
    public string By(string actor) => actor.StartsWith("post:", StringComparison.Ordinal) ? PostName(actor[5..].Split('/')[0]) : T[$"cases.desk.by.{(actor.StartsWith("citizen:", StringComparison.Ordinal) ? "citizen" : "system")}"];

    public string What(string kind) => T.Has($"cases.happened.{kind}") ? T[$"cases.happened.{kind}"] : kind;

    private async Task<bool> Load(string written, CancellationToken ct)
    {
        if (Reference.Parse(written, out _) is not { } reference) return false;
        var found = await database.Write(async work =>
        {
            var own = await work.Case(reference);
            return (own, own?.Parent is { } parent ? await work.Case(parent) : null);
        }, ct);
        if (found.own is null || !DeskAct.Standing(found.own).Any(posts.Seen(Who.Id).Contains)) return false;
        (Case, Parent) = found!;
        Service = services.FindVersion(Case.Service, Case.ServiceVersion);
        var held = posts.Held(Who.Id);
        var mine = Case.Ended ? null : Case.Steps.FirstOrDefault(s => s.State == "open" && s.Post is not null && held.Contains(s.Post));
        Step = Service?.Steps.FirstOrDefault(s => s.Code == mine?.Code);
        Appeal = Case.Type == "appeal" && !Case.Ended && Case.Post is not null && held.Contains(Case.Post);
        if (mine?.Post is { } post && organisation.Post(post) is { } at)
            Colleagues = [.. organisation.PostsOfOffice(at.Office).Where(p => p.Code != post).Select(p => new Choice(p.Code, p.Name.In(Lang)))];
        await LoadStory(ct);
        return true;
    }

    /// <summary>An appeal shows its parent's answers, notes and timeline before its own.</summary>
    private async Task LoadStory(CancellationToken ct)
    {
        Guid[] ids = Parent is null ? [Case.Id] : [Parent.Id, Case.Id];
        var timeline = new List<JournalEntry>();
        foreach (var id in ids) timeline.AddRange(await database.Stream(CaseStore.Stream(id), ct));
        Timeline = timeline;
        var content = await database.One<Sealed>("select case_id, answers from cases.content where case_id = any(@ids) limit 1", new { ids }, ct);
        if (content is not null && Service is { Form: not null } && await Plain(content.Answers, $"cases.content/{content.CaseId:N}", ct) is { } answers)
            Answers = forms.For(Service).Summary((JsonObject)JsonNode.Parse(answers)!, Lang);
        var notes = new List<NoteShown>();
        foreach (var n in await database.Query<Note>("select id, at, actor, kind, text from cases.note where case_id = any(@ids) order by at", new { ids }, ct))
            if (await Plain(n.Text, $"cases.note/{n.Id:N}", ct) is { } text) notes.Add(new(n.At, By(n.Actor), n.Kind, Encoding.UTF8.GetString(text)));
        Notes = notes;
    }

    private async Task<byte[]?> Plain(byte[] bytes, string context, CancellationToken ct) => await vault.Open(Case.Applicant, "case", bytes, context, ct);

    private sealed class Sealed
    {
        public Guid CaseId { get; init; }

        public byte[] Answers { get; init; } = [];
    }

    private sealed class Note
    {
        public Guid Id { get; init; }

        public DateTimeOffset At { get; init; }

        public string Actor { get; init; } = "";

        public string Kind { get; init; } = "";

        public byte[] Text { get; init; } = [];
    }
}
