using System.Text;

namespace Sahulat.Messaging.Wording;

/// <summary>How a text travels as SMS: alphabet, length in its units (septets or UTF-16 code units), parts.</summary>
internal sealed record Segmented(string Encoding, int Length, int Parts);

/// <summary>3GPP TS 23.038: 160 septets, or 153 a part; any letter outside the alphabet makes it UCS-2: 70 units, or 67 a part. An extension character costs two septets; neither it nor a surrogate pair is split.</summary>
internal static class Gsm7
{
    private const string Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private const string Extension = "\f^{}\\[~]|€";

    public static Segmented Measure(string text)
    {
        var septets = 0;
        foreach (var c in text)
        {
            if (c != '\u001b' && Basic.Contains(c)) septets++;
            else if (Extension.Contains(c)) septets += 2;
            else return Ucs2(text);
        }

        return new("gsm-7", septets, septets <= 160 ? 1 : Parts(text, 153, (t, i) => Extension.Contains(t[i]) ? (2, 1) : (1, 1)));
    }

    /// <summary>Typographic signs that would turn an English text into UCS-2, as plain ones. For values filled in, never for a registered text.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            plain.Append(c switch
            {
                '\u2018' or '\u2019' or '\u201a' or '\u2032' => "'",
                '\u201c' or '\u201d' or '\u201e' or '\u2033' => "\"",
                '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => "-",
                '\u2026' => "...",
                '\u00a0' or '\u2007' or '\u2009' or '\u202f' => " ",
                '\u20b9' => "Rs ",
                '\u200b' or '\u200e' or '\u200f' or '\ufeff' or (>= '\u2066' and <= '\u2069') => "",
                _ => c.ToString(),
            });
        }

        return plain.ToString();
    }

    public static bool Holds(string text) => text.All(c => c != '\u001b' && (Basic.Contains(c) || Extension.Contains(c)));

    private static Segmented Ucs2(string text) =>
        new("ucs-2", text.Length, text.Length <= 70 ? 1 : Parts(text, 67, (t, i) => char.IsHighSurrogate(t[i]) && i + 1 < t.Length ? (2, 2) : (1, 1)));

    private static int Parts(string text, int room, Func<string, int, (int Cost, int Chars)> unit)
    {
        var (parts, used) = (1, 0);
        for (var i = 0; i < text.Length;)
        {
            var (cost, chars) = unit(text, i);
            if (used + cost > room) (parts, used) = (parts + 1, 0);
            used += cost;
            i += chars;
        }

        return parts;
    }
}
