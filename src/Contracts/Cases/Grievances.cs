using Sahulat.Kernel;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Cases;

/// <summary>Filing and following a grievance from another room: a conversation, another way in. Subjects come from <see cref="Catalogue.IGrievanceSearch"/>.</summary>
public interface IGrievances
{
    /// <summary>Refused with every fault at once; a refused subject with <c>grievance-subject-refused</c>, one that no longer exists with <c>service-unknown</c>.</summary>
    Task<Result<GrievanceFiled>> File(NewGrievance grievance, CancellationToken ct);

    /// <summary>Null when there is none such, or it is another's.</summary>
    Task<GrievanceStanding?> Standing(string reference, Guid citizen, CancellationToken ct);

    /// <summary>A citizen's own, the newest first, at most <paramref name="most"/>.</summary>
    Task<IReadOnlyList<GrievanceStanding>> Of(Guid citizen, int most, CancellationToken ct);
}

/// <param name="Subject">Code of the subject.</param>
/// <param name="Place">Code of a place of the subject's level.</param>
/// <param name="Mobile">Normal form; where the citizen's id is not known yet. One of the two is needed.</param>
/// <param name="Happened">At most 4000 characters.</param>
/// <param name="Location">Latitude and longitude, as <c>34.0837, 74.7973</c>.</param>
/// <param name="By">Who files: the citizen, or a part of the program for him.</param>
/// <param name="Once">Makes filing idempotent for <paramref name="By"/>: the same key is filed once.</param>
public sealed record NewGrievance(string Subject, string Place, Guid? Citizen, string? Mobile, Lang Lang, string Happened, string? Address, string? Location, string? Name, Actor By, string Once);

/// <param name="DueOn">By when the law wants an answer.</param>
/// <param name="Post">Who must answer.</param>
public sealed record GrievanceFiled(Guid Id, string Reference, DateOnly FiledOn, DateOnly? DueOn, string? Post);

/// <param name="State">open, query, joined, disposed, withdrawn…</param>
/// <param name="Post">With whom it lies; null once it is over.</param>
/// <param name="Layer">The highest layer of appeal that has opened.</param>
public sealed record GrievanceStanding(string Reference, string Subject, int SubjectVersion, string Place, string State, DateOnly FiledOn, DateOnly? DueOn, DateOnly? DecidedOn, string? Post, string? Layer);
