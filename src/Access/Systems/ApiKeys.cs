using System.Collections.Frozen;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;

namespace Sahulat.Access.Systems;

/// <summary>Keys of other systems: 32 random bytes, kept as SHA-256 (enough for a secret that cannot be guessed). All are held in memory by their hash and read again every few seconds, so that a request costs no question to the database, a wrong key neither.</summary>
internal sealed class ApiKeys(Database database, TimeProvider time) : ISystems
{
    /// <summary>How long a revocation may take to reach another node.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>How soon a key made on another node is looked for.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim reading = new(1);
    private Known known = new(FrozenDictionary<string, ClaimsPrincipal>.Empty, null);

    private sealed record Known(FrozenDictionary<string, ClaimsPrincipal> Users, long? At);

    /// <returns>The key itself: shown once, kept nowhere.</returns>
    public async Task<string> Create(string id, string name, IReadOnlyList<string> scopes, CancellationToken ct)
    {
        var key = "sk_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await database.Execute("insert into access.api_key (id, hash, name, scopes, created_at) values (@id, @hash, @name, @scopes, @now)", new { id, hash = SHA256.HashData(Encoding.UTF8.GetBytes(key)), name, scopes = scopes.ToArray(), now = time.GetUtcNow() }, ct);
        await Read(ct);
        return key;
    }

    public async Task<bool> Revoke(string id, CancellationToken ct)
    {
        var revoked = await database.Execute("update access.api_key set revoked_at = @now where id = @id and revoked_at is null", new { id, now = time.GetUtcNow() }, ct) > 0;
        await Read(ct);
        return revoked;
    }

    public async ValueTask<ClaimsPrincipal?> Find(string key, CancellationToken ct)
    {
        if (key.Length > 100) return null;
        // Looking a hash up tells nothing about the key by the time it takes.
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var held = await Held(Fresh, ct);
        if (held.Users.TryGetValue(hash, out var user)) return user;
        return (await Held(Pause, ct)).Users.GetValueOrDefault(hash);
    }

    private async ValueTask<Known> Held(TimeSpan age, CancellationToken ct)
    {
        if (known.At is { } at && time.GetElapsedTime(at) < age) return known;
        await reading.WaitAsync(ct);
        try
        {
            if (known.At is null || time.GetElapsedTime(known.At.Value) >= age) await Read(ct);
            return known;
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task Read(CancellationToken ct)
    {
        var at = time.GetTimestamp();
        var rows = await database.Query<(string Id, byte[] Hash, string[] Scopes)>("select id, hash, scopes from access.api_key where revoked_at is null", ct: ct);
        known = new Known(rows.ToFrozenDictionary(r => Convert.ToHexString(r.Hash), r => User(r.Id, r.Scopes), StringComparer.Ordinal), at);
    }

    private static ClaimsPrincipal User(string id, string[] scopes) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, id), new Claim(Callers.KindClaim, "system"), .. scopes.Select(s => new Claim(Callers.ScopeClaim, s))], Policies.System));
}
