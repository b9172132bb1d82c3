using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;

namespace Sahulat.Access.Systems;

/// <summary>Keys of other systems: 32 random bytes, kept as SHA-256 (enough for a secret that cannot be guessed). Looked up in memory for up to half a minute, which is how long a revocation may take.</summary>
internal sealed class ApiKeys(Database database, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (Task<ClaimsPrincipal?> User, long At)> known = new(StringComparer.Ordinal);

    public async Task<string> Create(string id, string name, IReadOnlyList<string> scopes, CancellationToken ct)
    {
        var key = "sk_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await database.Execute("insert into access.api_key (id, hash, name, scopes, created_at) values (@id, @hash, @name, @scopes, @now)", new { id, hash = SHA256.HashData(Encoding.UTF8.GetBytes(key)), name, scopes = scopes.ToArray(), now = time.GetUtcNow() }, ct);
        return key;
    }

    public async ValueTask<ClaimsPrincipal?> Find(string key, CancellationToken ct)
    {
        if (key.Length > 100) return null;
        if (known.TryGetValue(key, out var hit) && time.GetElapsedTime(hit.At) < Fresh && !hit.User.IsFaulted) return await hit.User.WaitAsync(ct);
        if (known.Count > 1000) known.Clear();
        // One look-up for all who ask at the same moment.
        var looking = known.AddOrUpdate(key, _ => (LookUp(key), time.GetTimestamp()), (_, old) => time.GetElapsedTime(old.At) < Fresh && !old.User.IsFaulted ? old : (LookUp(key), time.GetTimestamp()));
        var user = await looking.User.WaitAsync(ct);
        if (user is null) known.TryRemove(key, out _);
        return user;
    }

    private async Task<ClaimsPrincipal?> LookUp(string key)
    {
        var row = await database.One<(string? Id, string[] Scopes)>("select id, scopes from access.api_key where hash = @hash and revoked_at is null", new { hash = SHA256.HashData(Encoding.UTF8.GetBytes(key)) });
        return row.Id is null ? null : new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, row.Id), new Claim(Callers.KindClaim, "system"), .. row.Scopes.Select(s => new Claim(Callers.ScopeClaim, s))], Policies.System));
    }
}

internal sealed class ApiKeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? key = Request.Headers["X-Api-Key"];
        if (key is null && Request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) key = header[7..].Trim();
        if (string.IsNullOrEmpty(key)) return AuthenticateResult.NoResult();
        return await keys.Find(key, Context.RequestAborted) is { } user ? AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name)) : AuthenticateResult.Fail("unknown key");
    }
}
