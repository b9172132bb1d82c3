using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Organisation;

/// <summary>Stream <c>onboarding/{kind}</c>: a list was taken in.</summary>
/// <param name="What">office, post, user, mail or vpn.</param>
/// <param name="Digest">SHA-256 of the file.</param>
public sealed record OnboardingImported(string What, int Rows, int Added, int Changed, string Digest) : IJournalBody
{
    public static string Kind => "organisation.onboarding-imported";
}

/// <summary>Stream <c>official/{id:N}</c>: a first password was given out.</summary>
public sealed record OfficialInvited : IJournalBody
{
    public static string Kind => "organisation.official-invited";
}

public sealed record OfficialTrained(DateOnly On) : IJournalBody
{
    public static string Kind => "organisation.official-trained";
}

/// <summary>Two entries turned out to be one person; this one ended.</summary>
public sealed record DuplicateEnded(Guid Kept) : IJournalBody
{
    public static string Kind => "organisation.duplicate-ended";
}
