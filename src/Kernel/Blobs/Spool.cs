using System.Security.Cryptography;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Blobs;

/// <summary>Content on its way in, in a temporary file, because its address is known only at its end. Sealed before it comes here.</summary>
internal sealed class Spool : IAsyncDisposable
{
    private const int BufferSize = 81_920;

    private Spool(string path, string address) => (Path, Address) = (path, address);

    public string Path { get; }

    public string Address { get; }

    /// <summary>On the disk on return.</summary>
    public static async Task<Spool> Write(Stream content, string folder, CancellationToken ct)
    {
        var path = System.IO.Path.Combine(folder, Guid.NewGuid().ToString("N"));
        try
        {
            await using var file = DurableFile.Create(path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferSize];
            for (int read; (read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            file.Flush(flushToDisk: true);
            return new Spool(path, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(Path);
        return ValueTask.CompletedTask;
    }
}

internal static class BlobAddress
{
    /// <exception cref="ArgumentException">Not 64 lower-case hex digits: it could name another file.</exception>
    public static string Checked(string address) =>
        address.Length == 64 && address.All(char.IsAsciiHexDigitLower) ? address : throw new ArgumentException("not an address", nameof(address));
}
