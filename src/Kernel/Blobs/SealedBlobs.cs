using System.Security.Cryptography;
using Sahulat.Kernel.Vault;

namespace Sahulat.Kernel.Blobs;

/// <summary>Files of persons: sealed under their key on the way in, opened on the way out, never whole in memory.</summary>
public sealed class SealedBlobs(IBlobStore store)
{
    /// <param name="context">The identity of the row that names the blob, as <c>cases.document/{id}</c>.</param>
    /// <returns>The address of the sealed bytes. The same content twice has two addresses.</returns>
    public async Task<string> Put(SubjectKey key, Stream plain, string context, CancellationToken ct)
    {
        await using var content = new SealingStream(plain, SealedChunks.Begin(key.Key, context));
        return await store.Put(content, ct);
    }

    /// <summary>Reading fails with <see cref="CryptographicException"/> at the first chunk that another key or context sealed, or that was changed; every byte read before is genuine.</summary>
    /// <returns>Null when nothing has that address.</returns>
    public async Task<Stream?> Open(SubjectKey key, string address, string context, CancellationToken ct) =>
        await store.Get(address, ct) is { } content ? new OpeningStream(content, key.Key, context) : null;

    public Task Delete(string address, CancellationToken ct) => store.Delete(address, ct);

    private sealed class SealingStream(Stream plain, SealedChunks chunks) : ChunkStream(plain, SealedChunks.ChunkSize, SealedChunks.ChunkSize + SealedChunks.TagSize)
    {
        protected override ValueTask<int> Start(Stream from, Memory<byte> to, CancellationToken ct)
        {
            chunks.Header.CopyTo(to);
            return ValueTask.FromResult(chunks.Header.Length);
        }

        protected override int Turn(ReadOnlySpan<byte> chunk, Span<byte> to, ChunkKind kind)
        {
            chunks.Seal(chunk, to, kind);
            return chunk.Length + SealedChunks.TagSize;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) chunks.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class OpeningStream(Stream content, byte[] key, string context) : ChunkStream(content, SealedChunks.ChunkSize + SealedChunks.TagSize, SealedChunks.ChunkSize)
    {
        private readonly Stream content = content;
        private SealedChunks? chunks;

        protected override async ValueTask<int> Start(Stream from, Memory<byte> to, CancellationToken ct)
        {
            var header = new byte[SealedChunks.HeaderSize];
            if (await from.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, ct) < header.Length) throw new CryptographicException("the sealed content is cut off");
            chunks = SealedChunks.Continue(key, header, context);
            return 0;
        }

        protected override int Turn(ReadOnlySpan<byte> chunk, Span<byte> to, ChunkKind kind)
        {
            chunks!.Open(chunk, to, kind);
            return chunk.Length - SealedChunks.TagSize;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                chunks?.Dispose();
                content.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
