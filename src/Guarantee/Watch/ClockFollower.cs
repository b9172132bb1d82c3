using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Feedback;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Guarantee.Clock;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Guarantee.Watch;

/// <summary>Keeps the clocks by what happens to cases. A batch costs two statements however many cases it tells of; a rejection that the law sends upward opens its appeal in the same transaction.</summary>
internal sealed class ClockFollower(NextLayer next, TimeProvider time) : IFollower
{
    public const string Permanent = "guarantee.clock";

    public string Name => Permanent;

    public IReadOnlyCollection<string> Kinds => [CaseFiled.Kind, CaseCompleted.Kind, CaseQueried.Kind, CaseQueryAnswered.Kind, CaseDecided.Kind, CaseStayed.Kind, CaseStayLifted.Kind, CaseRemanded.Kind, CaseExtended.Kind, CaseTransferred.Kind, DeliveryRated.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var now = time.GetUtcNow();
        var clocks = await ClockRows.Lock(work, [.. entries.Where(e => e.Kind != CaseFiled.Kind).Select(e => Guid.Parse(e.Subject)).Distinct()]);
        var changed = new HashSet<Guid>();
        var openings = new List<Opening>();
        var sentBack = new List<CaseClock>();
        foreach (var entry in entries)
        {
            var id = Guid.Parse(entry.Subject);
            var before = clocks.GetValueOrDefault(id);
            // A case that no law guarantees has no clock.
            if ((entry.Kind == CaseFiled.Kind ? Filed(id, entry.As<CaseFiled>()) : before ?? await Ordered(work, id, entry)) is not { } clock) continue;
            if (entry.Kind == CaseRemanded.Kind) sentBack.Add(clock);
            clock = Turn(clock, entry, now, openings);
            if (clock == before) continue;
            clocks[id] = clock;
            changed.Add(id);
        }

        await ClockRows.Save(work, [.. changed.Select(id => clocks[id])]);
        await Opening.Write(work, openings, now);
        await Pauses(work, entries, clocks);
        foreach (var old in sentBack) await Keep(work, old);
    }

    /// <summary>What the first clock came to stays known, so that the proof still finds the cause of what it opened.</summary>
    private static Task Keep(Work work, CaseClock old) => work.Execute("""
        insert into guarantee.earlier (case_id, ended, due_on, state, answered_on, outcome, lapsed_at, opened, trigger, authority)
        select @CaseId, count(*), @DueOn, @State, @AnsweredOn, @Outcome, @LapsedAt, @Opened, @Trigger, @Authority from guarantee.earlier where case_id = @CaseId
        """, old);

    /// <summary>When clocks stood, so that a later calendar can count them anew.</summary>
    private static async Task Pauses(Work work, IReadOnlyList<JournalEntry> entries, Dictionary<Guid, CaseClock> clocks)
    {
        foreach (var entry in entries)
        {
            var id = Guid.Parse(entry.Subject);
            if (!clocks.ContainsKey(id)) continue;
            if (entry.Kind == CaseQueried.Kind && entry.As<CaseQueried>() is { Pauses: true } asked)
                await work.Execute("insert into guarantee.pause (case_id, paused_from) values (@id, @On) on conflict do nothing", new { id, asked.On });
            else if (entry.Kind == CaseQueryAnswered.Kind)
                await work.Execute("update guarantee.pause set paused_until = @On where case_id = @id and paused_until is null and why = 'query'", new { id, entry.As<CaseQueryAnswered>().On });
            else if (entry.Kind == CaseStayed.Kind && entry.As<CaseStayed>() is { Pauses: true } stayed)
                await work.Execute("insert into guarantee.pause (case_id, paused_from, why) values (@id, @On, 'stay') on conflict do nothing", new { id, stayed.On });
            else if (entry.Kind == CaseStayLifted.Kind)
                await work.Execute("update guarantee.pause set paused_until = @On where case_id = @id and paused_until is null and why = 'stay'", new { id, entry.As<CaseStayLifted>().On });
        }
    }

