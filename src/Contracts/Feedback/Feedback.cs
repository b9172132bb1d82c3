using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Feedback;

/// <summary>Stream <c>rating/{case id:N}</c>. The applicant rated a finished request, once (rapid assessment).</summary>
/// <param name="Score">good, average or bad.</param>
/// <param name="No">Codes of the yes/no questions that were answered with no.</param>
public sealed record DeliveryRated(Guid Case, string Reference, string Service, string Place, Guid Applicant, string Score, IReadOnlyList<string> No, DateOnly On) : IJournalBody
{
    public static string Kind => "feedback.rated";
}

/// <summary>Stream <c>rating/{assessment id:N}</c>. A person rated a matter that another department's system had told us of. Counts in the public scores as every rating does; opens no layer, because the matter and its clock are not kept here: who was not content is shown where to file a grievance.</summary>
/// <param name="System">Whose matter it was.</param>
public sealed record OutsideRated(Guid Assessment, string System, string Service, string Place, Guid Person, string Score, IReadOnlyList<string> No, DateOnly On) : IJournalBody
{
    public static string Kind => "feedback.outside-rated";
}
