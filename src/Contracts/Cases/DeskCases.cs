using Sahulat.Contracts.Access;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Cases;

/// <summary>A request as an office that writes about it may know it.</summary>
/// <param name="Shown">The reference in groups, as people read it out.</param>
/// <param name="Seen">Whether the official may open it on his desk.</param>
/// <param name="Applicant">Who asked; null for one who may not open it, and for a person of the trial data.</param>
/// <param name="Name">The applicant's, as written in the form; null with <paramref name="Applicant"/>.</param>
/// <param name="Lang">The language in which it was asked.</param>
public sealed record DeskCase(string Reference, string Shown, string Service, bool Seen, Guid? Applicant, string? Name, string Lang);

public interface IDeskCases
{
    /// <param name="written">As people write it: with or without dashes.</param>
    /// <returns>Null when there is no such request.</returns>
    Task<DeskCase?> Find(OfficialCaller who, string? written, Lang lang, CancellationToken ct);
}
