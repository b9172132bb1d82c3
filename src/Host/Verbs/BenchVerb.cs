using System.CommandLine;

namespace Sahulat.Host.Verbs;

internal static class BenchVerb
{
    public static Command Command() => new("bench", "Measure against a limit in the same run, on a private cluster of its own.");
}
