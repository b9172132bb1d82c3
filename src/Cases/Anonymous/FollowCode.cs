using System.Security.Cryptography;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Anonymous;

/// <summary>The secret with which one who did not say who he is follows his grievance: ten letters of Crockford's alphabet, 50 bits. Only its keyed hash is kept.</summary>
internal static class FollowCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 10;

    /// <summary>One code for one sending: sent twice, the second answer shows the same.</summary>
    public static string Of(Vault vault, string sending)
    {
        var bytes = vault.BlindIndex("cases.grievance/code", sending);
        return string.Create(Length, bytes, (text, from) =>
        {
            for (var i = 0; i < Length; i++) text[i] = Alphabet[from[i] & 31];
        });
    }

    /// <summary>In two groups, to be read out.</summary>
    public static string Show(string code) => $"{code[..5]}-{code[5..]}";

    /// <summary>What people type; null when it cannot be one.</summary>
    public static string? Parse(string? written)
    {
        if (written is null || written.Length > 40) return null;
        var text = string.Concat(written.Where(c => c is not ('-' or ' ' or '\u200e' or '\u200f' or '\u2068' or '\u2069')).Select(char.ToUpperInvariant).Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c }));
        return text.Length == Length && text.All(Alphabet.Contains) ? text : null;
    }

    public static byte[] Hash(Vault vault, string code) => vault.BlindIndex("cases.grievance/follow", code);

    public static bool Fits(Vault vault, string code, byte[] kept) => CryptographicOperations.FixedTimeEquals(Hash(vault, code), kept);
}
