using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Cases;

/// <summary>What a case is: a first request, or a higher authority's look at one.</summary>
public enum CaseKind
{
    Application,
    Appeal,
    Grievance,
}

/// <summary>Stream <c>case/{id:N}</c>. <paramref name="DueOn"/> is null while papers are missing and for services without a guarantee. <paramref name="Parent"/> and <paramref name="Layer"/> are an appeal's.</summary>
public sealed record CaseFiled(CaseKind Type, string Reference, string Service, int ServiceVersion, string? Law, int? LawVersion, string Place, Guid Applicant, DateOnly FiledOn, DateOnly? CompleteOn, DateOnly? DueOn, string? Step, string? Post, Guid? Parent, string? Layer, string? OpenedBy, string? OnBehalf) : IJournalBody
{
    public static string Kind => "case.filed";
}

/// <summary>The missing papers came: the clock starts (SRO 223, rule 4).</summary>
public sealed record CaseCompleted(DateOnly CompleteOn, DateOnly? DueOn) : IJournalBody
{
    public static string Kind => "case.completed";
}

/// <summary>An officer asked the applicant. The clock pauses only where the law allows it; then <paramref name="Pauses"/> is true.</summary>
public sealed record CaseQueried(string Step, string Post, DateOnly On, bool Pauses) : IJournalBody
{
    public static string Kind => "case.queried";
}

public sealed record CaseQueryAnswered(DateOnly On, DateOnly? DueOn) : IJournalBody
{
    public static string Kind => "case.query-answered";
}

/// <param name="TakenBack">True where the sender took the case back before anybody acted on it.</param>
public sealed record CaseForwarded(string Step, string From, string To, bool? TakenBack = null) : IJournalBody
{
    public static string Kind => "case.forwarded";
}

/// <summary>A step ended: verified, recommended, no-objection given or refused.</summary>
public sealed record CaseStepDone(string Step, string Post, string Result, string? NextStep, string? NextPost) : IJournalBody
{
    public static string Kind => "case.step-done";
}

/// <summary>The answer. <paramref name="Outcome"/> is <c>approved</c>, <c>rejected</c>, <c>withdrawn</c>, or an appeal's <c>allowed</c>, <c>dismissed</c>.</summary>
/// <param name="Order">Number of the signed order that went out with the request, where a file answers it.</param>
public sealed record CaseDecided(string Outcome, string? Post, DateOnly On, IReadOnlyList<string> Reasons, string? TextDigest, string? Order = null) : IJournalBody
{
    public static string Kind => "case.decided";
}

/// <param name="Digest">SHA-256 of the PDF, in lower-case hex.</param>
/// <param name="Replaces">The number of the revoked certificate that this one corrects.</param>
public sealed record CertificateIssued(string Number, string Digest, string? Replaces = null) : IJournalBody
{
    public static string Kind => "case.certificate-issued";
}

public sealed record CertificateRevoked(string Number, string Reason) : IJournalBody
{
    public static string Kind => "case.certificate-revoked";
}

/// <summary>A post that should act has no holder or does not exist; the case went upward instead.</summary>
public sealed record PostFoundVacant(string Wanted, string? Took, string Why) : IJournalBody
{
    public static string Kind => "case.post-vacant";
}

/// <summary>Stream <c>demo/past</c>: from when to when a synthetic past was filled in. Its cases' entries carry instants of that past; this one carries the true one.</summary>
public sealed record PastFilled(int Cases, DateOnly From, DateOnly Until, int Seed) : IJournalBody
{
    public static string Kind => "cases.past-filled";
}

/// <summary>Stream <c>consent/{id:N}</c>, where the id is that of the one request it is for: a citizen let a post file for him, by a code sent to his number.</summary>
public sealed record ConsentGiven(Guid Citizen, string Service, string Post, DateTimeOffset Until) : IJournalBody
{
    public static string Kind => "case.consent-given";
}
