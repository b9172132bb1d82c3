using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Cases;

/// <summary>Stream <c>case/{id:N}</c>. Another office is competent: the clock runs on, and <paramref name="Count"/> tells how often this happened. The subject may be another one of the same law.</summary>
public sealed record CaseTransferred(string Step, string From, string To, string Service, int ServiceVersion, int Count) : IJournalBody
{
    public static string Kind => "case.transferred";
}

/// <summary>An interim reply that names a day: the only lawful way past the limit, never past the law's absolute one.</summary>
public sealed record CaseExtended(string Step, string Post, DateOnly On, DateOnly? From, DateOnly DueOn, string? TextDigest) : IJournalBody
{
    public static string Kind => "case.extended";
}

/// <summary>The same matter as <paramref name="Head"/>: it gets that one's answer.</summary>
public sealed record CaseJoined(string Post, Guid Head) : IJournalBody
{
    public static string Kind => "case.joined";
}

/// <param name="Post">Null where the head ended without an answer.</param>
public sealed record CaseParted(string? Post, Guid Head) : IJournalBody
{
    public static string Kind => "case.parted";
}
