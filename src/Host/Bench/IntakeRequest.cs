using System.Globalization;
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

    private const string Body = $$$$"""
        {"service":"income-certificate","place":"tehsil-6805","applicant":{"mobile":"{{{{LoadGenerator.Mobile}}}}","lang":"en"},"answers":{"full_name":"Rukhsana Ahmad Bhat","father_name":"Ghulam Ahmad Bhat","mother_name":"Haseena Bano","born_on":"1994-06-21","gender":"female","marital_status":"unmarried","mobile":"{{{{LoadGenerator.Mobile}}}}","address":"House 14, Lane 3, Lal Nagar, near the school","pin":"190001","other_category":"none","members":[{"member_name":"Rukhsana Ahmad Bhat","member_relation":"self","member_age":32,"member_work":"tailor","member_income":96000},{"member_name":"Ghulam Ahmad Bhat","member_relation":"father","member_age":61,"member_income":0}],"financial_year":"2025-26","family_income":96000,"main_source":"wages","land_kanal":0,"has_house":"no","has_plot":"no","identity_proof":{"document":"0199a0b0-c0d0-7000-8000-{{{{LoadGenerator.FirstPaper}}}}","name":"identity.pdf","type":"application/pdf","size":182044},"affidavit":{"document":"0199a0b0-c0d0-7000-8000-{{{{LoadGenerator.SecondPaper}}}}","name":"affidavit.pdf","type":"application/pdf","size":90211}}}
        """;

    /// <summary>Papers are sent before; so many requests a second can name theirs.</summary>
    private const int MostPerSecond = 6_000;

    public static async Task<LoadOrder> Order(IServiceProvider services, int connections, int warmUp, int seconds, CancellationToken ct)
    {
        var database = services.GetRequiredService<Database>();
        await BenchHome.HoldPosts(database, ct);
        await database.Execute("insert into access.api_key (id, hash, name, scopes, created_at) values ('bench', @hash, 'bench', @scopes, now())",
            new { hash = SHA256.HashData(Encoding.UTF8.GetBytes(Key)), scopes = new[] { Policies.FileScope } }, ct);
        await Papers(services.GetRequiredService<ICitizens>(), database, MostPerSecond * (warmUp + seconds), ct);
        var head = $"POST /api/v1/cases HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Key}\r\nContent-Type: application/json\r\nIdempotency-Key: {LoadGenerator.Key}\r\nContent-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n\r\n";
        return new LoadOrder(0, connections, warmUp, seconds, Citizens, head, Body);
    }

    /// <summary>Two papers a request, as a system sends them over the API before it files; their bytes are not part of what is measured.</summary>
    private static async Task Papers(ICitizens citizens, Database database, int requests, CancellationToken ct)
    {
        var owners = new List<Guid>();
        foreach (var numbers in Enumerable.Range(0, Citizens).Select(i => (7_000_000_000L + i).ToString(CultureInfo.InvariantCulture)).Chunk(1000))
        {
            var made = await database.Write(work => citizens.Resolve(work, numbers), ct);
            owners.AddRange(numbers.Select(n => made[n]));
        }

        await database.Execute("""
            insert into cases.document (id, uploaded_by, owner, field, blob, name, type, size, at)
            select ('0199a0b0-c0d0-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'system:bench', (@owners::uuid[])[1 + (n / 2) % @Citizens], '/file', 'none', '', 'application/pdf', case n % 2 when 0 then 182044 else 90211 end, now()
            from generate_series(0, 2 * @requests - 1) as n
            """, new { owners = owners.ToArray(), Citizens, requests }, ct);
        await database.Execute("analyze cases.document", ct: ct);
    }
}
