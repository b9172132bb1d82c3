using System.Runtime.InteropServices;

namespace Sahulat.Kernel.Data;

/// <summary>Files that survive a power cut: contents and directory entry are on the disk on return.</summary>
internal static class DurableFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    private const int ReadOnlyDirectory = 0x10000;

    /// <summary>A new file that only its owner may read.</summary>
    public static FileStream Create(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = OwnerOnly });

    /// <summary>Puts a written, closed file in its place.</summary>
    /// <returns>False when the place is taken and <paramref name="overwrite"/> is <see cref="Overwrite.Never"/>.</returns>
    public static bool Place(string temporary, string path, Overwrite overwrite)
    {
        try
        {
            File.Move(temporary, path, overwrite == Overwrite.Always);
        }
        catch (IOException) when (overwrite == Overwrite.Never && File.Exists(path))
        {
            return false;
        }

        SyncFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    public static void SyncFolder(string folder)
    {
        var descriptor = open(folder, ReadOnlyDirectory);
        if (descriptor < 0) throw new IOException($"cannot open {folder}");
        try
        {
            if (fsync(descriptor) != 0) throw new IOException($"cannot sync {folder}");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

#pragma warning disable IDE1006, CA2101, SYSLIB1054
    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);
#pragma warning restore IDE1006, CA2101, SYSLIB1054
}

internal enum Overwrite
{
    Never,
    Always,
}
