using System.Security.Cryptography;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Vault;

namespace Sahulat.Tests.Kernel;

public sealed class BlobTests : IDisposable
{
    private const string Context = "cases.document/1";
    private readonly string folder = Path.Combine("/tmp", "sahulat-blobs-" + Guid.NewGuid().ToString("N")[..8]);
    private readonly FolderBlobs store;
    private readonly SealedBlobs blobs;
    private readonly SubjectKey key = Key();

    public BlobTests()
    {
        store = new FolderBlobs(folder, TimeProvider.System);
        blobs = new SealedBlobs(store);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static SubjectKey Key() => new(Guid.NewGuid(), "case", RandomNumberGenerator.GetBytes(32));

    private static async Task<byte[]> All(Stream? stream)
    {
        using var copy = new MemoryStream();
        await using (stream) await stream!.CopyToAsync(copy);
        return copy.ToArray();
    }

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class Dripping(byte[] content, int atOnce) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    [InlineData(1_000_000)]
    public async Task Open_AnyLength_GivesWhatWasPut(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        foreach (var source in new[] { new MemoryStream(plain), new Dripping(plain, 977) })
        {
            var address = await blobs.Put(key, source, Context, CancellationToken.None);
            Assert.Equal(plain, await All(await blobs.Open(key, address, Context, CancellationToken.None)));
        }
    }

    [Fact]
    public async Task Put_StoresSealedBytesUnderTheirHash_ForTheOwnerOnly()
    {
        var plain = new byte[200_000];
        var address = await blobs.Put(key, new MemoryStream(plain), Context, CancellationToken.None);
        var again = await blobs.Put(key, new MemoryStream(plain), Context, CancellationToken.None);
        Assert.NotEqual(address, again);
        var path = Path.Combine(folder, address[..2], address[2..4], address);
        var stored = await File.ReadAllBytesAsync(path);
        Assert.Equal(address, Convert.ToHexStringLower(SHA256.HashData(stored)));
        Assert.Equal(-1, stored.AsSpan().IndexOf(new byte[16]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "spool")));
    }

    [Fact]
    public async Task Open_WrongKeyContextOrAddress_GivesNothing()
    {
        var address = await blobs.Put(key, new MemoryStream([1, 2, 3]), Context, CancellationToken.None);
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await All(await blobs.Open(Key(), address, Context, CancellationToken.None)));
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await All(await blobs.Open(key, address, "cases.document/2", CancellationToken.None)));
        Assert.Null(await blobs.Open(key, new string('a', 64), Context, CancellationToken.None));
        foreach (var bad in new[] { "", "../../etc/passwd", new string('A', 64), new string('a', 63) })
            await Assert.ThrowsAsync<ArgumentException>(async () => await store.Get(bad, CancellationToken.None));
    }

    public static TheoryData<string, Func<byte[], byte[]>> Attacks => new()
    {
        { "cut in a chunk", b => b[..^5] },
        { "cut at a chunk's end", b => b[..(17 + (2 * 65_552))] },
        { "all but the header cut", b => b[..17] },
        { "cut in the header", b => b[..9] },
        { "emptied", _ => [] },
        { "chunks swapped", b => [.. b[..17], .. b[(17 + 65_552)..(17 + (2 * 65_552))], .. b[17..(17 + 65_552)], .. b[(17 + (2 * 65_552))..]] },
        { "chunk repeated", b => [.. b[..(17 + 65_552)], .. b[17..]] },
        { "chunk dropped", b => [.. b[..17], .. b[(17 + 65_552)..]] },
        { "lengthened", b => [.. b, 0] },
        { "version", b => [2, .. b[1..]] },
        { "salt", b => [b[0], (byte)(b[1] ^ 1), .. b[2..]] },
        { "one bit", b => [.. b[..100_000], (byte)(b[100_000] ^ 1), .. b[100_001..]] },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Open_Changed_IsFoundOut(string how, Func<byte[], byte[]> change)
    {
        var address = await blobs.Put(key, new MemoryStream(new byte[150_000]), Context, CancellationToken.None);
        var path = Path.Combine(folder, address[..2], address[2..4], address);
        await File.WriteAllBytesAsync(path, change(await File.ReadAllBytesAsync(path)));
        var fault = await Record.ExceptionAsync(async () => await All(await blobs.Open(key, address, Context, CancellationToken.None)));
        Assert.True(fault is CryptographicException, $"{how}: {fault}");
    }

    [Fact]
    public async Task Open_LastChunkCutAtItsEnd_WhenLengthIsWholeChunks_IsFoundOut()
    {
        var address = await blobs.Put(key, new MemoryStream(new byte[131_072]), Context, CancellationToken.None);
        var path = Path.Combine(folder, address[..2], address[2..4], address);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..(17 + 65_552)]);
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await All(await blobs.Open(key, address, Context, CancellationToken.None)));
    }

    /// <summary>Takes 4 kB at a time and notes how far the source was ahead of what it has been given.</summary>
    private sealed class Watching(Zeros source) : IBlobStore
    {
        public long Ahead { get; private set; }

        public long Total { get; private set; }

        public async Task<string> Put(Stream content, CancellationToken ct)
        {
            var buffer = new byte[4096];
            for (int read; (read = await content.ReadAsync(buffer, ct)) > 0; Total += read) Ahead = Math.Max(Ahead, source.Given - Total - read);
            return "";
        }

        public Task<Stream?> Get(string address, CancellationToken ct) => Task.FromResult<Stream?>(null);

        public Task Delete(string address, CancellationToken ct) => Task.CompletedTask;
    }

    [Fact]
    public async Task Put_LargeFile_IsNotHeldInMemory()
    {
        var source = new Zeros(20_000_000);
        var watching = new Watching(source);
        await new SealedBlobs(watching).Put(key, source, Context, CancellationToken.None);
        Assert.InRange(watching.Total, 20_000_000, 20_010_000);
        Assert.InRange(watching.Ahead, 1, 3 * 65_536);
    }

    [Fact]
    public async Task Put_Cancelled_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blobs.Put(key, new Zeros(10_000_000, stop.Cancel), Context, stop.Token));
        Assert.Empty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Put_SameBytesManyAtOnce_StoredOnce()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var addresses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.Put(new MemoryStream(bytes), CancellationToken.None))));
        Assert.Single(addresses.Distinct());
        Assert.Equal(bytes, await All(await store.Get(addresses[0], CancellationToken.None)));
        Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        await store.Delete(addresses[0], CancellationToken.None);
        await store.Delete(addresses[0], CancellationToken.None);
        Assert.Null(await store.Get(addresses[0], CancellationToken.None));
    }

    private sealed class Zeros(long length, Action? afterOneMegabyte = null) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Given > 1_000_000) afterOneMegabyte?.Invoke();
            var n = (int)Math.Min(length - Given, count);
            buffer.AsSpan(offset, n).Clear();
            Given += n;
            return n;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
