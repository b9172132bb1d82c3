using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sahulat.Office.Intake;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Scans that are not taken in, and why.</summary>
public sealed class ScanRefusalTests(Cluster cluster)
{
    [Fact]
    public async Task BrokenHostileAndInfectedScans_AreNamed_AndFoldersAreTakenOnce()
    {
        using var clamd = await Clamd.Start();
        var folder = Directory.CreateTempSubdirectory("sahulat-scans-").FullName;
        await using var site = await Desks.Start(cluster, new Dictionary<string, string?>(Scans.ByHand) { ["Sahulat:ClamAv"] = $"127.0.0.1:{clamd.Port}", ["Sahulat:ScanFolder"] = folder });
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1 A | x | 1");
        async Task Refused(byte[] content, string said) => Assert.Contains(said, await (await Scans.Upload(clerk, plan, content)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Refused("not a scan"u8.ToArray(), "must be a PDF, TIFF, JPEG or PNG");
        await Refused(Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj << /Encrypt 2 0 R >> endobj\n%%EOF"), "damaged or unsafe");
        await Refused(Encoding.Latin1.GetBytes("%PDF-1.4\nSAHULAT-TEST-SIGNATURE\n%%EOF"), "something harmful");
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from office.intake"));
        Assert.Contains("Make the plan", await (await clerk.Form(Scans.Path, new() { ["name"] = "", ["pages"] = "-1" })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Line 2", await (await Scans.Bundle(clerk, plan, "2 A | x | 1\nnonsense")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A scanner's folder: a broken file is refused by name, a sound one is taken once, what still grows is left.
        var place = Directory.CreateDirectory(Path.Combine(folder, $"{plan:N}")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(place, "broken.tif"), [.. "II*\0"u8, .. new byte[200]]);
        await File.WriteAllBytesAsync(Path.Combine(place, "sound.pdf"), Offices.Pdf("Old order"));
        foreach (var file in Directory.GetFiles(place)) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        await File.WriteAllBytesAsync(Path.Combine(place, "growing.pdf"), Offices.Pdf("Half"));
        var work = site.Services.GetServices<IHostedService>().OfType<IntakeWork>().Single();
        while (await work.TakeNext(default))
        {
        }

        Assert.Equal("growing.pdf", Path.GetFileName(Directory.GetFiles(place).Single()));
        await Scans.All(site);
        Assert.Equal(["done", "refused"], (await site.Database.Query<string>("select state from office.intake")).Order());
        Assert.Equal("unreadable", await site.Database.One<string>("select fault from office.intake where state = 'refused'"));
        // Without a separator sheet its page belongs to no file, and says so.
        Assert.Equal("unplaced", await site.Database.One<string>("select outcome from office.intake_page"));
        Assert.Contains("it cannot be opened", await clerk.GetStringAsync($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);
        clamd.Dispose();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Scans.Upload(clerk, plan, Offices.Pdf("later"))).StatusCode);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The real scanner with a signature of the test's own.</summary>
    private sealed class Clamd : IDisposable
    {
        private readonly Process process;
        private readonly string folder;

        private Clamd(Process process, string folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

        public int Port { get; }

        public static async Task<Clamd> Start()
        {
            var folder = Directory.CreateTempSubdirectory("sahulat-clam-").FullName;
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            await File.WriteAllTextAsync($"{folder}/test.ndb", $"Sahulat.Test:0:*:{Convert.ToHexStringLower("SAHULAT-TEST-SIGNATURE"u8)}\n");
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
}
