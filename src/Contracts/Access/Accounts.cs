using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Access;

/// <summary>Stream <c>official/{id:N}</c>: an account was opened.</summary>
/// <param name="By">desk, import or scim.</param>
public sealed record AccountOpened(string By) : IJournalBody
{
    public static string Kind => "access.account-opened";
}

/// <summary>Which attributes changed, never what they say.</summary>
public sealed record AccountChanged(IReadOnlyList<string> Attributes) : IJournalBody
{
    public static string Kind => "access.account-changed";
}

/// <summary>Every session ended, and none can begin.</summary>
public sealed record AccountDeactivated : IJournalBody
{
    public static string Kind => "access.account-deactivated";
}

public sealed record AccountReactivated : IJournalBody
{
    public static string Kind => "access.account-reactivated";
}

/// <summary>Deactivated for good, and relieved of every post. What the official did stays in the journal.</summary>
public sealed record AccountRemoved : IJournalBody
{
    public static string Kind => "access.account-removed";
}

/// <summary>The first sign-in ever.</summary>
public sealed record FirstSignedIn : IJournalBody
{
    public static string Kind => "access.first-signed-in";
}

/// <summary>An account to open without a password: the official comes in by invitation.</summary>
public sealed record NewAccount(string SignIn, string Name, string? Mail);

/// <summary>Accounts in number.</summary>
public interface IAccounts
{
    /// <summary>Opens those whose sign-in name is new and takes over name and mail of the others, in a few statements.</summary>
    /// <returns>The official of each sign-in name, in lower case.</returns>
    Task<IReadOnlyDictionary<string, Guid>> Provide(Work work, IReadOnlyCollection<NewAccount> accounts, Actor by);

    /// <summary>The officials who sign in by these names; unknown names are left out.</summary>
    Task<IReadOnlyDictionary<string, Guid>> Known(IReadOnlyCollection<string> signIns, CancellationToken ct);

    /// <summary>Which of these may not sign in.</summary>
    Task<IReadOnlySet<Guid>> Inactive(IReadOnlyCollection<Guid> officials, CancellationToken ct);

    /// <returns>Refused when there is no such account.</returns>
    Task<Result<Done>> SetActive(Guid official, bool active, Actor by, CancellationToken ct);
}
