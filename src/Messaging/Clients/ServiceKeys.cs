using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Messaging.Clients;

/// <summary>Keys of departments' systems, in the form of Notify's: <c>{name}-{service id}-{secret}</c>. The secret signs Notify's tokens, so it is kept, sealed. All keys are held in memory and read again every few seconds, so that a request costs no question to the database.</summary>
internal sealed partial class ServiceKeys(Database database, IDataProtectionProvider protection, TimeProvider time) : IMessageKeys
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromSeconds(1);

    private readonly IDataProtector protector = protection.CreateProtector("messaging.key");
    private readonly SemaphoreSlim reading = new(1);
    private Known known = new(FrozenDictionary<string, Client>.Empty, FrozenDictionary<Guid, Client[]>.Empty, null);

    private sealed record Known(FrozenDictionary<string, Client> BySecret, FrozenDictionary<Guid, Client[]> ByService, long? At);

    private sealed record Row(Guid Id, Guid Service, string Code, string Name, string Kind, byte[] Secret, bool Trial, int PerMinute, int PerDay, int InternationalPerDay, bool MayWarn);

    public async Task<Result<string>> Create(string service, string name, string kind, bool trial, CancellationToken ct)
    {
        var check = new Check();
        check.That(CodeForm().IsMatch(service), "/service", "bad-format");
        check.That(kind is "live" or "team" or "test", "/kind", "not-a-choice");
        if (!check.Ok) return check.ToProblem();
        var secret = Guid.NewGuid().ToString();
        var row = new { id = Guid.CreateVersion7(time.GetUtcNow()), service, name, kind, trial, hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret)), secret = protector.Protect(Encoding.UTF8.GetBytes(secret)), now = time.GetUtcNow(), newId = Guid.CreateVersion7(time.GetUtcNow()) };
        var id = await database.Write(async work =>
        {
            await work.Execute("insert into messaging.service (id, code, name, trial, created_at) values (@newId, @service, @name, @trial, @now) on conflict (code) do nothing", row);
            return await work.One<Guid>("insert into messaging.key (id, service, name, kind, hash, secret, created_at) select @id, s.id, @kind, @kind, @hash, @secret, @now from messaging.service s where s.code = @service returning service", row);
        }, ct);
        await Read(ct);
        return $"{kind}-{id}-{secret}";
    }

    /// <summary>By the whole key or its last 36 characters.</summary>
    public async ValueTask<Client?> Find(string key, CancellationToken ct)
    {
        if (key.Length is < 36 or > 200) return null;
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key[^36..])));
        var found = (await Held(Fresh, ct)).BySecret.GetValueOrDefault(hash) ?? (await Held(Pause, ct)).BySecret.GetValueOrDefault(hash);
        return found is not null && (key.Length == 36 || key.Contains(found.Service.ToString(), StringComparison.OrdinalIgnoreCase)) ? found : null;
    }

    /// <summary>All keys of a service, to check whose signature a token has.</summary>
    public async ValueTask<IReadOnlyList<Client>> Of(Guid service, CancellationToken ct) =>
        (await Held(Fresh, ct)).ByService.GetValueOrDefault(service) ?? (await Held(Pause, ct)).ByService.GetValueOrDefault(service) ?? [];

    public async Task Refresh(CancellationToken ct) => await Read(ct);

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
        var rows = await database.Query<Row>("select k.id, k.service, s.code, s.name, k.kind, k.secret, s.trial, s.per_minute, s.per_day, s.international_per_day, s.may_warn from messaging.key k join messaging.service s on s.id = k.service where k.revoked_at is null", ct: ct);
        var clients = rows.Select(r => new Client(r.Service, r.Code, r.Name, r.Id, r.Kind, Encoding.UTF8.GetString(protector.Unprotect(r.Secret)), r.Trial, r.PerMinute, r.PerDay, r.InternationalPerDay, r.MayWarn)).ToArray();
        known = new(clients.ToFrozenDictionary(c => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(c.Secret))), StringComparer.Ordinal), clients.GroupBy(c => c.Service).ToFrozenDictionary(g => g.Key, g => g.ToArray()), at);
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{1,40}$")]
    private static partial Regex CodeForm();
}
