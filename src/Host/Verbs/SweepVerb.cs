using System.CommandLine;
using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;

namespace Sahulat.Host.Verbs;

/// <summary>What a serving node does by itself every night, now: after an outage, or to see that nothing is left.</summary>
internal static class SweepVerb
{
    public static Command Command()
    {
        var command = new Command("sweep", "Call late what has passed its date and file the appeals, now. Any number may run at once, beside serving nodes; a deadline fires once.") { Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            await using var home = await Home.Join(parsed, ct);
            await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
            var result = await Terminal.Progress("Sweeping", _ => app.Services.GetRequiredService<ILapseSweep>().Run(Ist.Today(TimeProvider.System), ct: ct));
            await app.Services.GetRequiredService<Followers>().CatchUp(ct);
            Console.WriteLine($"{result.Lapsed} dates had passed, {result.Appeals} appeals opened, {result.Alarms} posts found empty, {result.LeftOver} left over.");
            return result.LeftOver == 0 ? 0 : 1;
        });
        return command;
    }
}
