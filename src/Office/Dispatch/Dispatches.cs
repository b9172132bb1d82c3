using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;
using Sahulat.Office.Draft;
using Sahulat.Office.Fetch;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Dispatch;

/// <param name="Way">post, hand, office, email, message, or case: to the applicant, with the request that the file answers.</param>
/// <param name="To">Number of the post register, who takes it, code of the office, mail address, mobile number, or reference of the request where the file answers more than one, by the way.</param>
internal sealed record Sending(string Way, string? To);

/// <summary>Sends a signed draft out. It takes its place on the correspondence side; to another office inside it arrives as a receipt in the same transaction. Mails and messages follow the journal (<see cref="SendOut"/>).</summary>
internal sealed class Dispatches(Files files, Drafts drafts, Receipts receipts, OfficePapers papers, CasePapers cases, Deliveries deliveries, LetterLinks links, IDeskCases requests, OfficePosts posts, Seals seals, IMessageGateway messages)
{
    private const int HandMax = 120, RegisterMax = 40;

    public static readonly IReadOnlyList<string> Ways = ["post", "hand", "office", "email", "message", "case"];

    /// <summary>Ways that somebody tells of what became of them.</summary>
    private static readonly IReadOnlyList<string> Told = ["email", "message", "case"];

    /// <summary>Email only where this installation has a mail server; with the request only where the file answers one that does not have it yet.</summary>
    public IEnumerable<string> Open(bool answers, IReadOnlyList<Sent> sent) => Ways.Where(w => (w != "email" || messages.Serves("email")) && (w != "case" || (answers && sent.All(s => s.Row.CaseReference is null))));

    public async Task<Result<Done>> Send(Reach reach, DraftShown draft, Sending sending, CancellationToken ct)
    {
        var sent = await deliveries.Of(draft.Id, ct);
        // Sent is sent, unless it is known not to have arrived.
        if (draft.State == "dispatched" && sent is not [{ Row.Delivery: "failed" }, ..]) return OfficeProblems.DraftDone;
        if (draft is not { State: "signed" or "dispatched", Paper: { } paper }) return OfficeProblems.NotSigned;
        var row = (await papers.Find(paper, ct))!;
        var to = sending.To?.Trim() ?? "";
        var check = new Check();
        check.That(Open(answers: true, sent).Contains(sending.Way), "way", "not-a-choice");
        var head = sending.Way == "office" ? posts.Organisation.PostsOfOffice(to).OrderByDescending(p => p.Head).FirstOrDefault() : null;
        if (sending.Way == "office") check.That(head is not null, "way_to", "office-no-such-office");
        var mobile = sending.Way == "message" ? Mobile.Normalise(to) : null;
        if (sending.Way == "message") check.That(mobile is not null, "way_to", "not-a-mobile");
        if (sending.Way == "email") check.That(MailAddress.IsOne(to), "way_to", "not-an-email");
        if (sending.Way == "email") check.That(MailFile.Fits(row.Size), "way", "office-too-large-to-mail", MailFile.MostMegabytes);
        if (sending.Way == "post") check.That(to.Length > 0, "way_to", "required");
        var most = sending.Way == "post" ? RegisterMax : HandMax;
        if (sending.Way is "post" or "hand") check.That(to.Length <= most && !to.Any(char.IsControl), "way_to", "too-long", most);
        var request = sending.Way == "case" ? await Answered(reach, draft, to, ct) : null;
        if (sending.Way == "case") check.That(request is not null, "way_to", "office-no-such-case");
        if (!check.Ok) return check.ToProblem();
        var text = (await drafts.Versions(draft, ct))[^1].Text;
        var content = head is null ? null : await papers.Bytes(row, ct);
        var recipient = sending.Way switch
        {
            "message" => new Recipient(Mobile: mobile),
            "email" => new Recipient(Email: to),
            "case" => new Recipient(Citizen: request!.Applicant),
            "hand" when to.Length > 0 => new Recipient(Hand: to),
            _ => null,
        };
        return await files.Act(reach, draft.FileId, null, Need.Holds, async open =>
        {
            // A link or a mail is read by whoever has the telephone.
            if (Scope.IsSecret(open.File.Classification) && sending.Way is "email" or "message") return OfficeProblems.SecretByWire;
            Guid? instead = draft.State == "dispatched" ? sent[0].Row.Id : null;
            if (instead is null && await open.Work.Execute("update office.draft set state = 'dispatched' where id = @Id and state = 'signed'", new { draft.Id }) == 0) return Problem.Conflict;
            if (instead is not null && await open.Work.One<bool>("select exists (select from office.dispatch where instead_of = @instead)", new { instead })) return Problem.Conflict;
            var id = Guid.CreateVersion7(open.At);
            var key = await seals.Key(open.Work, open.File.Id);
            var linked = sending.Way is "email" or "message";
            await open.Work.Execute("""
                insert into office.dispatch (id, draft_id, file_id, office, number, way, to_office, addressee, recipient, register, case_reference, delivery, link, link_until, instead_of, at)
                values (@id, @draftId, @FileId, @Office, @Number, @Way, @toOffice, @addressee, @went, @register, @Reference, @delivery, @link, @until, @instead, @At)
                """, new
            {
                id, draftId = draft.Id, draft.FileId, open.File.Office, draft.Number, sending.Way, toOffice = head?.Office, addressee = seals.Seal(key, text.To, DispatchRow.AddresseeContext(id)),
                went = recipient is null ? null : seals.Seal(key, recipient, DispatchRow.RecipientContext(id)), register = sending.Way == "post" ? to : null, request?.Reference, delivery = Told.Contains(sending.Way) ? "waiting" : null,
                link = linked ? links.Hash(links.CodeOf(id)) : null, until = linked ? open.At.AddDays(LetterLinks.Days) : (DateTimeOffset?)null, instead, open.At,
            });
            if (instead is { } before)
            {
                open.Say(new DraftSentAgain(draft.Id, id, before, sending.Way, head?.Office, request?.Reference));
            }
            else
            {
                var (from, until) = await Correspondence.Append(open, paper, row.Pages, "issue", null, draft.Id);
                open.Say(new DraftDispatched(draft.Id, id, draft.Number!, sending.Way, head?.Office, from, until, request?.Reference));
            }

            if (head is null) return null;
            var details = new ReceiptDetails(posts.OfficeName(open.File.Office, Lang.Find(draft.Lang)!), null, null, text.Subject, $"{open.File.Shown} / {draft.Number}", Ist.DateIn(open.At));
            await receipts.Write(open.Work, new NewReceipt(head.Code, "office", draft.Lang, open.File.Classification, open.File.Urgency, details, Ist.DateIn(open.At), null, null, [new IncomingPaper(content!, $"{draft.Kind}.pdf", "application/pdf", row.Pages)], id), open.Actor);
            return null;
        }, ct);
    }

    /// <summary>The request that the file answers: the only one, or the one named.</summary>
    private async Task<DeskCase?> Answered(Reach reach, DraftShown draft, string named, CancellationToken ct)
    {
        var lang = Lang.Find(draft.Lang)!;
        var answered = await cases.Answered(draft.FileId, ct);
        if (named.Length == 0) return answered is [var only] ? await requests.Find(reach.Who, only, lang, ct) : null;
        return await requests.Find(reach.Who, named, lang, ct) is { } found && answered.Contains(found.Reference) ? found : null;
    }
}
