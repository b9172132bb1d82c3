using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Data;
using Spectre.Console;

namespace Sahulat.Host.Bench;

/// <summary>Conversations through the whole pipeline: the provider's hook, the message kept, the flow's step, session and outbox in one commit. Replies are handed to the screen meanwhile.</summary>
internal static class TalkBench
{
    public sealed record Options(int Seconds, int Connections, int Contacts, string? Pack);

    /// <summary>At first it brings the menu, then the search with a list to choose from, then the search again.</summary>
    private const string Words = "certificate", Secret = "bench";
    private const int WarmUp = 5;

    /// <summary>What Kannel's post-url carries for what people wrote.</summary>
    private static readonly string Key = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), "mo"u8))[..32];

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        var port = KannelAlone.FreePort();
        await using var app = await home.Site("talk", BenchHome.Pack(options.Pack), [$"http://127.0.0.1:{port}"], ct, Settings());
        await app.StartAsync(ct);
        var database = app.Services.GetRequiredService<Database>();
        var body = Words;
        var head = $"POST /hooks/messaging/loop/mo?k={Key}&from=91{LoadGenerator.Mobile}&to=9900&id={LoadGenerator.Key} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n";
        var order = new LoadOrder(port, options.Connections, WarmUp, options.Seconds, options.Contacts, head, body);
        var (steps, seconds, lag, report) = await Terminal.Progress("Conversing", _ => Measure(database, order, ct));
        var (p50, p99) = await database.One<(double, double)>("select coalesce(percentile_cont(0.5) within group (order by ms), 0), coalesce(percentile_cont(0.99) within group (order by ms), 0) from (select extract(epoch from l.at - i.at)::float8 * 1000 as ms from messaging.line l join messaging.incoming i on i.id = l.said) t", ct: ct);
        var (heard, left, answered) = await database.One<(long, long, long)>("select (select count(*) from messaging.incoming), (select count(*) from messaging.inbox), (select count(*) from messaging.message)", ct: ct);
        AnsiConsole.Write(new Table().AddColumns("", "")
            .AddRow("steps committed a second", $"{steps / seconds:N0}")
            .AddRow("messages acknowledged a second", $"{report.Answered / report.Seconds:N0}")
            .AddRow("from acknowledged to answered, ms, median and 99 %", $"{p50:N0}, {p99:N0}")
            .AddRow("acknowledged at the hook, ms, median and 99 %", $"{report.P50Ms:N0}, {report.P99Ms:N0}")
            .AddRow("seconds until the last was answered", $"{lag:N1}")
            .AddRow("kept, answered, left over", $"{heard:N0}, {answered:N0}, {left:N0}"));
        if (report.FirstError is { } error) Console.WriteLine($"  first error: {error}");
        var errors = report.Errors + left + Math.Abs(heard - report.AllAccepted);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "talk",
            steps_per_s = Math.Round(steps / seconds),
            p50_ms = Math.Round(p50, 1),
            p99_ms = Math.Round(p99, 1),
            hook_p50_ms = Math.Round(report.P50Ms, 1),
            hook_p99_ms = Math.Round(report.P99Ms, 1),
            lag_s = Math.Round(lag, 1),
            steps,
            replies = answered,
            errors,
            contacts = options.Contacts,
            connections = options.Connections,
            seconds = options.Seconds,
        }));
        await app.StopAsync(ct);
        return errors == 0 ? 0 : 1;
    }

    /// <summary>Steps are counted from the end of the warm-up to the moment when nothing is left in the inbox.</summary>
    private static async Task<(double Steps, double Seconds, double Lag, LoadReport Report)> Measure(Database database, LoadOrder order, CancellationToken ct)
    {
        var load = LoadProcess.Run(order, ct);
        await Task.Delay(TimeSpan.FromSeconds(WarmUp), ct);
        var (watch, before) = (Stopwatch.StartNew(), await Steps(database, ct));
        var report = await load;
        var loaded = watch.Elapsed;
        while (await database.One<bool>("select exists (select from messaging.inbox)", ct: ct) && watch.Elapsed < loaded + TimeSpan.FromMinutes(3)) await Task.Delay(50, ct);
        var end = watch.Elapsed;
        return (await Steps(database, ct) - before, end.TotalSeconds, (end - loaded).TotalSeconds, report);
    }

    private static Task<long> Steps(Database database, CancellationToken ct) => database.One<long>("select count(*) from messaging.line", ct: ct);

    /// <summary>A hook of Kannel's kind for what comes in; replies by SMS are handed to the screen, as many at once as a state's gateway takes.</summary>
    private static Dictionary<string, string?> Settings() => new Dictionary<string, string?>
    {
        ["loop:Kind"] = "kannel", ["loop:Channel"] = "push", ["loop:Url"] = "http://127.0.0.1:9/", ["loop:User"] = "bench", ["loop:Password"] = "bench", ["loop:Secret"] = Secret, ["loop:Callback"] = "http://127.0.0.1:9",
        ["screen:Kind"] = "screen", ["screen:Channel"] = "sms", ["screen:Window"] = "1024",
    }.ToDictionary(b => $"Sahulat:Messaging:Providers:{b.Key}", b => b.Value);
}
