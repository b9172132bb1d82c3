using System.Diagnostics;
using System.Text.Json;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Host.Bench;

/// <summary>A holiday order for tomorrow, in the whole territory: seconds until every open due date is counted anew, and until cases and figures have followed.</summary>
internal static class RecountBench
{
    public sealed record Options(int Open, string? Pack);

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        var pack = BenchHome.Pack(options.Pack);
        var today = Ist.Today(TimeProvider.System);
        await using var app = await home.Site("recount", pack, [], ct);
        var database = app.Services.GetRequiredService<Database>();
        var followers = app.Services.GetRequiredService<Followers>();
        await SweepFill.Run(app.Services, new SweepFill.Plan(options.Open, 0, 0, today), Console.WriteLine, ct);
        await using (var connection = await database.Open(ct))
            await Dapper.SqlMapper.ExecuteAsync(connection, new Dapper.CommandDefinition("""
                insert into insight.matter (case_id, service, service_version, law, law_version, place, received_on, complete_on, due_on)
                select case_id, service, service_version, law, law_version, place, complete_on, complete_on, due_on from guarantee.clock;
                analyze insight.matter
                """, commandTimeout: 600, cancellationToken: ct));

        var order = Path.Combine(home.Folder, "order");
        Copy(pack, order);
        await File.AppendAllTextAsync(Path.Combine(order, "holidays.csv"), $"{int.MaxValue},{today.AddDays(1):yyyy-MM-dd},ut-1,public,bench of {today:yyyy-MM-dd},Mourning,शोक,سوگ,سوگ,शोक,notified,\n", ct);
        var faults = await PackLoading.Load(app.Services, order, _ => { }, ct);
        if (faults.Count > 0) throw new SetupException($"The order could not be loaded: {faults[0]}");

        var counting = await Timed("Counting every open date anew", "guarantee.recount");
        var cases = await Timed("The cases follow", "cases.move-dates");
        var figures = await Timed("The figures follow", "insight.count");
        var (moved, apart) = await database.One<(long, long)>("""
            select (select count(*) from guarantee.moved), (select count(*) from guarantee.clock g join cases."case" c on c.id = g.case_id where c.due_on <> g.due_on) + (select count(*) from guarantee.clock g join insight.matter m using (case_id) where m.due_on <> g.due_on)
            """, ct: ct);
        Console.WriteLine($"  {moved:N0} of {options.Open:N0} dates moved in {counting:N1} s; cases followed in {cases:N1} s, figures in {figures:N1} s; {apart} do not agree");
        Console.WriteLine(JsonSerializer.Serialize(new { bench = "recount", open = options.Open, moved, seconds = Math.Round(counting, 1), cases_seconds = Math.Round(cases, 1), figures_seconds = Math.Round(figures, 1), disagree = apart }));
        return apart == 0 ? 0 : 1;

        async Task<double> Timed(string title, string follower)
        {
            var watch = Stopwatch.StartNew();
            await Terminal.Progress(title, async _ =>
            {
                await followers.CatchUp(ct, follower);
                return true;
            });
            return watch.Elapsed.TotalSeconds;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
