using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sahulat.Kernel.Blobs;

/// <summary>The sealed form of a stream: a header (1 byte version, 16 bytes salt), then chunks of 64 kB, each with a tag of 16 bytes.
/// The key is derived for the stream (HKDF-SHA256 over the salt); a chunk's number and whether it is the last are its nonce (the STREAM construction),
/// so that chunks cannot be changed, moved, repeated or cut off.</summary>
internal sealed class SealedChunks : IDisposable
{
    public const int ChunkSize = 64 * 1024, TagSize = 16, HeaderSize = 17;

    private const byte Version = 1;
    private readonly AesGcm aes;
    private readonly byte[] context;
    private readonly byte[] nonce = new byte[12];
    private uint number;

    private SealedChunks(byte[] key, byte[] header, string context)
    {
        Header = header;
        this.context = Encoding.UTF8.GetBytes(context);
        aes = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, header, "sahulat blob"u8.ToArray()), TagSize);
    }

    public byte[] Header { get; }

    public static SealedChunks Begin(byte[] key, string context)
    {
        var header = new byte[HeaderSize];
        header[0] = Version;
        RandomNumberGenerator.Fill(header.AsSpan(1));
        return new SealedChunks(key, header, context);
    }

    public static SealedChunks Continue(byte[] key, byte[] header, string context) =>
        header[0] == Version ? new SealedChunks(key, header, context) : throw new CryptographicException("not sealed in a known form");

    public void Seal(ReadOnlySpan<byte> plain, Span<byte> to, ChunkKind kind) =>
        aes.Encrypt(Nonce(kind), plain, to[..plain.Length], to.Slice(plain.Length, TagSize), context);

    public void Open(ReadOnlySpan<byte> chunk, Span<byte> to, ChunkKind kind)
    {
        if (chunk.Length < TagSize) throw new CryptographicException("the sealed content is cut off");
        aes.Decrypt(Nonce(kind), chunk[..^TagSize], chunk[^TagSize..], to[..(chunk.Length - TagSize)], context);
    }

    public void Dispose() => aes.Dispose();

    private byte[] Nonce(ChunkKind kind)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(7), checked(number++));
        nonce[11] = (byte)kind;
        return nonce;
    }
}

internal enum ChunkKind : byte
{
    Middle = 0,
    Last = 1,
}
