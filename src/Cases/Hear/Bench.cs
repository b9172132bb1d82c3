using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Hear;

/// <summary>An authority at work on one case, within a transaction.</summary>
/// <param name="Post">The post whose work it is; the actor may stand in for it.</param>
/// <param name="First">The first request; the case itself where it is one.</param>
internal sealed record Sitting(Work Work, Case Case, Case First, string Post, Actor Actor, DateTimeOffset At)
{
    public DateOnly Today => Ist.DateIn(At);
}

/// <summary>Lets an official act on a case: he must see it, act for its post today, and have looked at its present version.</summary>
internal sealed class Bench(Database database, DeskPosts posts, Superiors superiors, TimeProvider time)
{
    public Task<Result<Done>> Sit(OfficialCaller who, string reference, long version, Func<Sitting, Task<Result<Done>>> act, CancellationToken ct) => Sit(who, reference, version, c => c.IsAppeal ? c.Post : null, act, ct);

    /// <param name="whose">The post that may do this, by the case.</param>
    public async Task<Result<Done>> Sit(OfficialCaller who, string reference, long version, Func<Case, string?> whose, Func<Sitting, Task<Result<Done>>> act, CancellationToken ct)
    {
        try
        {
            return await database.Write<Result<Done>>(async work =>
            {
                if (await work.Case(reference) is not { } c) return Problem.NotFound;
                var seen = posts.Seen(who.Id);
                if (!DeskAct.Standing(c).Any(seen.Contains) && !(superiors.Of(c) is { } above && seen.Contains(above))) return Problem.NotFound;
                if (c.Version != version) return Problem.Conflict;
                if (whose(c) is not { } post || !posts.Acts(who.Id).TryGetValue(post, out var via)) return c.Ended ? CaseProblems.Ended : CaseProblems.NotYours;
                if (via != post) c.StandIn(post, via);
                var at = time.GetUtcNow();
                var done = await act(new Sitting(work, c, await First(work, c), post, who.As(via), at));
                if (done.Ok) await work.Save(c, who.As(via), at);
                return done;
            }, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
    }

    /// <summary>The request from which a chain of appeals comes.</summary>
    public static async Task<Case> First(Work work, Case c)
    {
        var first = c;
        while (first.Parent is { } parent) first = await work.Case(parent) ?? throw new InvalidOperationException($"case {parent:N} is gone");
        return first;
    }
}

/// <summary>Who stands above a first request: the authority of the law's first layer, also before anybody appealed.</summary>
internal sealed class Superiors(Contracts.Guarantee.IAppealLayers layers, IServiceDirectory services, IOrganisation organisation, TimeProvider time)
{
    public string? Of(Case c)
    {
        var today = Ist.Today(time);
        return c is { IsAppeal: false, Law: { } law, LawVersion: { } version } ? layers.Above(law, version, c.Service, c.ServiceVersion, null, c.Place, today, today)?.Post : null;
    }

    /// <summary>The post that answers the first request: who decides it now, else who decided it.</summary>
    public string? Officer(Case first)
    {
        if (services.FindVersion(first.Service, first.ServiceVersion)?.Designated is { } rule && organisation.Resolve(rule.Designation, first.Place, Ist.Today(time)).Post is { } designated) return designated;
        return first.Post ?? first.Steps.Where(s => s.State == "done").MaxBy(s => s.DoneAt)?.Post;
    }
}
