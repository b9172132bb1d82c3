using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Guarantee;
using Sahulat.Guarantee.Clock;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Guarantee.Recount;

/// <summary>A new calendar counts every open due date anew. Requests with the same terms share a date, so each date is counted once and moved by set; what has lapsed stays lapsed, and a date that an authority ordered stays as ordered.</summary>
internal sealed class RecountDates(Calendars calendars, IStatutoryClock clock, TimeProvider time, ILogger<RecountDates> log) : IFollower
{
    public const string Permanent = "guarantee.recount";

    public string Name => Permanent;

    public IReadOnlyCollection<string> Kinds => [CalendarIssued.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        // One order may move every open date.
        work = await work.Wholesale();
        // Each version holds those before it: the newest says all.
        var version = entries.Max(e => e.As<CalendarIssued>().Version);
        await calendars.Refresh(work.Cancelled);
        var order = await work.One<string>("select order_no from calendar.version where version = @version", new { version }) ?? "";
        // No date lapses while it is counted. Not the lock of the one who sweeps: he waits for this.
        await work.Execute("select pg_advisory_xact_lock(hashtextextended('guarantee.dates', 0))");
        var moved = await Shared(work, version, order) + await Paused(work, version, order);
        if (moved > 0) log.LogInformation("calendar {Version} moved {Moved} open due dates", version, moved);
    }

    private async Task<long> Shared(Work work, int version, string order)
    {
        var groups = await work.Query<Terms>("""
            select service, service_version, law, law_version, place, layer, complete_on, due_on, count(*) as count
            from guarantee.clock c where state in ('open', 'paused') and remanded_by is null and promised_on is null and complete_on is not null and due_on is not null
              and not exists (select from guarantee.pause p where p.case_id = c.case_id)
            group by 1, 2, 3, 4, 5, 6, 7, 8
            """);
        var changed = groups.Select(g => (Terms: g, To: Due(g, []))).Where(g => g.To is { } to && to != g.Terms.DueOn).Select(g => (g.Terms, To: g.To!.Value)).ToArray();
        if (changed.Length == 0) return 0;
        var now = time.GetUtcNow();
        await work.Execute("""
            with terms as materialized (
              select * from unnest(@services, @serviceVersions, @laws, @lawVersions, @places, @layers, @completes, @froms, @tos)
                as t(service, service_version, law, law_version, place, layer, complete_on, due_on, due_to)),
            moved as (
              update guarantee.clock c set due_on = t.due_to from terms t
              where c.state in ('open', 'paused') and c.remanded_by is null and c.service = t.service and c.service_version = t.service_version and c.law = t.law and c.law_version = t.law_version
                and c.place = t.place and coalesce(c.layer, '') = t.layer and c.complete_on = t.complete_on and c.due_on = t.due_on and c.promised_on is null
                and not exists (select from guarantee.pause p where p.case_id = c.case_id)
              returning c.case_id, t.due_on, t.due_to)
            insert into guarantee.moved (case_id, calendar, due_from, due_to, at) select case_id, @version, due_on, due_to, @now from moved on conflict do nothing
            """, new
        {
            version,
            now,
            services = changed.Select(c => c.Terms.Service).ToArray(),
            serviceVersions = changed.Select(c => c.Terms.ServiceVersion).ToArray(),
            laws = changed.Select(c => c.Terms.Law).ToArray(),
            lawVersions = changed.Select(c => c.Terms.LawVersion).ToArray(),
            places = changed.Select(c => c.Terms.Place).ToArray(),
            layers = changed.Select(c => c.Terms.Layer ?? "").ToArray(),
            completes = changed.Select(c => c.Terms.CompleteOn).ToArray(),
            froms = changed.Select(c => c.Terms.DueOn).ToArray(),
            tos = changed.Select(c => c.To).ToArray(),
        });
        await Journal(work, version, [.. changed.Select(c => c.Terms.Moved(version, order, c.To, null))], now);
        return changed.Sum(c => c.Terms.Count);
    }

    private async Task<long> Paused(Work work, int version, string order)
    {
        var pauses = (await work.Query<(Guid Case, DateOnly From, DateOnly? Until)>("select p.case_id, p.paused_from, p.paused_until from guarantee.pause p join guarantee.clock c using (case_id) where c.state in ('open', 'paused')")).ToLookup(p => p.Case);
        var clocks = await work.Query<Terms>("select case_id, service, service_version, law, law_version, place, layer, complete_on, due_on, 1 as count from guarantee.clock where case_id = any(@cases) and remanded_by is null and complete_on is not null and due_on is not null and promised_on is null order by case_id for update", new { cases = pauses.Select(p => p.Key).ToArray() });
        var now = time.GetUtcNow();
        var changed = clocks.Select(c => (Terms: c, To: Due(c, [.. pauses[c.CaseId].Select(p => new Pause(p.From, p.Until))]))).Where(c => c.To is { } to && to != c.Terms.DueOn && to != DateOnly.MaxValue).Select(c => (c.Terms, To: c.To!.Value)).ToArray();
        await work.Execute("""
            with t as (select * from unnest(@cases, @froms, @tos) as t(case_id, due_from, due_to)),
            moved as (update guarantee.clock c set due_on = t.due_to from t where c.case_id = t.case_id)
            insert into guarantee.moved (case_id, calendar, due_from, due_to, at) select case_id, @version, due_from, due_to, @now from t on conflict do nothing
            """, new { version, now, cases = changed.Select(c => c.Terms.CaseId).ToArray(), froms = changed.Select(c => c.Terms.DueOn).ToArray(), tos = changed.Select(c => c.To).ToArray() });
        await Journal(work, version, [.. changed.Select(c => c.Terms.Moved(version, order, c.To, [c.Terms.CaseId]))], now);
        return changed.Length;
    }

    private DateOnly? Due(Terms t, IReadOnlyList<Pause> pauses) => t.Layer is { } layer
        ? clock.ExplainAppeal(t.Law, t.LawVersion, layer, t.Place, t.CompleteOn, pauses)?.On
        : clock.DueOn(t.Service, t.ServiceVersion, t.Place, t.CompleteOn, pauses, t.LawVersion);

    private static Task Journal(Work work, int version, IReadOnlyList<DatesMoved> moves, DateTimeOffset at) =>
        work.Append([.. moves.Select(m => Append.To($"calendar/moved-{version}", null, m, Actor.Sahulat("guarantee"), at))]);

    /// <summary>What a due date is counted from.</summary>
    private sealed record Terms
    {
        public Guid CaseId { get; init; }
        public string Service { get; init; } = "";
        public int ServiceVersion { get; init; }
        public string Law { get; init; } = "";
        public int LawVersion { get; init; }
        public string Place { get; init; } = "";
        public string? Layer { get; init; }
        public DateOnly CompleteOn { get; init; }
        public DateOnly DueOn { get; init; }
        public long Count { get; init; }

        public DatesMoved Moved(int version, string order, DateOnly to, IReadOnlyList<Guid>? cases) => new(version, order, Service, ServiceVersion, Law, LawVersion, Place, Layer, CompleteOn, DueOn, to, Count, cases);
    }
}
