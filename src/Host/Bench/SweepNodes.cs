using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Bench;

/// <summary>Processes that sweep the same open cases at once while they are killed at random and started again; then the tables are asked whether anything is missing or double.</summary>
internal sealed class SweepNodes(string program, IReadOnlyList<string> first, string database, string folder) : IAsyncDisposable
{
    private readonly List<Process> running = [];

    /// <param name="Kills">How many processes were killed at work.</param>
    /// <param name="Missing">Lapsed, but without exactly one appeal entry, case and clock.</param>
    /// <param name="Double">Appeals beyond one a case and layer, in journal and tables.</param>
    /// <param name="Early">Appeals of cases whose date has not passed.</param>
    public sealed record Outcome(int Kills, double Seconds, long Lapsed, long Missing, long Double, long Early)
    {
        public bool Right => Missing == 0 && Double == 0 && Early == 0;
    }

    private const string Check = """
        select
          (select count(*) from guarantee.clock where layer is null and state = 'lapsed') as lapsed,
          (select count(*) from guarantee.clock c where c.layer is null and c.due_on < @today and not (c.state = 'lapsed'
            and exists (select from journal.entry e where e.stream = 'clock/' || replace(c.case_id::text, '-', '') and e.kind = 'guarantee.appeal-due')
            and exists (select from cases."case" a where a.parent = c.case_id) and exists (select from guarantee.clock a where a.parent = c.case_id))) as missing,
          (select count(*) - count(distinct stream) from journal.entry where kind = 'guarantee.appeal-due')
            + (select count(*) - count(distinct (parent, layer)) from cases."case" where parent is not null)
            + (select count(*) - count(distinct (parent, layer)) from guarantee.clock where parent is not null)
            + (select count(*) - count(distinct (body ->> 'parent')) from journal.entry where kind = 'case.filed' and body ->> 'parent' is not null) as double,
          (select count(*) from guarantee.clock c join cases."case" a on a.parent = c.case_id where c.layer is null and c.due_on >= @today) as early
        """;

    public static SweepNodes OfThisProgram(string database, string folder)
    {
        var program = Environment.ProcessPath!;
        return new SweepNodes(program, Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(SweepNodes).Assembly.Location] : [], database, folder);
    }

    /// <param name="lapsed">How many cases have passed their date.</param>
    /// <param name="kills">Processes to kill, at points spread over the work at random.</param>
    public async Task<Outcome> Run(int nodes, int lapsed, int kills, int seed, CancellationToken ct)
    {
        await using var look = Database.Connect(database);
        var random = new Random(seed);
        var today = Ist.Today(TimeProvider.System);
        // Half of what there is to do is calling late, the other half filing.
        var points = new Queue<long>(Enumerable.Range(0, kills).Select(_ => (long)random.Next(1, 2 * lapsed)).Order());
        var (killed, clean) = (0, 0);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < nodes; i++) Start();
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        // Over when processes have ended by themselves since the last kill, having found nothing more to do.
        while (clean < nodes && await pulse.WaitForNextTickAsync(ct))
        {
            foreach (var ended in running.Where(p => p.HasExited).ToArray())
            {
                if (ended.ExitCode == 0) clean++;
                running.Remove(ended);
                ended.Dispose();
                if (clean < nodes) Start();
            }

            var done = await look.One<long>("select (select count(*) from guarantee.clock where layer is null and state = 'lapsed') + (select count(*) from cases.\"case\" where opened_by = 'lapse')", ct: ct);
            if (points.Count == 0 || done < points.Peek()) continue;
            points.Dequeue();
            if (running.Count == 0) continue;
            running[random.Next(running.Count)].Kill();
            (killed, clean) = (killed + 1, 0);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var (found, missing, twice, early) = await look.One<(long, long, long, long)>(Check, new { today }, ct);
        return new Outcome(killed, seconds, found, missing, twice, early);
    }

    public static async Task<int> Bench(SweepBench.Options options, int nodes, int kills, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        var today = Ist.Today(TimeProvider.System);
        await using (var app = await home.Site("nodes", BenchHome.Pack(options.Pack), [], ct))
            await SweepFill.Run(app.Services, new SweepFill.Plan(options.Open, options.Lapsed, options.Lapsed, today), Console.WriteLine, ct);
        Outcome outcome;
        await using (var processes = OfThisProgram(home.Cluster.App("nodes"), home.Folder))
            outcome = await Terminal.Progress($"{nodes} processes sweep {options.Open:N0} open cases, {options.Lapsed:N0} lapsed; {kills} kills", _ => processes.Run(nodes, options.Lapsed, kills, 2011, ct));
        Console.WriteLine($"  {outcome.Lapsed:N0} lapsed after {outcome.Kills} kills; {outcome.Missing} missing, {outcome.Double} double, {outcome.Early} too early");
        Console.WriteLine(JsonSerializer.Serialize(new { bench = "sweep-nodes", nodes, kills = outcome.Kills, open = options.Open, lapsed = outcome.Lapsed, seconds = Math.Round(outcome.Seconds, 1), missing = outcome.Missing, doubled = outcome.Double, early = outcome.Early }));
        return outcome.Right && outcome.Lapsed == options.Lapsed ? 0 : 1;
    }

    private void Start()
    {
        var start = new ProcessStartInfo(program, [.. first, "sweep", "--data", folder, "--database", database]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var process = Process.Start(start)!;
        // Read away, so that no pipe fills.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  sweep {process.Id}: {text}"));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        running.Add(process);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
