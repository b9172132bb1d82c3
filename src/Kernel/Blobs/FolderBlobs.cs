using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Blobs;

/// <summary>Blobs in a folder, two levels deep (<c>ab/cd/abcd…</c>), each readable by its owner only. Several nodes may share it.</summary>
public sealed class FolderBlobs : IBlobStore
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    private readonly string root;
    private readonly string spool;

    public FolderBlobs(string folder, TimeProvider time)
    {
        (root, spool) = (Path.GetFullPath(folder), Path.Combine(Path.GetFullPath(folder), "spool"));
        Directory.CreateDirectory(Path.GetDirectoryName(root)!);
        Directory.CreateDirectory(root, DurableFile.OwnerFolder);
        Directory.CreateDirectory(spool, DurableFile.OwnerFolder);
        // What a node left behind when it was killed.
        foreach (var file in Directory.EnumerateFiles(spool))
            if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) > Abandoned) File.Delete(file);
    }

    public async Task<string> Put(Stream content, CancellationToken ct)
    {
        await using var written = await Spool.Write(content, spool, ct);
        var place = Place(written.Address);
        if (File.Exists(place)) return written.Address;
        Make(Path.GetDirectoryName(place)!);
        DurableFile.Place(written.Path, place, Overwrite.Always);
        return written.Address;
    }

    public Task<Stream?> Get(string address, CancellationToken ct)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(Place(address), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan }));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task Delete(string address, CancellationToken ct)
    {
        var place = Place(address);
        if (File.Exists(place)) File.Delete(place);
        return Task.CompletedTask;
    }

    private string Place(string address) => Path.Combine(root, BlobAddress.Checked(address)[..2], address[2..4], address);

    /// <summary>New folders are entered on the disk as well: else a power cut could take the blob with its folder.</summary>
    private void Make(string folder)
    {
        if (Directory.Exists(folder)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!, DurableFile.OwnerFolder);
        Directory.CreateDirectory(folder, DurableFile.OwnerFolder);
        DurableFile.SyncFolder(Path.GetDirectoryName(folder)!);
        DurableFile.SyncFolder(root);
    }
}
