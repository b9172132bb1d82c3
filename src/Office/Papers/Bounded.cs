using System.Diagnostics;
using System.Globalization;
using Sahulat.Kernel.Data;

namespace Sahulat.Office.Papers;

/// <param name="Fault">null, timeout or failed.</param>
internal sealed record Ran(string? Fault, byte[] Output)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);
}

/// <summary>Other programs, each in a process of its own that is bounded in time and memory: a paper from outside may make them hang or swell.</summary>
internal static class Bounded
{
    private const long MostOutput = 64L << 20, MostInFile = 320L << 20;
    private const int NotFound = 127;

    /// <summary>A folder whose programs come before those of the machine, within this flow of calls.</summary>
    internal static readonly AsyncLocal<string?> Programs = new();

    /// <exception cref="SetupException">The program is not installed.</exception>
    /// <param name="megabytes">Address space; 0 leaves it open, as Chromium needs.</param>
    /// <param name="into">The file that takes the output, where there may be much of it.</param>
    public static async Task<Ran> Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int megabytes, CancellationToken ct, string? into = null)
    {
        var start = new ProcessStartInfo(megabytes > 0 ? "prlimit" : program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (megabytes > 0)
        {
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--as={megabytes * 1024L * 1024L}"));
            start.ArgumentList.Add(program);
        }

        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // One page, one thread: two pages at once are quicker than one page on two cores.
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        if (Programs.Value is { } first) start.Environment["PATH"] = $"{first}:{start.Environment["PATH"]}";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(limit);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await using Stream output = into is null ? new MemoryStream() : File.Create(into);
            var buffer = new byte[81_920];
            for (int n; (n = await process.StandardOutput.BaseStream.ReadAsync(buffer, timeout.Token)) > 0;)
            {
                if (output.Length + n > (into is null ? MostOutput : MostInFile)) return new Ran("failed", []);
                await output.WriteAsync(buffer.AsMemory(0, n), timeout.Token);
            }

            await errors;
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == NotFound ? throw Missing(program) : new Ran(process.ExitCode == 0 ? null : "failed", output is MemoryStream memory ? memory.ToArray() : []);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Ran("timeout", []);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Missing(program, e);
        }
        finally
        {
            if (process is { HasExited: false }) process.Kill(entireProcessTree: true);
            process?.Dispose();
        }
    }

    private static SetupException Missing(string program, Exception? why = null) => new($"{program} is missing; what papers and scans need is installed with: sudo apt-get install -y chromium poppler-utils netpbm libtiff-tools zbar-tools tesseract-ocr tesseract-ocr-osd tesseract-ocr-urd tesseract-ocr-script-deva img2pdf qpdf ocrmypdf", why);
}

/// <summary>A folder that is gone when its user is done.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => Folder = Directory.CreateTempSubdirectory("sahulat-office-").FullName;

    public string Folder { get; }

    public string File(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
