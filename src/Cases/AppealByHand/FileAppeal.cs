using System.Text.Json;
using Sahulat.Cases.Requests;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.AppealByHand;

/// <param name="Ground">Why the person appeals, as the page showed the case: what happened meanwhile is told, not guessed.</param>
/// <param name="LateBecause">Asked for where the time to file is over.</param>
internal sealed record AppealWords(string? Ground, string? Reasons, string? LateBecause);

/// <param name="Held">Papers of a page wait under this id until the appeal takes them.</param>
/// <param name="Named">Papers that a system sent before, with the token of the system.</param>
internal sealed record AppealPapers(Guid? Held = null, IReadOnlyList<Guid>? Named = null, string? System = null);

/// <param name="Joined">There was an appeal at this layer already; the words and papers went to it.</param>
internal sealed record AppealReceipt(string Reference, string Layer, string State, DateOnly FiledOn, DateOnly? DueOn, int LateDays, bool Joined);

/// <summary>The applicant appeals, or joins the appeal that filed itself. One appeal for a case and layer, whoever comes first; the journal's order of the case settles what came before what.</summary>
internal sealed class FileAppeal(Database database, AppealRights rights, CaseView view, NoteDigest digest, IOrganisation organisation, TimeProvider time)
{
    public const int TextMax = 4000, PapersMost = 20;

    private const int Tries = 5;

    public async Task<Result<AppealReceipt>> Run(Guid id, AppealWords words, AppealPapers papers, Actor by, Idempotency? once, CancellationToken ct)
    {
        for (var n = 1; ; n++)
        {
            try
            {
                return await database.Write(work => Run(work, id, words, papers, by, once), ct);
            }
            catch (JournalConflictException) when (n < Tries)
            {
                // Somebody acted on the case in the same instant: look again at how it stands.
            }
            catch (JournalConflictException)
            {
                return Problem.Conflict;
            }
        }
    }

    private async Task<Result<AppealReceipt>> Run(Work work, Guid id, AppealWords words, AppealPapers papers, Actor by, Idempotency? once)
    {
        if (once is not null && await Earlier(work, once) is { } earlier) return earlier;
        if (await work.Case(id) is not { } c) return Problem.NotFound;
        var found = await rights.Of(work, c);
        if (!found.Ok) return found.Problem;
        var right = found.Value;
        if (Faults(words, right) is { } faults) return faults;
        // Not answered when the person wrote: the answer was quicker.
        if (words.Ground != right.Ground) return words.Ground == AppealRights.Delay && c.DecidedOn is { } on ? CaseProblems.AnsweredFirst(on) : CaseProblems.AppealGroundChanged;
        var now = time.GetUtcNow();
        var target = right.Standing is { } standing ? await work.Case(standing.Id) : await File(work, c, right, by, now);
        if (target is null) return await Run(work, id, words, papers, by, once);
        var joined = right.Standing is not null;
        if (target.Ended) return CaseProblems.AppealDecided;
        var taken = await Take(work, target, papers);
        if (!taken.Ok) return taken.Problem;
        var text = words.Reasons!.Trim();
        var late = joined ? 0 : right.LateDays;
        var grounds = target.AddGrounds(new AppealGrounds(right.Ground, digest.Of(late == 0 ? text : $"{text}\n{words.LateBecause!.Trim()}"), taken.Value, joined ? null : right.Above.FileBy, late));
        if (!grounds.Ok) return grounds.Problem;
        await view.Note(work, target, "grounds", text, by, now);
        if (late > 0) await view.Note(work, target, "late", words.LateBecause!.Trim(), by, now);
        await work.Execute("""
            insert into cases.appeal (case_id, ground, file_by, late_days, joined_at) values (@Id, @Ground, @fileBy, @late, @joinedAt)
            on conflict (case_id) do update set joined_at = coalesce(cases.appeal.joined_at, excluded.joined_at)
            """, new { target.Id, right.Ground, fileBy = right.Above.FileBy, late, joinedAt = joined ? now : (DateTimeOffset?)null });
        await work.Save(target, by, now);
        var receipt = new AppealReceipt(target.Reference, target.Layer!, target.State, Ist.DateIn(target.FiledAt), target.DueOn, late, joined);
        if (once is not null) await Remember(work, once, target.Id, receipt, now);
        return receipt;
    }

