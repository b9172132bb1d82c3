using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Submit;

/// <summary>Every due date of a request with its days: its own, those of steps that have a limit of their own, those of its appeals.</summary>
internal sealed class Ledgers(Database database, IStatutoryClock clock, IServiceDirectory services)
{
    public async Task<object> Of(CaseStore.Row found, CancellationToken ct)
    {
        var due = found.CompleteOn is { } complete ? clock.Explain(found.Service, found.ServiceVersion, found.Place, complete, await Pauses.Of(database, found.Id, ct), found.LawVersion) : null;
        var limits = services.FindVersion(found.Service, found.ServiceVersion)?.Steps.Where(s => s.WithinDays is not null).ToDictionary(s => s.Code, s => s.WithinDays!.Value) ?? [];
        var steps = await database.Query<CaseStep>("select code, seq, parallel, post, state, opened_on, due_on, done_at, result from cases.step where case_id = @Id and opened_on is not null and due_on is not null order by seq", new { found.Id }, ct);
        var appeals = new List<object>();
        foreach (var appeal in await Above(found.Id, ct))
            appeals.Add(new
            {
                appeal.Layer, appeal.Reference, appeal.State, appeal.DueOn,
                days = appeal.Law is null ? null : Days(clock.ExplainAppeal(appeal.Law, appeal.LawVersion ?? 1, appeal.Layer!, appeal.Place, Ist.DateIn(appeal.FiledAt), await Pauses.Of(database, appeal.Id, ct))),
            });
        return new
        {
            found.Reference, found.CompleteOn, found.DueOn, days = Days(due), appeals,
            steps = steps.Where(s => limits.ContainsKey(s.Code)).Select(s => new { step = s.Code, s.OpenedOn, s.DueOn, days = Days(clock.ExplainStep(found.Service, found.ServiceVersion, found.Place, s.OpenedOn!.Value, limits[s.Code], found.LawVersion)) }),
        };
    }

    /// <summary>The appeals of the request, and those of its appeals.</summary>
    private Task<IReadOnlyList<CaseStore.Row>> Above(Guid of, CancellationToken ct) => database.Query<CaseStore.Row>("""
        with recursive above as (select * from cases."case" where parent = @of union all select c.* from cases."case" c join above a on c.parent = a.id)
        select id, reference, state, service, service_version, law, law_version, place, layer, filed_at, complete_on, due_on from above order by filed_at
        """, new { of }, ct);

    private static object? Days(Due? due) => due?.Days.Select(d => new { d.Date, d.Number, reason = d.Reason.ToString(), holiday = d.Holiday });
}
