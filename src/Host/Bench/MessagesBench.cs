using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Data;
using Spectre.Console;

namespace Sahulat.Host.Bench;

/// <summary>Messages over the API to a provider that answers after 50 ms, and their receipts back, beside Kannel alone; how much a long bulk queue slows an interactive message, and how soon a warning to many overtakes it.</summary>
internal static class MessagesBench
{
    public sealed record Options(int Seconds, int Connections, int Queued, string? Pack);

    /// <summary>So many people are warned while the bulk is queued.</summary>
    private const int Warned = 2_000;

    /// <param name="FirstMs">From before the request to the moment the provider has the first; <paramref name="LastMs"/>, the last.</param>
    private sealed record Broadcast(double FirstMs, double LastMs, long Queued);

    private sealed record EndToEnd(double Accepted, double Delivered, double LagSeconds, long Messages, long Errors, double P99Ms, double MicrosecondsEach);

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        await using var provider = await LoopProviderProcess.Start(KannelAlone.FreePort(), ct);
        var port = KannelAlone.FreePort();
        LoadReport accept;
        EndToEnd whole;
        double[] quiet, behind;
        Broadcast warning;
        await using (var app = await home.Site("messages", BenchHome.Pack(options.Pack), [$"http://127.0.0.1:{port}"], ct, Settings(port, provider.Port)))
        {
            var key = await MessagesFill.Department(app.Services, ct);
            await app.StartAsync(ct);
            var database = app.Services.GetRequiredService<Database>();
            accept = await Terminal.Progress("Accepting for later", _ => LoadProcess.Run(Order(port, key, options, later: true), ct));
            await using (var owner = Database.Connect(home.Cluster.Owner("messages"))) await owner.Execute("truncate messaging.queue, messaging.message", ct: ct);
            whole = await Terminal.Progress("Accepting, handing over, receipts", _ => Whole(database, provider, Order(port, key, options, later: false), ct));
            quiet = await Terminal.Progress("Single messages, nothing queued", _ => Single(port, key, provider, ct));
            await Terminal.Progress($"Queueing {options.Queued:N0} bulk messages", async _ => { await MessagesFill.Queue(app.Services, options.Queued, ct); return true; });
            behind = await Terminal.Progress("Single messages, behind the bulk", _ => Single(port, key, provider, ct));
            warning = await Terminal.Progress($"A warning to {Warned:N0}, behind the bulk", _ => Warn(database, port, key, provider, ct));
            var left = await database.One<long>("select count(*) from messaging.queue", ct: ct);
            Console.WriteLine($"  {left:N0} of the bulk were still queued at the end of the measurement");
            await app.StopAsync(ct);
        }

