using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Cases;

/// <summary>Stream <c>penalty/{id:N}</c>: an authority asks a person why a penalty should not be imposed. The amount is a draft by the law's arithmetic.</summary>
/// <param name="Appeal">The appeal in which it arises.</param>
/// <param name="Rule">The law's rule.</param>
/// <param name="Days">Late days in that person's time at the post.</param>
public sealed record ShowCauseIssued(Guid Appeal, string Rule, string Post, Guid Official, int Days, decimal Drafted, decimal? Cap, DateOnly ReplyBy, string TextDigest) : IJournalBody
{
    public static string Kind => "penalty.show-cause-issued";
}

public sealed record ShowCauseAnswered(Guid Appeal, DateOnly On, string TextDigest) : IJournalBody
{
    public static string Kind => "penalty.show-cause-answered";
}

/// <param name="Outcome">imposed or dropped.</param>
/// <param name="Amount">Rupees; 0 when dropped.</param>
public sealed record PenaltyOrdered(Guid Appeal, string Outcome, string Post, Guid Official, decimal Amount, DateOnly On, string TextDigest) : IJournalBody
{
    public static string Kind => "penalty.ordered";
}

/// <summary>Stream <c>penalty/{id:N}</c>: an authority awards the applicant a sum.</summary>
public sealed record CompensationOrdered(Guid Appeal, string Rule, string Post, decimal Amount, DateOnly On, string TextDigest) : IJournalBody
{
    public static string Kind => "penalty.compensation-ordered";
}

/// <summary>Stream <c>penalty/{id:N}</c>: a line of the ledger, never changed. The sum of all is what is still to be paid.</summary>
/// <param name="What">demand, received, awarded, paid or counter.</param>
/// <param name="Amount">Rupees: demands and awards add, payments take away, a counter entry undoes.</param>
/// <param name="Voucher">The number of the challan or voucher.</param>
/// <param name="Counters">The line that it undoes.</param>
public sealed record MoneyEntered(int Line, string What, decimal Amount, string? Voucher, DateOnly On, int? Counters) : IJournalBody
{
    public static string Kind => "penalty.money-entered";
}
