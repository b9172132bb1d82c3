using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sahulat.Tests.Support;

/// <summary>The real scanner with a signature of the test's own.</summary>
internal sealed class Clamd : IDisposable
{
    private readonly Process process;
    private readonly string folder;

    private Clamd(Process process, string folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

    /// <summary>What the signature finds.</summary>
    public const string Harmful = "SAHULAT-TEST-SIGNATURE";

    public int Port { get; }

    public static async Task<Clamd> Start()
    {
        var folder = Directory.CreateTempSubdirectory("sahulat-clam-").FullName;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await File.WriteAllTextAsync($"{folder}/test.ndb", $"Sahulat.Test:0:*:{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Harmful))}\n");
        await File.WriteAllTextAsync($"{folder}/clamd.conf", $"Foreground yes\nDatabaseDirectory {folder}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nUser root\nLogFile {folder}/log\n");
        var clamd = new Clamd(Process.Start(new ProcessStartInfo("/usr/sbin/clamd", ["--config-file", $"{folder}/clamd.conf"]) { RedirectStandardOutput = true, RedirectStandardError = true })!, folder, port);
        await Eventually.True(async () =>
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, "clamd answers");
        return clamd;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
