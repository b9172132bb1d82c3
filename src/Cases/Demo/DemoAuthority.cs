using Sahulat.Cases.Examine;
using Sahulat.Cases.Hear;
using Sahulat.Cases.Penalise;
using Sahulat.Cases.Recover;
using Sahulat.Cases.ShowCause;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Demo;

/// <summary>Some authorities hear before they order, and a few ask for penalties: by the same acts as in the pages.</summary>
internal sealed class DemoAuthority(Database database, HearAct hear, PenaltyAct penalties, ShowCauseAct showCause, LedgerAct ledger, LateDays late, CaseFiles files, IOrganisation organisation, Calendars calendars)
{
    private const int PenaltiesMost = 3;

    /// <summary>A hearing on its day, else for some the notice of one.</summary>
    /// <returns>Whether the appeal waits for its hearing.</returns>
    public async Task<bool> Hear(DateOnly day, Waiting w, OfficialCaller who, int chance, CancellationToken ct)
    {
        if (chance >= 40) return false;
        var (number, on, state) = await database.One<(int, DateOnly, string?)>("select number, on_date, state from cases.hearing where case_id = @Id order by number desc limit 1", new { w.Id }, ct);
        if (state == "held") return false;
        if (number == 0)
        {
            var next = day.AddDays(5 + (chance % 5));
            while (!calendars.Current.IsOpen(next, organisation.PlaceAndAncestors(w.Place))) next = next.AddDays(1);
            Must(await hear.Fix(who, w.Reference, w.Version, new HearingNotice(next, "11:30", chance % 3 == 0 ? "video" : "in-person", $"Conference room {SyntheticPeople.Mark}"), ct));
        }
        else if (day >= on)
        {
            Must(await hear.Hold(who, w.Reference, w.Version, chance % 4 == 0 ? "absent" : "present", "represented", $"Both sides were heard. {SyntheticPeople.Mark}", ct));
        }

        return true;
    }

    /// <summary>Takes the few penalties one step on.</summary>
    public async Task Penalise(DateOnly day, Guid[] people, CancellationToken ct)
    {
        var claims = await database.Query<ClaimRow>($"select {Claims.Columns} from cases.claim where kind = 'penalty'", ct: ct);
        if (claims.Count < PenaltiesMost)
            foreach (var id in await Lapsed(people, claims, ct))
                if (await Appeal(id, ct) is { } appeal && await Notice(day, appeal, ct)) break;
        foreach (var claim in claims)
        {
            if (await Appeal(claim.CaseId, ct) is not { } c || PenaltyAct.Whose(c) is not { } post || Holder(post, day) is not { } who) continue;
            if (claim.State == "noticed" && day >= claim.NoticedOn?.AddDays(3)) Must(await showCause.Answer(new OfficialCaller(claim.Official!.Value, ""), claim.Id, $"The post had two charges in these weeks. {SyntheticPeople.Mark}", ct));
            else if (claim.State == "answered" && day >= claim.RepliedOn?.AddDays(4)) await Order(who, c, claim, ct);
            else if (claim.State == "imposed" && day >= claim.OrderedOn?.AddDays(6)) await Pay(day, who, claim, ct);
        }
    }

    private async Task<bool> Notice(DateOnly day, Case appeal, CancellationToken ct)
    {
        if (PenaltyAct.Whose(appeal) is not { } post || Holder(post, day) is not { } who || (await late.Of(await files.Below(appeal, ct), ct)).Where(a => a is { Official: not null, Days: > 0 }).MaxBy(a => a.Days) is not { } person) return false;
        var rule = penalties.Law(appeal)?.Penalties.FirstOrDefault(p => p.PerDay is not null)?.Code;
        return rule is not null && (await penalties.Notice(who, appeal, rule, person.Key, day.AddDays(10), $"The request waited at your post without an answer. {SyntheticPeople.Mark}", ct)).Ok;
    }

    private async Task Order(OfficialCaller who, Case c, ClaimRow claim, CancellationToken ct)
    {
        var amount = decimal.Round((claim.Drafted ?? 0) / 2, 0);
        Must(await penalties.Order(who, c, claim.Id, amount > 0 ? "imposed" : "dropped", amount, $"The two charges explain a part of the delay. {SyntheticPeople.Mark}", ct));
        if (amount > 1 && penalties.Law(c)?.Compensation.FirstOrDefault() is { } rule) Must(await penalties.Compensate(who, c, rule.Code, decimal.Round(amount / 2, 0), $"For the journeys made in vain. {SyntheticPeople.Mark}", ct));
    }

    private async Task Pay(DateOnly day, OfficialCaller who, ClaimRow claim, CancellationToken ct)
    {
        var (lines, balance) = await database.One<(int, decimal)>("select count(*)::int, coalesce(sum(amount), 0) from cases.money where claim = @Id", new { claim.Id }, ct);
        if (lines == 1 && balance > 1) Must(await ledger.Pay(who, claim.Id, lines, decimal.Round(balance / 2, 0), $"DEMO/{claim.Id.ToString("N")[..6]}", day, ct));
    }

    /// <summary>Appeals after a lapse, decided or not, in which nothing was asked yet.</summary>
    private Task<IReadOnlyList<Guid>> Lapsed(Guid[] people, IReadOnlyList<ClaimRow> claims, CancellationToken ct) => database.Query<Guid>("""
            select id from cases."case" where applicant = any(@people) and type = 'appeal' and state in ('open', 'allowed') and opened_by = 'lapse' and coalesce(decided_by, post) is not null and id <> all(@asked) order by filed_at, id limit 10
            """, new { people, asked = claims.Select(c => c.CaseId).ToArray() }, ct);

    private Task<Case?> Appeal(Guid id, CancellationToken ct) => database.Write(work => work.Case(id), ct);

    private static void Must(Result<Done> done)
    {
        if (!done.Ok) throw new InvalidOperationException($"a synthetic act was refused: {done.Problem.Code} {string.Join(", ", done.Problem.Faults.Select(f => $"{f.Pointer} {f.Code}"))}");
    }

    private OfficialCaller? Holder(string post, DateOnly day) => organisation.Holders(post, day) is [var first, ..] ? new OfficialCaller(first.Official, "") : null;
}
