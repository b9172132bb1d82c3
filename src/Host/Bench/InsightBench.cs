using System.Diagnostics;
using System.Text.Json;
using Sahulat.Contracts.Catalogue;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Spectre.Console;

namespace Sahulat.Host.Bench;

/// <summary>Pages and API of the published figures over HTTP, after one month, one year and many years of them: the same windows must cost the same.</summary>
internal static class InsightBench
{
    public sealed record Options(int Years, int Requests, string? Pack);

    /// <summary>Of five entries a request, 100 million entries are twenty million requests.</summary>
    private const long RequestsInAll = 20_000_000;

    private static readonly string[] Paths =
    [
        "/en/performance", "/en/performance/offices", "/en/performance/offices?sort=days", "/en/performance/services/income-certificate", "/ur/performance/districts/district-13",
        "/api/v1/performance/offices", "/api/v1/performance/services/income-certificate", "/api/v1/performance/services?format=csv", "/api/v1/performance/services?format=parquet",
    ];

    private sealed record Timing(string Path, double P50, double P99);

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        await using var app = await home.Site("insight", BenchHome.Pack(options.Pack), ["http://127.0.0.1:0"], ct);
        var database = app.Services.GetRequiredService<Database>();
        var last = new DateOnly(Ist.Today(TimeProvider.System).Year, Ist.Today(TimeProvider.System).Month, 1).AddMonths(-1);
        var months = options.Years * 12;
        var services = app.Services.GetRequiredService<IServiceDirectory>().All(Ist.Today(TimeProvider.System));
        await app.StartAsync(ct);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var measured = new Dictionary<int, IReadOnlyList<Timing>>();
        var filled = 0;
        foreach (var history in new[] { 1, 12, months })
        {
            await Fill(home.Cluster.Owner("insight"), services, last, filled, history, months, ct);
            filled = history;
            if (history == 1) await Ask(client, 60, ct);
            measured[history] = await Terminal.Progress($"{options.Requests} requests to each address, {history} months published", _ => Ask(client, options.Requests, ct));
        }

        var (rows, bytes) = await database.One<(long, long)>("select count(*), pg_total_relation_size('insight.figure') from insight.figure", ct: ct);
        await app.StopAsync(ct);
        var table = new Table().AddColumns(["", .. measured.Keys.SelectMany(h => new[] { $"{h} months p50 ms", "p99 ms" })]);
        foreach (var path in Paths) table.AddRow([path, .. measured.Values.SelectMany(m => m.Where(t => t.Path == path).SelectMany(t => new[] { $"{t.P50:N1}", $"{t.P99:N1}" }))]);
        AnsiConsole.Write(table);
        Console.WriteLine($"  {rows:N0} published rows, {bytes / 1_000_000:N0} MB");
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "insight",
            rows,
            megabytes = bytes / 1_000_000,
            requests_each = options.Requests,
            history = measured.Select(m => new { months = m.Key, p50_ms = Math.Round(m.Value.Max(t => t.P50), 1), p99_ms = Math.Round(m.Value.Max(t => t.P99), 1), by = m.Value.Select(t => new { t.Path, p50 = Math.Round(t.P50, 1), p99 = Math.Round(t.P99, 1) }) }),
        }));
        return 0;
    }

    /// <summary>Published rows as so many requests would have left them: every service, office, district and department has some in every month.</summary>
    private static async Task Fill(string owner, IReadOnlyList<ServiceVersion> services, DateOnly last, int from, int to, int months, CancellationToken ct)
    {
        // As the owner, who may vacuum: in a database that has run for a while the visibility map is kept.
        await using var connection = new Npgsql.NpgsqlConnection(owner);
        await Dapper.SqlMapper.ExecuteAsync(connection, new Dapper.CommandDefinition("""
            with subject as (
              select 'services' as kind, unnest(@services) as code union all select 'offices', code from organisation.office union all select 'districts', code from organisation.place where kind = 'district'
              union all select 'departments', unnest(@departments) union all select 'all', 'all'),
            share as (select kind, code, greatest(8, @each / count(*) over (partition by kind)) as n from subject),
            days as (select array_agg(20 + (d * 37) % 90 order by d) as days from generate_series(1, 45) d)
            insert into insight.figure (kind, month, subject, received, received_most, in_time, in_time_most, late, late_most, appealed, appealed_most, days)
            select kind, (@last::date - make_interval(months => m))::date, code, n, n, n * 8 / 10, n * 8 / 10, case when (m + length(code)) % 7 = 0 then 1 else n / 9 end, case when (m + length(code)) % 7 = 0 then 4 else n / 9 end, n / 20, n / 20, days
            from share, days, generate_series(@from::int, @to::int - 1) m;
            insert into insight.month (month, published_at, subjects, digest) select (@last::date - make_interval(months => m))::date, now(), 0, repeat('0', 64) from generate_series(@from::int, @to::int - 1) m;
            analyze insight.figure
            """, new { last, from, to, each = RequestsInAll / months, services = services.Select(s => s.Code).ToArray(), departments = services.Select(s => s.Department).Distinct().ToArray() }, commandTimeout: 600, cancellationToken: ct));
        await Dapper.SqlMapper.ExecuteAsync(connection, new Dapper.CommandDefinition("vacuum insight.figure", commandTimeout: 600, cancellationToken: ct));
    }

    private static async Task<IReadOnlyList<Timing>> Ask(HttpClient client, int requests, CancellationToken ct)
    {
        var timings = new List<Timing>();
        foreach (var path in Paths)
        {
            var times = new double[requests];
            for (var i = 0; i < requests; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(path, ct);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync(ct);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            Array.Sort(times);
            timings.Add(new Timing(path, times[requests / 2], times[(int)Math.Ceiling(requests * 0.99) - 1]));
        }

        return timings;
    }
}
