using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Sahulat.Cases.Certify;

/// <summary>Turns HTML into PDF in a headless Chromium that is kept warm. It speaks the DevTools protocol through two pipes, so no port is open, and Chromium ends when this process does.
/// What it is given may run no script and reach no network.</summary>
internal sealed class SheetPrinter(IConfiguration configuration) : IAsyncDisposable
{
    /// <summary>Longer than a machine under full load needs; a hung Chromium is ended and started anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Prints before Chromium is started anew, so that what it does not give back stays small.</summary>
    private const int Prints = 1000;

    private static readonly string[] Flags =
    [
        "--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-breakpad", "--no-first-run", "--no-default-browser-check", "--disk-cache-size=1", "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
    ];

    private readonly SemaphoreSlim one = new(1);
    private DevTools? browser;
    private int printed;

    public async Task<byte[]> Print(string html, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            await using var ended = patience.Token.Register(() => browser?.Kill());
            try
            {
                browser ??= await DevTools.Start(configuration["Sahulat:Chromium"] ?? "/usr/bin/chromium", Flags, patience.Token);
                var pdf = await browser.Print(html);
                if (++printed % Prints == 0) await Stop();
                return pdf;
            }
            catch
            {
                await Stop();
                throw;
            }
        }
        finally
        {
            one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        one.Dispose();
    }

    private async Task Stop()
    {
        if (browser is { } old)
        {
            browser = null;
            await old.DisposeAsync();
        }
    }

    /// <summary>One Chromium with one page.</summary>
    private sealed class DevTools : IAsyncDisposable
    {
        private readonly Process process;
        private readonly DirectoryInfo folder;
        private readonly MemoryStream read = new();
        private readonly byte[] buffer = new byte[64 * 1024];
        private string? session, frame;
        private int calls;

        private DevTools(Process process, DirectoryInfo folder) => (this.process, this.folder) = (process, folder);

        public static async Task<DevTools> Start(string chromium, string[] flags, CancellationToken ct)
        {
            ct.ThrowIfCancellationRequested();
            var folder = Directory.CreateTempSubdirectory("sahulat-print-");
            // Chromium takes orders on descriptor 3 and answers on 4; the shell joins them to the two pipes that .NET makes, and becomes Chromium.
            var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = folder.FullName };
            foreach (var argument in (string[])["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 >/dev/null 2>&1", chromium, .. flags, $"--user-data-dir={folder.FullName}"]) start.ArgumentList.Add(argument);
            // Chromium's own sandbox refuses to work for root.
            if (Environment.IsPrivilegedProcess) start.ArgumentList.Add("--no-sandbox");
            start.ArgumentList.Add("about:blank");
            start.Environment["HOME"] = folder.FullName;
            var tools = new DevTools(Process.Start(start)!, folder);
            try
            {
                await using var ended = ct.Register(tools.Kill);
                await tools.Open();
                return tools;
            }
            catch
            {
                await tools.DisposeAsync();
                throw;
            }
        }

        public async Task<byte[]> Print(string html)
        {
            await Call("Page.setDocumentContent", new() { ["frameId"] = frame, ["html"] = html });
            await Call("Runtime.evaluate", new() { ["expression"] = "document.fonts.ready.then(() => 1)", ["awaitPromise"] = true });
            var answer = await Call("Page.printToPDF", new() { ["printBackground"] = true, ["preferCSSPageSize"] = true, ["generateTaggedPDF"] = true });
            var pdf = Convert.FromBase64String((string)answer["data"]!);
            await Call("Page.setDocumentContent", new() { ["frameId"] = frame, ["html"] = "" });
            return pdf;
        }

        public void Kill()
        {
            try
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            await read.DisposeAsync();
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException)
            {
            }
        }

        private async Task Open()
        {
            var target = (string)(await Call("Target.createTarget", new() { ["url"] = "about:blank" }))["targetId"]!;
            session = (string)(await Call("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
            await Call("Emulation.setScriptExecutionDisabled", new() { ["value"] = true });
            await Call("Network.enable", []);
            await Call("Network.emulateNetworkConditions", new() { ["offline"] = true, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = -1 });
            frame = (string)(await Call("Page.getFrameTree", []))["frameTree"]!["frame"]!["id"]!;
        }

        private async Task<JsonNode> Call(string method, JsonObject parameters)
        {
            var id = ++calls;
            var order = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
            if (session is not null) order["sessionId"] = session;
            var to = process.StandardInput.BaseStream;
            await to.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(order), 0]);
            await to.FlushAsync();
            while (true)
            {
                var message = await Next();
                if ((int?)message["id"] != id) continue;
                return message["result"] ?? throw new InvalidOperationException($"Chromium refused {method}: {message["error"]?["message"]}");
            }
        }

        /// <summary>Messages end with a NUL.</summary>
        private async Task<JsonNode> Next()
        {
            var searched = 0;
            while (true)
            {
                var end = read.GetBuffer().AsSpan(searched, (int)read.Length - searched).IndexOf((byte)0);
                if (end >= 0)
                {
                    end += searched;
                    var message = JsonNode.Parse(read.GetBuffer().AsSpan(0, end))!;
                    var rest = read.GetBuffer().AsSpan(end + 1, (int)read.Length - end - 1).ToArray();
                    read.SetLength(0);
                    read.Write(rest);
                    return message;
                }

                searched = (int)read.Length;
                var n = await process.StandardOutput.BaseStream.ReadAsync(buffer);
                if (n == 0) throw new EndOfStreamException("Chromium ended");
                read.Write(buffer, 0, n);
            }
        }
    }
}
