using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Access.Officials;

/// <summary>Accounts for other rooms. Identity's managers live as long as a request, so each call has a scope of its own.</summary>
internal sealed class OfficialRegister(Database database, TokenSeal seal, IServiceScopeFactory scopes) : IOfficials
{
    private const string Columns = """ "Id" as id, coalesce("UserName", '') as sign_in, "FullName" as name """;

    /// <summary>Under which name a number is sealed.</summary>
    public const string MobileName = "Mobile";

    // Without letters and digits that are mistaken for each other when read out on the telephone.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    public async Task<IReadOnlyDictionary<Guid, OfficialName>> Names(IReadOnlyCollection<Guid> officials, CancellationToken ct) =>
        officials.Count == 0
            ? new Dictionary<Guid, OfficialName>()
            : (await database.Query<OfficialName>($"""select {Columns} from access.official where "Id" = any(@ids)""", new { ids = officials.ToArray() }, ct)).ToDictionary(o => o.Id);

    public async Task<IReadOnlyDictionary<Guid, string>> Mobiles(IReadOnlyCollection<Guid> officials, CancellationToken ct)
    {
        var found = new Dictionary<Guid, string>();
        if (officials.Count == 0) return found;
        foreach (var (id, written) in await database.Query<(Guid, string)>("""select "Id", "PhoneNumber" from access.official where "Id" = any(@ids) and "PhoneNumber" is not null""", new { ids = officials.ToArray() }, ct))
            if (seal.Open(id, MobileName, written) is { } mobile) found[id] = mobile;
        return found;
    }

    public Task<OfficialName?> Find(string signIn, CancellationToken ct) =>
        database.One<OfficialName>($"""select {Columns} from access.official where "NormalizedUserName" = upper(@signIn)""", new { signIn }, ct);

    public Task<IReadOnlyList<OfficialName>> Search(string text, CancellationToken ct) =>
        database.Query<OfficialName>($"""
            select {Columns} from access.official where position(upper(@text) in upper("FullName")) > 0 or position(upper(@text) in "NormalizedUserName") > 0 order by "FullName", "UserName" limit 20
            """, new { text }, ct);

    public async Task<Result<FirstPassword>> Open(string signIn, string name)
    {
        var check = new Check();
        (signIn, name) = (signIn.Trim(), name.Trim());
        if (check.That(signIn.Length > 0, "signIn", "required")) check.That(signIn.Length <= 100 && signIn.All(c => char.IsAsciiLetterOrDigit(c) || "-._@+".Contains(c)), "signIn", "bad-format");
        if (check.That(name.Length > 0, "name", "required")) check.That(name.Length <= 100 && !name.Any(char.IsControl), "name", "bad-format");
        if (!check.Ok) return check.ToProblem();
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Official>>();
        var official = new Official { Id = Guid.CreateVersion7(), UserName = signIn, FullName = name };
        var password = Password();
        var made = await users.CreateAsync(official, password);
        if (made.Succeeded) return new FirstPassword(official.Id, password);
        return made.Errors.Any(e => e.Code == nameof(IdentityErrorDescriber.DuplicateUserName)) ? AccessProblems.SignInTaken : throw Unexpected(made);
    }

    public async Task<Result<FirstPassword>> Reset(Guid id)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Official>>();
        if (await users.FindByIdAsync(id.ToString()) is not { } official) return Problem.NotFound;
        var password = Password();
        official.TwoFactorEnabled = false;
        official.LockoutEnd = null;
        official.AccessFailedCount = 0;
        foreach (var passkey in await users.GetPasskeysAsync(official)) await users.RemovePasskeyAsync(official, passkey.CredentialId);
        await users.GenerateNewTwoFactorRecoveryCodesAsync(official, 0);
        await users.ResetAuthenticatorKeyAsync(official);
        official.PasswordHash = users.PasswordHasher.HashPassword(official, password);
        // The new stamp ends the sessions that are open, and stores the rest.
        var reset = await users.UpdateSecurityStampAsync(official);
        return reset.Succeeded ? new FirstPassword(id, password) : throw Unexpected(reset);
    }

    /// <summary>Sixteen of 31 letters: 79 bits.</summary>
    private static string Password() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));

    private static InvalidOperationException Unexpected(IdentityResult result) => new(string.Join(", ", result.Errors.Select(e => e.Code)));
}
