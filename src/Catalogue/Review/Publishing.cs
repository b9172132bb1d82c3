using System.Security.Cryptography;
using System.Text;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Catalogue.Review;

/// <summary>From a draft to a version in force: the author submits, a second person approves for a date or returns it, and until that date it can be withdrawn.</summary>
internal sealed class Publishing(Database database, DraftCheck check, ServiceDirectory directory, TimeProvider time)
{
    public const int MostWords = 2_000;

    /// <summary>Nobody plans a form further ahead; a later year is a slip of the pen.</summary>
    private const int MostYears = 5;

    public Task<Result<Done>> Submit(Guid id, int seen, string words, Hand by, CancellationToken ct) => database.Write<Result<Done>>(async work =>
    {
        var row = await Drafts.Locked(work, id);
        if (row is null) return Problem.NotFound;
        if (row.State != "open") return CatalogueProblems.DraftClosed;
        if (row.Version != seen) return Problem.Conflict;
        if (Words(words, needed: true) is { } wrong) return wrong;
        if (check.Of(row.Document(), row.Code).Faults.Count > 0) return CatalogueProblems.DraftFaulty;
        await work.Execute("update catalogue.draft set state = 'review', submitted_by = @Official, submitted_at = @now where id = @id", new { id, by.Official, now = time.GetUtcNow() });
        await Say(work, id, "submitted", words, by);
        await work.Append(Drafts.Stream(row.Code), null, new DraftSubmitted(id, row.Digest), by.Actor, time.GetUtcNow());
        return Done.It;
    }, ct);

    /// <summary>Back to work: returned with remarks by the reviewer, or taken back by whoever wrote it.</summary>
    public Task<Result<Done>> Return(Guid id, string words, Hand by, CancellationToken ct) => database.Write<Result<Done>>(async work =>
    {
        var row = await Drafts.Locked(work, id);
        if (row is null) return Problem.NotFound;
        if (row.State != "review") return CatalogueProblems.NotInReview;
        var own = await HadAHand(work, id, by.Official);
        if (Words(words, needed: !own) is { } wrong) return wrong;
        await work.Execute("update catalogue.draft set state = 'open', submitted_by = null, submitted_at = null where id = @id", new { id });
        await Say(work, id, own ? "taken-back" : "returned", words, by);
        await work.Append(Drafts.Stream(row.Code), null, new DraftReturned(id, own), by.Actor, time.GetUtcNow());
        return Done.It;
    }, ct);

    /// <returns>The version that it became.</returns>
    public async Task<Result<int>> Approve(Guid id, int seen, DateOnly from, string words, Hand by, CancellationToken ct)
    {
        var today = Ist.Today(time);
        var input = new Check();
        if (input.That(from >= today, "from", "date-too-early", today)) input.That(from <= today.AddYears(MostYears), "from", "date-too-late", today.AddYears(MostYears));
        input.That(words.Length <= MostWords, "words", "too-long", MostWords);
        if (!input.Ok) return input.ToProblem();
        var published = await database.Write<Result<int>>(async work =>
        {
            // As a load does: versions of one service are numbered by one writer at a time.
            await work.Execute("lock table catalogue.revision in exclusive mode");
            var row = await Drafts.Locked(work, id);
            if (row is null) return Problem.NotFound;
            if (row.State != "review") return CatalogueProblems.NotInReview;
            if (row.Version != seen) return Problem.Conflict;
            if (await HadAHand(work, id, by.Official)) return CatalogueProblems.OwnDraft;
            var latest = await work.One<int>("select coalesce(max(version), 0) from catalogue.service_version where code = @Code", new { row.Code });
            if (row.BaseVersion is null && await work.One<bool>(Drafts.Taken, new { row.Code })) return CatalogueProblems.ServiceThere;
            var document = row.Document();
            document.Root.Put("valid_from", from.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), word: true);
            var read = check.Of(document, row.Code);
            if (read.Faults.Count > 0) return CatalogueProblems.DraftFaulty;
            var yaml = document.Text();
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes(yaml));
            await work.Execute("""
                insert into catalogue.service_version (code, version, valid_from, valid_to, yaml, digest, loaded_at, origin) values (@Code, @version, @from, @ValidTo, @yaml, @digest, @now, 'desk')
                """, new { row.Code, version = latest + 1, from, read.Service.ValidTo, yaml, digest, now = time.GetUtcNow() });
            await work.Execute("update catalogue.draft set state = 'published', published_version = @version where id = @id", new { id, version = latest + 1 });
            await work.Execute("update catalogue.revision set number = number + 1");
            await Say(work, id, "approved", words, by);
            await work.Append(Drafts.Stream(row.Code), null, new VersionPublished(id, latest + 1, from, Convert.ToHexStringLower(digest)), by.Actor, time.GetUtcNow());
            return latest + 1;
        }, ct);
        // Other nodes see the new revision within seconds.
        if (published.Ok) await directory.Reload(ct);
        return published;
    }

    /// <summary>Only before its day: what a case may have been filed under is never taken away.</summary>
    public async Task<Result<Done>> Withdraw(string code, int version, Hand by, CancellationToken ct)
    {
        var withdrawn = await database.Write<Result<Done>>(async work =>
        {
            await work.Execute("lock table catalogue.revision in exclusive mode");
            var gone = await work.Execute("update catalogue.service_version set withdrawn_at = @now where code = @code and version = @version and origin = 'desk' and withdrawn_at is null and valid_from > @today",
                new { code, version, now = time.GetUtcNow(), today = Ist.Today(time) });
            if (gone == 0) return CatalogueProblems.NotScheduled;
            await work.Execute("update catalogue.revision set number = number + 1");
            await work.Append(Drafts.Stream(code), null, new VersionWithdrawn(version), by.Actor, time.GetUtcNow());
            return Done.It;
        }, ct);
        if (withdrawn.Ok) await directory.Reload(ct);
        return withdrawn;
    }

    public static async Task<bool> HadAHand(Work work, Guid id, Guid official) =>
        await work.One<bool>("select exists (select from catalogue.draft_save where draft = @id and official = @official) or exists (select from catalogue.draft where id = @id and submitted_by = @official)", new { id, official });

    private static Problem? Words(string words, bool needed) =>
        words.Length > MostWords ? Problem.Invalid([new Fault("words", "too-long", MostWords)]) : needed && words.Trim().Length == 0 ? Problem.Invalid([new Fault("words", "required")]) : null;

    private Task Say(Work work, Guid id, string kind, string words, Hand by) => work.Execute("""
        insert into catalogue.draft_word (draft, number, kind, official, at, words) select @id, coalesce(max(number), 0) + 1, @kind, @Official, @now, @words from catalogue.draft_word where draft = @id
        """, new { id, kind, by.Official, now = time.GetUtcNow(), words = words.Trim() });
}
