using System.CommandLine;

namespace Sahulat.Host.Verbs;

internal static class LoadVerb
{
    private static readonly Argument<string> Folder = new("folder") { Description = "Folder of the data pack, such as data/jk" };
    private static readonly Option<bool> CheckOnly = new("--check") { Description = "Only validate; store nothing" };

    public static Command Command()
    {
        var command = new Command("load", "Validate a data pack and load it as dated versions. Every fault is told at once with file, line and column; nothing is stored unless there is none.") { Folder, CheckOnly, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken ct)
    {
        await using var home = await Home.Open(parsed, ct);
        await home.Migrate(ct);
        await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
        var folder = parsed.GetValue(Folder)!;
        var faults = parsed.GetValue(CheckOnly) ? await PackLoading.Check(app.Services, folder, ct) : await PackLoading.Load(app.Services, folder, Console.WriteLine, ct);
        foreach (var fault in faults) Console.Error.WriteLine(fault);
        if (faults.Count > 0) Console.Error.WriteLine($"{faults.Count} faults; nothing was loaded.");
        else if (parsed.GetValue(CheckOnly)) Console.WriteLine("No fault found.");
        return faults.Count > 0 ? Terminal.Refused : 0;
    }
}
