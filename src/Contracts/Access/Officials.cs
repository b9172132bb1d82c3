using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Access;

/// <summary>An official's account as other rooms may know it.</summary>
public sealed record OfficialName(Guid Id, string SignIn, string Name);

/// <summary>An account opened or reset. The password is shown once and must be changed at the first sign-in.</summary>
public sealed record FirstPassword(Guid Official, string Password);

/// <summary>Accounts of officials. What an official may do follows from the posts he holds.</summary>
public interface IOfficials
{
    Task<IReadOnlyDictionary<Guid, OfficialName>> Names(IReadOnlyCollection<Guid> officials, CancellationToken ct);

    /// <summary>The numbers that officials left for notices; those without are left out.</summary>
    Task<IReadOnlyDictionary<Guid, string>> Mobiles(IReadOnlyCollection<Guid> officials, CancellationToken ct);

    Task<OfficialName?> Find(string signIn, CancellationToken ct);

    /// <summary>By part of the name or of the sign-in name; at most twenty.</summary>
    Task<IReadOnlyList<OfficialName>> Search(string text, CancellationToken ct);

    Task<Result<FirstPassword>> Open(string signIn, string name);

    /// <summary>Takes away password, authenticator, passkeys and recovery codes, and ends every session.</summary>
    Task<Result<FirstPassword>> Reset(Guid official);
}

public static class Authority
{
    /// <summary>Who an administrator is in the journal.</summary>
    public static Actor AsAdministrator(this OfficialCaller official, IOrganisation organisation, DateOnly on) =>
        official.As(organisation.PostsOf(official.Id, on).First(p => organisation.Post(p)?.Designation == Designations.Administrator));

    /// <summary>Whether the official holds the post on that day, in any way.</summary>
    public static bool Holds(this OfficialCaller official, IOrganisation organisation, string post, DateOnly on) =>
        organisation.PostsOf(official.Id, on).Contains(post);

    /// <summary>Whether the official holds a post of the designation whose place covers <paramref name="place"/>.</summary>
    public static bool HoldsAbove(this OfficialCaller official, IOrganisation organisation, string designation, string place, DateOnly on) =>
        organisation.PostsOf(official.Id, on).Select(organisation.Post).Any(p => p is not null && p.Designation == designation && organisation.Covers(p.Place, place));
}
