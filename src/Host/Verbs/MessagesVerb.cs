using System.CommandLine;
using Sahulat.Contracts.Messaging;

namespace Sahulat.Host.Verbs;

internal static class MessagesVerb
{
    private static readonly Option<string> Service = new("--service") { Description = "Code of the department's system, as jal-shakti-billing; opened when it is new", Required = true };
    private static readonly Option<string?> Named = new("--name") { Description = "Its name" };
    private static readonly Option<string> Kind = new("--kind") { Description = "live, team (to guests only) or test (nothing leaves)", DefaultValueFactory = _ => "test" };
    private static readonly Option<bool> Trial = new("--trial") { Description = "A new service starts on trial: to guests only, 50 a day" };

    public static Command Command() => new("messages", "The messaging platform.") { Key() };

    private static Command Key()
    {
        var command = new Command("key", "Make a key for a department's system. It is shown once.") { Service, Named, Kind, Trial, Home.DataOption, Home.DatabaseOption, Home.OwnerOption };
        command.SetAction(async (parsed, ct) =>
        {
            await using var home = await Home.Join(parsed, ct);
            await home.Migrate(ct);
            await using var app = Site.Build(new SiteOptions(home.App, home.Folder, []));
            var service = parsed.GetValue(Service)!;
            var made = await app.Services.GetRequiredService<IMessageKeys>().Create(service, parsed.GetValue(Named) ?? service, parsed.GetValue(Kind)!, parsed.GetValue(Trial), ct);
            if (!made.Ok)
            {
                Console.Error.WriteLine($"{made.Problem.Code}: {string.Join(", ", made.Problem.Faults.Select(f => $"{f.Pointer} {f.Code}"))}");
                return Terminal.Refused;
            }

            Console.WriteLine(made.Value);
            return 0;
        });
        return command;
    }
}
