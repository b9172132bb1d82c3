using System.CommandLine;
using System.Net.Sockets;
using Npgsql;
using Sahulat.Kernel.Data;
using Spectre.Console;

namespace Sahulat.Host.Verbs;

/// <summary>Exit codes: 0 done; 1 a fault of the program; 2 the command line; 3 the set-up (folder, port, database); 4 refused input (a data pack with faults).</summary>
internal static class Terminal
{
    public const int Refused = 4;
    private const int Setup = 3;

    public static async Task<int> Run(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine("See --help.");
            return 2;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
        }
        catch (Exception e) when (Sentence(e) is { } sentence)
        {
            Console.Error.WriteLine(sentence);
            return Setup;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    /// <summary>A bar when a person watches, a line now and then when not.</summary>
    public static async Task<T> Progress<T>(string title, Func<IProgress<double>, Task<T>> work)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            Console.WriteLine(title);
            return await work(new Progress<double>());
        }

        return await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async bars =>
        {
            var bar = bars.AddTask(Markup.Escape(title));
            var result = await work(new Progress<double>(share => bar.Value = share * 100));
            bar.Value = 100;
            return result;
        });
    }

    private static string? Sentence(Exception e) => e switch
    {
        SetupException => e.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"{e.Message.TrimEnd('.')}; stop the other program, or choose another port with --urls.",
        NpgsqlException { InnerException: SocketException } => "The database cannot be reached: " + e.InnerException!.Message,
        PostgresException { SqlState: "28P01" or "28000" or "3D000" } p => "The database refused the connection: " + p.MessageText,
        UnauthorizedAccessException => e.Message,
        _ => null,
    };
}
