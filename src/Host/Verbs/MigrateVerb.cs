using System.CommandLine;

namespace Sahulat.Host.Verbs;

internal static class MigrateVerb
{
    public static Command Command()
    {
        var command = new Command("migrate", "Bring the database's schema up to this program, under a lock; run it before new nodes start.") { Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            await using var home = await Home.Open(parsed, ct);
            Console.WriteLine($"{await home.Migrate(ct)} migrations applied.");
            return 0;
        });
        return command;
    }
}
