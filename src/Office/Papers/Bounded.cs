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
    private const int MostOutput = 64 * 1024 * 1024, NotFound = 127;

    /// <exception cref="SetupException">The program is not installed.</exception>
    /// <param name="megabytes">Address space; 0 leaves it open, as Chromium needs.</param>
    public static async Task<Ran> Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int megabytes, CancellationToken ct)
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
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(limit);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            using var output = new MemoryStream();
            var buffer = new byte[81_920];
            for (int n; (n = await process.StandardOutput.BaseStream.ReadAsync(buffer, timeout.Token)) > 0;)
            {
                if (output.Length + n > MostOutput) return new Ran("failed", []);
                output.Write(buffer, 0, n);
            }

            await errors;
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == NotFound ? throw Missing(program) : new Ran(process.ExitCode == 0 ? null : "failed", output.ToArray());
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
