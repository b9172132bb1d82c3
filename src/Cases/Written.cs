using Sahulat.Kernel;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases;

internal enum With
{
    Must,
    May,
}

/// <summary>What people write into free fields.</summary>
internal static class Written
{
    public static void Check(Check check, string field, string? text, int max, With with)
    {
        if (with == With.Must) check.That(!string.IsNullOrWhiteSpace(text), field, "required");
        check.That((text?.Length ?? 0) <= max, field, "too-long", max);
        check.That(text is null || !text.Any(ch => char.IsControl(ch) && ch is not ('\n' or '\r' or '\t')), field, "control-characters");
    }
}

/// <summary>How the journal names a sealed text: keyed, so that short texts cannot be guessed from it.</summary>
internal sealed class NoteDigest(Vault vault)
{
    public string Of(string text) => Convert.ToHexStringLower(vault.BlindIndex("cases.note/text", text));
}
