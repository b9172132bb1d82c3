using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Catalogue;

/// <summary>One dated version of a service. A case keeps the version under which it was filed.</summary>
/// <param name="ValidTo">Last day, inclusive; null while in force.</param>
/// <param name="Law">Code of the law that guarantees it; null where none does.</param>
/// <param name="Limit">Null where the limit is unknown.</param>
/// <param name="Officers">By role: <c>designated</c>, <c>first_appellate</c>, <c>second_appellate</c>…; a missing role is unknown.</param>
/// <param name="PlaceLevel">Kind of place the applicant picks: tehsil, district, body, ut…</param>
/// <param name="FeeRupees">Null where unknown.</param>
/// <param name="Row">Row of the public list of guaranteed services.</param>
public sealed record ServiceVersion(
    string Code,
    int Version,
    DateOnly ValidFrom,
    DateOnly? ValidTo,
    LocalText Name,
    LocalText Summary,
    string Department,
    string Category,
    string? Law,
    Limit? Limit,
    IReadOnlyDictionary<string, OfficerRule> Officers,
    string PlaceLevel,
    decimal? FeeRupees,
    bool Online,
    FormDefinition? Form,
    IReadOnlyList<WorkflowStep> Steps,
    IReadOnlyList<RejectReason> RejectReasons,
    CertificateTemplate? Certificate,
    SourceNote Source,
    int? Row)
{
    /// <summary>Other words people use, by language code and <c>roman</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Keywords { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public bool FeeConfirmed { get; init; } = true;

    /// <summary>Set for a subject of grievances: it is answered like a service, by one step.</summary>
    public GrievanceTerms? Grievance { get; init; }

    /// <summary>The data pack that it came with; null where it is not known.</summary>
    public string? Pack { get; init; }

    /// <summary>It is given in this place and what lies within; null: everywhere.</summary>
    public string? Within { get; init; }

    /// <summary>Roles whose officer is not known, and said to be so.</summary>
    public IReadOnlySet<string> UnknownRoles { get; init; } = new HashSet<string>();

    public OfficerRule? Designated => Officers.GetValueOrDefault("designated");

    /// <summary>Whether the statutory clock runs: law, limit and designated officer are all known.</summary>
    public bool Guaranteed => Law is not null && Limit is not null && Designated is not null;
}

/// <summary>Who answers: the post of this designation in the nearest place upward from the case's place. <paramref name="Level"/> is the kind of place it is expected at.</summary>
public sealed record OfficerRule(string Designation, string Level, bool Confirmed);

/// <param name="Actions">query, recommend, forward, approve, reject, issue…</param>
/// <param name="WithinDays">A limit of its own inside the service's, in calendar days.</param>
/// <param name="Parallel">Steps of one group run side by side; the next step opens when all are done.</param>
public sealed record WorkflowStep(string Code, LocalText Name, OfficerRule Officer, IReadOnlyList<string> Actions, int? WithinDays, string? Parallel);

public sealed record RejectReason(string Code, LocalText Text);

/// <param name="Body"><c>{field}</c> names a form field; also <c>{place}</c> and <c>{reference}</c>.</param>
/// <param name="ValidYears">0: no expiry.</param>
public sealed record CertificateTemplate(LocalText Title, LocalText Body, int ValidYears);

/// <summary>Where the facts come from. <paramref name="Confidence"/>: high, medium, low.</summary>
public sealed record SourceNote(string? Url, string Confidence, string? Note);

public static class ServicePlaces
{
    /// <summary>The places from which an applicant picks.</summary>
    public static IEnumerable<Place> PlacesOf(this IOrganisation organisation, ServiceVersion service) =>
        organisation.OfKind(service.PlaceLevel).Where(p => service.Within is null || organisation.Covers(service.Within, p.Code));

    /// <summary>Whether the service can be asked for at this place.</summary>
    public static bool Serves(this IOrganisation organisation, ServiceVersion service, string place) =>
        organisation.Place(place)?.Kind == service.PlaceLevel && (service.Within is null || organisation.Covers(service.Within, place));
}
