using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Access.OneTimeCode;

/// <summary>Six digits, five minutes, three tries, once. At most five codes an hour for a number, and <c>Sahulat:CodesPerAddress</c> from an address: mobile networks put thousands of phones behind one, so that limit only stops floods.</summary>
internal sealed class OneTimeCodes(Database database, Vault vault, IMessageGateway gateway, IDataProtectionProvider protection, IConfiguration configuration, TimeProvider time) : IOneTimeCodes
{
    private const int Tries = 3;
    private const int PerNumber = 5;
    private readonly int perAddress = configuration.GetValue("Sahulat:CodesPerAddress", 300);
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly IDataProtector protector = protection.CreateProtector("access.one-time-code");

    public async Task<Result<Guid>> Send(string mobile, string purpose, string lang, string address, CancellationToken ct, string? about = null)
    {
        var now = time.GetUtcNow();
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var salt = RandomNumberGenerator.GetBytes(16);
        var id = Guid.CreateVersion7();
        var row = new
        {
            id, purpose, salt, now,
            number = vault.BlindIndex("mobile", mobile),
            place = vault.BlindIndex("address", Network(address)),
            mobile = protector.Protect(Encoding.ASCII.GetBytes(mobile)),
            hash = Hash(salt, id, code),
            until = now + Life,
            hour = now - TimeSpan.FromHours(1),
            PerNumber, perAddress,
        };
        var stored = await database.Write(async work =>
        {
            // One at a time for a number, so that a volley of requests cannot pass the count together.
            await work.Execute("select pg_advisory_xact_lock(hashtextextended(encode(@number, 'hex'), 0))", row);
            return await work.Execute("""
                insert into access.one_time_code (id, purpose, mobile_index, address_index, mobile, salt, hash, created_at, expires_at)
                select @id, @purpose, @number, @place, @mobile, @salt, @hash, @now, @until
                where (select count(*) from access.one_time_code where mobile_index = @number and created_at > @hour) < @PerNumber
                  and (select count(*) from access.one_time_code where address_index = @place and created_at > @hour) < @perAddress
                """, row);
        }, ct);
        if (stored == 0) return AccessProblems.TooManyCodes;
        await gateway.Send(about is null ? new OutgoingMessage("one-time-code", lang, mobile, [code], "otp", $"otp/{id:N}") : new OutgoingMessage("consent-code", lang, mobile, [code, Short(about)], "otp", $"otp/{id:N}"), ct);
        return id;
    }

    public async Task<Result<string>> Verify(Guid challenge, string purpose, string code, CancellationToken ct)
    {
        // The try is counted before the comparison, so that racing guesses are counted too.
        var row = await database.One<Row>("""
            update access.one_time_code set tries = tries + 1 where id = @challenge and purpose = @purpose and tries < @Tries and expires_at > @now
            returning mobile, salt, hash
            """, new { challenge, purpose, Tries, now = time.GetUtcNow() }, ct);
        var digits = new string([.. code.Where(char.IsDigit).Take(7).Select(c => (char)('0' + (int)char.GetNumericValue(c)))]);
        var given = Hash(row?.Salt ?? new byte[16], challenge, digits);
        if (row is null || !CryptographicOperations.FixedTimeEquals(given, row.Hash)) return AccessProblems.WrongCode;
        var used = await database.Execute("update access.one_time_code set tries = 99 where id = @challenge and tries < 99", new { challenge }, ct);
        if (used == 0) return AccessProblems.WrongCode;
        return Encoding.ASCII.GetString(protector.Unprotect(row.Mobile));
    }

    /// <summary>Thirty characters are what the operators allow in one place of a message (TRAI, TCCCPR 2018).</summary>
    private static string Short(string text) => text.Length <= 30 ? text : text[..29].TrimEnd() + ".";

    /// <summary>Of IPv6 the first 64 bits: one subscriber has them all.</summary>
    private static string Network(string address) =>
        IPAddress.TryParse(address, out var ip) && ip is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? Convert.ToHexString(ip.GetAddressBytes(), 0, 8) : address;

    private byte[] Hash(byte[] salt, Guid id, string code) => vault.BlindIndex("one-time-code", Convert.ToHexString(salt) + id.ToString("N") + code);

    private sealed record Row(byte[] Mobile, byte[] Salt, byte[] Hash);
}
