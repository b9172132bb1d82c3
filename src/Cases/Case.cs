using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases;

/// <summary>States of a case. Appeals end allowed, partly allowed or dismissed, applications approved, rejected or withdrawn.</summary>
internal static class CaseState
{
    public const string Incomplete = "incomplete";
    public const string Open = "open";
    public const string Query = "query";
    public const string Stayed = "stayed";
    public const string Approved = "approved";
    public const string Rejected = "rejected";
    public const string Withdrawn = "withdrawn";
    public const string Allowed = "allowed";
    public const string Dismissed = "dismissed";
    public const string Partly = "partly";

    /// <summary>A grievance that was answered.</summary>
    public const string Disposed = "disposed";

    /// <summary>A grievance that waits for the answer to another about the same matter.</summary>
    public const string Joined = "joined";
}

/// <summary>One step of the workflow as it runs for one case. States: waiting, open, done.</summary>
internal sealed class CaseStep
{
    public required string Code { get; init; }

    public required int Seq { get; init; }

    public string? Parallel { get; init; }

    public string? Post { get; set; }

    public string State { get; set; } = "waiting";

    public DateOnly? OpenedOn { get; set; }

    public DateOnly? DueOn { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    public string? Result { get; set; }
}

/// <summary>Finds who acts at a step and by when, so that the aggregate needs no IO.</summary>
internal delegate (string? Post, DateOnly? DueOn, PostFoundVacant? Alarm) StepOpening(WorkflowStep step, DateOnly on);

/// <summary>A request that somebody must answer by a date. Pure: every change is a method that refuses or leaves entries to journal in <see cref="Pending"/>.</summary>
internal sealed partial class Case
{
    public required Guid Id { get; init; }

    public required string Reference { get; init; }

    public string Type { get; init; } = "application";

    public required string Service { get; set; }

    public required int ServiceVersion { get; set; }

    /// <summary>The grievance whose answer this one waits for.</summary>
    public Guid? Head { get; private set; }

    public int Transfers { get; private set; }

    /// <summary>The day that an interim reply named.</summary>
    public DateOnly? PromisedOn { get; private set; }

    public string? Law { get; init; }

    public int? LawVersion { get; init; }

    public required string Place { get; init; }

    public required Guid Applicant { get; init; }

    public string State { get; private set; } = CaseState.Open;

    public string? Step { get; private set; }

    public string? Post { get; private set; }

    public Guid? Parent { get; init; }

    public string? Layer { get; init; }

    public string? OpenedBy { get; init; }

    public required DateTimeOffset FiledAt { get; init; }

    public required string FiledBy { get; init; }

    public DateOnly? CompleteOn { get; private set; }

    public DateOnly? DueOn { get; private set; }

    public DateOnly? DecidedOn { get; private set; }

    public string? Outcome { get; private set; }

    /// <summary>The post that decided; null while nobody has, and for a withdrawal.</summary>
    public string? DecidedBy { get; private set; }

    public string[] Missing { get; private set; } = [];

    /// <summary>Version of the journal stream when it was loaded.</summary>
    public long Version { get; init; }

    public List<CaseStep> Steps { get; init; } = [];

    public List<(string Kind, object Body)> Pending { get; } = [];

    public bool Ended => State is CaseState.Approved or CaseState.Rejected or CaseState.Withdrawn or CaseState.Allowed or CaseState.Partly or CaseState.Dismissed or CaseState.Disposed;

    public static Case Restore(CaseStore.Row r, IEnumerable<CaseStep> steps) => new()
    {
        Id = r.Id, Reference = r.Reference, Type = r.Type, Service = r.Service, ServiceVersion = r.ServiceVersion, Law = r.Law, LawVersion = r.LawVersion, Place = r.Place, Applicant = r.Applicant,
        State = r.State, Step = r.Step, Post = r.Post, Parent = r.Parent, Layer = r.Layer, OpenedBy = r.OpenedBy, FiledAt = r.FiledAt, FiledBy = r.FiledBy, CompleteOn = r.CompleteOn, DueOn = r.DueOn,
        DecidedOn = r.DecidedOn, DecidedBy = r.DecidedBy, Outcome = r.Outcome, Missing = r.Missing, Version = r.Version, Head = r.Head, Transfers = r.Transfers, PromisedOn = r.PromisedOn, Steps = [.. steps],
    };

