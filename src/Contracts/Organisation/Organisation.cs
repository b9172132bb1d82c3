using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Organisation;

/// <param name="Kind">ut, division, district, tehsil, block or body.</param>
public sealed record Place(string Code, string Kind, string? Parent, LocalText Name);

public sealed record Office(string Code, string Kind, string Department, string Place, string? Parent, LocalText Name);

/// <summary>Whose data pack is loaded here.</summary>
/// <param name="Code">jk, hr.</param>
/// <param name="Mark">Two capital letters that references of its requests begin with.</param>
/// <param name="Root">The place that holds all others of it; null where the pack names none.</param>
/// <param name="Title">What it calls itself; empty where the pack does not say.</param>
public sealed record Government(string Code, string Mark, string? Root, LocalText Title);

/// <param name="Head">Whether the post heads its office.</param>
public sealed record Post(string Code, string Office, string Designation, string Place, bool Head, LocalText Name);

/// <param name="Kind">substantive, additional or delegated.</param>
public sealed record Holding(string Post, Guid Official, string Kind, DateOnly From, DateOnly? Until);

/// <summary>Who acts for a designation at a place. <paramref name="Post"/> is null only when nobody above holds a post either.</summary>
/// <param name="Wanted">The post that should act; null when the organisation has none.</param>
/// <param name="Why">found, vacant or missing.</param>
public sealed record PostResolution(string? Post, string? Wanted, string Why)
{
    /// <summary>The request went upward: an alarm is due.</summary>
    public bool Raised => Why != "found";
}

/// <summary>Places, offices and posts, all from memory.</summary>
public interface IOrganisation
{
    Place? Place(string code);

    /// <summary>The place itself, then its parents up to the root.</summary>
    IReadOnlyList<string> PlaceAndAncestors(string code);

    bool Covers(string ancestor, string place);

    IReadOnlyList<Place> Children(string parent, string kind);

    IReadOnlyList<Place> OfKind(string kind);

    Post? Post(string code);

    IReadOnlyList<Post> PostsOfOffice(string office);

    IReadOnlyList<Post> PostsAt(string place);

    Office? Office(string code);

    LocalText Designation(string code);

    LocalText Department(string code);

    /// <summary>Every designation by its code.</summary>
    IReadOnlyDictionary<string, LocalText> Designations { get; }

    IReadOnlyDictionary<string, LocalText> Departments { get; }

    /// <summary>The post of the designation at the nearest place upward; when nobody holds it on that day: the office's other posts by rank, the parent office, the district's Deputy Commissioner, the territory.</summary>
    PostResolution Resolve(string designation, string place, DateOnly on);

    /// <summary>Posts that nobody holds on that day and whose work falls to this one, by the same way upward.</summary>
    IReadOnlyList<string> StandsInFor(string post, DateOnly on);

    IReadOnlyList<Holding> Holders(string post, DateOnly on);

    IReadOnlyList<string> PostsOf(Guid official, DateOnly on);

    IReadOnlyList<Place> SearchPlaces(string text, string? kind);

    Place? DistrictOfPin(string pin);

    /// <summary>Those whose packs are loaded, by code.</summary>
    IReadOnlyList<Government> Governments { get; }

    /// <summary>The one that a place belongs to; the first where none names it.</summary>
    Government? GovernmentOf(string place);
}
