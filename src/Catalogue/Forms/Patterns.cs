using System.Text.RegularExpressions;

namespace Sahulat.Catalogue.Forms;

/// <summary>How a text must look. The known ones are written by hand; others are expressions without backtracking, so that no answer can stall them.</summary>
internal static class Patterns
{
    private static readonly Dictionary<string, (Func<string, bool> Fits, string Fault)> Known = new(StringComparer.Ordinal)
    {
        // Indian mobile numbers: ten digits, the first 6 to 9 (National Numbering Plan).
        ["mobile"] = (t => t.Length == 10 && t[0] is >= '6' and <= '9' && Digits(t), "not-a-mobile"),
        ["pin"] = (t => t.Length == 6 && t[0] != '0' && Digits(t), "not-a-pin"),
        ["email"] = (Email, "not-an-email"),
        ["vehicle"] = (Vehicle, "not-a-vehicle"),
        ["aadhaar-last4"] = (t => t.Length == 4 && Digits(t), "not-four-digits"),
    };

    public static bool Exists(string pattern) => Known.ContainsKey(pattern) || Compile(pattern) is not null;

    public static bool IsNumeric(string? pattern) => pattern is "mobile" or "pin" or "aadhaar-last4";

    public static (Func<string, bool> Fits, string Fault) Of(string pattern)
    {
        if (Known.TryGetValue(pattern, out var known)) return known;
        var expression = Compile(pattern) ?? throw new ArgumentException($"unusable pattern '{pattern}'", nameof(pattern));
        return (expression.IsMatch, "bad-format");
    }

    private static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool Digits(string text) => text.All(char.IsAsciiDigit);

    private static bool Email(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > 64 || text.Length > 254 || at != text.LastIndexOf('@')) return false;
        var domain = text.AsSpan(at + 1);
        var dot = domain.LastIndexOf('.');
        return dot > 0 && dot < domain.Length - 2 && domain[0] is not ('.' or '-') && !domain.Contains("..", StringComparison.Ordinal)
            && !text.Any(c => char.IsWhiteSpace(c) || c is '<' or '>' or '"' or ',' or ';' or '\\' or '(' or ')' or '[' or ']');
    }

    /// <summary>State, district, series, number (JK01AB1234; spaces and hyphens allowed) or the BH series (22BH1234AA).</summary>
    private static bool Vehicle(string text)
    {
        var plain = string.Concat(text.Where(c => c is not (' ' or '-'))).ToUpperInvariant();
        if (plain.Length is < 6 or > 11 || !plain.All(char.IsAsciiLetterOrDigit)) return false;
        if (char.IsAsciiDigit(plain[0])) return plain.Length is 9 or 10 && Digits(plain[..2]) && plain[2..4] == "BH" && Digits(plain[4..8]) && plain[8..].All(char.IsAsciiLetter);
        var digits = plain.AsSpan(2);
        var district = digits.IndexOfAnyExceptInRange('0', '9');
        if (!char.IsAsciiLetter(plain[0]) || !char.IsAsciiLetter(plain[1]) || district is < 1 or > 2) return false;
        var series = digits[district..].IndexOfAnyInRange('0', '9');
        var number = series < 0 ? default : digits[(district + series)..];
        return series is >= 1 and <= 3 && number.Length is >= 1 and <= 4 && number.IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
