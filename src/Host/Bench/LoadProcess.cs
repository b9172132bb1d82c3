using System.Diagnostics;
using System.Text.Json;

namespace Sahulat.Host.Bench;

/// <summary>Starts the load generator as a second process of this program.</summary>
internal static class LoadProcess
{
    public static async Task<LoadReport> Run(LoadOrder order, CancellationToken ct)
    {
        var program = Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(LoadProcess).Assembly.Location] : [];
        using var process = Process.Start(new ProcessStartInfo(program, [.. first, "bench", "generate"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order).AsMemory(), ct);
            var answer = await process.StandardOutput.ReadLineAsync(ct);
            await process.WaitForExitAsync(ct);
            return answer is null ? throw new InvalidOperationException("the load generator ended without a report") : JsonSerializer.Deserialize<LoadReport>(answer)!;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
