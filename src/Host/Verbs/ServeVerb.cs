using System.CommandLine;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Verbs;

internal static class ServeVerb
{
    private static readonly Option<string> Urls = new("--urls") { Description = "Where to listen", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://localhost:5080" };
    private static readonly Option<string[]> Packs = new("--pack") { Description = "Data pack to load before serving (also migrates): for a single node; may be given more than once" };
    private static readonly Option<bool> Demo = new("--demo") { Description = "Also fill in a synthetic past, once (with --pack)" };

    public static Command Command()
    {
        var command = new Command("serve", "Serve the portal, the desk and the API.") { Home.DataOption, Home.DatabaseOption, Home.OwnerOption, Urls, Packs, Demo };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken ct)
    {
        var urls = parsed.GetValue(Urls)!;
        Ports.MustBeFree(urls);
        await using var home = await Home.Open(parsed, ct);
        var packs = parsed.GetValue(Packs) ?? [];
        var demo = parsed.GetValue(Demo);
        if (packs.Length > 0) await home.Migrate(ct);
        await using var app = Site.Build(new SiteOptions(home.App, home.Folder, urls.Split(';'), new Dictionary<string, string?> { ["Sahulat:Outbox"] = "screen" }));
        foreach (var pack in packs)
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
