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

    /// <summary>The law's own limit for a first answer, where what is asked for names none.</summary>
    public Limit? ReplyWithin { get; init; }

    /// <summary>How far an interim reply may move the date, counted from the filing; null where the law lets no reply be late.</summary>
    public Limit? Absolute { get; init; }

    /// <summary>What an authority may award to the applicant.</summary>
    public IReadOnlyList<CompensationRule> Compensation { get; init; } = [];

    /// <summary>The data pack that it came with; null where it is not known.</summary>
    public string? Pack { get; init; }
}

/// <param name="Role">The officer's role in <see cref="ServiceVersion.Officers"/>.</param>
/// <param name="Officer">The law's own authority, where the service does not name one for the role.</param>
/// <param name="OpensOn">lapse, rejection, rating, applicant.</param>
/// <param name="DecideWithin">Null where the law sets none.</param>
/// <param name="FileWithin"><see cref="NotFiled"/> where no applicant can file.</param>
public sealed record AppealLayer(string Code, string Role, OfficerRule? Officer, IReadOnlySet<string> OpensOn, Limit FileWithin, Limit? DecideWithin)
{
    public static readonly Limit NotFiled = new(0, Counting.Calendar, false);

    /// <summary>What the law calls it; null where the program's own word for the code will do.</summary>
    public LocalText? Title { get; init; }

    /// <summary>Opens without anybody asking.</summary>
    public bool Automatic => OpensOn.Contains("lapse") || OpensOn.Contains("rejection") || OpensOn.Contains("rating");
}

/// <summary>Rupees: <paramref name="PerDay"/> up to <paramref name="Max"/>, or a fixed <paramref name="Amount"/>; null where unknown.</summary>
public sealed record PenaltyRule(string Code, decimal? PerDay, decimal? Max, decimal? Amount, bool Confirmed, string? Section);

/// <summary>Rupees up to <paramref name="Max"/> (null: the law names no sum).</summary>
/// <param name="OutOfPenalty">Paid out of what was imposed as penalty in the same request, and never more than that.</param>
public sealed record CompensationRule(string Code, decimal? Max, bool OutOfPenalty, bool Confirmed, string? Section);

/// <summary>Services and laws, from memory: no call waits for the database.</summary>
public interface IServiceDirectory
{
    /// <summary>The versions in force on a day, ordered by code.</summary>
    IReadOnlyList<ServiceVersion> All(DateOnly on);

    /// <summary>Subjects of grievances in force on a day, those refused included; none of them is in <see cref="All"/>.</summary>
    IReadOnlyList<ServiceVersion> Grievances(DateOnly on);

    /// <summary>A service, or a subject of grievances.</summary>
    ServiceVersion? Find(string code, DateOnly on);

    ServiceVersion? FindVersion(string code, int version);

    LawVersion? Law(string code, DateOnly on);

    LawVersion? LawVersion(string code, int version);
}

/// <summary>Finding a service by the words that people use for it, in any language and in Latin letters.</summary>
public interface IServiceSearch
{
    /// <summary>The best first; all of them when nothing is asked.</summary>
    IReadOnlyList<ServiceVersion> Find(string? text);
}
