using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Certify;

/// <summary>Signs the statement of a certificate (JWS, RFC 7515, ES256) with a key that all nodes share, and publishes the public halves (JWKS, RFC 7517).</summary>
internal sealed class SigningKeys(Database database, Vault vault, TimeProvider time)
{
    public const string Type = "sahulat-certificate";

    private const int Nonce = 12, Tag = 16;

    /// <returns>The compact form: header, statement and signature in base64url.</returns>
    public async Task<string> Sign(ReadOnlyMemory<byte> statement, CancellationToken ct)
    {
        var (kid, sealedKey) = await Current(ct);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Open(kid, sealedKey), out _);
        var signed = $"{WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256", kid, typ = Type }))}.{WebEncoders.Base64UrlEncode(statement.Span)}";
        return $"{signed}.{WebEncoders.Base64UrlEncode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Every public key that ever signed, the present one first.</summary>
    public async Task<JsonObject> Published(CancellationToken ct)
    {
        await Current(ct);
        var keys = await database.Query<string>("select public::text from cases.signing_key order by retired_at desc nulls first", ct: ct);
        return new JsonObject { ["keys"] = new JsonArray([.. keys.Select(k => JsonNode.Parse(k))]) };
    }

    /// <summary>The key in use, made when there is none; of two nodes that make one at once, the first one's stands.</summary>
    private async Task<(string Kid, byte[] Private)> Current(CancellationToken ct)
    {
        const string find = "select kid, private from cases.signing_key where retired_at is null";
        if (await database.One<(string? Kid, byte[] Private)>(find, ct: ct) is { Kid: { } known } found) return (known, found.Private);
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = made.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (WebEncoders.Base64UrlEncode(point.X!), WebEncoders.Base64UrlEncode(point.Y!));
        // RFC 7638: the members in this order, nothing else.
        var kid = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        var jwk = JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", x, y, kid, use = "sig", alg = "ES256" });
        await database.Execute("insert into cases.signing_key (kid, public, private, made_at) values (@kid, @jwk::jsonb, @sealedKey, @now) on conflict do nothing", new { kid, jwk, sealedKey = Seal(kid, made.ExportPkcs8PrivateKey()), now = time.GetUtcNow() }, ct);
        var current = await database.One<(string Kid, byte[] Private)>(find, ct: ct);
        return (current.Kid, current.Private);
    }

    private byte[] SealingKey(string kid) => vault.BlindIndex("cases.signing-key", kid);

    private byte[] Seal(string kid, byte[] plain)
    {
        var sealedKey = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(sealedKey.AsSpan(0, Nonce));
        using var aes = new AesGcm(SealingKey(kid), Tag);
        aes.Encrypt(sealedKey.AsSpan(0, Nonce), plain, sealedKey.AsSpan(Nonce, plain.Length), sealedKey.AsSpan(Nonce + plain.Length));
        return sealedKey;
    }

    private byte[] Open(string kid, byte[] sealedKey)
    {
        var plain = new byte[sealedKey.Length - Nonce - Tag];
        using var aes = new AesGcm(SealingKey(kid), Tag);
        aes.Decrypt(sealedKey.AsSpan(0, Nonce), sealedKey.AsSpan(Nonce, plain.Length), sealedKey.AsSpan(Nonce + plain.Length), plain);
        return plain;
    }
}
