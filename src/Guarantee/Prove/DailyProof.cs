using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Guarantee.Clock;
using Sahulat.Guarantee.Recount;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Guarantee.Prove;

/// <summary>Shows each day from the tables alone that no overdue request lacks its appeal and no appeal its cause, and once more from the journal without the tables of the clock.</summary>
internal sealed class DailyProof(Database database, Followers followers, IServiceDirectory services, NextLayer next, TimeProvider time, ILogger<DailyProof> log)
{
    private const string Sql = """
        select
          (select count(*) from guarantee.clock where state in ('open', 'paused', 'waiting')) as running,
          (select count(*) from guarantee.clock where state = 'lapsed') as lapsed,
          (select count(*) from guarantee.clock where parent is not null and opened_by in ('lapse', 'rejection', 'rating')) as appeals,
          (select count(*) from guarantee.clock where state = 'open' and due_on < @day) as overdue,
          (select count(*) from guarantee.clock c where c.opened is not null and not exists (select from guarantee.clock a where a.parent = c.case_id and a.layer = c.opened)) as unappealed,
          (select count(*) from guarantee.clock a left join guarantee.clock c on c.case_id = a.parent
            where a.parent is not null and a.opened_by in ('lapse', 'rejection', 'rating') and (c.case_id is null or c.opened is distinct from a.layer or c.trigger is distinct from a.opened_by
              or (c.trigger = 'lapse' and c.state <> 'lapsed') or (c.trigger = 'rejection' and c.outcome not in ('rejected', 'dismissed')) or (c.trigger = 'rating' and c.answered_on is null))
              and not exists (select from guarantee.earlier e where e.case_id = a.parent and e.opened = a.layer and e.trigger = a.opened_by and (e.trigger <> 'lapse' or e.state = 'lapsed'))) as unfounded
        """;

    /// <summary>From the journal: first requests whose last told date passed without an answer, and for which nothing was opened.</summary>
    private const string Unjournaled = """
        with told as (
          select stream, max(body ->> 'dueOn') filter (where kind = 'case.filed') as filed, (array_agg(body ->> 'dueOn' order by version desc) filter (where kind <> 'case.decided' and body ? 'dueOn'))[1] as due,
            (array_agg(case when kind = 'case.decided' then body ->> 'on' end order by version desc) filter (where kind in ('case.decided', 'case.remanded')))[1] as decided,
            coalesce(max(at) filter (where kind = 'case.remanded'), '-infinity') as since
          from journal.entry where kind in ('case.filed', 'case.completed', 'case.query-answered', 'case.extended', 'case.stay-lifted', 'case.remanded', 'case.decided') and stream like 'case/%'
          group by stream having bool_or(kind = 'case.filed' and body ->> 'law' is not null and body ->> 'parent' is null))
        select count(*) from told t
        where due::date < @day and (decided is null or decided::date > due::date)
          and not exists (select from journal.entry e where e.stream = 'clock/' || substr(t.stream, 6) and e.kind = 'guarantee.appeal-due' and e.at >= t.since)
          and not exists (select from guarantee.clock c where c.case_id = substr(t.stream, 6)::uuid and c.remanded_by is not null and c.state = 'lapsed' and c.opened is null)
          and not exists (select from guarantee.moved m where m.case_id = substr(t.stream, 6)::uuid and m.due_to >= @day)
          and not exists (select from guarantee.pause p where p.case_id = substr(t.stream, 6)::uuid and p.paused_until is null)
          and not exists (select from journal.entry w where w.stream = t.stream and w.kind = 'case.decided' and w.body ->> 'outcome' = 'withdrawn')
        """;

    /// <param name="day">What was due before it had to be answered.</param>
    public async Task<Proved> Run(DateOnly day, CancellationToken ct)
    {
        await followers.CatchUp(ct, "guarantee.clock", RecountDates.Permanent, "cases.file-appeals");
        await followers.CatchUp(ct, "guarantee.clock");
        var proved = await database.Write(async work =>
        {
            work = work.Unhurried;
            await work.Execute("set transaction isolation level repeatable read");
            var counts = await work.One<Counts>(Sql, new { day }) ?? new Counts();
            // A lapse with nothing above it is right only where the law has no next layer.
            var tops = await work.Query<(string Law, int Version, string? Layer, string Service, int ServiceVersion, long Count)>("select law, law_version, coalesce(remanded_by, layer), service, service_version, count(*) from guarantee.clock where state = 'lapsed' and opened is null group by 1, 2, 3, 4, 5");
            var forgotten = tops.Where(t => services.LawVersion(t.Law, t.Version) is not { } law || NextLayer.After(law, t.Layer ?? next.EntersAt(t.Service, t.ServiceVersion), Trigger.Lapse) is not null).Sum(t => t.Count);
            var unjournaled = await work.One<long>(Unjournaled, new { day });
            var result = new Proved(day, counts.Running, counts.Lapsed, counts.Appeals, counts.Overdue, counts.Unappealed + forgotten, counts.Unfounded, unjournaled);
            var now = time.GetUtcNow();
            var fresh = await work.Execute("""
                insert into guarantee.proof (on_date, proved_at, running, lapsed, appeals, overdue, unappealed, unfounded, unjournaled)
                values (@On, @now, @Running, @Lapsed, @Appeals, @Overdue, @Unappealed, @Unfounded, @Unjournaled) on conflict (on_date) do nothing
                """, new { result.On, now, result.Running, result.Lapsed, result.Appeals, result.Overdue, result.Unappealed, result.Unfounded, result.Unjournaled });
            if (fresh > 0) await work.Append("proof/daily", null, result, Actor.Sahulat("guarantee"), now);
            return result;
        }, ct);
        if (proved.Overdue + proved.Unappealed + proved.Unfounded + proved.Unjournaled > 0)
            log.LogCritical("the daily proof failed: {Overdue} overdue, {Unappealed} without appeal, {Unfounded} appeals without cause, {Unjournaled} by the journal alone", proved.Overdue, proved.Unappealed, proved.Unfounded, proved.Unjournaled);
        return proved;
    }

    /// <summary>Once a day, after its first sweep.</summary>
    public async Task Daily(DateOnly day, CancellationToken ct)
    {
        if (!await database.One<bool>("select exists (select from guarantee.proof where on_date = @day)", new { day }, ct)) await Run(day, ct);
    }

    private sealed record Counts
    {
        public long Running { get; init; }
        public long Lapsed { get; init; }
        public long Appeals { get; init; }
        public long Overdue { get; init; }
        public long Unappealed { get; init; }
        public long Unfounded { get; init; }
    }
}