    /// <returns>Null where another appeal took the layer in the same instant.</returns>
    private async Task<Case?> File(Work work, Case c, AppealRight right, Actor by, DateTimeOffset now)
    {
        var today = Ist.DateIn(now);
        var appeal = Case.FileAppeal(Guid.CreateVersion7(now), Reference.New(today, organisation.GovernmentOf(c.Place)), c, right.Above, now, today, by.Token);
        var made = await work.Execute("""
            insert into cases."case" (id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, parent, layer, opened_by, filed_at, filed_by, complete_on, due_on, version)
            values (@Id, @Reference, @Type, @Service, @ServiceVersion, @Law, @LawVersion, @Place, @Applicant, @State, @Step, @Post, @Parent, @Layer, @OpenedBy, @FiledAt, @FiledBy, @CompleteOn, @DueOn, 0)
            on conflict (parent, layer) where parent is not null do nothing
            """, appeal);
        if (made == 0) return null;
        c.Appealed(appeal);
        await work.Save(c, by, now);
        return appeal;
    }

    private static async Task<Result<int>> Take(Work work, Case target, AppealPapers papers)
    {
        var named = papers.Named ?? [];
        var count = papers.Held is { } held
            ? await work.Execute("update cases.document set case_id = @Id, draft_id = null where draft_id = @held and owner = @Applicant", new { target.Id, held, target.Applicant })
            : await work.Execute("update cases.document set case_id = @Id where id = any(@ids) and case_id is null and draft_id is null and owner = @Applicant and uploaded_by = @System", new { target.Id, ids = named.ToArray(), target.Applicant, papers.System });
        if (papers.Held is null && count != named.Distinct().Count()) return Problem.Invalid([new Fault("/papers", "paper-unknown")]);
        return await work.One<int>("select count(*)::int from cases.document where case_id = @Id", new { target.Id }) > PapersMost ? CaseProblems.AppealTooManyPapers : count;
    }

    private static Problem? Faults(AppealWords words, AppealRight right)
    {
        var check = new Check();
        Written.Check(check, "reasons", words.Reasons, TextMax, With.Must);
        Written.Check(check, "late", words.LateBecause, TextMax, right.Standing is null && right.LateDays > 0 ? With.Must : With.May);
        return check.Ok ? null : check.ToProblem();
    }

    private static async Task<Result<AppealReceipt>?> Earlier(Work work, Idempotency once)
    {
        await work.Execute("select pg_advisory_xact_lock(hashtextextended(@Caller || '/' || @Key, 0))", new { once.Caller, once.Key });
        var (digest, answer) = await work.One<(byte[]?, string?)>("select body_digest, answer::text from cases.idempotency where caller = @Caller and key = @Key", new { once.Caller, once.Key });
        if (digest is null) return null;
        return digest.AsSpan().SequenceEqual(once.BodyDigest) ? JsonSerializer.Deserialize<AppealReceipt>(answer!, JournalJson.Options)! : CaseProblems.KeyReused;
    }

    private static Task Remember(Work work, Idempotency once, Guid id, AppealReceipt receipt, DateTimeOffset at) => work.Execute(
        "insert into cases.idempotency (caller, key, body_digest, case_id, answer, at) values (@Caller, @Key, @BodyDigest, @id, @answer::jsonb, @at)",
        new { once.Caller, once.Key, once.BodyDigest, id, answer = JsonSerializer.Serialize(receipt, JournalJson.Options), at });
}
