using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.ByTalk;

/// <summary>Addresses at which one paper of one draft may be sent for a day, without signing in: whoever talks with the program has shown already who he is.</summary>
internal sealed class PaperLinks(Vault vault, TimeProvider time)
{
    private const int Mac = 12, Hours = 24;

    private readonly byte[] key = vault.Derive("cases.paper-link");

    public string Path(Guid draft, string field)
    {
        Span<byte> token = stackalloc byte[20 + Mac];
        draft.TryWriteBytes(token);
        BinaryPrimitives.WriteUInt32BigEndian(token[16..], (uint)(time.GetUtcNow().ToUnixTimeSeconds() / 3600) + Hours);
        Sign(token[..20], field, token[20..]);
        return $"/papers/{Base64Url.EncodeToString(token)}/{field}";
    }

    /// <returns>The draft; null when the link is made up, for another question, or too old.</returns>
    public Guid? Read(string token, string field)
    {
        Span<byte> bytes = stackalloc byte[20 + Mac + 2];
        Span<byte> due = stackalloc byte[Mac];
        if (token.Length > 60 || field.Length > 60 || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var n) || n != 20 + Mac) return null;
        Sign(bytes[..20], field, due);
        if (!CryptographicOperations.FixedTimeEquals(due, bytes.Slice(20, Mac))) return null;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]) * 3600L > time.GetUtcNow().ToUnixTimeSeconds() ? new Guid(bytes[..16]) : null;
    }

    private void Sign(ReadOnlySpan<byte> what, string field, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[32];
        HMACSHA256.HashData(key, [.. what, .. Encoding.UTF8.GetBytes(field)], whole);
        whole[..Mac].CopyTo(mac);
    }
}