    private static CaseClock? Filed(Guid id, CaseFiled filed) => filed is not { Law: { } law, LawVersion: { } version } || (filed.CompleteOn is not null && filed.DueOn is null && filed.Parent is null) ? null : new CaseClock
    {
        CaseId = id,
        Reference = filed.Reference,
        Service = filed.Service,
        ServiceVersion = filed.ServiceVersion,
        Law = law,
        LawVersion = version,
        Place = filed.Place,
        Applicant = filed.Applicant,
        Layer = filed.Layer,
        Parent = filed.Parent,
        OpenedBy = filed.OpenedBy,
        CompleteOn = filed.CompleteOn,
        DueOn = filed.DueOn,
        State = filed.DueOn is null ? ClockState.Waiting : ClockState.Open,
    };

    /// <summary>A request for which no limit is known gets a clock when an authority orders a date.</summary>
    private static async Task<CaseClock?> Ordered(Work work, Guid id, JournalEntry entry)
    {
        if (entry.Kind != CaseRemanded.Kind) return null;
        var filed = await work.One<string>("select body::text from journal.entry where stream = @Stream and kind = 'case.filed'", new { entry.Stream });
        return filed is null ? null : Filed(id, System.Text.Json.JsonSerializer.Deserialize<CaseFiled>(filed, JournalJson.Options)! with { CompleteOn = null });
    }

    private CaseClock Turn(CaseClock clock, JournalEntry entry, DateTimeOffset now, List<Opening> openings)
    {
        switch (entry.Kind)
        {
            case var kind when kind == CaseCompleted.Kind:
                var completed = entry.As<CaseCompleted>();
                return clock.Start(completed.CompleteOn, completed.DueOn);
            case var kind when kind == CaseQueried.Kind:
                clock = clock with { Queries = clock.Queries + 1 };
                return entry.As<CaseQueried>().Pauses ? clock.Stop() : clock;
            case var kind when kind == CaseQueryAnswered.Kind:
                return clock.GoOn(entry.As<CaseQueryAnswered>().DueOn);
            case var kind when kind == CaseStayed.Kind:
                return entry.As<CaseStayed>().Pauses ? clock.Stop() : clock;
            case var kind when kind == CaseStayLifted.Kind:
                return entry.As<CaseStayLifted>().DueOn is { } due ? clock.GoOn(due) : clock;
            case var kind when kind == CaseRemanded.Kind:
                return clock.Remand(entry.As<CaseRemanded>().Layer, entry.As<CaseRemanded>().DueOn);
            case var kind when kind == CaseDecided.Kind:
                return Decided(clock, entry.As<CaseDecided>(), now, openings);
            case var kind when kind == CaseExtended.Kind:
                return clock.Promise(entry.As<CaseExtended>().DueOn);
            case var kind when kind == CaseTransferred.Kind:
                var sent = entry.As<CaseTransferred>();
                return clock with { Service = sent.Service, ServiceVersion = sent.ServiceVersion };
            case var kind when kind == DeliveryRated.Kind:
                return Rated(clock, entry.As<DeliveryRated>(), openings);
            default:
                return clock;
        }
    }

    /// <summary>A bad rating of an answer opens the next layer where the law says so, while an appeal may still be filed. What has gone upward already goes no further.</summary>
    private CaseClock Rated(CaseClock clock, DeliveryRated rated, List<Opening> openings)
    {
        if (rated.Score != "bad" || clock.Opened is not null || clock.Running || clock.AnsweredOn is null || clock.Outcome == "withdrawn") return clock;
        if (next.Open(clock, Trigger.Rating, rated.On) is not { } opening || rated.On > clock.AnsweredOn.Value.AddDays(next.FileWithin(opening.Due))) return clock;
        openings.Add(opening);
        return clock with { Opened = opening.Due.Layer, Trigger = Trigger.Rating, Authority = opening.Due.Post };
    }

    private CaseClock Decided(CaseClock clock, CaseDecided decided, DateTimeOffset now, List<Opening> openings)
    {
        var answered = clock.Answer(decided.Outcome, decided.On, now) with { Post = decided.Post };
        if (clock.Opened is not null || !clock.Running) return answered;
        var trigger = answered.State == ClockState.Lapsed ? Trigger.Lapse : decided.Outcome is "rejected" or "dismissed" ? Trigger.Rejection : null;
        if (trigger is null || next.Open(answered, trigger, decided.On) is not { } opening) return answered;
        openings.Add(opening);
        return answered with { Opened = opening.Due.Layer, Trigger = trigger, Authority = opening.Due.Post };
    }
}
