using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Office.Draft;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Dispatch;

/// <param name="Way">post, hand, office, message, or case: to the applicant, with the request that the file answers.</param>
/// <param name="To">Number of the post register, code of the office, mobile number, or reference of the request where the file answers more than one, by the way.</param>
internal sealed record Sending(string Way, string? To);

/// <summary>Sends a signed draft out. It takes its place on the correspondence side; to another office inside it arrives as a receipt in the same transaction.</summary>
internal sealed class Dispatches(Files files, Drafts drafts, Receipts receipts, OfficePapers papers, CasePapers cases, IDeskCases requests, ICitizens citizens, OfficePosts posts, Seals seals, IMessageGateway messages)
{
    public static readonly IReadOnlyList<string> Ways = ["post", "hand", "office", "message", "case"];

    public async Task<Result<Done>> Send(Reach reach, DraftShown draft, Sending sending, CancellationToken ct)
    {
        if (draft.State == "dispatched") return OfficeProblems.DraftDone;
        if (draft is not { State: "signed", Paper: { } paper }) return OfficeProblems.NotSigned;
        var check = new Check();
        check.That(Ways.Contains(sending.Way), "way", "not-a-choice");
        var head = sending.Way == "office" ? posts.Organisation.PostsOfOffice(sending.To ?? "").OrderByDescending(p => p.Head).FirstOrDefault() : null;
        if (sending.Way == "office") check.That(head is not null, "way_to", "office-no-such-office");
        var mobile = sending.Way == "message" ? Mobile.Normalise(sending.To) : null;
        if (sending.Way == "message") check.That(mobile is not null, "way_to", "not-a-mobile");
        if (sending.Way == "post") check.That(!string.IsNullOrWhiteSpace(sending.To) && sending.To.Length <= 40, "way_to", "required");
        var request = sending.Way == "case" ? await Answered(reach, draft, sending.To, ct) : null;
        if (sending.Way == "case") check.That(request is not null, "way_to", "office-no-such-case");
        if (!check.Ok) return check.ToProblem();
        var row = (await papers.Find(paper, ct))!;
        var text = (await drafts.Versions(draft, ct))[^1].Text;
        var content = head is null ? null : await papers.Bytes(row, ct);
        var done = await files.Act(reach, draft.FileId, null, Need.Holds, async open =>
        {
            if (await open.Work.Execute("update office.draft set state = 'dispatched' where id = @Id and state = 'signed'", new { draft.Id }) == 0) return Problem.Conflict;
            var id = Guid.CreateVersion7(open.At);
            var (from, to) = await Correspondence.Append(open, paper, row.Pages, "issue", null, draft.Id);
            var key = await seals.Key(open.Work, open.File.Id);
            await open.Work.Execute("""
                insert into office.dispatch (id, draft_id, file_id, office, number, way, to_office, addressee, register, case_reference, at) values (@id, @draftId, @FileId, @Office, @Number, @Way, @toOffice, @addressee, @register, @Reference, @At)
                """, new { id, draftId = draft.Id, draft.FileId, open.File.Office, draft.Number, sending.Way, toOffice = head?.Office, addressee = seals.Seal(key, mobile ?? text.To, $"office.dispatch/{id:N}"), register = sending.Way == "post" ? sending.To : null, request?.Reference, open.At });
            open.Say(new DraftDispatched(draft.Id, id, draft.Number!, sending.Way, head?.Office, from, to, request?.Reference));
            if (head is null) return null;
            var details = new ReceiptDetails(posts.OfficeName(open.File.Office, Kernel.Language.Lang.Find(draft.Lang)!), null, null, text.Subject, $"{open.File.Shown} / {draft.Number}", Ist.DateIn(open.At));
            await receipts.Write(open.Work, new NewReceipt(head.Code, "office", draft.Lang, open.File.Classification, open.File.Urgency, details, Ist.DateIn(open.At), null, null, [new IncomingPaper(content!, $"{draft.Kind}.pdf", "application/pdf", row.Pages)], id), open.Actor);
            return null;
        }, ct);
        if (request?.Applicant is { } applicant) mobile = await citizens.Mobile(applicant, ct);
        if (done.Ok && mobile is not null) await messages.Send(new OutgoingMessage("office-issued", draft.Lang, mobile, [draft.Number!, posts.OfficeName(posts.OfficeOf(reach.Own[0]), Kernel.Language.Lang.Find(draft.Lang)!)], "notice", $"draft/{draft.Id:N}/issued"), ct);
        return done;
    }

    /// <summary>The request that the file answers: the only one, or the one named.</summary>
    private async Task<DeskCase?> Answered(Reach reach, DraftShown draft, string? named, CancellationToken ct)
    {
        var lang = Kernel.Language.Lang.Find(draft.Lang)!;
        var answered = await cases.Answered(draft.FileId, ct);
        if (string.IsNullOrWhiteSpace(named)) return answered is [var only] ? await requests.Find(reach.Who, only, lang, ct) : null;
        return await requests.Find(reach.Who, named, lang, ct) is { } found && answered.Contains(found.Reference) ? found : null;
    }
}
