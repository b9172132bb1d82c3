using System.CommandLine;
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
            await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
            foreach (var line in await Fill(app.Services, Plan with { Cases = parsed.GetValue(Cases) }, ct)) Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    public static async Task<IReadOnlyList<string>> Fill(IServiceProvider services, DemoPlan plan, CancellationToken ct)
    {
        var lines = new List<string>();
        foreach (var demo in services.GetServices<IDemo>())
            lines.AddRange(await Terminal.Progress("Filling in a synthetic past", progress => demo.Fill(plan, progress, ct)));
        return lines;
    }
}
