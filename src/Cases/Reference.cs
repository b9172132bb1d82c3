using System.Security.Cryptography;

namespace Sahulat.Cases;

/// <summary>What a person reads out over the telephone: <c>JK26-7F3K-9QXM-4</c>. Eight random letters of Crockford's alphabet (no I, L, O, U), so that nobody can guess a neighbour's, and an ISO 7064 MOD 37,36 check character.</summary>
internal static class Reference
{
    /// <summary>What a reference of a case begins with.</summary>
    public const string Case = "JK";

    /// <summary>What a certificate's number begins with.</summary>
    public const string Certificate = "JC";

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string CheckAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int Length = 13;

    public static string New(DateOnly filed, string prefix = Case)
    {
        var random = RandomNumberGenerator.GetBytes(8);
        Span<char> text = stackalloc char[Length];
        prefix.CopyTo(text);
        text[2] = (char)('0' + (filed.Year % 100 / 10));
        text[3] = (char)('0' + (filed.Year % 10));
        for (var i = 0; i < 8; i++) text[4 + i] = Alphabet[random[i] & 31];
        text[12] = CheckCharacter(text[..12]);
        return text.ToString();
    }

    /// <summary>As printed, in groups.</summary>
    public static string Show(string reference) => $"{reference[..4]}-{reference[4..8]}-{reference[8..12]}-{reference[12..]}";

    /// <summary>Takes what people type: lower case, spaces, dashes, O for 0, I and L for 1.</summary>
    /// <returns>The reference; null with the fault's code when it cannot be one.</returns>
    public static string? Parse(string? written, out string? fault, string prefix = Case)
    {
        fault = "reference-form";
        if (written is null || written.Length > 40) return null;
        Span<char> text = stackalloc char[40];
        var n = 0;
        foreach (var c in written)
        {
            if (c is '-' or ' ' or '\u200e' or '\u200f' or '\u2068' or '\u2069' or '–' or '_') continue;
            text[n++] = char.ToUpperInvariant(c);
        }

        if (n != Length || !text.StartsWith(prefix)) return null;
        for (var i = 2; i < 12; i++)
        {
            text[i] = text[i] switch { 'O' => '0', 'I' or 'L' => '1', var c => c };
            if (!(i < 4 ? char.IsAsciiDigit(text[i]) : Alphabet.Contains(text[i]))) return null;
        }

        if (!CheckAlphabet.Contains(text[12])) return null;
        fault = "reference-check";
        if (CheckCharacter(text[..12]) != text[12]) return null;
        fault = null;
        return text[..Length].ToString();
    }

    /// <summary>ISO 7064, hybrid system MOD 37,36: finds every single slip, and every swap of neighbours but one in six hundred.</summary>
    private static char CheckCharacter(ReadOnlySpan<char> text)
    {
        var p = 36;
        foreach (var c in text)
        {
            var s = (p + CheckAlphabet.IndexOf(c)) % 36;
            p = (s == 0 ? 36 : s) * 2 % 37;
        }

        return CheckAlphabet[(37 - p) % 36];
    }
}
