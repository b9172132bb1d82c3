using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Feedback;

/// <summary>Stream <c>rating/{case id:N}</c>. The applicant rated a finished request, once (rapid assessment).</summary>
/// <param name="Score">good, average or bad.</param>
/// <param name="No">Codes of the yes/no questions that were answered with no.</param>
public sealed record DeliveryRated(Guid Case, string Reference, string Service, string Place, Guid Applicant, string Score, IReadOnlyList<string> No, DateOnly On) : IJournalBody
{
    public static string Kind => "feedback.rated";
}
