using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Record;

/// <summary>Closing, recording, and weeding with two signatures (CSMOP, record retention).</summary>
internal sealed class Closing(Files files, OfficePosts posts, Seals seals, SealedBlobs blobs, Database database)
{
    /// <summary>A and B are kept; C-n is weeded after n years, E (ephemeral) after one.</summary>
    public static readonly IReadOnlyList<string> Classes = ["A", "B", .. Enumerable.Range(1, 10).Select(n => $"C-{n}"), "E"];

    /// <summary>C-3 closed on 15-06-2005 is due on 01-01-2009.</summary>
    public static DateOnly? WeedOn(string retention, DateOnly closed) => retention switch
    {
        "E" => closed.AddYears(1),
        ['C', '-', ..] => new DateOnly(closed.Year + int.Parse(retention.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture) + 1, 1, 1),
        _ => null,
    };

    public Task<Result<Done>> Close(Reach reach, Guid id, long version, string? retention, CancellationToken ct) => files.Act(reach, id, version, Need.Holds, async open =>
    {
        if (retention is null || !Classes.Contains(retention)) return Problem.Invalid([new Fault("retention", "not-a-choice")]);
        var (yellow, unsent) = await open.Work.One<(bool, bool)>("select exists (select from office.noting where file_id = @Id and state = 'draft'), exists (select from office.draft where file_id = @Id and state in ('approved', 'signed'))", new { open.File.Id });
        if (yellow) return OfficeProblems.NoteUnsigned;
        if (unsent) return OfficeProblems.DraftsOpen;
        var on = Ist.DateIn(open.At);
        (open.File.State, open.File.ClosedOn, open.File.Retention, open.File.WeedOn) = ("closed", on, retention, WeedOn(retention, on));
        open.Say(new FileClosed(on, retention, open.File.WeedOn));
        return null;
    }, ct);

    public Task<Result<Done>> Reopen(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.HoldsAny, async open =>
    {
        if (open.File.State is not ("closed" or "recorded")) return OfficeProblems.NotOpen;
        await open.Work.Execute("delete from office.weeding where file_id = @id and second_at is null", new { id });
        (open.File.State, open.File.ClosedOn, open.File.WeedOn, open.File.MovedAt, open.File.CameAt) = ("open", null, null, open.At, null);
        open.Say(new FileReopened(Ist.DateIn(open.At)));
        return null;
    }, ct);

    /// <summary>The head of the office reviews a closed file and puts it in the record room.</summary>
    public Task<Result<Done>> Record(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.Sees, open =>
    {
        if (open.File.State != "closed") return Task.FromResult<Problem?>(OfficeProblems.NotOpen);
        if (!Heads(reach, open.File)) return Task.FromResult<Problem?>(OfficeProblems.NotSenior);
        open.File.State = "recorded";
        open.Say(new FileRecorded(Ist.DateIn(open.At)));
        return Task.FromResult<Problem?>(null);
    }, ct);

    /// <summary>The first signature: whoever keeps the record says that the file is due and why it may go.</summary>
    public Task<Result<Done>> Propose(Reach reach, Guid id, string? reason, CancellationToken ct) => files.Act(reach, id, null, Need.Sees, async open =>
    {
        if (string.IsNullOrWhiteSpace(reason)) return Problem.Invalid([new Fault("reason", "required")]);
        if (open.File.State != "recorded") return OfficeProblems.NotOpen;
        if (open.File.WeedOn is not { } due || due > Ist.DateIn(open.At)) return OfficeProblems.NotDue;
        if (!Same(reach, open.File)) return OfficeProblems.NotWithYou;
        await open.Work.Execute("""
            insert into office.weeding (file_id, reason, first_post, first_by, first_at) values (@id, @reason, @Post, @who, @At)
            on conflict (file_id) do update set reason = excluded.reason, first_post = excluded.first_post, first_by = excluded.first_by, first_at = excluded.first_at
            """, new { id, reason = "due", open.Post, who = reach.Who.Id, open.At });
        open.Say(new WeedingProposed("due"));
        return null;
    }, ct);

    /// <summary>The second signature, by another person who heads the office or one above: the file's keys are destroyed with everything sealed under them.</summary>
    public async Task<Result<Done>> Weed(Reach reach, Guid id, CancellationToken ct)
    {
        IReadOnlyList<string> gone = [];
        var done = await files.Act(reach, id, null, Need.Sees, async open =>
        {
            var first = await open.Work.One<(string? Post, Guid By)>("select first_post, first_by from office.weeding where file_id = @id and second_at is null for update", new { id });
            if (first.Post is null || open.File.State != "recorded") return OfficeProblems.NotOpen;
            if (open.File.WeedOn is not { } due || due > Ist.DateIn(open.At)) return OfficeProblems.NotDue;
            if (first.By == reach.Who.Id) return OfficeProblems.SameHand;
            if (!Heads(reach, open.File)) return OfficeProblems.NotSenior;
            await open.Work.Execute("update office.weeding set second_post = @Post, second_by = @who, second_at = @At where file_id = @id", new { id, open.Post, who = reach.Who.Id, open.At });
            var papers = await open.Work.Query<(Guid Subject, string Blob)>("select subject, blob from office.paper where item = @id", new { id });
            var archives = await open.Work.Query<string?>("delete from office.archive where item = @id or item in (select id from office.receipt where file_id = @id) returning blob", new { id });
            await open.Work.Execute("update office.page set text = null, layer = null, words = '{}' where item = @id or item in (select id from office.receipt where file_id = @id)", new { id });
            var receipts = await open.Work.Query<Guid>("select id from office.receipt where file_id = @id", new { id });
            foreach (var subject in receipts.Concat(papers.Select(p => p.Subject)).Append(id).Distinct()) await seals.Vault.Erase(open.Work, subject, open.Actor);
            open.File.State = "weeded";
            open.Say(new FileWeeded(first.Post, open.Post, papers.Count));
            gone = [.. papers.Select(p => p.Blob), .. archives.OfType<string>()];
            return null;
        }, ct);
        // Nothing can open these bytes any more; that they also go is housekeeping.
        if (done.Ok) foreach (var blob in gone) await blobs.Delete(blob, ct);
        return done;
    }

    public Task<IReadOnlyList<FileRow>> List(Reach reach, CancellationToken ct) =>
        database.Query<FileRow>($"select {FileRow.Columns} from office.file where state in ('closed', 'recorded') and scopes && @Scopes order by weed_on nulls last, number limit 200", new { reach.Scopes }, ct);

    public Task<IReadOnlyList<Guid>> Proposed(IEnumerable<Guid> files, CancellationToken ct) =>
        database.Query<Guid>("select file_id from office.weeding where second_at is null and file_id = any(@ids)", new { ids = files.ToArray() }, ct);

    private bool Same(Reach reach, FileRow file) => reach.Own.Any(p => posts.OfficeOf(p) == file.Office) || Heads(reach, file);

    private bool Heads(Reach reach, FileRow file) => posts.Organisation.PostsOfOffice(file.Office).FirstOrDefault(p => p.Head) is { } head && reach.Own.Any(p => p == head.Code || posts.IsSenior(p, head.Code));
}
