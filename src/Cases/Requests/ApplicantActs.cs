using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Requests;

/// <summary>What the applicant does with a request that is filed: answers a query, completes it, withdraws it.</summary>
internal sealed class ApplicantActs(Database database, CaseView view, IStatutoryClock clock, TimeProvider time)
{
    public Task<Result<Done>> Answer(Guid id, string text, CancellationToken ct) => Change(id, async (work, c, now) =>
    {
        var today = Ist.DateIn(now);
        var paused = await work.Execute("update cases.pause set paused_until = @today where case_id = @Id and paused_until is null", new { today, c.Id });
        var pauses = (await work.Query<(DateOnly From, DateOnly? Until)>("select paused_from, paused_until from cases.pause where case_id = @Id", new { c.Id })).Select(p => new Pause(p.From, p.Until)).ToArray();
        var due = paused > 0 && c.CompleteOn is { } complete ? clock.DueOn(c.Service, c.ServiceVersion, c.Place, complete, pauses) : c.DueOn;
        await view.Note(work, c, "answer", text, Actor.Citizen(c.Applicant), now);
        return c.Answer(today, due);
    }, ct);

    /// <summary>The papers that were missing have been stored.</summary>
    public Task<Result<Done>> Complete(Guid id, CancellationToken ct) => Change(id, (_, c, now) =>
    {
        var today = Ist.DateIn(now);
        return Task.FromResult(c.Complete(today, clock.DueOn(c.Service, c.ServiceVersion, c.Place, today, [])));
    }, ct);

    public Task<Result<Done>> Withdraw(Guid id, CancellationToken ct) => Change(id, (_, c, now) => Task.FromResult(c.Withdraw(Ist.DateIn(now))), ct);

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
