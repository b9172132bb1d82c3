using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Node;

/// <summary>The real executable in a process of its own, with a data folder and a private cluster of its own.</summary>
internal sealed class Node(string folder) : IAsyncDisposable
{
    public static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "sahulat");
    public static readonly string Pack = Path.Combine(Cluster.RepositoryRoot, "data", "jk");

    private readonly StringBuilder said = new();
    private Process? process;

    public Dictionary<string, string> Environment { get; } = [];

    public int Port { get; } = FreePort();

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Everything it said, on both channels.</summary>
    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    public int Id => process!.Id;

    public async Task Start(params string[] more)
    {
        var serve = new ProcessStartInfo(Executable, ["serve", "--data", folder, "--urls", Address.ToString().TrimEnd('/'), .. more]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment) serve.Environment[name] = value;
        process = Process.Start(serve)!;
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (said) said.AppendLine(line.Data);
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.True(() => process.HasExited || Said.Contains("serves on", StringComparison.Ordinal), "the node serves", seconds: 90);
        Assert.False(process.HasExited, Said);
        lock (said) said.Clear();
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>As Ctrl-C does.</summary>
    public async Task<int> Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return process.ExitCode;
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Out, string Error)> Run(params string[] arguments)
    {
        using var verb = Process.Start(new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = verb.StandardOutput.ReadToEndAsync();
        var error = verb.StandardError.ReadToEndAsync();
        await verb.WaitForExitAsync();
        return (verb.ExitCode, (await output).Trim(), (await error).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await Kill();
        process?.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>A data folder that goes with its test. Directly below /tmp: every parent must let the user postgres pass.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine("/tmp", "sahulat-node-" + Guid.NewGuid().ToString("N")[..8]);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
