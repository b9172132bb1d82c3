using System.Collections.Frozen;

namespace Sahulat.Messaging.Wording;

/// <summary>Telephone numbers in E.164 by the numbering plan of their country.</summary>
internal static class Phone
{
    /// <summary>Calling code, how long the number after it may be, and how a mobile number begins (nothing where the plan does not tell mobiles apart). National plans as filed with the ITU.</summary>
    private sealed record Plan(string Code, int Least, int Most, string[] Mobile);

    private static readonly FrozenDictionary<string, Plan> Plans = new Plan[]
    {
        new("91", 10, 10, ["6", "7", "8", "9"]),
        new("1", 10, 10, ["2", "3", "4", "5", "6", "7", "8", "9"]),
        new("7", 10, 10, ["9", "7"]), new("20", 10, 10, ["1"]), new("27", 9, 9, ["6", "7", "8"]), new("31", 9, 9, ["6"]), new("33", 9, 9, ["6", "7"]), new("34", 9, 9, ["6", "7"]),
        new("39", 9, 10, ["3"]), new("44", 10, 10, ["7"]), new("46", 9, 9, ["7"]), new("49", 10, 11, ["15", "16", "17"]), new("60", 9, 10, ["1"]), new("61", 9, 9, ["4"]),
        new("62", 9, 12, ["8"]), new("63", 10, 10, ["9"]), new("64", 8, 10, ["2"]), new("65", 8, 8, ["8", "9"]), new("66", 9, 9, ["6", "8", "9"]), new("81", 10, 10, ["70", "80", "90"]),
        new("82", 9, 10, ["1"]), new("86", 11, 11, ["1"]), new("90", 10, 10, ["5"]), new("92", 10, 10, ["3"]), new("93", 9, 9, ["7"]), new("94", 9, 9, ["7"]), new("95", 8, 10, ["9"]),
        new("98", 10, 10, ["9"]), new("254", 9, 9, ["7", "1"]), new("353", 9, 9, ["8"]), new("880", 10, 10, ["1"]), new("960", 7, 7, ["7", "9"]), new("965", 8, 8, ["5", "6", "9"]),
        new("966", 9, 9, ["5"]), new("968", 8, 8, ["7", "9"]), new("971", 9, 9, ["5"]), new("973", 8, 8, ["3", "6"]), new("974", 8, 8, ["3", "5", "6", "7"]), new("975", 8, 8, ["1", "7"]), new("977", 10, 10, ["9"]),
    }.ToFrozenDictionary(p => p.Code, StringComparer.Ordinal);

    /// <summary>Numbers that no subscriber can have; each has a fixed outcome, whatever the key.</summary>
    public static readonly FrozenDictionary<string, string> Fixed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["+910000000001"] = "delivered", ["+910000000002"] = "permanent-failure", ["+910000000003"] = "temporary-failure", ["+910000000004"] = "technical-failure", ["+910000000005"] = "no-receipt",
        // Notify's, for programs written against it.
        ["+447700900001"] = "delivered", ["+447700900002"] = "permanent-failure", ["+447700900003"] = "temporary-failure",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>From what people and programs write: +91, 0091, 0 or nothing before ten digits; spaces, dashes, Devanagari or Arabic digits.</summary>
    /// <returns>The number as +…, or null when no plan has such a mobile number.</returns>
    public static string? Normalise(string? written)
    {
        if (written is null || written.Length > 40) return null;
        Span<char> digits = stackalloc char[40];
        var (n, plus) = (0, false);
        foreach (var c in written)
        {
            if (char.IsDigit(c)) digits[n++] = (char)('0' + (int)char.GetNumericValue(c));
            else if (c == '+' && n == 0 && !plus) plus = true;
            else if (!char.IsWhiteSpace(c) && c is not ('-' or '(' or ')' or '.' or '\u200e' or '\u200f' or '\u2066' or '\u2068' or '\u2069')) return null;
        }

        var number = digits[..n].ToString();
        if (!plus && number.StartsWith("00", StringComparison.Ordinal) && number.Length > 11) (number, plus) = (number[2..], true);
        if (!plus) number = Home(number) ?? number;
        if (Fixed.ContainsKey("+" + number)) return "+" + number;
        for (var length = 1; length <= 3 && length < number.Length; length++)
            if (Plans.TryGetValue(number[..length], out var plan)) return Fits(plan, number[length..]) ? "+" + number : null;
        return null;
    }

    public static bool IsAbroad(string e164) => !e164.StartsWith("+91", StringComparison.Ordinal);

    /// <summary>A number as dialled within India, with the country code before it; null when it is none.</summary>
    private static string? Home(string number)
    {
        // Notify's own test numbers are written as dialled in Britain.
        if (number.StartsWith("07700900", StringComparison.Ordinal) && number.Length == 11) return "44" + number[1..];
        if (number.Length == 11 && number[0] == '0') number = number[1..];
        return number.Length == 10 ? "91" + number : null;
    }

    private static bool Fits(Plan plan, string rest) => rest.Length >= plan.Least && rest.Length <= plan.Most && plan.Mobile.Any(m => rest.StartsWith(m, StringComparison.Ordinal));
}
