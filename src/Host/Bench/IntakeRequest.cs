using System.Security.Cryptography;
using System.Text;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Bench;

/// <summary>One request as a service centre's system files it, with a form of about 1 kB.</summary>
internal static class IntakeRequest
{
    /// <summary>Mobile numbers are drawn from so many citizens.</summary>
    private const int Citizens = 50_000;

    private const string Key = "sk_bench-0123456789abcdef0123456789abcdef";

    private const string Body = $$$"""
        {"service":"income-certificate","place":"tehsil-6805","mobile":"{{{LoadGenerator.Mobile}}}","lang":"en","answers":{}}
        """;

    public static async Task<LoadOrder> Order(IServiceProvider services, int connections, int warmUp, int seconds, CancellationToken ct)
    {
        await services.GetRequiredService<Database>().Execute("insert into access.api_key (id, hash, name, scopes, created_at) values ('bench', @hash, 'bench', @scopes, now())",
            new { hash = SHA256.HashData(Encoding.UTF8.GetBytes(Key)), scopes = new[] { Policies.FileScope } }, ct);
        var head = $"POST /api/v1/cases HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Key}\r\nContent-Type: application/json\r\nIdempotency-Key: {LoadGenerator.Key}\r\nContent-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n\r\n";
        return new LoadOrder(0, connections, warmUp, seconds, Citizens, head, Body);
    }
}
