using System.Security.Cryptography;
using System.Text;

namespace Sahulat.Kernel.Vault;

/// <summary>AES-256-GCM with the context as associated data. Form: 1 byte version, 12 bytes nonce, the ciphertext, 16 bytes tag.</summary>
internal static class Sealing
{
    public const byte Version = 1;
    public const int NonceSize = 12, TagSize = 16, Overhead = 1 + NonceSize + TagSize;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, string context)
    {
        var result = new byte[plain.Length + Overhead];
        result[0] = Version;
        var nonce = result.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, result.AsSpan(1 + NonceSize, plain.Length), result.AsSpan(result.Length - TagSize), Encoding.UTF8.GetBytes(context));
        return result;
    }

    /// <exception cref="CryptographicException">Another key, another context, or changed bytes.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> sealedBytes, string context)
    {
        if (sealedBytes.Length < Overhead || sealedBytes[0] != Version) throw new CryptographicException("not sealed in a known form");
        var plain = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(sealedBytes.Slice(1, NonceSize), sealedBytes.Slice(1 + NonceSize, plain.Length), sealedBytes[^TagSize..], plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }
}
