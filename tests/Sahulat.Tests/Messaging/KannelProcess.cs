using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Kannel's bearerbox and smsbox, bound to an SMSC by SMPP, all on the loopback.</summary>
internal sealed class KannelProcess : IAsyncDisposable
{
    private readonly List<Process> processes = [];
    private readonly string folder;

    private KannelProcess(string folder, int sendsms) => (this.folder, Url) = (folder, $"http://127.0.0.1:{sendsms}/cgi-bin/sendsms");

    public string Url { get; }

    /// <param name="incoming">Where what people write is posted to.</param>
    public static async Task<KannelProcess> Start(int smsc, string incoming)
    {
        var folder = Directory.CreateTempSubdirectory("sahulat-kannel-").FullName;
        var (admin, box, send) = (FreePort(), FreePort(), FreePort());
        var kannel = new KannelProcess(folder, send);
        var configuration = Path.Combine(folder, "kannel.conf");
        Directory.CreateDirectory(Path.Combine(folder, "spool"));
        Directory.CreateDirectory(Path.Combine(folder, "receipts"));
        await File.WriteAllTextAsync(configuration, $"""
            group = core
            admin-port = {admin}
            admin-interface = 127.0.0.1
            admin-password = adminpw
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
            smsc = smpp
            smsc-id = SMPP1
            host = 127.0.0.1
            port = {smsc}
            transceiver-mode = true
            smsc-username = jk
            smsc-password = pw
            system-type = ""
            source-addr-autodetect = true
            msg-id-type = 0x00
            reconnect-delay = 1

            group = smpp-tlv
            name = PE_ID
            tag = 0x1400
            type = octetstring
            length = 30

            group = smpp-tlv
            name = TEMPLATE_ID
            tag = 0x1401
            type = octetstring
            length = 30

            group = smsbox
            bearerbox-host = 127.0.0.1
            sendsms-port = {send}
            sendsms-interface = 127.0.0.1
            log-level = 2
            mo-recode = true
            http-request-retry = 3
            http-queue-delay = 2

            group = sendsms-user
            username = jk
            password = labpw
            concatenation = true
            max-messages = 10
            user-allow-ip = "127.0.0.1"

            group = sms-service
            keyword = default
            post-url = "{incoming}"
            catch-all = true
            omit-empty = true
            assume-plain-text = true

            """);
        kannel.Run("/usr/sbin/bearerbox", configuration);
        await Eventually.True(() => Answers(box), "bearerbox listens");
        kannel.Run("/usr/sbin/smsbox", configuration);
        await Eventually.True(() => Answers(send), "smsbox listens");
        return kannel;
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void Run(string program, string configuration)
    {
        var process = Process.Start(new ProcessStartInfo(program, ["-v", "4", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        processes.Add(process);
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes.AsEnumerable().Reverse())
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }
}
