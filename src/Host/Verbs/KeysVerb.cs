using System.CommandLine;

namespace Sahulat.Host.Verbs;

internal static class KeysVerb
{
    public static Command Command() => new("keys", "Master keys of the vault.");
}
