using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Guarantee;

/// <summary>Stream <c>calendar/moved-{version}</c>. A holiday order moved the open due dates of all requests that share these terms; the Cases room follows. Requests whose clock was paused are told one by one in <paramref name="Cases"/>.</summary>
/// <param name="Order">The order(s) that the calendar version rests on.</param>
/// <param name="Cases">Set when the dates are those of single cases; then the terms do not select others.</param>
public sealed record DatesMoved(int Calendar, string Order, string Service, int ServiceVersion, string Law, int LawVersion, string Place, string? Layer, DateOnly CompleteOn, DateOnly From, DateOnly To, long Count, IReadOnlyList<Guid>? Cases) : IJournalBody
{
    public static string Kind => "guarantee.dates-moved";
}

/// <summary>Stream <c>proof/daily</c>. The tables alone show that every overdue request has its appeal and no appeal lacks its cause; the last four are 0, or somebody is called.</summary>
public sealed record Proved(DateOnly On, long Running, long Lapsed, long Appeals, long Overdue, long Unappealed, long Unfounded, long Unjournaled) : IJournalBody
{
    public static string Kind => "guarantee.proved";
}

/// <summary>How a due date came to be another one.</summary>
public sealed record DateMove(int Calendar, string Order, DateOnly From, DateOnly To, DateTimeOffset At);

public interface IDateMoves
{
    Task<IReadOnlyList<DateMove>> Of(Guid @case, CancellationToken ct);
}
