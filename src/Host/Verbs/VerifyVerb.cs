using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Host.Verbs;

/// <summary>Proof that nobody changed the journal, or that one entry is in it. Exit code 5 when something is wrong.</summary>
internal static class VerifyVerb
{
    private const int Broken = 5;

    private static readonly Option<string?> File = new("--file") { Description = "Check an export instead of a database; needs --key" };
    private static readonly Option<string?> Receipt = new("--receipt") { Description = "Check one receipt instead: the file that an applicant saves, or the text that a reader finds in its QR code; needs --key" };
    private static readonly Option<string?> Key = new("--key") { Description = "The log's key, name+hash+base64, from /transparency/key or wherever it is published" };
    private static readonly Argument<string> Target = new("file") { Description = "The file to write: one line of JSON an entry" };

    public static Command Verify()
    {
        var command = new Command("verify", "Check every chain, the tree and the signed checkpoints of a journal, and name the first entry that is wrong. For a backup, restore it and give its --database.") { File, Receipt, Key, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(Receipt) is { } receipt) return OneReceipt(receipt, Needed(parsed));
            await using var home = await Home.Join(parsed, ct);
            await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
            var audit = app.Services.GetRequiredService<IJournalAudit>();
            if (parsed.GetValue(File) is not { } file) return Tell(await Terminal.Progress("Verifying the journal", progress => audit.Run(progress, ct)));
            await using var stream = Open(file);
            return Tell(await audit.Run(stream, Needed(parsed), ct));
        });
        return command;
    }

    public static Command Export()
    {
        var command = new Command("export-journal", "Write the whole journal with its checkpoints to a file that verify --file checks anywhere. It holds no personal data.") { Target, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            await using var home = await Home.Join(parsed, ct);
            await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
            var target = parsed.GetValue(Target)!;
            await using (var stream = System.IO.File.Create(target + ".part")) Console.WriteLine($"{await Terminal.Progress("Exporting the journal", progress => app.Services.GetRequiredService<IJournalAudit>().Export(stream, progress, ct))} entries were written.");
            System.IO.File.Move(target + ".part", target, overwrite: true);
            return 0;
        });
        return command;
    }

    private static string Needed(ParseResult parsed) => parsed.GetValue(Key) ?? throw new SetupException("--key is needed: take it from /transparency/key, or better from where it is published in print.");

    private static FileStream Open(string file)
    {
        try
        {
            return System.IO.File.OpenRead(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"{file} cannot be read: {e.Message}", e);
        }
    }

    private static int Tell(AuditReport report)
    {
        Console.WriteLine($"{report.Entries} entries in {report.Streams} streams, {report.Leaves} in the public log, {report.Checkpoints} checkpoints");
        if (report.Fault is not { } fault)
        {
            Console.WriteLine("The journal is whole.");
            return 0;
        }

        Console.Error.WriteLine($"WRONG: {(fault.Position is { } position ? $"entry {position.ToString(CultureInfo.InvariantCulture)}, " : "")}{(fault.Stream is null ? "" : $"stream {fault.Stream} version {fault.Version}: ")}{fault.What}");
        return Broken;
    }

    private static int OneReceipt(string file, string key)
    {
        using var stream = new StreamReader(Open(file));
        var text = stream.ReadToEnd();
        InclusionReceipt? receipt;
        try
        {
            receipt = text.StartsWith(ReceiptCode.Prefix, StringComparison.Ordinal) ? ReceiptCode.Read(text) ?? throw new SetupException($"{file} begins like the code of a receipt, but is not whole.") : JsonSerializer.Deserialize<InclusionReceipt>(text, JournalJson.Options);
        }
        catch (JsonException e)
        {
            throw new SetupException($"{file} is not a receipt: {e.Message}", e);
        }

        if (LogKey.Parse(key) is not { } known) throw new SetupException("--key is not a key of this kind; it looks like name+hash+base64.");
        var wrong = receipt is null ? "it is empty" : ReceiptCheck.Fault(receipt, known);
        if (wrong is not null)
        {
            Console.Error.WriteLine($"WRONG: {wrong}");
            return Broken;
        }

        Console.WriteLine($"{receipt!.Kind} of {receipt.Stream} stands in the log of {known.Name}, as of {DateTimeOffset.FromUnixTimeMilliseconds(receipt.At / 1000):yyyy-MM-dd HH:mm} UTC.");
        return 0;
    }
}
