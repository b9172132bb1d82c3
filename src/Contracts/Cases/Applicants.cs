namespace Sahulat.Contracts.Cases;

/// <summary>Who asked, as far as a message to the person needs it.</summary>
/// <param name="Name">As written in the form; null where the form asks for none.</param>
/// <param name="Synthetic">A person of the trial data: never written to.</param>
public sealed record CaseApplicant(Guid Applicant, string Lang, string? Name, string? Email, bool Synthetic);

public interface ICaseApplicants
{
    /// <summary>By case. Of an appeal: who made the request that it is about. Unknown cases are left out.</summary>
    Task<IReadOnlyDictionary<Guid, CaseApplicant>> Of(IReadOnlyCollection<Guid> cases, CancellationToken ct);
}

/// <summary>People by the places that their requests are about, to warn them of danger.</summary>
public interface IPeopleOfPlaces
{
    /// <summary>Everybody who ever asked something for the place or one within it, with the language last used; trial data left out.</summary>
    Task<IReadOnlyList<(Guid Citizen, string Lang)>> In(string place, int most, CancellationToken ct);
}
