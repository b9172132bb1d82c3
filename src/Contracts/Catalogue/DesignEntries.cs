using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Catalogue;

/// <summary>Stream <c>catalogue/{code}</c>: a draft of the service was begun at the desk.</summary>
/// <param name="From">The version it starts from; null for a new service or a copy of another.</param>
public sealed record DraftBegun(Guid Draft, int? From) : IJournalBody
{
    public static string Kind => "catalogue.draft-begun";
}

public sealed record DraftDiscarded(Guid Draft) : IJournalBody
{
    public static string Kind => "catalogue.draft-discarded";
}

/// <param name="Digest">SHA-256 of the text to be reviewed, in hexadecimal digits.</param>
public sealed record DraftSubmitted(Guid Draft, string Digest) : IJournalBody
{
    public static string Kind => "catalogue.draft-submitted";
}

/// <param name="ByAuthor">The author took it back himself.</param>
public sealed record DraftReturned(Guid Draft, bool ByAuthor) : IJournalBody
{
    public static string Kind => "catalogue.draft-returned";
}

/// <summary>Reviewed by a second person. In force from <paramref name="ValidFrom"/>.</summary>
public sealed record VersionPublished(Guid Draft, int Version, DateOnly ValidFrom, string Digest) : IJournalBody
{
    public static string Kind => "catalogue.version-published";
}

/// <summary>Taken back before it came into force.</summary>
public sealed record VersionWithdrawn(int Version) : IJournalBody
{
    public static string Kind => "catalogue.version-withdrawn";
}
