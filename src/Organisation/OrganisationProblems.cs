using Sahulat.Kernel;

namespace Sahulat.Organisation;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class OrganisationProblems
{
    /// <summary>The post has its holder in that time, or the official holds it already.</summary>
    public static Problem PostHeld(string post) => new("post-held", 409, post);

    /// <summary>All who were chosen have signed in already, or their accounts are closed.</summary>
    public static readonly Problem NobodyToInvite = new("nobody-to-invite", 409);

    /// <summary>The holding has ended already.</summary>
    public static readonly Problem HoldingOver = new("holding-over", 409);
}
