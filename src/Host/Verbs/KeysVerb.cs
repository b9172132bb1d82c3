using System.CommandLine;
using System.Text.RegularExpressions;
using Npgsql;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Host.Verbs;

internal static partial class KeysVerb
{
    private static readonly Option<string?> FileOption = new("--key-file") { Description = "The keyring; default: keys/master.json in the data folder", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("Sahulat__KeyFile") };

    public static Command Command() => new("keys", "The vault's master keys, and the keys of other systems.") { Rotate(), Issue(), Revoke() };

    private static readonly Argument<string> System = new("system") { Description = "What the journal calls the system: lower-case letters, digits and hyphens" };
    private static readonly Option<string[]> Scopes = new("--scope") { Description = $"What it may do, such as {Policies.FileScope}; may be given more than once", DefaultValueFactory = _ => [Policies.FileScope] };

    private static Command Issue()
    {
        var command = new Command("issue", "Make a key for another system and print it, once. A serving node takes it within seconds.") { System, Scopes, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            var id = parsed.GetValue(System)!;
            if (!Id().IsMatch(id)) throw new SetupException($"'{id}' cannot name a system; use 2 to 60 lower-case letters, digits and hyphens.");
            await using var home = await Home.Join(parsed, ct);
            await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
            try
            {
                Console.WriteLine(await app.Services.GetRequiredService<ISystems>().Create(id, id, parsed.GetValue(Scopes)!, ct));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                throw new SetupException($"There is, or was, a key of '{id}'; choose another name, such as {id}-2.", e);
            }

            return 0;
        });
        return command;
    }

    private static Command Revoke()
    {
        var command = new Command("revoke", "End a system's key. Serving nodes refuse it within seconds.") { System, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            await using var home = await Home.Join(parsed, ct);
            await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
            if (!await app.Services.GetRequiredService<ISystems>().Revoke(parsed.GetValue(System)!, ct)) throw new SetupException($"There is no key of '{parsed.GetValue(System)}' in use.");
            return 0;
        });
        return command;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,59}$")]
    private static partial Regex Id();

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
