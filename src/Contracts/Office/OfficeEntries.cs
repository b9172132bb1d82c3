using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Office;

/// <summary>Stream <c>receipt/{id:N}</c>: a letter was entered in the diary of an office.</summary>
/// <param name="Mode">scan, upload, hand, office, portal or email.</param>
public sealed record ReceiptDiarised(string Number, string Office, string Mode, string Lang, string Classification, string Urgency, DateOnly ReceivedOn, DateOnly? ReplyBy, string? Case, Guid? DuplicateOf, Guid? FromDispatch) : IJournalBody
{
    public static string Kind => "office.receipt-diarised";
}

public sealed record ReceiptAcknowledged(DateOnly On) : IJournalBody
{
    public static string Kind => "office.receipt-acknowledged";
}

public sealed record ReceiptPutInFile(Guid File, int? PageFrom, int? PageTo) : IJournalBody
{
    public static string Kind => "office.receipt-put-in-file";
}

public sealed record ReceiptClosed(string Reason) : IJournalBody
{
    public static string Kind => "office.receipt-closed";
}

/// <summary>Stream of the file or receipt. <paramref name="Digest"/> is a keyed hash of the content.</summary>
public sealed record PaperAdded(Guid Paper, string Type, int Pages, string Digest) : IJournalBody
{
    public static string Kind => "office.paper-added";
}

/// <summary>Every page of a paper is accounted for.</summary>
public sealed record PagesAccounted(Guid Paper, int Read, int Blank, int Unreadable) : IJournalBody
{
    public static string Kind => "office.pages-accounted";
}

/// <param name="Way">sent, returned, pulled-back, pulled-up or handed-over.</param>
public sealed record OfficeItemMoved(string From, string To, string Way, IReadOnlyList<string> Copies) : IJournalBody
{
    public static string Kind => "office.item-moved";
}

/// <summary>Stream <c>file/{id:N}</c>.</summary>
public sealed record FileOpened(string Number, int Volume, int Part, string Office, string Classification, string Urgency, Guid? Main) : IJournalBody
{
    public static string Kind => "office.file-opened";
}

public sealed record NotingSigned(int Para, string Digest, IReadOnlyList<int> Cites) : IJournalBody
{
    public static string Kind => "office.noting-signed";
}

/// <summary>In the streams of both files.</summary>
public sealed record FileLinked(Guid Other) : IJournalBody
{
    public static string Kind => "office.file-linked";
}

public sealed record FileUnlinked(Guid Other) : IJournalBody
{
    public static string Kind => "office.file-unlinked";
}

/// <param name="Mark">Up to three letters.</param>
public sealed record FlagPut(string Mark, int Page) : IJournalBody
{
    public static string Kind => "office.flag-put";
}

public sealed record FlagTaken(string Mark, int Page) : IJournalBody
{
    public static string Kind => "office.flag-taken";
}

/// <summary>An unsigned paragraph was thrown away.</summary>
public sealed record NotingDiscarded(int Para) : IJournalBody
{
    public static string Kind => "office.noting-discarded";
}

/// <summary>Stream <c>file/{id:N}/copies</c>: a post that has the file for information remarked on it.</summary>
/// <param name="After">The paragraph that was the last.</param>
public sealed record RemarkSigned(int Number, int After, string Digest) : IJournalBody
{
    public static string Kind => "office.remark-signed";
}

/// <summary>Stream <c>file/{id:N}/copies</c> or <c>receipt/{id:N}/copies</c>: the post put it away.</summary>
public sealed record CopyDismissed(string Post) : IJournalBody
{
    public static string Kind => "office.copy-dismissed";
}

public sealed record UrgencyChanged(string Was, string Becomes) : IJournalBody
{
    public static string Kind => "office.urgency-changed";
}

public sealed record ClassificationChanged(string Was, string Becomes) : IJournalBody
{
    public static string Kind => "office.classification-changed";
}

/// <summary>Stream <c>charge/{post}</c>: what lay with the post went to another; each file and receipt says so too.</summary>
/// <param name="Copies">What the post had for information.</param>
/// <param name="Stays">Files in the record room.</param>
public sealed record ChargeHandedOver(string From, string To, int Files, int Receipts, IReadOnlyList<Guid> Copies, int Stays) : IJournalBody
{
    public static string Kind => "office.charge-handed-over";
}

/// <summary>Stream <c>subject-heads/{department}</c>.</summary>
/// <param name="Added">Else it got another name.</param>
public sealed record SubjectHeadSet(string Code, bool Added) : IJournalBody
{
    public static string Kind => "office.subject-head-set";
}

/// <summary>A printed draft waits for the eSign provider.</summary>
public sealed record ESignBegun(Guid Draft, int Version, string Number, string Txn) : IJournalBody
{
    public static string Kind => "office.esign-begun";
}

