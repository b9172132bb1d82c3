using System.Text;
using Npgsql;
using Sahulat.Cases.Examine;
using Sahulat.Cases.Hear;
using Sahulat.Cases.Recover;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Penalise;

/// <summary>Penalties and compensation by an appeal's authority, before or after its order. The program drafts; nothing is owed before a reasoned order, and no penalty is ordered before the person was asked to show cause and answered or let the day pass.</summary>
internal sealed class PenaltyAct(Bench bench, CaseFiles files, LateDays late, NoteDigest digest, Vault vault, IServiceDirectory services)
{
    private const int TextMax = 4000, ReplyAhead = 90;

    public static string? Whose(Case c) => c.IsAppeal ? c.Post ?? c.DecidedBy : null;

    /// <param name="rule">Code of the law's penalty.</param>
    /// <param name="person">Key of an <see cref="Answerable"/>.</param>
    public async Task<Result<Done>> Notice(OfficialCaller who, Case appeal, string? rule, string? person, DateOnly? replyBy, string? text, CancellationToken ct)
    {
        // What is counted does not change within the act; read before the transaction.
        var answerable = await late.Of(await files.Below(appeal, ct), ct);
        try
        {
            return await bench.Sit(who, appeal.Reference, appeal.Version, Whose, async s =>
            {
                if (s.Case.State == CaseState.Stayed) return CaseProblems.Stayed;
                var check = new Check();
                var found = Law(s.Case)?.Penalties.FirstOrDefault(p => p.Code == rule);
                check.That(found is not null, "rule", string.IsNullOrEmpty(rule) ? "required" : "not-a-choice");
                var of = answerable.FirstOrDefault(a => a.Key == person);
                check.That(of?.Official is not null, "person", string.IsNullOrEmpty(person) ? "required" : "not-a-choice");
                if (found?.PerDay is not null && of is not null) check.That(of.Days > 0, "person", "person-not-late");
                Dates.Check(check, "reply", replyBy, s.Today, s.Today.AddDays(ReplyAhead));
                Written.Check(check, "notice", text, TextMax, With.Must);
                if (!check.Ok) return check.ToProblem();
                var draft = PenaltyDraft.Of(found!, of!.Days);
                var id = Guid.CreateVersion7(s.At);
                var official = of.Official!.Value;
                var notice = vault.Seal(await vault.Key(s.Work, official, Claims.Retention), Encoding.UTF8.GetBytes(text!.Trim()), Claims.Context(id, "notice"));
                await s.Work.Execute("""
                    insert into cases.claim (id, case_id, request, kind, rule, section, confirmed, post, official, late_of, late_from, late_to, days, per_day, cap, drafted, state, noticed_on, reply_by, notice, ordered_by, version)
                    values (@id, @caseId, @request, 'penalty', @rule, @section, @confirmed, @post, @official, @lateOf, @from, @to, @days, @perDay, @cap, @drafted, 'noticed', @today, @replyBy, @notice, @by, 1)
                    """, new { id, caseId = s.Case.Id, request = s.First.Id, rule, section = found!.Section, confirmed = found.Confirmed, post = of.Post, official, lateOf = of.CaseId, from = of.From, to = of.To, days = of.Days, perDay = found.PerDay, cap = draft.Cap, drafted = draft.Amount, today = s.Today, replyBy, notice, by = s.Post });
                await s.Work.Append(Claims.Stream(id), 0, new ShowCauseIssued(s.Case.Id, rule!, of.Post, official, of.Days, draft.Amount, draft.Cap, replyBy!.Value, digest.Of(text.Trim())), s.Actor, s.At);
                return Done.It;
            }, ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return CaseProblems.PenaltyThere;
        }
    }

    /// <param name="outcome">imposed or dropped.</param>
    /// <param name="amount">Less or more than the draft, within the cap.</param>
    public Task<Result<Done>> Order(OfficialCaller who, Case appeal, Guid claim, string? outcome, decimal? amount, string? text, CancellationToken ct) => bench.Sit(who, appeal.Reference, appeal.Version, Whose, async s =>
    {
        if (s.Case.State == CaseState.Stayed) return CaseProblems.Stayed;
        if (await Claims.Lock(s.Work, claim) is not { Kind: "penalty" } row || row.CaseId != s.Case.Id) return Problem.NotFound;
        if (!row.Open) return CaseProblems.PenaltyOrderedAlready;
        if (!row.MayOrder(s.Today)) return CaseProblems.PenaltyUnheard(row.ReplyBy);
        var check = new Check();
        var field = $"amount-{claim:N}";
        check.That(outcome is "imposed" or "dropped", $"outcome-{claim:N}", string.IsNullOrEmpty(outcome) ? "required" : "not-a-choice");
        if (outcome == "imposed") check.That(amount is > 0 && decimal.Round(amount.Value, 2) == amount && amount <= (row.Cap ?? amount), field, amount is null ? "required" : "amount-over", row.Cap);
        Written.Check(check, $"reason-{claim:N}", text, TextMax, With.Must);
        if (!check.Ok) return check.ToProblem();
        var sum = outcome == "imposed" ? amount!.Value : 0;
        var reason = vault.Seal(await vault.Key(s.Work, row.Official!.Value, Claims.Retention), Encoding.UTF8.GetBytes(text!.Trim()), Claims.Context(claim, "reason"));
        await s.Work.Execute("update cases.claim set state = @outcome, amount = @sum, ordered_on = @Today, ordered_by = @Post, reason = @reason, version = version + 1 where id = @claim", new { outcome, sum, s.Today, s.Post, reason, claim });
        await s.Work.Append(Claims.Stream(claim), null, new PenaltyOrdered(s.Case.Id, outcome!, s.Post, row.Official.Value, sum, s.Today, digest.Of(text.Trim())), s.Actor, s.At);
        if (sum > 0) await LedgerAct.Write(s.Work, claim, new MoneyEntered(1, "demand", sum, null, s.Today, null), s.Actor, s.At);
        return Done.It;
    }, ct);

    public Task<Result<Done>> Compensate(OfficialCaller who, Case appeal, string? rule, decimal? amount, string? text, CancellationToken ct) => bench.Sit(who, appeal.Reference, appeal.Version, Whose, async s =>
    {
        if (s.Case.State == CaseState.Stayed) return CaseProblems.Stayed;
        var check = new Check();
        var found = Law(s.Case)?.Compensation.FirstOrDefault(p => p.Code == rule);
        check.That(found is not null, "compensation", string.IsNullOrEmpty(rule) ? "required" : "not-a-choice");
        Written.Check(check, "compensation-reason", text, TextMax, With.Must);
        if (found is not null)
        {
            // Two orders at once must not pass the cap together.
            await s.Work.Execute("select pg_advisory_xact_lock(hashtextextended('cases.claim/' || @request, 0))", new { request = s.First.Id.ToString("N") });
            var left = await Left(s.Work, s.First.Id, found);
            check.That(amount is > 0 && decimal.Round(amount.Value, 2) == amount && amount <= left, "compensation-amount", amount is null ? "required" : "amount-over", left);
        }

        if (!check.Ok) return check.ToProblem();
        var id = Guid.CreateVersion7(s.At);
        var reason = vault.Seal(await vault.Key(s.Work, s.Case.Applicant, IntakeBatch.Retention), Encoding.UTF8.GetBytes(text!.Trim()), Claims.Context(id, "reason"));
        await s.Work.Execute("""
            insert into cases.claim (id, case_id, request, kind, rule, section, confirmed, cap, state, amount, ordered_on, ordered_by, reason, version)
            values (@id, @caseId, @request, 'compensation', @rule, @Section, @Confirmed, @Max, 'imposed', @amount, @today, @post, @reason, 1)
            """, new { id, caseId = s.Case.Id, request = s.First.Id, rule, found!.Section, found.Confirmed, found.Max, amount, today = s.Today, post = s.Post, reason });
        await s.Work.Append(Claims.Stream(id), 0, new CompensationOrdered(s.Case.Id, rule!, s.Post, amount!.Value, s.Today, digest.Of(text.Trim())), s.Actor, s.At);
        await LedgerAct.Write(s.Work, id, new MoneyEntered(1, "awarded", amount.Value, null, s.Today, null), s.Actor, s.At);
        return Done.It;
    }, ct);

    /// <summary>What may still be awarded under a rule: its cap, or what was imposed as penalties, less what was awarded.</summary>
    public static async Task<decimal> Left(Work work, Guid request, CompensationRule rule)
    {
        var (awarded, imposed) = await work.One<(decimal, decimal)>("""
            select coalesce(sum(amount) filter (where kind = 'compensation' and rule = @Code), 0), coalesce(sum(amount) filter (where kind = 'penalty' and state = 'imposed'), 0) from cases.claim where request = @request
            """, new { request, rule.Code });
        return Math.Max(0, Math.Min(rule.Max ?? decimal.MaxValue, rule.OutOfPenalty ? imposed : decimal.MaxValue) - awarded);
    }

    public LawVersion? Law(Case c) => c is { Law: { } law, LawVersion: { } version } ? services.LawVersion(law, version) : null;
}
