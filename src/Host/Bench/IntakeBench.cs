using System.Text.Json;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Data;
using Spectre.Console;

namespace Sahulat.Host.Bench;

/// <summary>Requests filed over HTTP, with validation, sealing, due date, journal and acknowledgement, beside what PostgreSQL does when the same rows come one transaction each.</summary>
internal static class IntakeBench
{
    public sealed record Options(int Seconds, int Connections, string? Pack);

    /// <summary>Seconds under load until the compiler has settled.</summary>
    private const int WarmUp = 30;

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        var pack = BenchHome.Pack(options.Pack);
        LoadReport report;
        await using (var app = await home.Site("intake", pack, ["http://127.0.0.1:0"], ct))
        {
            var order = await IntakeRequest.Order(app.Services, options.Connections, WarmUp, options.Seconds, ct);
            await app.StartAsync(ct);
            var warm = Warm(ct);
            var run = LoadProcess.Run(order with { Port = new Uri(app.Urls.First()).Port }, ct);
            report = await Terminal.Progress($"POST /api/v1/cases from {options.Connections} connections", progress => Watched(run, WarmUp + options.Seconds, progress, ct));
            Console.WriteLine($"  processor time of the node: {(Environment.CpuUsage.TotalTime - await warm).TotalMicroseconds / report.Answered:N0} µs a request");
            await Prove(app.Services.GetRequiredService<Database>(), report, ct);
            await app.StopAsync(ct);
        }

        await using (await home.Site("pgbench", pack, [], ct))
        {
        }

        var alone = await Terminal.Progress("pgbench, the same rows, one transaction each, 32 clients", progress => Watched(PgBench.Run(home.Cluster, "pgbench", options.Seconds, PgBench.Trips.Many, ct), options.Seconds, progress, ct));
        var pipelined = await Terminal.Progress("pgbench, the same in one round trip", progress => Watched(PgBench.Run(home.Cluster, "pgbench", options.Seconds, PgBench.Trips.One, ct), options.Seconds, progress, ct));

        var rate = report.Answered / report.Seconds;
        AnsiConsole.Write(new Table().AddColumns("", "a second")
            .AddRow("POST /api/v1/cases, acknowledged", $"{rate:N0}")
            .AddRow("pgbench, 32 clients, one transaction each", $"{alone:N0}")
            .AddRow("pgbench, the same pipelined", $"{pipelined:N0}")
            .AddRow("ratio", $"{rate / alone:N2}"));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "intake",
            requests_per_s = Math.Round(rate),
            pgbench_per_s = Math.Round(alone),
            ratio = Math.Round(rate / alone, 2),
            p50_ms = Math.Round(report.P50Ms, 1),
            p99_ms = Math.Round(report.P99Ms, 1),
            errors = report.Errors,
            pgbench_pipelined_per_s = Math.Round(pipelined),
            connections = options.Connections,
            seconds = options.Seconds,
        }));
        return report.Errors == 0 ? 0 : 1;
    }

    /// <summary>The processor time used until the measurement begins.</summary>
    private static async Task<TimeSpan> Warm(CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromSeconds(WarmUp), ct);
        return Environment.CpuUsage.TotalTime;
    }

    private static async Task<T> Watched<T>(Task<T> run, int seconds, IProgress<double> progress, CancellationToken ct)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var i = 1; !run.IsCompleted && await second.WaitForNextTickAsync(ct); i++) progress.Report(Math.Min(1, (double)i / seconds));
        return await run;
    }

    /// <summary>Every acknowledged request is a case, sealed and journalled; none is there twice.</summary>
    private static async Task Prove(Database database, LoadReport report, CancellationToken ct)
    {
        if (report.FirstError is { } error) Console.WriteLine($"  first error: {error}");
        var (cases, entries, contents) = await database.One<(long, long, long)>("""
            select (select count(*) from cases."case"), (select count(*) from journal.entry where kind = 'case.filed'), (select count(*) from cases.content)
            """, ct: ct);
        Console.WriteLine($"  acknowledged {report.AllAccepted:N0}; in the database {cases:N0} cases, {entries:N0} journal entries, {contents:N0} sealed forms");
        if (cases < report.AllAccepted || entries != cases || contents != cases) throw new InvalidOperationException("the tables do not agree with the acknowledgements");
    }
}
