using System.Text.Json.Nodes;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Hear;
using Sahulat.Cases.Papers;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Office;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Examine;

/// <summary>Puts a case together for an officer who may see it.</summary>
internal sealed class CaseFiles(Database database, DeskPosts posts, Superiors superiors, ProceedingsOf proceedings, CaseActs acts, CaseView view, PaperStore papers, Redress.RedressDesk redress, ICasePapers onFile, IServiceDirectory services, IForms forms, IOrganisation organisation, IStatutoryClock clock, TimeProvider time)
{
    /// <summary>The case, and for an appeal what it appeals against, where one of his posts acts, acted or waits on it, or stands above it; else null.</summary>
    public async Task<(Case Case, Case? Parent)?> Seen(OfficialCaller who, string written, CancellationToken ct)
    {
        if (Reference.Parse(written, out _) is not { } reference) return null;
        var (own, parent) = await database.Write(async work =>
        {
            var found = await work.Case(reference);
            return (found, found?.Parent is { } id ? await work.Case(id) : null);
        }, ct);
        if (own is null) return null;
        var seen = posts.Seen(who.Id);
        return DeskAct.Standing(own).Any(seen.Contains) || (superiors.Of(own) is { } above && seen.Contains(above)) ? (own, parent) : null;
    }

    /// <param name="at">The step to act on, where the officer has more than one.</param>
    public async Task<CaseFile?> Find(OfficialCaller who, string written, string? at, Lang lang, CancellationToken ct)
    {
        if (await Seen(who, written, ct) is not var (c, parent)) return null;
        var below = await Below(c, ct);
        var service = services.FindVersion(c.Service, c.ServiceVersion);
        var mine = posts.Acts(who.Id);
        var open = c.Ended ? [] : c.Steps.Where(s => s.State == "open" && s.Post is not null && mine.ContainsKey(s.Post)).ToArray();
        var own = open.FirstOrDefault(s => s.Code == at) ?? open.FirstOrDefault();
        var order = c.Type == "appeal" && !c.Ended && c.Post is not null && mine.ContainsKey(c.Post);
        var acting = own?.Post ?? (order ? c.Post : null);
        var answers = service is { Form: not null } && await view.Answers((below.FirstOrDefault() ?? c).Id, c.Applicant, ct) is { } given ? (Given: given, Rows: forms.For(service).Summary(given, lang)) : (Given: (JsonObject?)null, Rows: []);
        var shown = await Papers(service, [.. below.Select(b => b.Id), c.Id], answers.Rows, lang, ct);
        return new CaseFile
        {
            Case = c,
            Parent = parent,
            Service = service?.Name.In(lang) ?? c.Service,
            Place = organisation.Place(c.Place)?.Name.In(lang) ?? c.Place,
            Today = Ist.Today(time),
            Steps = [.. c.Steps.Select(s => new StepShown(Named(service, s.Code, lang), PostName(s.Post, lang), s.State, s.Parallel is not null, s == own, s.OpenedOn, s.DueOn, s.Result, Clock(c, service, s)))],
            Answers = answers.Rows,
            Papers = shown,
            Clock = await ClockOf(c, ct),
            Acts = await acts.Of([.. below, c], lang, ct),
            Step = service?.Steps.FirstOrDefault(s => s.Code == own?.Code),
            Order = order && c.State != CaseState.Stayed,
            Done = new ProceedingsShown(await proceedings.Cases([c.Id], c.Applicant, ct), code => PostName(code, lang)),
            OnFile = await onFile.On(who, c.Reference, ct),
            Orders = await onFile.Orders(c.Reference, ct),
            Conducts = (order || (superiors.Of(c) is { } above && mine.ContainsKey(above))) && !c.Ended,
            InPlaceOf = acting is not null && mine[acting] != acting ? PostName(acting, lang) : null,
            Colleagues = acting is null || order ? [] : [.. posts.Colleagues(acting).Select(p => new Choice(p.Code, p.Name.In(lang)))],
            Redress = c.Type == "grievance" && service is not null ? await redress.Of(c, own?.Post, service, lang, ct) : null,
            Reasons = [.. service?.RejectReasons.Select(r => new Choice(r.Code, r.Text.In(lang))) ?? []],
        };
    }

    /// <summary>A paper of the case, or of what it stands above, by its id.</summary>
    public async Task<(PaperShown Paper, Guid Of)?> Paper((Case Case, Case? Parent) seen, Guid id, Lang lang, CancellationToken ct)
    {
        foreach (var c in (IEnumerable<Case>)[seen.Case, .. await Below(seen.Case, ct)])
        {
            var service = services.FindVersion(c.Service, c.ServiceVersion);
            var rows = service is { Form: not null } && await view.Answers(c.Id, c.Applicant, ct) is { } given ? forms.For(service).Summary(given, lang) : [];
            if ((await Papers(service, [c.Id], rows, lang, ct)).FirstOrDefault(p => p.Id == id) is { } paper) return (paper, c.Id);
        }

        return null;
    }

    /// <summary>What an appeal stands above: the first request, then the appeals between; nothing for a first request.</summary>
    public Task<IReadOnlyList<Case>> Below(Case c, CancellationToken ct) => database.Write<IReadOnlyList<Case>>(async work =>
    {
        var below = new List<Case>();
        for (var at = c; at.Parent is { } parent; below.Insert(0, at)) at = await work.Case(parent) ?? throw new InvalidOperationException($"case {parent:N} is gone");
        return below;
    }, ct);

    private async Task<IReadOnlyList<PaperShown>> Papers(ServiceVersion? service, Guid[] cases, IReadOnlyList<SummaryRow> answers, Lang lang, CancellationToken ct)
    {
        var fields = service?.Form?.Pages.SelectMany(p => p.Fields).SelectMany(f => f.Fields.Append(f)).Where(f => f.Type == FieldType.Document).DistinctBy(f => f.Name).ToDictionary(f => f.Name) ?? [];
        return [.. (await papers.Of(cases, ct)).Select(p => new PaperShown(p.Id, answers.FirstOrDefault(a => a.Document == p.Id)?.Label ?? (fields.TryGetValue(p.Field, out var field) ? field.Label.In(lang) : p.Name), p.Name, p.Type, p.Size))];
    }

    public async Task<Due?> ClockOf(Case c, CancellationToken ct)
    {
        var pauses = await Pauses.Of(database, c.Id, ct);
        if (c.Type == "appeal") return c is { Law: { } law, LawVersion: { } version, Layer: { } layer } ? clock.ExplainAppeal(law, version, layer, c.Place, Ist.DateIn(c.FiledAt), pauses) : null;
        return c.CompleteOn is { } complete ? clock.Explain(c.Service, c.ServiceVersion, c.Place, complete, pauses, c.LawVersion) : null;
    }

    private Due? Clock(Case c, ServiceVersion? service, CaseStep step) =>
        step is { OpenedOn: { } opened, DueOn: not null } && service?.Steps.FirstOrDefault(s => s.Code == step.Code)?.WithinDays is { } days ? clock.ExplainStep(c.Service, c.ServiceVersion, c.Place, opened, days, c.LawVersion) : null;

    private string PostName(string? code, Lang lang) => code is null ? "" : organisation.Post(code)?.Name.In(lang) ?? code;

    private static string Named(ServiceVersion? service, string step, Lang lang) => service?.Steps.FirstOrDefault(s => s.Code == step)?.Name.In(lang) ?? step;
}
