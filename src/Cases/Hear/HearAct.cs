using System.Globalization;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Cases.Hear;

/// <param name="On">Null where no real date was written.</param>
/// <param name="At">HH:mm.</param>
internal sealed record HearingNotice(DateOnly? On, string? At, string? Mode, string? Place);

/// <summary>What an authority does in an appeal before its order: hearings, directions, the question of delay.</summary>
internal sealed class HearAct(Bench bench, CaseView view, Superiors superiors, NoteDigest digest, Calendars calendars, IOrganisation organisation)
{
    public static readonly string[] Modes = ["in-person", "video", "telephone"];
    public static readonly string[] Attendances = ["present", "represented", "absent"];

    private const int Ahead = 180, TextMax = 4000, PlaceMax = 300;

    public Task<Result<Done>> Fix(OfficialCaller who, string reference, long version, HearingNotice notice, CancellationToken ct) => bench.Sit(who, reference, version, async s =>
    {
        var check = new Check();
        var at = Faults(check, s, notice, With.Must);
        if (!check.Ok) return check.ToProblem();
        var (number, open) = await Last(s);
        if (open) return CaseProblems.HearingOpen;
        var officer = superiors.Officer(s.First);
        var done = s.Case.FixHearing(new HearingFixed(number + 1, s.Post, notice.On!.Value, at, notice.Mode!, digest.Of(notice.Place!.Trim()), officer));
        if (!done.Ok) return done;
        var place = await view.Note(s.Work, s.Case, "hearing-place", notice.Place!.Trim(), s.Actor, s.At);
        await Insert(s, number + 1, notice, at, place, officer);
        return done;
    }, ct);

    /// <summary>Moves the open hearing to another date, with a reason.</summary>
    public Task<Result<Done>> Adjourn(OfficialCaller who, string reference, long version, HearingNotice next, string? reason, CancellationToken ct) => bench.Sit(who, reference, version, async s =>
    {
        var check = new Check();
        Written.Check(check, "reason", reason, TextMax, With.Must);
        var at = Faults(check, s, next, With.May);
        if (!check.Ok) return check.ToProblem();
        var (number, open) = await Last(s);
        if (!open) return CaseProblems.NoHearing;
        var officer = superiors.Officer(s.First);
        var done = s.Case.Adjourn(new HearingAdjourned(number, s.Post, digest.Of(reason!.Trim()), number + 1, next.On!.Value, at, next.Mode!, officer));
        if (!done.Ok) return done;
        var said = await view.Note(s.Work, s.Case, "adjournment", reason.Trim(), s.Actor, s.At);
        var place = string.IsNullOrWhiteSpace(next.Place)
            ? await s.Work.One<Guid>("select place from cases.hearing where case_id = @Id and number = @number", new { s.Case.Id, number })
            : await view.Note(s.Work, s.Case, "hearing-place", next.Place.Trim(), s.Actor, s.At);
        await s.Work.Execute("update cases.hearing set state = 'adjourned', said = @said where case_id = @Id and number = @number", new { said, s.Case.Id, number });
        await Insert(s, number + 1, next, at, place, officer);
        return done;
    }, ct);

    /// <summary>Records who came to the open hearing, and what was said.</summary>
    public Task<Result<Done>> Hold(OfficialCaller who, string reference, long version, string? applicant, string? officer, string? text, CancellationToken ct) => bench.Sit(who, reference, version, async s =>
    {
        var check = new Check();
        check.That(Attendances.Contains(applicant), "applicant", string.IsNullOrEmpty(applicant) ? "required" : "not-a-choice");
        check.That(Attendances.Contains(officer), "officer", string.IsNullOrEmpty(officer) ? "required" : "not-a-choice");
        Written.Check(check, "minutes", text, TextMax, With.May);
        if (!check.Ok) return check.ToProblem();
        var (number, open) = await Last(s);
        if (!open) return CaseProblems.NoHearing;
        if (await s.Work.One<DateOnly>("select on_date from cases.hearing where case_id = @Id and number = @number", new { s.Case.Id, number }) > s.Today) return CaseProblems.HearingAhead;
        var said = string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        var done = s.Case.Hold(new HearingHeld(number, s.Post, applicant!, officer!, said is null ? null : digest.Of(said)));
        if (!done.Ok) return done;
        var note = said is null ? (Guid?)null : await view.Note(s.Work, s.Case, "minutes", said, s.Actor, s.At);
        await s.Work.Execute("update cases.hearing set state = 'held', applicant_came = @applicant, officer_came = @officer, said = @note where case_id = @Id and number = @number", new { applicant, officer, note, s.Case.Id, number });
        return done;
    }, ct);

