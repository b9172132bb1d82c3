using Sahulat.Kernel;

namespace Sahulat.Office;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class OfficeProblems
{
    public static readonly Problem NotWithYou = new("office-not-with-you", 403);
    public static readonly Problem NotOpen = new("office-not-open", 409);
    public static readonly Problem NoteUnsigned = new("office-note-unsigned", 409);
    public static readonly Problem NoNote = new("office-no-note", 409);
    public static readonly Problem AlreadyOpened = new("office-already-opened", 409);
    public static readonly Problem NotInformed = new("office-not-informed", 403);
    public static readonly Problem NobodySent = new("office-nobody-sent", 409);
    public static readonly Problem NotSenior = new("office-not-senior", 403);
    public static readonly Problem NeedToKnow = new("office-need-to-know", 409);
    public static readonly Problem FileTooOpen = new("office-file-too-open", 409);
    public static readonly Problem NotApproved = new("office-not-approved", 409);
    public static readonly Problem OwnDraft = new("office-own-draft", 409);
    public static readonly Problem NotSigned = new("office-not-signed", 409);
    public static readonly Problem DraftDone = new("office-draft-done", 409);
    public static readonly Problem DraftsOpen = new("office-drafts-open", 409);
    public static readonly Problem NumberTaken = new("office-number-taken", 409);
    public static readonly Problem NothingChosen = new("office-nothing-chosen", 422);
    public static readonly Problem NotOfThisKind = new("office-not-of-this-kind", 409);
    public static readonly Problem TooManyMarked = new("office-too-many-marked", 409);
    public static readonly Problem NotDue = new("office-not-due", 409);
    public static readonly Problem NotForOrder = new("office-not-for-order", 409);
    public static readonly Problem OnOtherOrder = new("office-on-other-order", 409);
    public static readonly Problem SameHand = new("office-same-hand", 409);
    public static readonly Problem CertificateExpired = new("office-certificate-expired", 409);
    public static readonly Problem TokenAway = new("office-token-away", 503);
    public static readonly Problem ESignBad = new("office-esign-bad", 409);
    public static readonly Problem ESignRefused = new("office-esign-refused", 409);
    /// <summary>What may come of an eSign response.</summary>
    public static readonly IReadOnlyList<Problem> OfESign = [ESignBad, ESignRefused, CertificateExpired, Problem.Conflict, DraftDone, NotApproved, NotWithYou, NotOpen];

    public static readonly Problem SecretByWire = new("office-secret-by-wire", 409);
    public static readonly Problem OpenedOften = new("office-opened-often", 429);
    public static readonly Problem ScanGone = new("office-scan-gone", 409);
    public static readonly Problem ScansWaiting = new("office-scans-waiting", 409);
    public static readonly Problem NothingToSample = new("office-nothing-to-sample", 409);
    public static readonly Problem SampleOpen = new("office-sample-open", 409);
    public static readonly Problem BundleJudged = new("office-bundle-judged", 409);
    public static readonly Problem PagesUnread = new("office-pages-unread", 409);
    public static readonly Problem NotPrinted = new("office-not-printed", 503);
}
