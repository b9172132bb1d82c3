using Sahulat.Contracts.Guarantee;
using Sahulat.Guarantee.Clock;
using Sahulat.Guarantee.Recount;
using Sahulat.Guarantee.Watch;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Guarantee.AppealOnLapse;

/// <summary>Opens the next layer above every case whose date has passed (SRO 223, rule 3-A). Each batch is one transaction: the clock is marked and the appeal is journalled together, so a deadline fires exactly once, on however many nodes and however often this is killed.</summary>
internal sealed class Sweep(Database database, Followers followers, NextLayer next, TimeProvider time) : ILapseSweep
{
    public const int BatchSize = 1000;

    private const string Passing = $"select {ClockRows.Columns} from guarantee.clock where state = 'open' and due_on < @today and (due_on, case_id) > (@date, @id) order by due_on, case_id limit @limit for update skip locked";

    /// <summary>In the order of the key and waiting for whoever holds a row, so that nothing skipped before is missed.</summary>
    private const string Remaining = $"select {ClockRows.Columns} from guarantee.clock where case_id = any (array(select case_id from guarantee.clock where state = 'open' and due_on < @today limit @limit)) and state = 'open' and due_on < @today order by case_id for update";

    public async Task<SweepResult> Run(DateOnly today, IProgress<long>? progress = null, CancellationToken ct = default)
    {
        // What was decided in time, and what a holiday moved, is known before anything is called late.
        await followers.CatchUp(ct, ClockFollower.Permanent, RecountDates.Permanent);
        var id = await database.One<long>("insert into guarantee.sweep (on_date, started_at) values (@today, @now) returning id", new { today, now = time.GetUtcNow() }, ct);
        var sum = new SweepResult(0, 0, 0, 0, 0);
        (DateOnly Date, Guid Id) at = (DateOnly.MinValue, Guid.Empty);
        while (await Batch(Passing, today, at, ct) is { Clocks: [.., var last] } batch)
        {
            at = (last.DueOn!.Value, last.CaseId);
            sum = Add(sum, batch, progress);
        }

        while (await Batch(Remaining, today, at, ct) is { Clocks.Count: > 0 } batch) sum = Add(sum, batch, progress);
        sum = sum with { LeftOver = await database.One<long>("select count(*) from guarantee.clock where state = 'open' and due_on < @today", new { today }, ct) };
        await database.Execute("update guarantee.sweep set finished_at = @now, looked = @Looked, lapsed = @Lapsed, appeals = @Appeals, alarms = @Alarms, left_over = @LeftOver where id = @id",
            new { now = time.GetUtcNow(), sum.Looked, sum.Lapsed, sum.Appeals, sum.Alarms, sum.LeftOver, id }, ct);
        return sum;
    }

    private static SweepResult Add(SweepResult sum, Batched batch, IProgress<long>? progress)
    {
        var n = batch.Clocks.Count;
        progress?.Report(sum.Lapsed + n);
        return sum with { Looked = sum.Looked + n, Lapsed = sum.Lapsed + n, Appeals = sum.Appeals + batch.Openings.Count, Alarms = sum.Alarms + batch.Openings.Count(o => o.Alarm is not null) };
    }

    private async Task<Batched> Batch(string select, DateOnly today, (DateOnly Date, Guid Id) after, CancellationToken ct) => await database.Write(async work =>
    {
        // Beside other sweeps, but not while dates are counted anew.
        await work.Execute("select pg_advisory_xact_lock_shared(hashtextextended('guarantee.dates', 0))");
        var clocks = await work.Query<CaseClock>(select, new { today, date = after.Date, id = after.Id, limit = BatchSize });
        if (clocks.Count == 0) return new Batched(clocks, []);
        var now = time.GetUtcNow();
        var openings = new List<Opening>(clocks.Count);
        var (opened, triggers, authorities) = (new string?[clocks.Count], new string?[clocks.Count], new string?[clocks.Count]);
        for (var i = 0; i < clocks.Count; i++)
        {
            if (next.Open(clocks[i], Trigger.Lapse, today) is not { } opening) continue;
            openings.Add(opening);
            (opened[i], triggers[i], authorities[i]) = (opening.Due.Layer, Trigger.Lapse, opening.Due.Post);
        }

        await work.Execute("""
            update guarantee.clock c set state = 'lapsed', lapsed_at = @now, opened = u.opened, trigger = u.trigger, authority = u.authority
            from unnest(@cases, @opened, @triggers, @authorities) as u(case_id, opened, trigger, authority) where c.case_id = u.case_id
            """, new { now, cases = clocks.Select(c => c.CaseId).ToArray(), opened, triggers, authorities });
        await Opening.Write(work, openings, now);
        return new Batched(clocks, openings);
    }, ct);

    private sealed record Batched(IReadOnlyList<CaseClock> Clocks, IReadOnlyList<Opening> Openings);
}
