using Sahulat.Kernel;

namespace Sahulat.Cases;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class CaseProblems
{
    public static readonly Problem NotIncomplete = new("case-not-incomplete", 409);
    public static readonly Problem NotOpen = new("case-not-open", 409);
    public static readonly Problem NoQuery = new("case-no-query", 409);
    public static readonly Problem Ended = new("case-ended", 409);
    public static readonly Problem NotThisStep = new("case-not-this-step", 409);
    public static readonly Problem NotYours = new("case-not-yours", 403);
    public static readonly Problem CannotTakeBack = new("case-cannot-take-back", 409);
    public static readonly Problem NothingChosen = new("nothing-chosen", 422);
    public static readonly Problem ReasonMissing = new("case-reason-missing", 422);
    public static readonly Problem KeyMissing = new("idempotency-key-missing", 400);
    public static readonly Problem KeyReused = new("idempotency-key-reused", 422);
    public static readonly Problem Malformed = new("malformed-json", 400);
    public static readonly Problem MalformedForm = new("bad-request", 400);
    public static readonly Problem TooLarge = new("too-large", 413);
    public static readonly Problem NoService = new("service-unknown", 422);
    public static readonly Problem NotOnline = new("service-not-online", 422);
    public static readonly Problem SubjectRefused = new("grievance-subject-refused", 422);
    public static readonly Problem TransferInstead = new("grievance-transfer-instead", 422);
    public static readonly Problem NoInterim = new("grievance-no-interim", 422);
    public static readonly Problem PastDue = new("grievance-past-due", 409);
    public static readonly Problem PastAbsolute = new("grievance-past-absolute", 422);
    public static readonly Problem InterimNotLater = new("grievance-interim-not-later", 422);
    public static readonly Problem CannotJoin = new("grievance-cannot-join", 409);
    public static readonly Problem NotJoined = new("grievance-not-joined", 409);
    public static readonly Problem JoinedAlready = new("grievance-joined-already", 409);
    public static readonly Problem NotAnonymous = new("grievance-not-anonymous", 422);
    public static readonly Problem NoProofYet = new("case-proof-not-yet", 409);
    public static readonly Problem CertificateNotReady = new("certificate-not-ready", 409);
    public static readonly Problem CertificateRevoked = new("certificate-revoked", 409);
    public static readonly Problem CertificateNotRevoked = new("certificate-not-revoked", 409);
    public static readonly Problem CertificateReplaced = new("certificate-replaced", 409);
    public static readonly Problem Stayed = new("case-stayed", 409);
    public static readonly Problem NotStayed = new("case-not-stayed", 409);
    public static readonly Problem AppealDecided = new("appeal-decided", 409);
    public static readonly Problem AppealNoLaw = new("appeal-no-law", 409);
    public static readonly Problem AppealNoLayer = new("appeal-no-layer", 409);
    public static readonly Problem AppealNotByHand = new("appeal-not-by-hand", 409);
    public static readonly Problem AppealTooEarly = new("appeal-too-early", 409);
    public static readonly Problem AppealWithdrawn = new("appeal-withdrawn", 409);
    public static readonly Problem AppealTooManyPapers = new("appeal-too-many-papers", 422);
    public static readonly Problem AppealGroundChanged = new("appeal-ground-changed", 409);
    public static readonly Problem DelayOpen = new("appeal-delay-open", 409);
    public static readonly Problem HearingOpen = new("case-hearing-open", 409);
    public static readonly Problem NoHearing = new("case-no-hearing", 409);
    public static readonly Problem HearingAhead = new("case-hearing-ahead", 409);
    public static readonly Problem NobodyToDirect = new("case-nobody-to-direct", 409);
    public static readonly Problem NoDelay = new("case-no-delay", 409);
    public static readonly Problem DirectionDone = new("case-direction-done", 409);
    public static readonly Problem PenaltyThere = new("penalty-there", 409);
    public static readonly Problem PenaltyOrderedAlready = new("penalty-ordered", 409);
    public static readonly Problem CauseShown = new("cause-shown", 409);
    public static readonly Problem NotToCounter = new("money-not-to-counter", 409);
    public static readonly Problem TooManyAttempts = new("too-many-attempts", 429);

    /// <summary>No penalty before the person was heard, or let the day pass.</summary>
    public static Problem PenaltyUnheard(DateOnly? replyBy) => new("penalty-unheard", 409, replyBy);

    /// <summary>The answer stands before the appeal in the journal.</summary>
    public static Problem AnsweredFirst(DateOnly? on) => new("appeal-answered-first", 409, on);
}
