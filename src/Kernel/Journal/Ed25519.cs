using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sahulat.Kernel.Journal;

/// <summary>Ed25519 (RFC 8032) by the OpenSSL that .NET itself stands on; the class library does not have it.</summary>
public static class Ed25519
{
    public const int SignatureSize = 64;

    private const string Library = "libcrypto.so.3";
    private const int KeyType = 1087;

    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        var key = Private(seed);
        try
        {
            var made = new byte[32];
            nuint length = 32;
            Must(EVP_PKEY_get_raw_public_key(key, made, ref length));
            return made;
        }
        finally
        {
            EVP_PKEY_free(key);
        }
    }

    public static byte[] Sign(ReadOnlySpan<byte> seed, byte[] message)
    {
        var key = Private(seed);
        var context = EVP_MD_CTX_new();
        try
        {
            Must(EVP_DigestSignInit(context, 0, 0, 0, key));
            var signature = new byte[SignatureSize];
            nuint length = SignatureSize;
            Must(EVP_DigestSign(context, signature, ref length, message, (nuint)message.Length));
            return signature;
        }
        finally
        {
            EVP_MD_CTX_free(context);
            EVP_PKEY_free(key);
        }
    }

    public static bool Verify(byte[] publicKey, byte[] message, byte[] signature)
    {
        if (publicKey.Length != 32 || signature.Length != SignatureSize) return false;
        var key = EVP_PKEY_new_raw_public_key(KeyType, 0, publicKey, 32);
        if (key == 0) return false;
        var context = EVP_MD_CTX_new();
        try
        {
            Must(EVP_DigestVerifyInit(context, 0, 0, 0, key));
            return EVP_DigestVerify(context, signature, SignatureSize, message, (nuint)message.Length) == 1;
        }
        finally
        {
            EVP_MD_CTX_free(context);
            EVP_PKEY_free(key);
        }
    }

    private static nint Private(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != 32) throw new ArgumentException("a seed has 32 bytes", nameof(seed));
        var key = EVP_PKEY_new_raw_private_key(KeyType, 0, seed.ToArray(), 32);
        return key != 0 ? key : throw new CryptographicException("OpenSSL has no Ed25519");
    }

    private static void Must(int result)
    {
        if (result != 1) throw new CryptographicException("OpenSSL refused");
    }

    [DllImport(Library)]
    private static extern nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte[] key, nuint length);

    [DllImport(Library)]
    private static extern nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte[] key, nuint length);

    [DllImport(Library)]
    private static extern int EVP_PKEY_get_raw_public_key(nint key, byte[] made, ref nuint length);

    [DllImport(Library)]
    private static extern void EVP_PKEY_free(nint key);

    [DllImport(Library)]
    private static extern nint EVP_MD_CTX_new();

    [DllImport(Library)]
    private static extern void EVP_MD_CTX_free(nint context);

    [DllImport(Library)]
    private static extern int EVP_DigestSignInit(nint context, nint keyContext, nint type, nint engine, nint key);

    [DllImport(Library)]
    private static extern int EVP_DigestSign(nint context, byte[] signature, ref nuint length, byte[] message, nuint messageLength);

    [DllImport(Library)]
    private static extern int EVP_DigestVerifyInit(nint context, nint keyContext, nint type, nint engine, nint key);

    [DllImport(Library)]
    private static extern int EVP_DigestVerify(nint context, byte[] signature, nuint length, byte[] message, nuint messageLength);
}
