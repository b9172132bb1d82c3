using Sahulat.Cases.Hear;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;

namespace Sahulat.Cases.Stay;

/// <summary>Records that a court or another authority bars action, and that it no longer does. Never by the officer whose clock runs: for a first request by the authority above him.</summary>
internal sealed class StayAct(Bench bench, CaseView view, Superiors superiors, NoteDigest digest, PauseEnds ends, IServiceDirectory services)
{
    public const int OrderMax = 30;

    private const int CourtMax = 200, TextMax = 2000;

    public Task<Result<Done>> Stay(OfficialCaller who, string reference, long version, string? order, string? court, string? reason, CancellationToken ct) => bench.Sit(who, reference, version, Whose, async s =>
    {
        var check = new Check();
        Number(check, order);
        Written.Check(check, "court", court, CourtMax, With.Must);
        Written.Check(check, "stay-reason", reason, TextMax, With.Must);
        if (!check.Ok) return check.ToProblem();
        var said = $"{court!.Trim()}\n{reason!.Trim()}";
        var was = s.Case.State;
        var pauses = s.Case is { Law: { } law, LawVersion: { } kept } && services.LawVersion(law, kept)?.Pauses.Contains("stay") == true;
        var done = s.Case.Stay(new CaseStayed(s.Post, order!.Trim(), s.Today, pauses, digest.Of(said)));
        if (!done.Ok) return done;
        var note = await view.Note(s.Work, s.Case, "stay", said, s.Actor, s.At);
        await s.Work.Execute("""
            insert into cases.stay (case_id, number, order_no, from_date, was, pauses, said)
            select @Id, count(*) + 1, @order, @Today, @was, @pauses, @note from cases.stay where case_id = @Id
            """, new { s.Case.Id, order = order.Trim(), s.Today, was, pauses, note });
        if (pauses) await s.Work.Execute("insert into cases.pause (case_id, paused_from, why) values (@Id, @Today, 'stay') on conflict do nothing", new { s.Case.Id, s.Today });
        return done;
    }, ct);

    public Task<Result<Done>> Lift(OfficialCaller who, string reference, long version, string? order, string? reason, CancellationToken ct) => bench.Sit(who, reference, version, Whose, async s =>
    {
        var check = new Check();
        Number(check, order);
        Written.Check(check, "stay-reason", reason, TextMax, With.Must);
        if (!check.Ok) return check.ToProblem();
        if (await s.Work.One<string>("update cases.stay set until_date = @Today where case_id = @Id and until_date is null returning was", new { s.Today, s.Case.Id }) is not { } was) return CaseProblems.NotStayed;
        var due = await ends.End(s.Work, s.Case, "stay", s.Today);
        // While a query still makes the clock stand there is no date.
        var stands = await s.Work.One<bool>("select exists (select from cases.pause where case_id = @Id and paused_until is null)", new { s.Case.Id });
        var done = s.Case.Lift(new CaseStayLifted(s.Post, order!.Trim(), s.Today, stands ? null : due, digest.Of(reason!.Trim())), was);
        if (done.Ok) await view.Note(s.Work, s.Case, "stay-lifted", reason.Trim(), s.Actor, s.At);
        return done;
    }, ct);

    public string? Whose(Case c) => c.IsAppeal ? c.Post : superiors.Of(c);

    private static void Number(Check check, string? order)
    {
        if (!check.That(!string.IsNullOrWhiteSpace(order), "order-no", "required")) return;
        check.That(order!.Trim().Length <= OrderMax, "order-no", "too-long", OrderMax);
        check.That(order.Trim().All(c => char.IsAsciiLetterOrDigit(c) || " /-.()&:".Contains(c)), "order-no", "order-number-form");
    }
}
