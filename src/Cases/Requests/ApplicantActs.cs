using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Requests;

/// <summary>What the applicant does with a request that is filed: answers a query, completes it, withdraws it.</summary>
internal sealed class ApplicantActs(Database database, CaseView view, PauseEnds pauses, IStatutoryClock clock, TimeProvider time)
{
    public Task<Result<Done>> Answer(Guid id, string text, CancellationToken ct) => Change(id, async (work, c, now) =>
    {
        var today = Ist.DateIn(now);
        var due = await pauses.End(work, c, "query", today);
        await view.Note(work, c, "answer", text, Actor.Citizen(c.Applicant), now);
        return c.Answer(today, due);
    }, ct);

    /// <summary>The papers that were missing have been stored.</summary>
    public Task<Result<Done>> Complete(Guid id, CancellationToken ct) => Change(id, (_, c, now) =>
    {
        var today = Ist.DateIn(now);
        return Task.FromResult(c.Complete(today, clock.DueOn(c.Service, c.ServiceVersion, c.Place, today, [], c.LawVersion)));
    }, ct);

    public Task<Result<Done>> Withdraw(Guid id, CancellationToken ct) => Change(id, async (work, c, now) =>
    {
        var done = c.Withdraw(Ist.DateIn(now));
        if (done.Ok && c.Type == "grievance") await Redress.RedressAct.PartAll(work, c, Actor.Sahulat("grievances"), now);
        return done;
    }, ct);

    private async Task<Result<Done>> Change(Guid id, Func<Work, Case, DateTimeOffset, Task<Result<Done>>> change, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        try
        {
            return await database.Write<Result<Done>>(async work =>
            {
                if (await work.Case(id) is not { } c) return Problem.NotFound;
                var result = await change(work, c, now);
                if (result.Ok) await work.Save(c, Actor.Citizen(c.Applicant), now);
                return result;
            }, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
    }
}
