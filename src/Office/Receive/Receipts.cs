using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Receive;

/// <param name="Post">Who diarises: the post with which the receipt then lies.</param>
internal sealed record NewReceipt(string Post, string Mode, string Lang, string Classification, string Urgency, ReceiptDetails Details, DateOnly ReceivedOn, DateOnly? ReplyBy, string? Case, IReadOnlyList<IncomingPaper> Papers, Guid? FromDispatch = null);

/// <summary>The diary of an office: what came in, acknowledged, answered, or put in a file.</summary>
internal sealed class Receipts(Database database, ReceiptStore store, OfficePosts posts, Seals seals, PageTexts pages, OfficePapers papers, TimeProvider time)
{
    public static readonly IReadOnlyList<string> Languages = ["en", "hi", "ur"];

    public async Task<Result<Guid>> Diarise(Reach reach, NewReceipt wanted, CancellationToken ct)
    {
        if (wanted.Post.Length > 0 && !reach.Acts.ContainsKey(wanted.Post)) return OfficeProblems.NotWithYou;
        if (Faults(wanted, Ist.Today(time)) is { } faults) return faults;
        return await database.Write<Result<Guid>>(async work => await Write(work, wanted, reach.As(wanted.Post)), ct);
    }

    /// <summary>Enters the receipt in the diary of the post's office.</summary>
    public async Task<Guid> Write(Work work, NewReceipt wanted, Actor by)
    {
        var at = time.GetUtcNow();
        var id = Guid.CreateVersion7(at);
        var office = posts.OfficeOf(wanted.Post);
        var key = await seals.Key(work, id);
        var number = $"R-{wanted.ReceivedOn.Year}-{await OpenFiles.Serial(work, office, $"receipt/{wanted.ReceivedOn.Year}"):D5}";
        var sender = wanted.Details.TheirNumber is { Length: > 0 } their ? seals.Hash("receipt/sender", $"{string.Join(' ', Words.Split(their))}|{string.Join(' ', Words.Split(wanted.Details.Sender))}") : null;
        var digests = wanted.Papers.Select(p => papers.Digest(p.Content)).ToArray();
        // The same letter twice: by its own number and sender, or by the bytes of a paper.
        var duplicate = await work.One<Guid?>("""
            select id from office.receipt where office = @office and (sender_hash = @sender or id in (select item from office.paper where digest = any(@digests))) order by received_on, id limit 1
            """, new { office, sender, digests });
        var scopes = Scope.Join([], wanted.Classification, wanted.Post, posts.Organisation);
        var said = new List<Append> { Append.To(ReceiptRow.StreamOf(id), 0, new ReceiptDiarised(number, office, wanted.Mode, wanted.Lang, wanted.Classification, wanted.Urgency, wanted.ReceivedOn, wanted.ReplyBy, wanted.Case, duplicate, wanted.FromDispatch), by, at) };
        foreach (var paper in wanted.Papers)
        {
            var added = await papers.Add(work, key, id, paper, wanted.Lang, scopes);
            if (paper.Text is { } text) await papers.Known(work, key, added, text);
            said.Add(Append.To(ReceiptRow.StreamOf(id), said.Count, new PaperAdded(added.Id, added.Type, added.Pages, Convert.ToHexStringLower(added.Digest)), by, at));
        }

        await work.Append(said);
        await work.Execute("""
            insert into office.receipt (id, office, number, mode, lang, classification, urgency, state, holder, received_on, reply_by, from_dispatch, case_reference, duplicate_of, sender_hash, details, scopes, moved_at, version)
            values (@id, @office, @number, @Mode, @Lang, @Classification, @Urgency, 'open', @Post, @ReceivedOn, @ReplyBy, @FromDispatch, @Case, @duplicate, @sender, @details, @scopes, @at, @version)
            """, new { id, office, number, wanted.Mode, wanted.Lang, wanted.Classification, wanted.Urgency, wanted.Post, wanted.ReceivedOn, wanted.ReplyBy, wanted.FromDispatch, wanted.Case, duplicate, sender, details = seals.Seal(key, wanted.Details, ReceiptRow.DetailsContext(id)), scopes, at, version = (long)said.Count });
        var d = wanted.Details;
        await pages.Write(work, key, id, 0, $"{number} {d.Sender} {d.Subject} {d.TheirNumber}", scopes, at);
        return id;
    }

