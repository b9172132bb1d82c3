using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Insight;

/// <summary>Stream <c>insight/months</c>. The figures of a month that is over were published. They never change afterwards; the digest shows it.</summary>
/// <param name="Subjects">How many services, offices, districts and departments have a row.</param>
/// <param name="Digest">SHA-256 of the rows as <c>GET /api/v1/performance/{kind}?format=csv</c> holds them, kinds in alphabetical order, without names; lower-case hex.</param>
public sealed record MonthPublished(string Month, int Subjects, string Digest) : IJournalBody
{
    public static string Kind => "insight.month-published";
}
