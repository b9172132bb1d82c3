using System.CommandLine;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Host.Verbs;

internal static class KeysVerb
{
    private static readonly Option<string?> FileOption = new("--key-file") { Description = "The keyring; default: keys/master.json in the data folder", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("Sahulat__KeyFile") };

    public static Command Command() => new("keys", "Master keys of the vault.") { Rotate() };

    private static Command Rotate()
    {
        var command = new Command("rotate", "Wrap every person's key with a new master key; nodes on a given database may go on serving. An interrupted rotation is taken up.") { Home.DataOption, Home.DatabaseOption, Home.OwnerOption, FileOption };
        command.SetAction(async (parsed, ct) =>
        {
            await using var home = await Home.Open(parsed, ct);
            await using var owner = Database.Connect(home.Owner);
            var masters = MasterKeys.Open(parsed.GetValue(FileOption) ?? Path.Combine(home.Folder, "keys", "master.json"));
            var count = await Terminal.Progress("Wrapping keys anew", progress => VaultRotation.Run(owner, masters, progress, ct));
            Console.WriteLine($"{count} keys are wrapped by {masters.CurrentId}. Save the key file apart from the database.");
            return 0;
        });
        return command;
    }
}
