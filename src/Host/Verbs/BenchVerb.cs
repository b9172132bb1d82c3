using System.CommandLine;
using Sahulat.Host.Bench;

namespace Sahulat.Host.Verbs;

internal static class BenchVerb
{
    private static readonly Option<string?> Pack = new("--pack") { Description = "Data pack; default: data/jk of the repository" };
    private static readonly Option<int> Open = new("--open") { Description = "Open cases", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<int> Lapsed = new("--lapsed") { Description = "How many of them have passed their date", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Few = new("--few") { Description = "Open cases of the small run, with the same share lapsed", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "Length of each measurement", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Connections = new("--connections") { Description = "Connections of the load generator", DefaultValueFactory = _ => 256 };

    private static readonly Option<int> Queued = new("--queued") { Description = "Bulk messages in the queue of bench messages", DefaultValueFactory = _ => 1_000_000 };

    public static Command Command() => new("bench", "Measure against a limit in the same run, on a private cluster of its own. The last line is JSON.") { Sweep(), Intake(), Messages(), ProviderVerbOf(), LoadVerbOf() };

    private static Command Sweep()
    {
        var command = new Command("sweep", "Open cases whose date has passed: seconds until each has its appeal, among many open cases and among few.") { Open, Lapsed, Few, Pack };
        command.SetAction((parsed, ct) => SweepBench.Run(new(parsed.GetValue(Open), parsed.GetValue(Lapsed), parsed.GetValue(Few), parsed.GetValue(Pack)), ct));
        return command;
    }

    private static Command Intake()
    {
        var command = new Command("intake", "Requests filed over HTTP with everything on, beside pgbench inserting the same rows one transaction each.") { Seconds, Connections, Pack };
        command.SetAction((parsed, ct) => IntakeBench.Run(new(parsed.GetValue(Seconds), parsed.GetValue(Connections), parsed.GetValue(Pack)), ct));
        return command;
    }

    private static Command Messages()
    {
        var command = new Command("messages", "Messages accepted over HTTP, handed to a loopback provider that answers after 50 ms, receipts back; beside Kannel alone.") { Seconds, Connections, Queued, Pack };
        command.SetAction((parsed, ct) => MessagesBench.Run(new(parsed.GetValue(Seconds), parsed.GetValue(Connections), parsed.GetValue(Queued), parsed.GetValue(Pack)), ct));
        return command;
    }

    /// <summary>The provider, a process of its own, started by <see cref="Messages"/>.</summary>
    private static Command ProviderVerbOf()
    {
        var port = new Option<int>("--port") { Description = "Where to listen" };
        var command = new Command("provider", "Used by bench messages.") { port };
        command.Hidden = true;
        command.SetAction((parsed, ct) => LoopProvider.Run(parsed.GetValue(port), ct));
        return command;
    }

    /// <summary>The load generator, a process of its own, started by <see cref="Intake"/>.</summary>
    private static Command LoadVerbOf()
    {
        var command = new Command("generate", "Used by bench intake.") { Hidden = true };
        command.SetAction((_, ct) => LoadGenerator.Run(Console.In, Console.Out, ct));
        return command;
    }
}