    public static Case File(Guid id, string reference, ServiceVersion service, int? lawVersion, string place, Guid applicant, DateTimeOffset at, DateOnly today, string filedBy, string? onBehalf, IReadOnlyList<string> missing, DateOnly? due, StepOpening open)
    {
        var filed = new Case
        {
            Id = id, Reference = reference, Type = service.Grievance is null ? "application" : "grievance", Service = service.Code, ServiceVersion = service.Version, Law = service.Law, LawVersion = lawVersion, Place = place, Applicant = applicant,
            FiledAt = at, FiledBy = filedBy, CompleteOn = missing.Count == 0 ? today : null, DueOn = missing.Count == 0 ? due : null, Missing = [.. missing],
            State = missing.Count == 0 ? CaseState.Open : CaseState.Incomplete,
            Steps = [.. service.Steps.Select((s, i) => new CaseStep { Code = s.Code, Seq = i, Parallel = s.Parallel })],
        };
        filed.OpenNext(service, today, open);
        filed.Note(0, new CaseFiled(service.Grievance is null ? CaseKind.Application : CaseKind.Grievance, reference, service.Code, service.Version, service.Law, lawVersion, place, applicant, today, filed.CompleteOn, filed.DueOn, filed.Step, filed.Post, null, null, null, onBehalf));
        return filed;
    }

    /// <summary>The missing papers came: the clock starts (SRO 223, rule 4).</summary>
    public Result<Done> Complete(DateOnly today, DateOnly? due)
    {
        if (State != CaseState.Incomplete) return CaseProblems.NotIncomplete;
        (State, CompleteOn, DueOn, Missing) = (CaseState.Open, today, due, []);
        Note(new CaseCompleted(today, due));
        return Done.It;
    }

    public Result<Done> Ask(string post, WorkflowStep step, DateOnly today, bool pauses)
    {
        if (Act(post, step, "query") is { } refused) return refused;
        if (State != CaseState.Open) return CaseProblems.NotOpen;
        State = CaseState.Query;
        Note(new CaseQueried(step.Code, post, today, pauses));
        return Done.It;
    }

    public Result<Done> Answer(DateOnly today, DateOnly? due)
    {
        if (State != CaseState.Query) return CaseProblems.NoQuery;
        State = CaseState.Open;
        DueOn = due;
        Note(new CaseQueryAnswered(today, due));
        return Done.It;
    }

    public Result<Done> Forward(string post, WorkflowStep step, string to)
    {
        if (Act(post, step, "forward") is { } refused) return refused;
        Open(step.Code).Post = to;
        Show();
        Note(new CaseForwarded(step.Code, post, to));
        return Done.It;
    }

    /// <summary>The sender takes a forwarded case back; whether nobody has acted since is the caller's to know.</summary>
    public Result<Done> TakeBack(string step, string from, string to)
    {
        if (Ended) return CaseProblems.Ended;
        if (Steps.FirstOrDefault(s => s.Code == step) is not { State: "open" } own || own.Post != from) return CaseProblems.CannotTakeBack;
        own.Post = to;
        Show();
        Note(new CaseForwarded(step, from, to, true));
        return Done.It;
    }

    public void Alarm(PostFoundVacant alarm) => Note(alarm);

    /// <summary>A superior acts for a post that nobody holds: the alarm comes before the act.</summary>
    public void StandIn(string wanted, string took) => Note(new PostFoundVacant(wanted, took, "vacant"));

