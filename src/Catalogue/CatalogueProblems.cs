using Sahulat.Kernel;

namespace Sahulat.Catalogue;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class CatalogueProblems
{
    /// <summary>One draft of a service at a time.</summary>
    public static readonly Problem DraftThere = new("draft-there", 409);

    /// <summary>It is under review, published or discarded: its text stands.</summary>
    public static readonly Problem DraftClosed = new("draft-closed", 409);

    public static readonly Problem NotInReview = new("draft-not-in-review", 409);

    /// <summary>Who had a hand in a draft does not approve it.</summary>
    public static readonly Problem OwnDraft = new("draft-own", 409);

    public static readonly Problem DraftFaulty = new("draft-faulty", 409);

    /// <summary>The service came into being elsewhere while its draft was written.</summary>
    public static readonly Problem ServiceThere = new("service-there", 409);

    /// <summary>In force already, withdrawn already, or not from the desk.</summary>
    public static readonly Problem NotScheduled = new("version-not-scheduled", 409);
}