/// <summary>Stream <c>signer/{official:N}</c>.</summary>
/// <param name="Certificate">SHA-256 of it.</param>
public sealed record SoftKeyRenewed(string Certificate, DateOnly Until) : IJournalBody
{
    public static string Kind => "office.soft-key-renewed";
}

/// <summary>Stream <c>archive/{item:N}</c>: pages of a file or receipt were asked for as PDF/A.</summary>
public sealed record ArchiveAsked(Guid Item, int PageFrom, int PageTo) : IJournalBody
{
    public static string Kind => "office.archive-asked";
}

public sealed record FilePutAway(DateOnly Until) : IJournalBody
{
    public static string Kind => "office.file-put-away";
}

public sealed record FileTakenUp(DateOnly On) : IJournalBody
{
    public static string Kind => "office.file-taken-up";
}

public sealed record KnowledgeShared(string Post) : IJournalBody
{
    public static string Kind => "office.knowledge-shared";
}

public sealed record DraftWritten(Guid Draft, string Form, string Lang, int Version, string Digest) : IJournalBody
{
    public static string Kind => "office.draft-written";
}

public sealed record DraftApproved(Guid Draft, int Version) : IJournalBody
{
    public static string Kind => "office.draft-approved";
}

/// <param name="Certificate">SHA-256 of the signer's certificate.</param>
public sealed record DraftSigned(Guid Draft, int Version, Guid Paper, string Digest, string Certificate) : IJournalBody
{
    public static string Kind => "office.draft-signed";
}

/// <param name="Way">post, hand, office, email, message or case.</param>
/// <param name="Case">Reference of the request with which it went to the applicant.</param>
public sealed record DraftDispatched(Guid Draft, Guid Dispatch, string Number, string Way, string? ToOffice, int PageFrom, int PageTo, string? Case = null) : IJournalBody
{
    public static string Kind => "office.draft-dispatched";
}

/// <summary>What did not arrive was sent another way; its pages are in the file already.</summary>
/// <param name="Instead">The dispatch that failed.</param>
public sealed record DraftSentAgain(Guid Draft, Guid Dispatch, Guid Instead, string Way, string? ToOffice, string? Case) : IJournalBody
{
    public static string Kind => "office.draft-sent-again";
}

public sealed record FileClosed(DateOnly On, string Retention, DateOnly? WeedOn) : IJournalBody
{
    public static string Kind => "office.file-closed";
}

public sealed record FileReopened(DateOnly On) : IJournalBody
{
    public static string Kind => "office.file-reopened";
}

/// <summary>Reviewed and put in the record room.</summary>
public sealed record FileRecorded(DateOnly On) : IJournalBody
{
    public static string Kind => "office.file-recorded";
}

/// <summary>A recorded file was looked at when it was due.</summary>
/// <param name="Outcome">extended, changed or kept: for ever.</param>
/// <param name="Due">When it is due, or looked at again.</param>
/// <param name="Reason">A keyed hash of it.</param>
public sealed record FileReviewed(string Outcome, string Was, string Becomes, DateOnly Due, string Reason) : IJournalBody
{
    public static string Kind => "office.file-reviewed";
}

/// <summary>The first of two signatures: the file is on an order of weeding, or a list of transfer to the archive.</summary>
/// <param name="What">weeding or transfer.</param>
public sealed record FileListed(Guid Order, string What, string Number) : IJournalBody
{
    public static string Kind => "office.file-listed";
}

public sealed record FileUnlisted(Guid Order) : IJournalBody
{
    public static string Kind => "office.file-unlisted";
}

/// <summary>The second signature: the file is the archive's.</summary>
public sealed record FileArchived(Guid Order, string Number, string FirstPost, string SecondPost) : IJournalBody
{
    public static string Kind => "office.file-archived";
}

/// <summary>Stream <c>record-order/{id:N}</c>.</summary>
public sealed record RecordOrderMade(string What, string Number, string Office, DateOnly Dated, IReadOnlyList<Guid> Files) : IJournalBody
{
    public static string Kind => "office.record-order-made";
}

public sealed record RecordOrderSigned(string FirstPost, string SecondPost, int Files) : IJournalBody
{
    public static string Kind => "office.record-order-signed";
}

/// <summary>Every file was taken off.</summary>
public sealed record RecordOrderWithdrawn : IJournalBody
{
    public static string Kind => "office.record-order-withdrawn";
}

/// <summary>Entries of before weeding was by order: one file was proposed by itself.</summary>
public sealed record WeedingProposed(string Reason) : IJournalBody
{
    public static string Kind => "office.weeding-proposed";
}

/// <summary>The second signature: the file's keys are destroyed.</summary>
public sealed record FileWeeded(string FirstPost, string SecondPost, int Papers) : IJournalBody
{
    public static string Kind => "office.file-weeded";
}
