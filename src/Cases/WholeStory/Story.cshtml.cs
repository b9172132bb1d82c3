using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Examine;
using Sahulat.Cases.Hear;
using Sahulat.Cases.Recover;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.WholeStory;

/// <summary>One holder of a post while the matter stood there. Null: nobody.</summary>
internal sealed record Tenure(string Post, Guid? Official, string? Kind, DateOnly From, DateOnly To);

/// <summary>Everything an authority must know, on one page that can be printed: the request, each day of each clock, each act, who held the posts, all appeals, hearings, directions, penalties.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class StoryModel(Database database, CaseFiles files, CaseActs acts, ProceedingsOf proceedings, Claims claims, IOfficials officials, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    private IReadOnlyDictionary<Guid, OfficialName> names = new Dictionary<Guid, OfficialName>();

    public CaseFile Opened { get; private set; } = null!;

    /// <summary>The first request and every appeal that comes of it.</summary>
    public IReadOnlyList<(Case Case, Due? Clock)> All { get; private set; } = [];

    public IReadOnlyList<ActShown> Acts { get; private set; } = [];

    public IReadOnlyList<Tenure> Tenures { get; private set; } = [];

    public ProceedingsShown Done { get; private set; } = null!;

    public IReadOnlyList<Claim> Claims { get; private set; } = [];

    public DateOnly Today => Ist.Today(time);

    public string PostName(string? code) => code is null ? "–" : organisation.Post(code)?.Name.In(Lang) ?? code;

    public string PersonName(Guid? official) => official is { } id && names.TryGetValue(id, out var name) ? name.Name : T["cases.claim.vacant"];

    public async Task<IActionResult> OnGet(string reference, CancellationToken ct)
    {
        if (await files.Find((OfficialCaller)HttpContext.Caller(), reference, null, Lang, ct) is not { } found) return Refuse(Problem.NotFound);
        Opened = found;
        var first = (await files.Below(found.Case, ct)).FirstOrDefault() ?? found.Case;
        var chain = await proceedings.Chain(first.Id, ct);
        var cases = await database.Write<IReadOnlyList<Case>>(async work =>
        {
            var all = new List<Case>(chain.Length);
            foreach (var id in chain) if (await work.Case(id) is { } c) all.Add(c);
            return [.. all.OrderBy(c => c.FiledAt)];
        }, ct);
        var clocks = new List<(Case, Due?)>(cases.Count);
        foreach (var c in cases) clocks.Add((c, await files.ClockOf(c, ct)));
        All = clocks;
        Acts = await acts.Of(cases, Lang, ct);
        Done = new ProceedingsShown(await proceedings.Cases(chain, first.Applicant, ct), PostName);
        Claims = await claims.OfRequest(first.Id, first.Applicant, ct);
        var tenures = new List<Tenure>();
        foreach (var c in cases) tenures.AddRange(Held(await database.Stream(CaseStore.Stream(c.Id), ct), c));
        Tenures = [.. tenures.Distinct().OrderBy(t => t.From).ThenBy(t => t.Post, StringComparer.Ordinal)];
        names = await officials.Names([.. Tenures.Select(t => t.Official).Concat(Claims.Select(l => l.Row.Official)).OfType<Guid>().Distinct()], ct);
        return Page();
    }

    /// <summary>Who held each post of the case from its first day to its last.</summary>
    private IEnumerable<Tenure> Held(IReadOnlyList<JournalEntry> entries, Case c)
    {
        var posts = entries.SelectMany(PostsIn).Concat(c.Steps.Select(s => s.Post)).Append(c.Post).Append(c.DecidedBy).OfType<string>().Distinct();
        var (from, to) = (Ist.DateIn(c.FiledAt), c.DecidedOn ?? Today);
        foreach (var post in posts)
        {
            var open = new Dictionary<(Guid?, string?), DateOnly>();
            for (var day = from; day <= to; day = day.AddDays(1))
            {
                var holders = organisation.Holders(post, day).Select(h => ((Guid?)h.Official, (string?)h.Kind)).DefaultIfEmpty((null, null)).ToHashSet();
                foreach (var gone in open.Keys.Where(k => !holders.Contains(k)).ToArray())
                {
                    yield return new Tenure(post, gone.Item1, gone.Item2, open[gone], day.AddDays(-1));
                    open.Remove(gone);
                }

                foreach (var holder in holders) open.TryAdd(holder, day);
            }

            foreach (var (holder, since) in open) yield return new Tenure(post, holder.Item1, holder.Item2, since, to);
        }
    }

    private static IEnumerable<string?> PostsIn(JournalEntry e) => e.Kind switch
    {
        "case.filed" => [e.As<CaseFiled>().Post],
        "case.forwarded" => [e.As<CaseForwarded>().From, e.As<CaseForwarded>().To],
        "case.step-done" => [e.As<CaseStepDone>().Post, e.As<CaseStepDone>().NextPost],
        "case.decided" => [e.As<CaseDecided>().Post],
        "case.remanded" => [e.As<CaseRemanded>().To],
        _ => [],
    };
}
