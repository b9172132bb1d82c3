using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Sahulat.Kernel.Vault;

namespace Sahulat.Access.Officials;

/// <summary>Seals authenticator keys and recovery codes (AES-256-GCM), bound to the official and the kind of secret: a copy of the database opens no account, and a row passed to another official opens nothing.
/// The key is derived from the vault's look-up key, which a rotation of master keys keeps.</summary>
internal sealed class TokenSeal(Vault vault)
{
    private const int NonceSize = 12, TagSize = 16;

    private byte[] Key => vault.BlindIndex("access.official-token", "1");

    public string Seal(Guid official, string name, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var bytes = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(Key, TagSize);
        aes.Encrypt(bytes.AsSpan(0, NonceSize), plain, bytes.AsSpan(NonceSize, plain.Length), bytes.AsSpan(NonceSize + plain.Length), Context(official, name));
        return Convert.ToBase64String(bytes);
    }

    /// <returns>Null where it was not sealed for this official and name: the account must be reset.</returns>
    public string? Open(Guid official, string name, string sealedValue)
    {
        var bytes = new byte[sealedValue.Length];
        if (!Convert.TryFromBase64String(sealedValue, bytes, out var length) || length < NonceSize + TagSize) return null;
        var plain = new byte[length - NonceSize - TagSize];
        using var aes = new AesGcm(Key, TagSize);
        try
        {
            aes.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize, plain.Length), bytes.AsSpan(length - TagSize, TagSize), plain, Context(official, name));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] Context(Guid official, string name) => Encoding.UTF8.GetBytes($"access.official_token/{official:N}/{name}");
}

/// <summary>Identity's store of officials, with sealed secrets.</summary>
internal sealed class OfficialStore(OfficialsDb db, TokenSeal seal, IdentityErrorDescriber? describer = null) : UserOnlyStore<Official, OfficialsDb, Guid>(db, describer)
{
    public override Task SetTokenAsync(Official user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : seal.Seal(user.Id, name, value), cancellationToken);

    public override async Task<string?> GetTokenAsync(Official user, string loginProvider, string name, CancellationToken cancellationToken) =>
        await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is { } value ? seal.Open(user.Id, name, value) : null;
}
