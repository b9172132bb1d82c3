namespace Sahulat.Kernel.Blobs;

/// <summary>A read-only stream made chunk by chunk from another, one chunk ahead, so that the last is known as such.</summary>
internal abstract class ChunkStream(Stream source, int sourceChunk, int ownChunk) : Stream
{
    private readonly byte[] own = new byte[ownChunk];
    private byte[] current = new byte[sourceChunk];
    private byte[] ahead = new byte[sourceChunk];
    private int currentLength = -1;
    private int ownStart, ownEnd;
    private bool ended;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0) return 0;
        while (ownStart == ownEnd)
        {
            if (ended) return 0;
            await Next(cancellationToken);
        }

        var count = Math.Min(buffer.Length, ownEnd - ownStart);
        own.AsMemory(ownStart, count).CopyTo(buffer);
        ownStart += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read it with ReadAsync");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Before the first chunk.</summary>
    /// <returns>How many bytes were put into <paramref name="to"/>.</returns>
    protected abstract ValueTask<int> Start(Stream from, Memory<byte> to, CancellationToken ct);

    /// <returns>How many bytes were put into <paramref name="to"/>.</returns>
    protected abstract int Turn(ReadOnlySpan<byte> chunk, Span<byte> to, ChunkKind kind);

    private async ValueTask Next(CancellationToken ct)
    {
        ownStart = 0;
        if (currentLength < 0)
        {
            ownEnd = await Start(source, own, ct);
            currentLength = await Fill(current, ct);
            return;
        }

        // A chunk that is not full is the last; a full one may be.
        var following = currentLength == current.Length ? await Fill(ahead, ct) : 0;
        ended = following == 0;
        ownEnd = Turn(current.AsSpan(0, currentLength), own, ended ? ChunkKind.Last : ChunkKind.Middle);
        (current, ahead, currentLength) = (ahead, current, following);
    }

    private ValueTask<int> Fill(byte[] chunk, CancellationToken ct) => source.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, ct);
}
