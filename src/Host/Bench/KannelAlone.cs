using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Bench;

/// <summary>Kannel with its own fake SMSC: what it takes and what comes back with a receipt, driven by the same load generator.</summary>
internal static class KannelAlone
{
    public sealed record Measured(double Accepted, double EndToEnd, long Messages, long Receipts);

    public const string Bearerbox = "/usr/sbin/bearerbox", Smsbox = "/usr/sbin/smsbox", FakeSmsc = "/usr/lib/kannel/test/fakesmsc";

    public static async Task<Measured?> Run(LoopProviderProcess provider, int seconds, CancellationToken ct)
    {
        if (!File.Exists(Bearerbox) || !File.Exists(FakeSmsc)) return null;
        var folder = Directory.CreateTempSubdirectory("sahulat-kannel-").FullName;
        var (admin, box, smsc, send) = (FreePort(), FreePort(), FreePort(), FreePort());
        var conf = Path.Combine(folder, "kannel.conf");
        Directory.CreateDirectory(Path.Combine(folder, "spool"));
        Directory.CreateDirectory(Path.Combine(folder, "receipts"));
        await File.WriteAllTextAsync(conf, Configuration(folder, admin, box, smsc, send), ct);
        var started = new List<Process>();
        try
        {
            started.Add(Start(folder, Bearerbox, "-v", "4", conf));
            await Listens(box, ct);
            await Listens(smsc, ct);
            started.Add(Start(folder, FakeSmsc, "-v", "4", "-H", "127.0.0.1", "-r", $"{smsc}", "-m", "0", "1 2 text nop"));
            started.Add(Start(folder, Smsbox, "-v", "4", conf));
            await Listens(send, ct);
            var receipt = Uri.EscapeDataString($"http://127.0.0.1:{provider.Port}/receipt?type=%d");
            var head = $"GET /cgi-bin/sendsms?username=bench&password=bench&from=SAHULT&to=91{LoadGenerator.Mobile}&text=Hello+Rukhsana%2C+this+is+a+message+to+try+things+out.+Sahulat&dlr-mask=27&dlr-url={receipt} HTTP/1.1\r\nHost: localhost\r\n\r\n";
            var (_, before) = await provider.Counts(ct);
            var watch = Stopwatch.StartNew();
            var report = await LoadProcess.Run(new LoadOrder(send, 10, 1, seconds, 1_000_000, head, ""), ct);
            var (last, still) = (before, Stopwatch.StartNew());
            while (last - before < report.AllAccepted && still.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(100, ct);
                var (_, now) = await provider.Counts(ct);
                if (now != last) still.Restart();
                last = now;
            }

            return new(report.Answered / report.Seconds, (last - before) / (watch.Elapsed - still.Elapsed).TotalSeconds, report.AllAccepted, last - before);
        }
        finally
        {
            foreach (var process in started.AsEnumerable().Reverse())
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                process.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static Process Start(string folder, string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task Listens(int port, CancellationToken ct)
    {
        for (var i = 0; i < 200; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, ct);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100, ct);
            }
        }

        throw new SetupException("Kannel did not start");
    }

    private static string Configuration(string folder, int admin, int box, int smsc, int send) => $"""
        group = core
        admin-port = {admin}
        admin-interface = 127.0.0.1
        admin-password = bench
        admin-deny-ip = "*.*.*.*"
        admin-allow-ip = "127.0.0.1"
        smsbox-port = {box}
        smsbox-interface = 127.0.0.1
        box-deny-ip = "*.*.*.*"
        box-allow-ip = "127.0.0.1"
        log-level = 2
        dlr-storage = spool
        dlr-spool = "{folder}/receipts"
        store-type = spool
        store-location = "{folder}/spool"

        group = smsc
        smsc = fake
        smsc-id = FAKE1
        port = {smsc}
        connect-allow-ip = 127.0.0.1

        group = smsbox
        bearerbox-host = 127.0.0.1
        sendsms-port = {send}
        sendsms-interface = 127.0.0.1
        log-level = 2
        http-request-retry = 3
        http-queue-delay = 2

        group = sendsms-user
        username = bench
        password = bench
        concatenation = true
        max-messages = 10
        user-allow-ip = "127.0.0.1"

        group = sms-service
        keyword = default
        text = "no"
        catch-all = true

        """;
}
