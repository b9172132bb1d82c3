using System.Diagnostics;
using System.Text.Json;
using Sahulat.Contracts.Guarantee;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Spectre.Console;

namespace Sahulat.Host.Bench;

/// <summary>How long it takes until every lapsed case has its appeal, among many open cases and among few.</summary>
internal static class SweepBench
{
    public sealed record Options(int Open, int Lapsed, int Few, string? Pack, bool Bare = false);

    private sealed record Measured(long Open, long Lapsed, double Sweeping, double Filing, long Appeals)
    {
        public double Seconds => Sweeping + Filing;
    }

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        var pack = BenchHome.Pack(options.Pack);
        var today = Ist.Today(TimeProvider.System);
        var share = (int)((long)options.Few * options.Lapsed / options.Open);
        Measured few, quiet, main;
        await using (var app = await home.Site("warm", pack, [], ct))
        {
            await SweepFill.Run(app.Services, new SweepFill.Plan(2_500, 2_500, 2_500, today), _ => { }, ct);
            Console.WriteLine("Warming up");
            await Measure(app.Services, 2_500, 2_500, today, ct);
        }

        await using (var app = await home.Site("few", pack, [], ct))
        {
            await SweepFill.Run(app.Services, new SweepFill.Plan(options.Few, share, share, today), Tell, ct);
            few = await Measure(app.Services, options.Few, share, today, ct);
        }

        await using (var app = await home.Site("many", pack, [], ct))
        {
            await SweepFill.Run(app.Services, new SweepFill.Plan(options.Open, share, options.Lapsed, today, options.Bare), Tell, ct);
            quiet = await Measure(app.Services, options.Open, share, today, ct);
            // The next day: as many are open as before, and the rest of the lapsed have passed their date.
            await SweepFill.Top(app.Services, share, today, ct);
            main = await Measure(app.Services, options.Open, options.Lapsed, today.AddDays(1), ct);
        }

        var table = new Table().AddColumns("open", "lapsed", "sweep s", "filing s", "appeals/s", "ms an appeal");
        foreach (var m in (Measured[])[few, quiet, main])
            table.AddRow($"{m.Open:N0}", $"{m.Lapsed:N0}", $"{m.Sweeping:N2}", $"{m.Filing:N2}", $"{m.Appeals / m.Seconds:N0}", $"{m.Seconds * 1000 / m.Appeals:N3}");
        AnsiConsole.Write(table);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "sweep",
            open = main.Open,
            lapsed = main.Lapsed,
            seconds = Math.Round(main.Seconds, 2),
            appeals_per_s = Math.Round(main.Appeals / main.Seconds),
            sweep_seconds = Math.Round(main.Sweeping, 2),
            filing_seconds = Math.Round(main.Filing, 2),
            few = new { open = few.Open, lapsed = few.Lapsed, seconds = Math.Round(few.Seconds, 3) },
            quiet = new { open = quiet.Open, lapsed = quiet.Lapsed, seconds = Math.Round(quiet.Seconds, 3) },
        }));
        return main.Lapsed == options.Lapsed && few.Lapsed == share && quiet.Lapsed == share ? 0 : 1;
    }

    private static void Tell(string line) => Console.WriteLine(line);

    private static async Task<Measured> Measure(IServiceProvider services, int open, int expected, DateOnly today, CancellationToken ct)
    {
        var sweep = services.GetRequiredService<ILapseSweep>();
        var followers = services.GetRequiredService<Followers>();
        var database = services.GetRequiredService<Database>();
        await followers.CatchUp(ct);
        var watch = Stopwatch.StartNew();
        var result = await Terminal.Progress($"Sweeping {open:N0} open clocks, {expected:N0} lapsed", progress => sweep.Run(today, new Share(progress, expected), ct));
        var sweeping = watch.Elapsed.TotalSeconds;
        watch.Restart();
        await Terminal.Progress("Filing the appeals", async _ =>
        {
            await followers.CatchUp(ct);
            return true;
        });
        var filing = watch.Elapsed.TotalSeconds;
        var filed = await database.One<long>("select count(*) from cases.\"case\" where opened_by = 'lapse'", ct: ct);
        Console.WriteLine($"  {result.Lapsed:N0} lapsed, {result.Appeals:N0} appeals opened, {filed:N0} filed in all, {result.LeftOver} left over");
        return new Measured(open, result.Lapsed, sweeping, filing, result.Appeals);
    }

    private sealed class Share(IProgress<double> progress, int of) : IProgress<long>
    {
        public void Report(long value) => progress.Report((double)value / of);
    }
}
