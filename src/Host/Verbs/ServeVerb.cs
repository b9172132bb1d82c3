using System.CommandLine;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Verbs;

internal static class ServeVerb
{
    private static readonly Option<string> Urls = new("--urls") { Description = "Where to listen", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://localhost:5080" };
    private static readonly Option<string?> Pack = new("--pack") { Description = "Data pack to load before serving (also migrates): for a single node" };
    private static readonly Option<bool> Demo = new("--demo") { Description = "Also fill in a synthetic past, once (with --pack)" };

    public static Command Command()
    {
        var command = new Command("serve", "Serve the portal, the desk and the API.") { Home.DataOption, Home.DatabaseOption, Home.OwnerOption, Urls, Pack, Demo };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken ct)
    {
        var urls = parsed.GetValue(Urls)!;
        Ports.MustBeFree(urls);
        await using var home = await Home.Open(parsed, ct);
        var pack = parsed.GetValue(Pack);
        var demo = parsed.GetValue(Demo);
        if (pack is not null) await home.Migrate(ct);
        await using var app = Site.Build(new SiteOptions(home.App, home.Folder, urls.Split(';'), new Dictionary<string, string?> { ["Sahulat:Outbox"] = "screen" }));
        if (pack is not null)
        {
            var faults = await PackLoading.Load(app.Services, pack, Console.WriteLine, ct);
            foreach (var fault in faults) Console.Error.WriteLine(fault);
            if (faults.Count > 0) return Terminal.Refused;
        }

        IReadOnlyList<string> signIns = demo ? await DemoVerb.Fill(home.App, home.Folder, DemoVerb.Plan, TimeProvider.System.GetUtcNow(), ct) : [];
        await app.StartAsync(ct);
        Console.WriteLine($"Sahulat serves on {string.Join(" and ", app.Urls)}  (Ctrl-C stops it)");
        foreach (var line in signIns) Console.WriteLine("  " + line);
        using var stopping = ct.Register(app.Lifetime.StopApplication);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }
}
