using System.Security.Cryptography;
using Sahulat.Contracts.Organisation;

namespace Sahulat.Cases;

/// <summary>What a person reads out over the telephone: <c>JK26-7F3K-9QXM-4</c>. Eight random letters of Crockford's alphabet (no I, L, O, U), so that nobody can guess a neighbour's, and an ISO 7064 MOD 37,36 check character. The first two letters are the mark of the government; the second is never C, which a certificate's number has.</summary>
internal static class Reference
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string CheckAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int Length = 13;

    /// <summary>The mark where no pack is loaded.</summary>
    private const string Nobody = "SA";

    /// <param name="of">Whose mark it begins with.</param>
    public static string New(DateOnly filed, Government? of) => New(filed, of?.Mark ?? Nobody);

    /// <summary>A certificate's number: it begins with the first letter of the government's mark, and C.</summary>
    public static string NewCertificate(DateOnly issued, Government? of) => New(issued, $"{(of?.Mark ?? Nobody)[0]}C");

    private static string New(DateOnly filed, string prefix)
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

    /// <summary>What one looks like here.</summary>
    public static string Example(IOrganisation organisation) => $"{organisation.Governments.FirstOrDefault()?.Mark ?? Nobody}26-7F3K-9QXM-4";

    /// <summary>As printed, in groups.</summary>
    public static string Show(string reference) => $"{reference[..4]}-{reference[4..8]}-{reference[8..12]}-{reference[12..]}";

    /// <summary>Takes what people type: lower case, spaces, dashes, O for 0, I and L for 1.</summary>
    /// <returns>The reference; null with the fault's code when it cannot be one.</returns>
    public static string? Parse(string? written, out string? fault) => Parse(written, false, out fault);

    public static string? ParseCertificate(string? written, out string? fault) => Parse(written, true, out fault);

    private static string? Parse(string? written, bool certificate, out string? fault)
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

        if (n != Length || !char.IsAsciiLetterUpper(text[0]) || !char.IsAsciiLetterUpper(text[1]) || (text[1] == 'C') != certificate) return null;
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
