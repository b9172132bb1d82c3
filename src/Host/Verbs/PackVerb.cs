using System.CommandLine;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Host.Verbs;

internal static class PackVerb
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly Argument<string[]> What = new("what") { Description = "A pack folder such as data/hr, or codes of laws and services in the database; nothing: all in force today", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string> Out = new("--out") { Description = "The file to write", Required = true };
    private static readonly Argument<string> FileArgument = new("file") { Description = "A signed pack" };

    public static Command Command() => new("pack", "Laws and services as one signed file, for sharing between governments.") { Export(), Show(), Import() };

    private static Command Export()
    {
        var command = new Command("export", "Write laws and services into one file, signed with this installation's key.") { What, Out, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction((parsed, ct) => With(parsed, async (packs, _) =>
        {
            var (what, by) = (parsed.GetValue(What)!, $"system:{Environment.UserName}");
            var result = what is [var folder] && Directory.Exists(folder) ? await OfFolder(packs, folder, by, ct) : await packs.Export(what, by, ct);
            if (result is null) return Terminal.Refused;
            if (!result.Ok) return Refused(result.Problem);
            var path = Path.GetFullPath(parsed.GetValue(Out)!);
            await File.WriteAllBytesAsync(path + ".part", result.Value, ct);
            File.Move(path + ".part", path, overwrite: true);
            Console.WriteLine($"{parsed.GetValue(Out)}: {result.Value.Length / 1024 + 1} kB");
            return 0;
        }, ct));
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "Tell who signed a pack, whether that key is trusted here, and what it would change.") { FileArgument, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction((parsed, ct) => With(parsed, async (packs, texts) =>
        {
            var shown = await packs.Show(await Read(parsed.GetValue(FileArgument)!, ct), texts.In(Lang.En), ct);
            if (!shown.Ok) return Refused(shown.Problem);
            foreach (var line in shown.Value) Console.WriteLine(line);
            return 0;
        }, ct));
        return command;
    }

    private static Command Import()
    {
        var command = new Command("import", "Put a pack before the administrators. One of them looks at the difference and accepts it at /desk/packs, from a day to come.") { FileArgument, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction((parsed, ct) => With(parsed, async (packs, _) =>
        {
            var received = await packs.Receive(await Read(parsed.GetValue(FileArgument)!, ct), Actor.System("command-line"), null, ct);
            if (!received.Ok) return Refused(received.Problem);
            Console.WriteLine($"Received. An administrator decides at /desk/packs/{received.Value:N}");
            return 0;
        }, ct));
        return command;
    }

    private static async Task<int> With(ParseResult parsed, Func<IPackExchange, TextCatalogue, Task<int>> act, CancellationToken ct)
    {
        await using var home = await Home.Join(parsed, ct);
        await home.Migrate(ct);
        await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
        return await act(app.Services.GetRequiredService<IPackExchange>(), app.Services.GetRequiredService<TextCatalogue>());
    }

    private static async Task<Result<byte[]>?> OfFolder(IPackExchange packs, string folder, string by, CancellationToken ct)
    {
        var (file, faults) = await packs.ExportFolder(folder, by, ct);
        foreach (var fault in faults) Console.Error.WriteLine(fault);
        return file is null ? null : (Result<byte[]>)file;
    }

    private static async Task<byte[]> Read(string path, CancellationToken ct)
    {
        if (!File.Exists(path)) throw new SetupException($"There is no file {path}.");
        if (new FileInfo(path).Length > MaxBytes) throw new SetupException($"{path} is larger than any pack; at most {MaxBytes / 1024 / 1024} MB.");
        return await File.ReadAllBytesAsync(path, ct);
    }

    private static int Refused(Problem problem)
    {
        Console.Error.WriteLine(new TextCatalogue([.. Rooms.Assemblies]).In(Lang.En).Problem(problem));
        return Terminal.Refused;
    }
}
