using Sahulat.Cases.Decide;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Comply;

/// <summary>The officer says how he carried out a direction. Taken also after its date and after the order: late is better than never, and the record shows the day.</summary>
internal sealed class ComplyAct(Database database, DeskPosts posts, CaseView view, NoteDigest digest, TimeProvider time)
{
    private const int TextMax = 4000;

    public async Task<Result<Done>> Run(OfficialCaller who, Guid appeal, int number, string? text, CancellationToken ct)
    {
        var check = new Check();
        Written.Check(check, $"reply-{appeal:N}-{number}", text, TextMax, With.Must);
        if (!check.Ok) return check.ToProblem();
        try
        {
            return await database.Write<Result<Done>>(async work =>
            {
                var post = await work.One<string>("select post from cases.direction where case_id = @appeal and number = @number", new { appeal, number });
                if (post is null || !posts.Acts(who.Id).TryGetValue(post, out var via) || await work.Case(appeal) is not { } c) return Problem.NotFound;
                var at = time.GetUtcNow();
                var on = Ist.DateIn(at);
                if (await work.Execute("update cases.direction set complied_on = @on where case_id = @appeal and number = @number and complied_on is null", new { on, appeal, number }) == 0) return CaseProblems.DirectionDone;
                var actor = who.As(via);
                c.Comply(new DirectionComplied(number, post, on, digest.Of(text!.Trim())));
                var reply = await view.Note(work, c, "compliance", text.Trim(), actor, at);
                await work.Execute("update cases.direction set reply = @reply where case_id = @appeal and number = @number", new { reply, appeal, number });
                await work.Save(c, actor, at);
                return Done.It;
            }, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
    }
}
