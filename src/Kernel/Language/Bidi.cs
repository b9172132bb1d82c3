using System.Text.RegularExpressions;

namespace Sahulat.Kernel.Language;

/// <summary>Keeps groups of digits in their order inside right-to-left text: without isolation "94190 00000" is shown as "00000 94190" (Unicode UAX 9, rules N1 and L2).</summary>
public static partial class Bidi
{
    public static string Isolate(Lang lang, string text) =>
        lang.RightToLeft ? Groups().Replace(text, "\u2066$0\u2069") : text;

    [GeneratedRegex(@"(?<![\u2066\u2068\d+])\+?\d+(?:[ /.:\-]+\d+)+")]
    private static partial Regex Groups();
}
