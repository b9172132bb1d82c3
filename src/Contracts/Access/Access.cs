using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Access;

/// <summary>Who is calling.</summary>
public abstract record Caller;

public sealed record AnonymousCaller : Caller
{
    public static readonly AnonymousCaller Instance = new();
}

public sealed record CitizenCaller(Guid Id) : Caller
{
    public Actor Actor => Actor.Citizen(Id);
}

public sealed record OfficialCaller(Guid Id, string Name) : Caller
{
    public Actor As(string post) => Actor.Post(post, Id);
}

public sealed record SystemCaller(string KeyId, IReadOnlySet<string> Scopes) : Caller
{
    public Actor Actor => Actor.System(KeyId);
}

public static class Policies
{
    public const string Citizen = "citizen";
    public const string Official = "official";
    public const string System = "system";

    /// <summary>An official who today holds a post of <see cref="Organisation.Designations.Administrator"/>.</summary>
    public const string Admin = "admin";

    /// <summary>An official who today holds a post of one of <see cref="Organisation.Designations.RolloutReaders"/>.</summary>
    public const string Rollout = "rollout";

    /// <summary>An official who today holds a post of <see cref="Organisation.Designations.Operator"/>: files for citizens who confirm by code.</summary>
    public const string Operator = "operator";

    /// <summary>A citizen for himself, or an operator of a service centre for one who confirmed by code.</summary>
    public const string Filer = "filer";

    /// <summary>Filing requests for other people's citizens over the API.</summary>
    public const string FileScope = "cases.file";

    /// <summary>Asking people for a rating of matters that another department's system finished.</summary>
    public const string AskScope = "ratings.ask";

    /// <summary>Opening, changing and closing officials' accounts by SCIM.</summary>
    public const string ProvisionScope = "scim";

    /// <summary>Beside <see cref="ProvisionScope"/>: giving and taking posts through groups that are named as posts.</summary>
    public const string PostScope = "scim.posts";
}

public static class Callers
{
    public const string KindClaim = "sahulat:kind";
    public const string ScopeClaim = "sahulat:scope";

    /// <summary>From the claims alone, without IO.</summary>
    public static Caller Caller(this HttpContext context) => context.User.Caller();

    public static Caller Caller(this ClaimsPrincipal user)
    {
        var id = user.FindFirstValue(ClaimTypes.NameIdentifier);
        return user.FindFirstValue(KindClaim) switch
        {
            "citizen" when Guid.TryParse(id, out var citizen) => new CitizenCaller(citizen),
            "official" when Guid.TryParse(id, out var official) => new OfficialCaller(official, user.FindFirstValue(ClaimTypes.Name) ?? ""),
            "system" when id is not null => new SystemCaller(id, user.FindAll(ScopeClaim).Select(c => c.Value).ToHashSet(StringComparer.Ordinal)),
            _ => AnonymousCaller.Instance,
        };
    }
}

/// <summary>Citizens by mobile number. Numbers are sealed and looked up by blind index.</summary>
public interface ICitizens
{
    /// <summary>The citizen of each number, made when new; two statements at most, for group commit.</summary>
    Task<IReadOnlyDictionary<string, Guid>> Resolve(Work work, IReadOnlyCollection<string> mobiles);

    Task<Guid?> Find(string mobile, CancellationToken ct);

    /// <summary>Null when the citizen is unknown or erased.</summary>
    Task<string?> Mobile(Guid citizen, CancellationToken ct);

    /// <summary>The numbers of many, in two statements; unknown and erased citizens are left out.</summary>
    Task<IReadOnlyDictionary<Guid, string>> Mobiles(IReadOnlyCollection<Guid> citizens, CancellationToken ct);
}

/// <summary>Keys of other systems.</summary>
public interface ISystems
{
    /// <param name="id">Names the system in the journal: lower-case letters, digits and hyphens; never used again.</param>
    /// <returns>The key: shown once, kept nowhere.</returns>
    Task<string> Create(string id, string name, IReadOnlyList<string> scopes, CancellationToken ct);

    /// <summary>Whose key it is, for protocols that carry it elsewhere than in a header; null when it is nobody's.</summary>
    ValueTask<ClaimsPrincipal?> Find(string key, CancellationToken ct);

    /// <returns>False when there is no such key, or it is revoked already.</returns>
    Task<bool> Revoke(string id, CancellationToken ct);
}

/// <summary>One-time codes: six digits, hashed, five minutes, three tries, once.</summary>
public interface IOneTimeCodes
{
    /// <param name="purpose">sign-in, consent or talk.</param>
    /// <param name="about">What a consent is for, in the reader's language; the message names it. Null for a sign-in.</param>
    /// <returns>The challenge to verify.</returns>
    Task<Result<Guid>> Send(string mobile, string purpose, string lang, string address, CancellationToken ct, string? about = null);

    /// <returns>The mobile number that the code was sent to.</returns>
    Task<Result<string>> Verify(Guid challenge, string purpose, string code, CancellationToken ct);
}

public static class Mobile
{
    /// <summary>Ten digits of an Indian mobile number (6-9 first), from what people write: +91, 0, spaces, dashes, Devanagari or Arabic digits; null when it is none.</summary>
    public static string? Normalise(string? written)
    {
        if (written is null || written.Length > 40) return null;
        Span<char> digits = stackalloc char[40];
        var n = 0;
        foreach (var c in written)
        {
            if (char.IsDigit(c)) digits[n++] = (char)('0' + (int)char.GetNumericValue(c));
            else if (!char.IsWhiteSpace(c) && c is not ('+' or '-' or '(' or ')' or '.' or '\u200e' or '\u200f' or '\u2068' or '\u2069')) return null;
        }

        var text = digits[..n].ToString();
        if (text.Length == 12 && text.StartsWith("91", StringComparison.Ordinal)) text = text[2..];
        else if (text.Length == 11 && text[0] == '0') text = text[1..];
        return text.Length == 10 && text[0] is >= '6' and <= '9' ? text : null;
    }
}

public static class MailAddress
{
    /// <summary>One address of the plain kind (RFC 5321 without quoted parts or comments).</summary>
    public static bool IsOne(string text)
    {
        var at = text.LastIndexOf('@');
        if (text.Length > 254 || at is < 1 or > 64 || text.IndexOf('@', StringComparison.Ordinal) != at) return false;
        var (local, host) = (text[..at], text[(at + 1)..]);
        return local.All(c => char.IsLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c)) && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal)
            && host.Contains('.') && host.Split('.').All(p => p.Length is > 0 and <= 63 && p[0] != '-' && p[^1] != '-' && p.All(c => char.IsLetterOrDigit(c) || c == '-'));
    }
}
