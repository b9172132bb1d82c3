using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Cases;

/// <summary>Stream of the case appealed against: a higher layer looks at it now, on the applicant's wish.</summary>
public sealed record CaseAppealed(Guid Appeal, string Reference, string Layer) : IJournalBody
{
    public static string Kind => "case.appealed";
}

/// <summary>Stream of the appeal: the applicant's own reasons and papers, to an appeal that he files or to one that filed itself.</summary>
/// <param name="Ground">delay, rejection, deficiency, answer or order.</param>
/// <param name="LateDays">Days after the last day to file; 0 in time. The authority decides whether the delay is condoned.</param>
public sealed record AppealGrounds(string Ground, string TextDigest, int Papers, DateOnly? FileBy, int LateDays) : IJournalBody
{
    public static string Kind => "case.appeal-grounds";
}

/// <param name="Outcome">condoned or refused.</param>
public sealed record DelayDecided(string Post, string Outcome, DateOnly On, string TextDigest) : IJournalBody
{
    public static string Kind => "case.delay-decided";
}

/// <param name="At">HH:mm in India.</param>
/// <param name="Mode">in-person, video or telephone. Where it is held is sealed.</param>
public sealed record HearingFixed(int Number, string Post, DateOnly On, string At, string Mode, string PlaceDigest, string? Officer) : IJournalBody
{
    public static string Kind => "case.hearing-fixed";
}

/// <param name="To">The next hearing's number.</param>
public sealed record HearingAdjourned(int Number, string Post, string ReasonDigest, int To, DateOnly On, string At, string Mode, string? Officer) : IJournalBody
{
    public static string Kind => "case.hearing-adjourned";
}

/// <summary>Attendance: present, represented or absent.</summary>
public sealed record HearingHeld(int Number, string Post, string Applicant, string Officer, string? TextDigest) : IJournalBody
{
    public static string Kind => "case.hearing-held";
}

/// <summary>An interim direction to the post that answers the first request.</summary>
public sealed record DirectionGiven(int Number, string Post, string To, DateOnly By, string TextDigest) : IJournalBody
{
    public static string Kind => "case.direction-given";
}

public sealed record DirectionComplied(int Number, string Post, DateOnly On, string TextDigest) : IJournalBody
{
    public static string Kind => "case.direction-complied";
}

/// <summary>A court or another authority bars action. The clock stands only where the law lets a stay stop it; then <paramref name="Pauses"/> is true.</summary>
/// <param name="Order">The order's number; court and reason are sealed.</param>
public sealed record CaseStayed(string Post, string Order, DateOnly On, bool Pauses, string TextDigest) : IJournalBody
{
    public static string Kind => "case.stayed";
}

/// <param name="DueOn">The date counted anew; null while the clock still stands or where none runs.</param>
public sealed record CaseStayLifted(string Post, string Order, DateOnly On, DateOnly? DueOn, string TextDigest) : IJournalBody
{
    public static string Kind => "case.stay-lifted";
}

/// <summary>Stream of the first request: an authority sends it back to its officer, with a date. It is open again; a lapse or a rejection goes to the layer above <paramref name="Layer"/>.</summary>
public sealed record CaseRemanded(Guid Appeal, string Layer, string Post, DateOnly On, DateOnly DueOn, string? Step, string? To) : IJournalBody
{
    public static string Kind => "case.remanded";
}
