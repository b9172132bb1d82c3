using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Sahulat.Host.Bench;

/// <summary>A provider on the loopback, a process of its own: takes a message, answers after 50 ms, then calls the receipt's address. Also counts the receipts that Kannel makes.</summary>
internal static class LoopProvider
{
    private static readonly TimeSpan Answers = TimeSpan.FromMilliseconds(50);

    private static long taken, receipts;

    public static async Task<int> Run(int port, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        var calls = Channel.CreateUnbounded<string>();
        var seen = new ConcurrentDictionary<string, long>();
        app.Run(http => Answer(http, calls.Writer, seen, ct));
        await app.StartAsync(ct);
        var workers = Enumerable.Range(0, 64).Select(_ => Task.Run(() => Call(calls.Reader, ct), ct)).ToArray();
        Console.WriteLine("ready");
        // Ends with the process that started it.
        await Console.In.ReadLineAsync(ct);
        calls.Writer.Complete();
        await app.StopAsync(ct);
        await Task.WhenAll(workers);
        return 0;
    }

    private static async Task Answer(HttpContext http, ChannelWriter<string> calls, ConcurrentDictionary<string, long> seen, CancellationToken ct)
    {
        switch (http.Request.Path.Value)
        {
            case "/send":
                var now = Stopwatch.GetTimestamp();
                var address = http.Request.Query["dlr-url"].ToString();
                // What the latency is measured with goes to numbers that begin with 8.
                if (http.Request.Query["to"].ToString().StartsWith("+918", StringComparison.Ordinal)) seen[IdIn(address)] = now;
                await Task.Delay(Answers, ct);
                Interlocked.Increment(ref taken);
                await calls.WriteAsync(address.Replace("%d", "1", StringComparison.Ordinal).Replace("%A", "", StringComparison.Ordinal), ct);
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                await http.Response.WriteAsync("0: Accepted for delivery", ct);
                break;
            case "/receipt":
                if (http.Request.Query["type"] == "1") Interlocked.Increment(ref receipts);
                break;
            case "/seen":
                await http.Response.WriteAsync(seen.TryGetValue(http.Request.Query["id"].ToString(), out var at) ? at.ToString(CultureInfo.InvariantCulture) : "", ct);
                break;
            default:
                await http.Response.WriteAsync($"{Interlocked.Read(ref taken)} {Interlocked.Read(ref receipts)}", ct);
                break;
        }
    }

    private static string IdIn(string address)
    {
        var at = address.IndexOf("id=", StringComparison.Ordinal) + 3;
        return address.Substring(at, 32);
    }

    private static async Task Call(ChannelReader<string> calls, CancellationToken ct)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await foreach (var address in calls.ReadAllAsync(ct))
        {
            for (var tries = 0; tries < 5; tries++)
            {
                try
                {
                    using var answer = await client.GetAsync(address, ct);
                    if (answer.IsSuccessStatusCode) break;
                }
                catch (Exception e) when (e is HttpRequestException or SocketException)
                {
                    await Task.Delay(200, ct);
                }
            }
        }
    }
}

/// <summary>The loopback provider as the measuring process sees it.</summary>
internal sealed class LoopProviderProcess(Process process, int port) : IAsyncDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };

    public int Port => port;

    public static async Task<LoopProviderProcess> Start(int port, CancellationToken ct)
    {
        var program = Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(LoopProvider).Assembly.Location] : [];
        var process = Process.Start(new ProcessStartInfo(program, [.. first, "bench", "provider", "--port", $"{port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        if (await process.StandardOutput.ReadLineAsync(ct) != "ready") throw new InvalidOperationException("the loopback provider did not start");
        return new(process, port);
    }

    public async Task<(long Taken, long Receipts)> Counts(CancellationToken ct)
    {
        var parts = (await http.GetStringAsync("count", ct)).Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>When the message reached the provider, by the machine's clock that all processes share.</summary>
    public async Task<long?> Seen(Guid id, CancellationToken ct) => await http.GetStringAsync($"seen?id={id:N}", ct) is { Length: > 0 } at ? long.Parse(at, CultureInfo.InvariantCulture) : null;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.StandardInput.WriteLineAsync();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
