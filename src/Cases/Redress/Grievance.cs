using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;

namespace Sahulat.Cases;

/// <summary>What only a grievance can go through.</summary>
internal sealed partial class Case
{
    /// <summary>To the office that is competent. The clock runs on.</summary>
    public Result<Done> Transfer(string post, WorkflowStep step, string to, ServiceVersion subject)
    {
        if (Redressed(post, step, "transfer") is { } refused) return refused;
        Open(step.Code).Post = to;
        Show();
        (Service, ServiceVersion, Transfers) = (subject.Code, subject.Version, Transfers + 1);
        Note(new CaseTransferred(step.Code, post, to, Service, ServiceVersion, Transfers));
        return Done.It;
    }

    /// <param name="latest">The law's absolute limit; null where it has none and lets no answer be late.</param>
    public Result<Done> Interim(string post, WorkflowStep step, DateOnly until, DateOnly? latest, string? textDigest, DateOnly today)
    {
        if (Redressed(post, step, "interim") is { } refused) return refused;
        if (latest is null) return CaseProblems.NoInterim;
        // What has lapsed lies with the officer above already.
        if (DueOn < today) return CaseProblems.PastDue;
        if (until > latest) return CaseProblems.PastAbsolute with { Args = [latest] };
        if (until <= DueOn || until <= today) return CaseProblems.InterimNotLater;
        var from = DueOn;
        (DueOn, PromisedOn) = (until, until);
        Note(new CaseExtended(step.Code, post, today, from, until, textDigest));
        return Done.It;
    }

    public Result<Done> Dispose(string post, WorkflowStep step, Disposition how, string? textDigest, DateOnly today, DateTimeOffset at)
    {
        if (Redressed(post, step, "dispose") is { } refused) return refused;
        if (how.TransferInstead) return CaseProblems.TransferInstead;
        Close(post, how.Code, textDigest, today, at);
        return Done.It;
    }

    public Result<Done> Join(string post, WorkflowStep step, Case head)
    {
        if (Redressed(post, step, "join") is { } refused) return refused;
        if (head.Ended || head.Head is not null || head.Id == Id || head.Type != "grievance" || head.Service != Service || head.Law != Law) return CaseProblems.CannotJoin;
        (State, Head) = (CaseState.Joined, head.Id);
        Note(new CaseJoined(post, head.Id));
        return Done.It;
    }

    /// <param name="post">Null where the head ended without an answer.</param>
    public Result<Done> Part(string? post)
    {
        if (Head is not { } head || State != CaseState.Joined) return CaseProblems.NotJoined;
        (State, Head) = (CaseState.Open, null);
        Note(new CaseParted(post, head));
        return Done.It;
    }

    /// <summary>A joined one gets its head's answer.</summary>
    public void FollowHead(string post, string how, string? textDigest, DateOnly today, DateTimeOffset at) => Close(post, how, textDigest, today, at);

    private void Close(string post, string how, string? textDigest, DateOnly today, DateTimeOffset at)
    {
        foreach (var open in Steps.Where(s => s.State == "open")) (open.State, open.DoneAt, open.Result) = ("done", at, "dispose");
        End(CaseState.Disposed, post, [how], textDigest, today);
    }

    private Problem? Redressed(string post, WorkflowStep step, string action) => Act(post, step, action) ?? (State == CaseState.Joined ? CaseProblems.JoinedAlready : null);
}
