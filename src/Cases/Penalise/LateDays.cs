using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Penalise;

/// <summary>Late days of one case in one person's time at a post.</summary>
/// <param name="Official">Null while nobody held the post.</param>
/// <param name="Days">0 for who decided in time: an answer can be deficient without being late.</param>
internal sealed record Answerable(Guid CaseId, string Reference, string Post, Guid? Official, DateOnly From, DateOnly To, int Days)
{
    public string Key => $"{CaseId:N}.{Post}.{Official:N}";
}

/// <summary>Who answers for the delay in a request and in the appeals below an authority: each late day belongs to who held the post on that day.</summary>
internal sealed class LateDays(Database database, IOrganisation organisation, IStatutoryClock clock, TimeProvider time)
{
    /// <param name="below">The first request, and the appeals under the authority's own.</param>
    public async Task<IReadOnlyList<Answerable>> Of(IReadOnlyList<Case> below, CancellationToken ct)
    {
        var found = new List<Answerable>();
        foreach (var c in below) found.AddRange(await Of(c, ct));
        return found;
    }

    private async Task<IEnumerable<Answerable>> Of(Case c, CancellationToken ct)
    {
        var today = Ist.Today(time);
        var entries = await database.Stream(CaseStore.Stream(c.Id), ct);
        var pauses = await Pauses.Of(database, c.Id, ct);
        var decided = entries.Where(e => e.Kind == CaseDecided.Kind).Select(e => e.As<CaseDecided>()).ToArray();
        var days = new List<(DateOnly Day, string Post)>();
        if (Due(c, pauses) is { } due) days.AddRange(Late(c, entries, due, decided.FirstOrDefault()?.On ?? today, pauses));
        // Sent back with a date: the second time limit has its own delay.
        if (entries.LastOrDefault(e => e.Kind == CaseRemanded.Kind) is { } back) days.AddRange(Late(c, entries, back.As<CaseRemanded>().DueOn, c.DecidedOn ?? today, pauses));
        var late = days.Distinct().Select(d => (d.Day, d.Post, Holder: Holder(d.Post, d.Day))).GroupBy(d => (d.Post, d.Holder))
            .Select(g => new Answerable(c.Id, c.Reference, g.Key.Post, g.Key.Holder, g.Min(d => d.Day), g.Max(d => d.Day), g.Count())).OrderBy(a => a.From).ToArray();
        var deciders = decided.Where(d => d.Post is not null && d.Outcome != CaseState.Withdrawn).Select(d => new Answerable(c.Id, c.Reference, d.Post!, Holder(d.Post!, d.On), d.On, d.On, 0));
        return late.Concat(deciders.Where(d => !late.Any(l => l.Post == d.Post && l.Official == d.Official)));
    }

    private static IEnumerable<(DateOnly, string)> Late(Case c, IReadOnlyList<JournalEntry> entries, DateOnly due, DateOnly until, IReadOnlyList<Pause> pauses)
    {
        for (var day = due.AddDays(1); day <= until && day.DayNumber - due.DayNumber <= StatutoryDays.LongestLimit; day = day.AddDays(1))
            if (!pauses.Any(p => p.From <= day && (p.Until is null || day < p.Until)) && PostOn(c, entries, day) is { } post) yield return (day, post);
    }

    private DateOnly? Due(Case c, IReadOnlyList<Pause> pauses)
    {
        var due = c.IsAppeal
            ? c is { Law: { } law, LawVersion: { } version, Layer: { } layer } ? clock.ExplainAppeal(law, version, layer, c.Place, Ist.DateIn(c.FiledAt), pauses)?.On : null
            : c.CompleteOn is { } complete ? clock.DueOn(c.Service, c.ServiceVersion, c.Place, complete, pauses, c.LawVersion) : null;
        return due == DateOnly.MaxValue ? null : due;
    }

    /// <summary>Where the case stood at the end of a day, from its journal alone.</summary>
    public static string? PostOn(Case c, IReadOnlyList<JournalEntry> entries, DateOnly day)
    {
        string? post = null;
        foreach (var e in entries)
        {
            if (Ist.DateIn(e.At) > day && post is not null) break;
            post = e.Kind switch
            {
                "case.filed" => e.As<CaseFiled>().Post,
                "case.forwarded" => e.As<CaseForwarded>().To,
                "case.step-done" => e.As<CaseStepDone>().NextPost ?? post,
                "case.remanded" => e.As<CaseRemanded>().To ?? post,
                _ => post,
            };
        }

        return post ?? c.Post ?? c.DecidedBy;
    }

    private Guid? Holder(string post, DateOnly day) =>
        organisation.Holders(post, day).OrderBy(h => h.Kind == "substantive" ? 0 : 1).FirstOrDefault()?.Official;
}
