using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Data;
using Spectre.Console;

namespace Sahulat.Host.Bench;

/// <summary>The desk of the paperless office over HTTP, among many sealed files: one official alone, then many at once. Beside each page stands what PostgreSQL itself spends on its statements: the limit that no page can beat.</summary>
internal static class OfficeBench
{
    public sealed record Options(int Files, int Pages, int Officials, int Seconds, int Requests, string? Pack);

    private sealed record Timing(string Step, double P50, double P95, double P99, double Database, double? Limit);

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct, "shared_preload_libraries=pg_stat_statements", "maintenance_work_mem=2GB");
        await using var app = await home.Site("office", BenchHome.Pack(options.Pack), ["http://127.0.0.1:0"], ct, new Dictionary<string, string?> { ["Sahulat:PageReading"] = "off" });
        var (database, owner) = (app.Services.GetRequiredService<Database>(), home.Cluster.Owner("office"));
        await BenchHome.HoldPosts(database, ct);
        await app.StartAsync(ct);
        var posts = await database.Query<string>("select code from organisation.post where place like 'tehsil-%' and code <> @Heavy order by md5(code) limit @most", new { OfficeFill.Heavy, most = Math.Max(2, options.Officials) }, ct);
        var watch = Stopwatch.StartNew();
        var big = await Terminal.Progress($"Filling in {options.Files:N0} files", p => new OfficeFill(app.Services, owner).Run(options, posts, p, ct));
        var filled = watch.Elapsed;
        var (pages, bytes) = await database.One<(long, long)>("select count(*), pg_total_relation_size('office.page') from office.page", ct: ct);

        var site = new Uri(app.Urls.First());
        var holders = (await database.Query<(string Post, Guid Official)>("select post, official from organisation.holding where post = any(@of)", new { of = posts.Append(OfficeFill.Heavy).ToArray() }, ct)).ToDictionary(h => h.Post, h => h.Official);
        using var clerk = new OfficeDesk(app.Services, site, holders[OfficeFill.Heavy]);
        await using var stats = NpgsqlDataSource.Create(owner);
        await Scalar<object>(stats, "create extension pg_stat_statements", ct);
        var timings = new List<Timing>();
        async Task Measure(string step, double? limit, int requests, Func<int, Task<TimeSpan?>> ask)
        {
            for (var i = 0; i < Math.Min(20, requests); i++) await ask(i);
            await Scalar<object>(stats, "select pg_stat_statements_reset()", ct);
            var times = new double[requests];
            for (var i = 0; i < requests; i++)
            {
                var start = Stopwatch.GetTimestamp();
                times[i] = (await ask(i) ?? Stopwatch.GetElapsedTime(start)).TotalMilliseconds;
            }

            var spent = await Scalar<double>(stats, "select coalesce(sum(total_exec_time + total_plan_time), 0) from pg_stat_statements where query ~ 'office\\.|vault\\.'", ct);
            timings.Add(Of(step, times, spent / requests, limit));
        }

        await Measure($"inbox of a post with {options.Files / 2:N0} files", 50, options.Requests, async _ => Done(await clerk.Inbox(ct)));
        var first = OfficeDesk.First(await clerk.Inbox(ct)) ?? throw new SetupException("the inbox is empty");
        await Measure("a file of two notings", null, options.Requests, async _ => Done(await clerk.File(first, ct)));
        await Measure("a file of 2,000 notings and 5,000 pages", 200, Math.Max(20, options.Requests / 4), async _ => Done(await clerk.File(big, ct)));
        await Measure($"search in {pages:N0} pages and notings", 150, options.Requests, async i => Done(await clerk.Search(OfficeFill.Queries[i % OfficeFill.Queries.Length], ct)));
        await Measure("sign, send and next", null, options.Requests, async _ =>
        {
            var file = OfficeDesk.First(await clerk.Inbox(ct))!.Value;
            return await clerk.SignAndNext(await clerk.File(file, ct), file, posts[0], ct);
        });

        var (rounds, errors, at) = await Terminal.Progress($"{posts.Count} officials at work", _ => Crowd(app.Services, site, posts, holders, TimeSpan.FromSeconds(options.Seconds), ct));
        await app.StopAsync(ct);
        var crowd = rounds.Length == 0 ? new Timing("", 0, 0, 0, 0, null) : Of($"sign, send and next, {posts.Count} officials at once", rounds, 0, null);
        var table = new Table().AddColumns("", "p50 ms", "p95 ms", "p99 ms", "PostgreSQL alone ms", "limit, p95 ms");
        foreach (var t in timings.Append(crowd)) table.AddRow(t.Step, $"{t.P50:N1}", $"{t.P95:N1}", $"{t.P99:N1}", t.Database > 0 ? $"{t.Database:N2}" : "", t.Limit is { } limit ? $"{limit:N0}" : "");
        AnsiConsole.Write(table);
        Console.WriteLine($"  {pages:N0} pages and notings, {bytes / 1_000_000:N0} MB with their index, filled in {filled.TotalSeconds:N0} s; {rounds.Length / at:N0} rounds a second of inbox, file, sign, send and next, {errors.Count} errors");
        if (errors.TryPeek(out var error)) Console.WriteLine($"  first error: {error}");
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "office",
            files = options.Files,
            pages,
            fill_s = Math.Round(filled.TotalSeconds),
            steps = timings.Select(t => new { step = t.Step, p50_ms = Math.Round(t.P50, 1), p95_ms = Math.Round(t.P95, 1), p99_ms = Math.Round(t.P99, 1), database_ms = Math.Round(t.Database, 2), limit_ms = t.Limit }),
            officials = posts.Count,
            rounds_per_s = Math.Round(rounds.Length / at, 1),
            p50_ms = Math.Round(crowd.P50, 1),
            p99_ms = Math.Round(crowd.P99, 1),
            errors = errors.Count,
        }));
        return errors.IsEmpty ? 0 : 1;
    }

    /// <summary>Everybody does the same round without a pause: inbox, first file, a noting signed and sent to the neighbour, the next.</summary>
    private static async Task<(double[] Rounds, ConcurrentQueue<string> Errors, double Seconds)> Crowd(IServiceProvider services, Uri site, IReadOnlyList<string> posts, Dictionary<string, Guid> holders, TimeSpan length, CancellationToken ct)
    {
        var (rounds, errors) = (new ConcurrentQueue<double>(), new ConcurrentQueue<string>());
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(posts.Select(async (post, i) =>
        {
            using var desk = new OfficeDesk(services, site, holders[post]);
            while (watch.Elapsed < length)
            {
                try
                {
                    if (OfficeDesk.First(await desk.Inbox(ct)) is not { } file) return;
                    rounds.Enqueue((await desk.SignAndNext(await desk.File(file, ct), file, posts[(i + 1) % posts.Count], ct)).TotalMilliseconds);
                }
                catch (HttpRequestException e)
                {
                    errors.Enqueue(e.Message);
                }
            }
        }));
        return ([.. rounds], errors, watch.Elapsed.TotalSeconds);
    }

    private static TimeSpan? Done(string page) => page.Length > 0 ? null : throw new InvalidOperationException("an empty page");

    private static Timing Of(string step, double[] times, double database, double? limit)
    {
        Array.Sort(times);
        double At(double share) => times[Math.Max(0, (int)Math.Ceiling(times.Length * share) - 1)];
        return new Timing(step, At(0.5), At(0.95), At(0.99), database, limit);
    }

    private static async Task<T?> Scalar<T>(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(ct) is T value ? value : default;
    }
}
