using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Vault;

/// <summary>Writes the keyring whole or not at all, 0600 from its first byte, and on the disk before anything is sealed with it.</summary>
internal static class KeyFile
{
    /// <summary>When two nodes make it at once, the first one's stands.</summary>
    public static void Create(string path, byte[] content)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            if (!Directory.Exists(folder)) Directory.CreateDirectory(folder, DurableFile.OwnerFolder);
            var temporary = Write(path, content);
            if (!DurableFile.Place(temporary, path, Overwrite.Never)) File.Delete(temporary);
            if (Path.GetDirectoryName(folder) is { } above) DurableFile.SyncFolder(above);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The master keys {path} cannot be written: {e.Message}", e);
        }
    }

    public static void Replace(string path, byte[] content) => DurableFile.Place(Write(path, content), path, Overwrite.Always);

    private static string Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        using var stream = DurableFile.Create(temporary);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
        return temporary;
    }
}
