using System.Diagnostics;
using System.Text.Json;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Transparency;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Host.Bench;

/// <summary>A journal of requests as they are lived, in the public log with its checkpoints: seconds for the check of all of it, from the database and from an export.</summary>
internal static class VerifyBench
{
    public sealed record Options(int Entries, string? Pack);

    private const int Batch = 5000;

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        await using var app = await home.Site("verify", BenchHome.Pack(options.Pack), [], ct);
        var database = app.Services.GetRequiredService<Database>();
        await Terminal.Progress($"Writing {options.Entries:N0} entries", progress => Fill(database, options.Entries, progress, ct));
        var watch = Stopwatch.StartNew();
        await Terminal.Progress("Into the public log", async _ =>
        {
            await app.Services.GetRequiredService<Followers>().CatchUp(ct, "transparency.tree");
            return true;
        });
        var logging = watch.Elapsed.TotalSeconds;
        var audit = app.Services.GetRequiredService<IJournalAudit>();
        watch.Restart();
        var report = await Terminal.Progress("Verifying the database", progress => audit.Run(progress, ct));
        var seconds = watch.Elapsed.TotalSeconds;

        var file = Path.Combine(home.Folder, "journal.jsonl");
        watch.Restart();
        await using (var export = File.Create(file)) await audit.Export(export, new Progress<double>(), ct);
        var exporting = watch.Elapsed.TotalSeconds;
        var key = await Key(app, ct);
        watch.Restart();
        AuditReport exported;
        await using (var export = File.OpenRead(file)) exported = await audit.Run(export, key, ct);
        var fromFile = watch.Elapsed.TotalSeconds;

        var whole = report.Fault is null && exported.Fault is null && report.Leaves == report.Entries;
        Console.WriteLine($"  {report.Entries:N0} entries in {report.Streams:N0} streams, {report.Checkpoints:N0} checkpoints: verified in {seconds:N1} s, from the export in {fromFile:N1} s{(whole ? "" : "; NOT WHOLE: " + (report.Fault ?? exported.Fault)?.What)}");
        Console.WriteLine(JsonSerializer.Serialize(new { bench = "verify", entries = report.Entries, streams = report.Streams, checkpoints = report.Checkpoints, seconds = Math.Round(seconds, 1), export_seconds = Math.Round(exporting, 1), file_seconds = Math.Round(fromFile, 1), log_entries_per_s = Math.Round(report.Entries / logging), whole }));
        return whole ? 0 : 1;
    }

    /// <summary>Five entries a request: filed, one step, forwarded, the last step, decided.</summary>
    private static async Task<bool> Fill(Database database, int entries, IProgress<double> progress, CancellationToken ct)
    {
        var at = TimeProvider.System.GetUtcNow().AddDays(-30);
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        for (var from = 0; from < entries; from += Batch)
        {
            var appends = Enumerable.Range(from, Math.Min(Batch, entries - from)).Select(n =>
            {
                var id = Guid.CreateVersion7(at.AddSeconds(n / 5));
                return (Number: n, Id: id);
            }).GroupBy(x => x.Number / 5).SelectMany(g => g.Select((_, i) => Lived(g.First().Id, i, g.Key, day, at.AddSeconds(g.Key + i)))).ToArray();
            await database.Write(work => work.Append(appends), ct);
            progress.Report((double)from / entries);
        }

        await database.Execute("analyze journal.entry", ct: ct);
        return true;
    }

    private static Append Lived(Guid id, int step, int number, DateOnly day, DateTimeOffset at)
    {
        var stream = $"case/{id:N}";
        var post = Actor.Post("tehsildar@tehsil-6805", id);
        return step switch
        {
            0 => Append.To(stream, 0, new CaseFiled(CaseKind.Application, $"JK26-{number:D9}", "income-certificate", 1, "jk-psga", 1, "tehsil-6805", id, day, day, day.AddDays(30), "verify", "tehsildar@tehsil-6805", null, null, null, null), Actor.System("bench"), at),
            1 => Append.To(stream, null, new CaseForwarded("verify", "tehsildar@tehsil-6805", "naib-tehsildar@tehsil-6805"), post, at),
            2 => Append.To(stream, null, new CaseStepDone("verify", "naib-tehsildar@tehsil-6805", "recommended", "decide", "tehsildar@tehsil-6805"), post, at),
            3 => Append.To(stream, null, new CaseQueried("decide", "tehsildar@tehsil-6805", day, false), post, at),
            _ => Append.To(stream, null, new CaseDecided("approved", "tehsildar@tehsil-6805", day.AddDays(9), [], null), post, at),
        };
    }

    private static async Task<string> Key(WebApplication app, CancellationToken ct)
    {
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync(ct);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var key = (await client.GetStringAsync("/transparency/key", ct)).Trim();
        await app.StopAsync(ct);
        return key;
    }
}
