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

    private static readonly Option<int> Nodes = new("--nodes") { Description = "Sweep with so many processes at once, and ask the tables what is missing or double" };
    private static readonly Option<bool> Kill = new("--kill") { Description = "Kill some of them at random while they work (with --nodes)" };
    private static readonly Option<bool> Bare = new("--bare") { Description = "Of what has not lapsed keep the clocks only, to fill in ten million in minutes: a sweep reads nothing else" };
    private static readonly Option<int> Entries = new("--entries") { Description = "Journal entries to check", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<int> Years = new("--years") { Description = "Years of published figures", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Requests = new("--requests") { Description = "Requests to each address", DefaultValueFactory = _ => 200 };

    public static Command Command() => new("bench", "Measure against a limit in the same run, on a private cluster of its own. The last line is JSON.") { Sweep(), Recount(), Verify(), Insight(), Intake(), Messages(), Talk(), Scan(), Office(), ProviderVerbOf(), LoadVerbOf() };

    private static Command Sweep()
    {
        var command = new Command("sweep", "Open cases whose date has passed: seconds until each has its appeal, among many open cases and among few.") { Open, Lapsed, Few, Bare, Nodes, Kill, Pack };
        command.SetAction((parsed, ct) =>
        {
            var options = new SweepBench.Options(parsed.GetValue(Open), parsed.GetValue(Lapsed), parsed.GetValue(Few), parsed.GetValue(Pack), parsed.GetValue(Bare));
            return parsed.GetValue(Nodes) > 0 ? SweepNodes.Bench(options, parsed.GetValue(Nodes), parsed.GetValue(Kill) ? 4 * parsed.GetValue(Nodes) : 0, ct) : SweepBench.Run(options, ct);
        });
        return command;
    }

    private static Command Recount()
    {
        var command = new Command("recount", "A late holiday order for the whole territory: seconds until every open due date is counted anew.") { Open, Pack };
        command.SetAction((parsed, ct) => RecountBench.Run(new(parsed.GetValue(Open), parsed.GetValue(Pack)), ct));
        return command;
    }

    private static Command Verify()
    {
        var command = new Command("verify", "A whole journal checked: chains, tree, checkpoints; from the database and from an export.") { Entries, Pack };
        command.SetAction((parsed, ct) => VerifyBench.Run(new(parsed.GetValue(Entries), parsed.GetValue(Pack)), ct));
        return command;
    }

    private static Command Insight()
    {
        var command = new Command("insight", "Pages and API of the published figures with one month, one year and many years of them.") { Years, Requests, Pack };
        command.SetAction((parsed, ct) => InsightBench.Run(new(Math.Max(2, parsed.GetValue(Years)), parsed.GetValue(Requests), parsed.GetValue(Pack)), ct));
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

    private static Command Talk()
    {
        var contacts = new Option<int>("--contacts") { Description = "Different people who write", DefaultValueFactory = _ => 50_000 };
        var command = new Command("talk", "Conversation steps: what people write comes in by the hook, is answered by a flow, and session and outbox are committed.") { Seconds, Connections, contacts, Pack };
        command.SetAction((parsed, ct) => TalkBench.Run(new(parsed.GetValue(Seconds), parsed.GetValue(Connections), parsed.GetValue(contacts), parsed.GetValue(Pack)), ct));
        return command;
    }

    private static Command Scan()
    {
        var pages = new Option<int>("--pages") { Description = "How many pages", DefaultValueFactory = _ => 200 };
        var command = new Command("scan", "Pages a minute through the whole intake of scans, beside tesseract alone on the same pages.") { pages, Pack };
        command.SetAction((parsed, ct) => ScanBench.Run(new(parsed.GetValue(pages), parsed.GetValue(Pack)), ct));
        return command;
    }

    private static Command Office()
    {
        var files = new Option<int>("--files") { Description = "How many files; half of them lie with one post", DefaultValueFactory = _ => 100_000 };
        var pages = new Option<int>("--pages") { Description = "Pages and notings to search in", DefaultValueFactory = _ => 1_000_000 };
        var officials = new Option<int>("--officials") { Description = "Officials who work at once", DefaultValueFactory = _ => 500 };
        var command = new Command("office", "The paperless office over HTTP: inbox, files, search in contents, sign and next; beside the time that PostgreSQL itself spends on the same statements.") { files, pages, officials, Seconds, Requests, Pack };
        command.SetAction((parsed, ct) => OfficeBench.Run(new(parsed.GetValue(files), parsed.GetValue(pages), parsed.GetValue(officials), parsed.GetValue(Seconds), parsed.GetValue(Requests), parsed.GetValue(Pack)), ct));
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