    /// <summary>An interim direction to the officer of the first request.</summary>
    public Task<Result<Done>> Direct(OfficialCaller who, string reference, long version, DateOnly? by, string? text, CancellationToken ct) => bench.Sit(who, reference, version, async s =>
    {
        var check = new Check();
        Written.Check(check, "direction", text, TextMax, With.Must);
        Dates.Check(check, "by", by, s.Today, s.Today.AddDays(Ahead));
        if (!check.Ok) return check.ToProblem();
        if (superiors.Officer(s.First) is not { } to) return CaseProblems.NobodyToDirect;
        var number = 1 + await s.Work.One<int>("select coalesce(max(number), 0) from cases.direction where case_id = @Id", new { s.Case.Id });
        var done = s.Case.Direct(new DirectionGiven(number, s.Post, to, by!.Value, digest.Of(text!.Trim())));
        if (!done.Ok) return done;
        var said = await view.Note(s.Work, s.Case, "direction", text.Trim(), s.Actor, s.At);
        await s.Work.Execute("insert into cases.direction (case_id, number, request, post, by_date, given_on, said) values (@Id, @number, @request, @to, @by, @on, @said)", new { s.Case.Id, number, request = s.First.Id, to, by, on = s.Today, said });
        return done;
    }, ct);

    /// <param name="outcome">condoned or refused; refusing dismisses the appeal.</param>
    public Task<Result<Done>> Delay(OfficialCaller who, string reference, long version, string? outcome, string? reason, CancellationToken ct) => bench.Sit(who, reference, version, async s =>
    {
        var check = new Check();
        check.That(outcome is "condoned" or "refused", "delay", string.IsNullOrEmpty(outcome) ? "required" : "not-a-choice");
        Written.Check(check, "why", reason, TextMax, With.Must);
        if (!check.Ok) return check.ToProblem();
        if (await s.Work.Execute("update cases.appeal set delay = @outcome where case_id = @Id and late_days > 0 and delay is null", new { outcome, s.Case.Id }) == 0) return CaseProblems.NoDelay;
        var done = s.Case.DecideDelay(s.Post, outcome!, digest.Of(reason!.Trim()), s.Today);
        if (done.Ok) await view.Note(s.Work, s.Case, "delay", reason.Trim(), s.Actor, s.At);
        return done;
    }, ct);

    private string Faults(Check check, Sitting s, HearingNotice notice, With place)
    {
        Dates.Check(check, "on", notice.On, s.Today, s.Today.AddDays(Ahead));
        if (notice.On is { } on) check.That(calendars.Current.IsOpen(on, organisation.PlaceAndAncestors(s.Case.Place)), "on", "office-closed");
        var timed = TimeOnly.TryParseExact(notice.At, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at);
        check.That(timed, "at", string.IsNullOrWhiteSpace(notice.At) ? "required" : "not-a-time");
        check.That(Modes.Contains(notice.Mode), "mode", string.IsNullOrEmpty(notice.Mode) ? "required" : "not-a-choice");
        Written.Check(check, "place", notice.Place, PlaceMax, place);
        return at.ToString("HH:mm", CultureInfo.InvariantCulture);
    }

    private static async Task<(int Number, bool Open)> Last(Sitting s) =>
        await s.Work.One<(int, bool)>("select number, state = 'fixed' from cases.hearing where case_id = @Id order by number desc limit 1", new { s.Case.Id });

    private static Task Insert(Sitting s, int number, HearingNotice notice, string at, Guid place, string? officer) => s.Work.Execute(
        "insert into cases.hearing (case_id, number, on_date, at_time, mode, place, officer, state) values (@Id, @number, @On, @at::time, @Mode, @place, @officer, 'fixed')",
        new { s.Case.Id, number, notice.On, at, notice.Mode, place, officer });
}
