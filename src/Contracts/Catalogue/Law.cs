using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Catalogue;

/// <summary>One dated version of a statute, as far as the clock needs it.</summary>
/// <param name="WeeklyOff">Days left out by <see cref="Counting.WorkingDays"/>.</param>
/// <param name="Pauses">States of a case that stop the clock: <c>query</c>, <c>stay</c>.</param>
/// <param name="Layers">In order.</param>
public sealed record LawVersion(
    string Code,
    int Version,
    DateOnly ValidFrom,
    DateOnly? ValidTo,
    LocalText Title,
    Counting Convention,
    bool ConventionConfirmed,
    IReadOnlySet<DayOfWeek> WeeklyOff,
    IReadOnlySet<string> Pauses,
    IReadOnlyList<AppealLayer> Layers,
    IReadOnlyList<PenaltyRule> Penalties)
{
    public string Source { get; init; } = "";
}

/// <param name="Role">The officer's role in <see cref="ServiceVersion.Officers"/>.</param>
/// <param name="Officer">The law's own authority, where the service does not name one for the role.</param>
/// <param name="OpensOn">lapse, rejection, applicant.</param>
/// <param name="DecideWithin">Null where the law sets none.</param>
public sealed record AppealLayer(string Code, string Role, OfficerRule? Officer, IReadOnlySet<string> OpensOn, Limit FileWithin, Limit? DecideWithin);

/// <summary>Rupees: <paramref name="PerDay"/> up to <paramref name="Max"/>, or a fixed <paramref name="Amount"/>; null where unknown.</summary>
public sealed record PenaltyRule(string Code, decimal? PerDay, decimal? Max, decimal? Amount, bool Confirmed, string? Section);

/// <summary>Services and laws, from memory: no call waits for the database.</summary>
public interface IServiceDirectory
{
    /// <summary>The versions in force on a day, ordered by code.</summary>
    IReadOnlyList<ServiceVersion> All(DateOnly on);

    ServiceVersion? Find(string code, DateOnly on);

    ServiceVersion? FindVersion(string code, int version);

    LawVersion? Law(string code, DateOnly on);

    LawVersion? LawVersion(string code, int version);
}
