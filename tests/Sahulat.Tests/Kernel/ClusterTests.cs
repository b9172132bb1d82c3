using System.Diagnostics;
using Sahulat.Kernel.Data;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Kernel;

public sealed class ClusterTests
{
    private static string Executable => Path.Combine(AppContext.BaseDirectory, "sahulat");

    [Fact]
    public async Task Start_InBrokenFolder_SaysSoInOneSentence()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "pg"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "pg", "stray"), "x");
        var refused = await Assert.ThrowsAsync<SetupException>(() => PrivateCluster.Start(new ClusterOptions(folder.Path)));
        Assert.Contains("holds no PostgreSQL cluster", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.Path, "pg", "stray")));
    }

    [Fact]
    public async Task Start_FolderThatCannotBeEntered_NamesTheRemedy()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root drops to another user");
        using var folder = new TemporaryFolder();
        var closed = Path.Combine(folder.Path, "closed");
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var refused = await Assert.ThrowsAsync<SetupException>(() => PrivateCluster.Start(new ClusterOptions(Path.Combine(closed, "data"))));
        Assert.Contains("chmod o+x", refused.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Long")]
    public async Task KilledNode_LeavesNoPostgresBehind()
    {
        using var folder = new TemporaryFolder();
        using var node = Process.Start(new ProcessStartInfo(Executable, ["serve", "--data", folder.Path, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var postmaster = Path.Combine(folder.Path, "pg", "postmaster.pid");
        await Eventually.True(() => File.Exists(postmaster) && File.ReadAllLines(postmaster) is { Length: >= 8 } lines && lines[7].StartsWith("ready", StringComparison.Ordinal), "PostgreSQL runs", 60);
        var pid = File.ReadAllLines(postmaster)[0];
        node.Kill();
        await node.WaitForExitAsync();
        await Eventually.True(() => !Directory.Exists("/proc/" + pid), "PostgreSQL ends with its node");
    }

    [Theory]
    [InlineData(2, "nonsense")]
    [InlineData(3, "serve", "--urls", "not-an-address")]
    public async Task Verb_Wrong_ExitsWithItsCode(int code, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(code, process.ExitCode);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_InUse_IsToldInOneSentence()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        using var process = Process.Start(new ProcessStartInfo(Executable, ["serve", "--urls", $"http://localhost:{port}"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(3, process.ExitCode);
        Assert.Contains($"Port {port} is already in use", error, StringComparison.Ordinal);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public TemporaryFolder() => Directory.CreateDirectory(Path);

        public string Path { get; } = "/tmp/sahulat-test-" + Guid.NewGuid().ToString("N")[..10];

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