        var kannel = await Terminal.Progress("Kannel alone", _ => KannelAlone.Run(provider, options.Seconds, ct));
        var acceptRate = accept.Answered / accept.Seconds;
        AnsiConsole.Write(new Table().AddColumns("", "Sahulat", "Kannel alone")
            .AddRow("accepted a second, nothing sent meanwhile", $"{acceptRate:N0}", "")
            .AddRow("accepted a second while sending", $"{whole.Accepted:N0}", kannel is null ? "not installed" : $"{kannel.Accepted:N0}")
            .AddRow("end to end with receipts, a second", $"{whole.Delivered:N0}", kannel is null ? "not installed" : $"{kannel.EndToEnd:N0}")
            .AddRow("lag after the last was accepted, s", $"{whole.LagSeconds:N1}", "")
            .AddRow("a single message to its provider, ms, median and 95 %", $"{Median(quiet):N0}, {At(quiet, 0.95):N0}", "")
            .AddRow($"the same behind {options.Queued:N0} bulk", $"{Median(behind):N0}, {At(behind, 0.95):N0}", "")
            .AddRow($"a warning to {Warned:N0} behind {warning.Queued:N0} bulk: first and last to the provider, ms", $"{warning.FirstMs:N0}, {warning.LastMs:N0}", ""));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "messages",
            accept_per_s = Math.Round(acceptRate),
            accept_p99_ms = Math.Round(accept.P99Ms, 1),
            end_to_end_per_s = Math.Round(whole.Delivered),
            lag_s = Math.Round(whole.LagSeconds, 1),
            messages = whole.Messages,
            cpu_us_per_message = Math.Round(whole.MicrosecondsEach),
            kannel_accept_per_s = kannel is null ? (double?)null : Math.Round(kannel.Accepted),
            kannel_end_to_end_per_s = kannel is null ? (double?)null : Math.Round(kannel.EndToEnd),
            ratio = kannel is null ? (double?)null : Math.Round(whole.Delivered / kannel.EndToEnd, 2),
            single_ms = new { median = Math.Round(Median(quiet), 1), p95 = Math.Round(At(quiet, 0.95), 1) },
            single_behind_bulk_ms = new { median = Math.Round(Median(behind), 1), p95 = Math.Round(At(behind, 0.95), 1) },
            queued = options.Queued,
            warning = new { people = Warned, first_ms = Math.Round(warning.FirstMs), last_ms = Math.Round(warning.LastMs), queued = warning.Queued },
            errors = accept.Errors + whole.Errors,
            connections = options.Connections,
            seconds = options.Seconds,
        }));
        return accept.Errors + whole.Errors == 0 ? 0 : 1;
    }

    private static Dictionary<string, string?> Settings(int port, int provider) => new Dictionary<string, string?>
    {
        ["Kind"] = "kannel", ["Channel"] = "sms", ["Window"] = "400", ["Url"] = $"http://127.0.0.1:{provider}/send", ["User"] = "bench", ["Password"] = "bench", ["Secret"] = "bench", ["Callback"] = $"http://127.0.0.1:{port}",
    }.ToDictionary(b => $"Sahulat:Messaging:Providers:loop:{b.Key}", b => b.Value);

    private static LoadOrder Order(int port, string key, Options options, bool later)
    {
        var body = $$$$"""{"template":"try-out","recipient":{"mobile":"{{{{LoadGenerator.Mobile}}}}"},"personalisation":{"name":"Rukhsana"}{{{{(later ? ",\"sendAfter\":\"" + TimeProvider.System.GetUtcNow().AddHours(2).ToString("O") + "\"" : "")}}}}}""";
        var head = $"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nIdempotency-Key: {LoadGenerator.Key}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n";
        return new LoadOrder(port, options.Connections, 5, options.Seconds, 1_000_000, head, body);
    }

    private static async Task<EndToEnd> Whole(Database database, LoopProviderProcess provider, LoadOrder order, CancellationToken ct)
    {
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var report = await LoadProcess.Run(order, ct);
        var accepted = watch.Elapsed;
        long delivered;
        while ((delivered = await database.One<long>("select count(*) from messaging.message where status = 'delivered'", ct: ct)) < report.AllAccepted && watch.Elapsed < accepted + TimeSpan.FromMinutes(3)) await Task.Delay(200, ct);
        var end = watch.Elapsed;
        var (taken, _) = await provider.Counts(ct);
        Console.WriteLine($"  acknowledged {report.AllAccepted:N0}, given to the provider {taken:N0}, delivered {delivered:N0}");
        if (report.FirstError is { } error) Console.WriteLine($"  first error: {error}");
        if (delivered < report.AllAccepted || taken < report.AllAccepted) throw new InvalidOperationException("not every acknowledged message was delivered");
        return new(report.Answered / report.Seconds, delivered / end.TotalSeconds, (end - accepted).TotalSeconds, delivered, report.Errors + (taken - delivered), report.P99Ms, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / delivered);
    }

    /// <summary>From before the request to the moment the provider has it, one after another.</summary>
    private static async Task<double[]> Single(int port, string key, LoopProviderProcess provider, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        var times = new List<double>();
        for (var i = 0; i < 120; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/messages") { Content = JsonContent.Create(new { template = "try-out", recipient = new { mobile = $"80000{i:D5}" }, personalisation = new { name = "Asha" } }) };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            var start = Stopwatch.GetTimestamp();
            using var answer = await http.SendAsync(request, ct);
            var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetGuid();
            long? seen;
            while ((seen = await provider.Seen(id, ct)) is null) await Task.Delay(2, ct);
            // The first few compile.
            if (i >= 20) times.Add(Stopwatch.GetElapsedTime(start, seen.Value).TotalMilliseconds);
        }

        return [.. times.Order()];
    }

    /// <summary>One request to warn many: from before it to the moments the provider has the first and the last.</summary>
    private static async Task<Broadcast> Warn(Database database, int port, string key, LoopProviderProcess provider, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        var queued = await database.One<long>("select count(*) from messaging.queue where lane = 2", ct: ct);
        var personalisation = new { danger = "Flood", place = "Pampore", advice = "Go to the school on the hill at once." };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/message-batches") { Content = JsonContent.Create(new { template = "danger-warning", rows = Enumerable.Range(0, Warned).Select(i => new { recipient = new { mobile = $"85000{i:D5}" }, personalisation }) }) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var start = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
        var batch = (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetGuid();
        IReadOnlyList<Guid> ids;
        while ((ids = await database.Query<Guid>("select id from messaging.message where batch = @batch and rank > 0", new { batch }, ct)).Count < Warned)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(2)) throw new InvalidOperationException($"of {Warned} warnings only {ids.Count} went out");
            await Task.Delay(500, ct);
        }

        var seen = new List<double>(Warned);
        foreach (var id in ids) seen.Add(Stopwatch.GetElapsedTime(start, (await provider.Seen(id, ct))!.Value).TotalMilliseconds);
        return new(seen.Min(), seen.Max(), queued);
    }

    private static double Median(double[] ordered) => At(ordered, 0.5);

    private static double At(double[] ordered, double share) => ordered[Math.Min(ordered.Length - 1, (int)(ordered.Length * share))];
}
