using System.CommandLine;
using Npgsql;
using Sahulat.Kernel;

namespace Sahulat.Host.Verbs;

internal static class DemoVerb
{
    /// <summary>A few thousand cases over 90 days.</summary>
    public static readonly DemoPlan Plan = new(Cases: 3000, Days: 90, Seed: 20110810);

    private static readonly Option<int> Cases = new("--cases") { Description = "How many cases", DefaultValueFactory = _ => Plan.Cases };

    public static Command Command()
    {
        var command = new Command("demo", "Fill in a plausible past with synthetic people, marked as such. Done once; a second time changes nothing.") { Cases, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            await using var home = await Home.Open(parsed, ct);
            await home.Migrate(ct);
            foreach (var line in await Fill(home.App, home.Folder, Plan with { Cases = parsed.GetValue(Cases) }, TimeProvider.System.GetUtcNow(), ct)) Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    /// <summary>The past is lived on a site of its own, whose clock runs through it.</summary>
    /// <returns>Lines to print: who can sign in, and how.</returns>
    public static async Task<IReadOnlyList<string>> Fill(string database, string folder, DemoPlan plan, DateTimeOffset now, CancellationToken ct)
    {
        // What a crash of the machine may lose of the last moment is filled in again.
        var connection = new NpgsqlConnectionStringBuilder(database);
        if (string.IsNullOrEmpty(connection.Options)) connection.Options = "-c synchronous_commit=off";
        await using var app = Site.Build(new SiteOptions(connection.ConnectionString, folder, [], new Dictionary<string, string?> { ["Sahulat:Outbox"] = "screen" }, new DemoClock(now)));
        var lines = new List<string>();
        foreach (var demo in app.Services.GetServices<IDemo>())
        {
            lines.AddRange(await Terminal.Progress("Filling in a synthetic past", progress => demo.Fill(plan, progress, ct)));
            // Who holds which post is known to what comes next, at once.
            foreach (var loader in app.Services.GetServices<IPackLoader>()) await loader.Refresh(ct);
        }

        return lines;
    }
}
