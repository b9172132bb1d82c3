using System.Text;
using Sahulat.Contracts.Feedback;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Rate;

/// <param name="Yes">Codes answered with yes.</param>
/// <param name="Way">link, or the channel of a reply by keypad.</param>
internal sealed record Given(string Score, IReadOnlyList<string> Yes, IReadOnlyList<string> No, string? Comment, string Way);

/// <summary>One rating of one assessment: whoever comes second is told so.</summary>
internal sealed class Rating(Vault vault, TimeProvider time)
{
    public static readonly IReadOnlyList<string> Scores = ["good", "average", "bad"];

    public async Task<Result<Done>> Rate(Work work, Assessment a, Given given)
    {
        var now = time.GetUtcNow();
        if (a.ExpiresAt <= now) return FeedbackProblems.Expired;
        var comment = given.Comment is { Length: > 0 } text ? vault.Seal(await vault.Key(work, a.Person, Seals.Retention), Encoding.UTF8.GetBytes(text), Seals.Comment(a.Id)) : null;
        // Thanks by message are for those who answered by message. The name is not needed any more.
        var taken = await work.Execute("""
            update feedback.assessment set state = 'rated', rated_at = @now, way = @Way, score = @Score, yes = @yes, no = @no, comment = @comment, content = null,
              stage = case when @Way = 'sms' then 3 else 2 end, next_at = case when @Way = 'sms' then @now end
            where id = @Id and state = 'open'
            """, new { a.Id, now, given.Way, given.Score, yes = given.Yes.ToArray(), no = given.No.ToArray(), comment });
        if (taken == 0) return FeedbackProblems.AlreadyRated;
        var (stream, on, by) = ($"rating/{a.CaseId ?? a.Id:N}", Ist.DateIn(now), Actor.Citizen(a.Person));
        if (a.CaseId is { } id) await work.Append(stream, 0, new DeliveryRated(id, a.Reference, a.Service, a.Place, a.Person, given.Score, given.No, on), by, now);
        else await work.Append(stream, 0, new OutsideRated(a.Id, a.System!, a.Service, a.Place, a.Person, given.Score, given.No, on), by, now);
        return Done.It;
    }

    /// <summary>Somebody else has the link: it ends, and nothing is counted.</summary>
    public async Task<Result<Done>> Disown(Work work, Assessment a)
    {
        if (a.ExpiresAt <= time.GetUtcNow()) return FeedbackProblems.Expired;
        var ended = await work.Execute("update feedback.assessment set state = 'disowned', content = null, stage = 2, next_at = null where id = @Id and state = 'open'", new { a.Id });
        return ended == 0 ? FeedbackProblems.AlreadyRated : Done.It;
    }
}
