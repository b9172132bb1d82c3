using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases;

/// <summary>Appeals by hand and what an authority does in an appeal before its order.</summary>
internal sealed partial class Case
{
    public bool IsAppeal => Type == "appeal";

    /// <summary>The applicant's own appeal against <paramref name="of"/>.</summary>
    public static Case FileAppeal(Guid id, string reference, Case of, LayerAbove above, DateTimeOffset at, DateOnly today, string filedBy)
    {
        var filed = new Case
        {
            Id = id, Reference = reference, Type = "appeal", Service = of.Service, ServiceVersion = of.ServiceVersion, Law = of.Law, LawVersion = of.LawVersion, Place = of.Place, Applicant = of.Applicant,
            State = CaseState.Open, Step = "order", Post = above.Post, Parent = of.Id, Layer = above.Layer, OpenedBy = LayerAbove.ByApplicant, FiledAt = at, FiledBy = filedBy, CompleteOn = today, DueOn = above.DecideBy,
        };
        filed.Note(new CaseFiled(CaseKind.Appeal, reference, of.Service, of.ServiceVersion, of.Law, of.LawVersion, of.Place, of.Applicant, today, today, above.DecideBy, "order", above.Post, of.Id, above.Layer, LayerAbove.ByApplicant, null));
        if (above.Why != "found") filed.Note(new PostFoundVacant(above.Wanted ?? above.Layer, above.Post, above.Why));
        return filed;
    }

    public void Appealed(Case appeal) => Note(new CaseAppealed(appeal.Id, appeal.Reference, appeal.Layer!));

    public Result<Done> AddGrounds(AppealGrounds grounds)
    {
        if (Ended) return CaseProblems.AppealDecided;
        Note(grounds);
        return Done.It;
    }

    /// <summary>An appeal that came late is heard only when its delay is condoned; refusing ends it.</summary>
    public Result<Done> DecideDelay(string post, string outcome, string textDigest, DateOnly today)
    {
        if (Sit(post) is { } refused) return refused;
        Note(new DelayDecided(post, outcome, today, textDigest));
        if (outcome == "refused") End(CaseState.Dismissed, post, ["late"], textDigest, today);
        return Done.It;
    }

    public Result<Done> FixHearing(HearingFixed hearing)
    {
        if (Sit(hearing.Post) is { } refused) return refused;
        Note(hearing);
        return Done.It;
    }

    public Result<Done> Adjourn(HearingAdjourned adjourned)
    {
        if (Sit(adjourned.Post) is { } refused) return refused;
        Note(adjourned);
        return Done.It;
    }

    public Result<Done> Hold(HearingHeld held)
    {
        if (Sit(held.Post) is { } refused) return refused;
        Note(held);
        return Done.It;
    }

    public Result<Done> Direct(DirectionGiven direction)
    {
        if (Sit(direction.Post) is { } refused) return refused;
        Note(direction);
        return Done.It;
    }

    /// <summary>Compliance is taken whenever it comes, also after the order.</summary>
    public void Comply(DirectionComplied complied) => Note(complied);

    /// <param name="post">Who records the stay: the authority of the appeal, or for a first request the authority above it.</param>
    public Result<Done> Stay(CaseStayed stayed)
    {
        if (Ended) return CaseProblems.Ended;
        if (State is not (CaseState.Open or CaseState.Query)) return State == CaseState.Stayed ? CaseProblems.Stayed : CaseProblems.NotOpen;
        State = CaseState.Stayed;
        Note(stayed);
        return Done.It;
    }

    /// <param name="was">The state before the stay.</param>
    public Result<Done> Lift(CaseStayLifted lifted, string was)
    {
        if (State != CaseState.Stayed) return CaseProblems.NotStayed;
        State = was;
        if (lifted.DueOn is { } due) DueOn = due;
        Note(lifted);
        return Done.It;
    }

    /// <summary>Sent back to the officer with a date: open again, at the step that decided it, or where it stands when it was never decided.</summary>
    /// <param name="found">Who decides at the step now.</param>
    public Result<Done> Remand(Guid appeal, string layer, string post, DateOnly today, DateOnly due, Func<string, (string? Post, PostFoundVacant? Alarm)> found)
    {
        if (IsAppeal) return CaseProblems.NotThisStep;
        if (State == CaseState.Withdrawn) return CaseProblems.Ended;
        if (State is CaseState.Stayed) return CaseProblems.Stayed;
        if (Ended && Steps.Where(s => s.State == "done").MaxBy(s => s.DoneAt) is { } last)
        {
            var (to, alarm) = found(last.Code);
            (last.State, last.Post, last.OpenedOn, last.DoneAt, last.Result) = ("open", to, today, null, null);
            if (alarm is not null) Note(alarm);
        }

        (State, Outcome, DecidedOn, DecidedBy, DueOn) = (State is CaseState.Query or CaseState.Incomplete ? State : CaseState.Open, null, null, null, due);
        Show();
        Note(new CaseRemanded(appeal, layer, post, today, due, Step, Post));
        return Done.It;
    }

    /// <summary>Whether the post may conduct this appeal now.</summary>
    private Problem? Sit(string post)
    {
        if (Ended) return CaseProblems.Ended;
        if (State == CaseState.Stayed) return CaseProblems.Stayed;
        if (!IsAppeal) return CaseProblems.NotThisStep;
        return Post == post ? null : CaseProblems.NotYours;
    }
}
