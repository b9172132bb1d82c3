using System.Text;
using Sahulat.Cases.Recover;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.ShowCause;

/// <summary>The person's own answer to a notice, whatever post he holds today. Taken until the order.</summary>
internal sealed class ShowCauseAct(Database database, Vault vault, NoteDigest digest, IOrganisation organisation, TimeProvider time)
{
    private const int TextMax = 8000;

    public async Task<Result<Done>> Answer(OfficialCaller who, Guid claim, string? text, CancellationToken ct)
    {
        var check = new Check();
        Written.Check(check, "answer", text, TextMax, With.Must);
        if (!check.Ok) return check.ToProblem();
        return await database.Write<Result<Done>>(async work =>
        {
            if (await Claims.Lock(work, claim) is not { Kind: "penalty" } row || row.Official != who.Id) return Problem.NotFound;
            if (row.State == "answered") return CaseProblems.CauseShown;
            if (row.State != "noticed") return CaseProblems.PenaltyOrderedAlready;
            var at = time.GetUtcNow();
            var today = Ist.DateIn(at);
            var reply = vault.Seal(await vault.Key(work, who.Id, Claims.Retention), Encoding.UTF8.GetBytes(text!.Trim()), Claims.Context(claim, "reply"));
            await work.Execute("update cases.claim set state = 'answered', replied_on = @today, reply = @reply, version = version + 1 where id = @claim", new { today, reply, claim });
            // He answers as a person; the journal names a post that he holds, else the one at which it happened.
            var post = organisation.PostsOf(who.Id, today).FirstOrDefault() ?? row.Post!;
            await work.Append(Claims.Stream(claim), null, new ShowCauseAnswered(row.CaseId, today, digest.Of(text.Trim())), who.As(post), at);
            return Done.It;
        }, ct);
    }
}