    /// <summary>Notes the day, and where the sender can be reached tells him (<see cref="Dispatch.SendOut"/>).</summary>
    /// <param name="to">A mobile number or mail address to tell instead, where telling failed.</param>
    public async Task<Result<Done>> Acknowledge(Reach reach, Guid id, long version, string? to, CancellationToken ct)
    {
        var (mobile, email) = (Mobile.Normalise(to), to is not null && MailAddress.IsOne(to) ? to : null);
        if (!string.IsNullOrEmpty(to) && mobile is null && email is null) return Problem.Invalid([new Fault("ack_to", to.Contains('@') ? "not-an-email" : "not-a-mobile")]);
        return await store.Act(reach, id, version, mustHold: true, async open =>
        {
            var row = open.Receipt;
            if (row.AcknowledgedOn is not null && row.Acknowledgement != "failed") return Problem.Conflict;
            var key = await seals.Key(open.Work, id);
            var details = seals.Open<ReceiptDetails>(key, row.Details, ReceiptRow.DetailsContext(id));
            if (mobile is not null || email is not null) details = details with { Mobile = mobile, Email = email };
            var known = Mobile.Normalise(details.Mobile) is not null || details.Email is not null;
            await open.Work.Execute("update office.receipt set acknowledgement = @state, acknowledgement_reason = null, details = @details where id = @id", new { state = known ? "waiting" : null, details = seals.Seal(key, details, ReceiptRow.DetailsContext(id)), id });
            row.AcknowledgedOn ??= Ist.DateIn(open.At);
            open.Say(new ReceiptAcknowledged(Ist.DateIn(open.At)));
            return null;
        }, ct);
    }

    public Task<Result<Done>> Close(Reach reach, Guid id, long version, CancellationToken ct) => store.Act(reach, id, version, mustHold: true, open =>
    {
        open.Receipt.State = "closed";
        open.Say(new ReceiptClosed("no-action"));
        return Task.FromResult<Problem?>(null);
    }, ct);

    /// <summary>Puts the receipt on the correspondence side: its papers get the next page numbers of the file.</summary>
    public Task<Result<Done>> PutInFile(Reach reach, Guid id, long version, Guid file, Files files, CancellationToken ct) => files.Act(reach, file, null, Need.Holds, open => Put(open, id, version), ct);

    /// <summary>Opens a file for the receipt and puts it in: both or neither.</summary>
    public Task<Result<Guid>> PutInNewFile(Reach reach, Guid id, long version, NewFile wanted, OpenFiles opening, Files files, CancellationToken ct) =>
        opening.Open(reach, wanted, async (work, file) => (await files.Act(work, reach, file, null, Need.Holds, open => Put(open, id, version))).Problem, ct);

    private async Task<Problem?> Put(OpenFile open, Guid id, long version)
    {
        var (reach, file) = (open.Reach, open.File.Id);
        var row = await open.Work.One<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where id = @id for update", new { id });
        if (row is null || !reach.Sees(row.Scopes)) return Problem.NotFound;
        if (row.Version != version) return Problem.Conflict;
        if (!reach.Acts.ContainsKey(row.Holder)) return OfficeProblems.NotWithYou;
        if (row.State != "open") return OfficeProblems.NotOpen;
        // Who may see the file sees what lies in it.
        if (Scope.IsAbove(row.Classification, open.File.Classification)) return OfficeProblems.FileTooOpen;
        var receipt = new OpenReceipt(open.Work, row, reach, row.Holder, open.At);
        var before = open.File.Pages;
        foreach (var paper in await open.Work.Query<(Guid Id, int Pages)>("select id, pages from office.paper where item = @id order by at, id", new { id }))
            await Correspondence.Append(open, paper.Id, paper.Pages, "receipt", id, null);
        await open.Work.Execute("update office.paper set item = @file where item = @id", new { file, id });
        await open.Work.Execute("update office.page set item = case when paper is null then item else @file end, scopes = @marks where item = @id", new { file, id, marks = Words.Marks(seals, open.File.Scopes) });
        var (from, to) = open.File.Pages > before ? ((int?)before + 1, (int?)open.File.Pages) : (null, null);
        (row.State, row.FileId, row.Scopes) = ("in-file", file, [.. row.Scopes.Union(open.File.Scopes)]);
        var body = new ReceiptPutInFile(file, from, to);
        receipt.Say(body);
        open.Say(body);
        await receipt.Save();
        return null;
    }

    private static Problem? Faults(NewReceipt wanted, DateOnly today)
    {
        var check = new Check();
        var d = wanted.Details;
        check.That(wanted.Post.Length > 0, "post", "required");
        check.That(!string.IsNullOrWhiteSpace(d.Sender), "sender", "required");
        check.That(d.Sender.Length <= 200, "sender", "too-long", 200);
        check.That(!string.IsNullOrWhiteSpace(d.Subject), "subject", "required");
        check.That(d.Subject.Length <= OpenFiles.SubjectMax, "subject", "too-long", OpenFiles.SubjectMax);
        check.That((d.Address?.Length ?? 0) <= 500, "address", "too-long", 500);
        check.That((d.TheirNumber?.Length ?? 0) <= 80, "their_number", "too-long", 80);
        check.That(string.IsNullOrWhiteSpace(d.Mobile) || Mobile.Normalise(d.Mobile) is not null, "mobile", "not-a-mobile");
        check.That(Languages.Contains(wanted.Lang), "lang", "not-a-choice");
        check.That(Scope.Classes.Contains(wanted.Classification), "classification", "not-a-choice");
        check.That(OfficePosts.Urgencies.Contains(wanted.Urgency), "urgency", "not-a-choice");
        check.That(wanted.ReceivedOn <= today, "received_on", "date-too-late", today);
        check.That(wanted.ReplyBy is null || wanted.ReplyBy >= wanted.ReceivedOn, "reply_by", "date-too-early", wanted.ReceivedOn);
        return check.Ok ? null : check.ToProblem();
    }
}