    /// <summary>Ends a step that does not decide. The next opens when no parallel sister is open.</summary>
    public Result<Done> FinishStep(string post, WorkflowStep step, string action, string result, ServiceVersion service, DateOnly today, DateTimeOffset at, StepOpening open)
    {
        if (Act(post, step, action) is { } refused) return refused;
        if (State != CaseState.Open) return CaseProblems.NotOpen;
        var own = Open(step.Code);
        (own.State, own.DoneAt, own.Result) = ("done", at, result);
        var place = Pending.Count;
        if (Steps.All(s => s.State != "open")) OpenNext(service, today, open);
        else Show();
        Note(place, new CaseStepDone(step.Code, post, result, Step, Post));
        return Done.It;
    }

    public Result<Done> Decide(string post, WorkflowStep step, string outcome, IReadOnlyList<string> reasons, string? textDigest, DateOnly today, DateTimeOffset at, string? order = null)
    {
        if (Act(post, step, outcome == CaseState.Approved ? "approve" : "reject") is { } refused) return refused;
        if (State == CaseState.Incomplete && outcome == CaseState.Approved) return CaseProblems.NotOpen;
        if (outcome == CaseState.Rejected && reasons.Count == 0) return CaseProblems.ReasonMissing;
        var own = Open(step.Code);
        (own.State, own.DoneAt, own.Result) = ("done", at, outcome);
        End(outcome, post, reasons, textDigest, today, order);
        return Done.It;
    }

    /// <summary>An appellate authority's order.</summary>
    public Result<Done> Order(string post, string outcome, string? textDigest, DateOnly today)
    {
        if (Sit(post) is { } refused) return refused;
        End(outcome, post, [], textDigest, today);
        return Done.It;
    }

    public Result<Done> Withdraw(DateOnly today)
    {
        if (Ended) return CaseProblems.Ended;
        End(CaseState.Withdrawn, null, [], null, today);
        return Done.It;
    }

    private void Note<T>(T body) where T : class, IJournalBody => Pending.Add((T.Kind, body));

    private void Note<T>(int place, T body) where T : class, IJournalBody => Pending.Insert(place, (T.Kind, body));

    private Problem? Act(string post, WorkflowStep step, string action)
    {
        if (Ended) return CaseProblems.Ended;
        if (State == CaseState.Stayed) return CaseProblems.Stayed;
        if (!step.Actions.Contains(action)) return CaseProblems.NotThisStep;
        var own = Steps.FirstOrDefault(s => s.Code == step.Code);
        if (own is not { State: "open" }) return CaseProblems.NotThisStep;
        return own.Post == post ? null : CaseProblems.NotYours;
    }

    private CaseStep Open(string code) => Steps.First(s => s.Code == code);

    private void End(string outcome, string? post, IReadOnlyList<string> reasons, string? textDigest, DateOnly today, string? order = null)
    {
        (State, Outcome, DecidedOn, DecidedBy, Step, Post) = (outcome, outcome, today, post, null, null);
        Note(new CaseDecided(outcome, post, today, reasons, textDigest, order));
    }

    private void OpenNext(ServiceVersion service, DateOnly today, StepOpening open)
    {
        var next = Steps.Where(s => s.State == "waiting").OrderBy(s => s.Seq).FirstOrDefault();
        foreach (var step in Steps.Where(s => s == next || (next?.Parallel is not null && s.State == "waiting" && s.Parallel == next.Parallel)))
        {
            var (post, due, alarm) = open(service.Steps.First(s => s.Code == step.Code), today);
            (step.State, step.Post, step.OpenedOn, step.DueOn) = ("open", post, today, due);
            if (alarm is not null) Note(alarm);
        }

        Show();
    }

    /// <summary>The case shows its first open step; parallel sisters stand in <see cref="Steps"/>.</summary>
    private void Show()
    {
        var first = Steps.Where(s => s.State == "open").OrderBy(s => s.Seq).FirstOrDefault();
        (Step, Post) = (first?.Code, first?.Post);
    }
}
