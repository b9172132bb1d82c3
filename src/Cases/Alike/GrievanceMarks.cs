using System.Globalization;
using System.Text.Json.Nodes;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Alike;

/// <summary>Where something happened, to three decimals: about a hundred metres, enough to find neighbours and too little to find a door.</summary>
internal sealed record MapPoint(double Latitude, double Longitude)
{
    /// <summary>Null where the text is none, or lies outside the world.</summary>
    public static MapPoint? Parse(string? written)
    {
        if (written?.Split(',', '،') is not [var north, var east]) return null;
        return double.TryParse(north.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var latitude)
            && double.TryParse(east.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var longitude) ? Of(latitude, longitude) : null;
    }

    public static MapPoint? Of(double latitude, double longitude) =>
        Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 ? new MapPoint(Math.Round(latitude, 3), Math.Round(longitude, 3)) : null;

    /// <summary>Metres, on a sphere.</summary>
    public double To(MapPoint other)
    {
        const double radius = 6_371_000, radian = Math.PI / 180;
        var (dLat, dLon) = ((other.Latitude - Latitude) * radian, (other.Longitude - Longitude) * radian);
        var half = Math.Pow(Math.Sin(dLat / 2), 2) + (Math.Cos(Latitude * radian) * Math.Cos(other.Latitude * radian) * Math.Pow(Math.Sin(dLon / 2), 2));
        return 2 * radius * Math.Asin(Math.Sqrt(half));
    }
}

/// <summary>What of a grievance stands outside the seal: a rounded point, and a sketch of its text.</summary>
/// <param name="Follow">Keyed hash of the code of one who did not say who he is.</param>
internal sealed record GrievanceMarks(MapPoint? Point, int[] Sketch, byte[]? Follow)
{
    /// <summary>Numbers in a sketch.</summary>
    public const int Size = 48;

    private const int MostWords = 400;

    public static GrievanceMarks Of(JsonObject answers, Vault vault, byte[]? follow) =>
        new(MapPoint.Parse((string?)answers["location"]), SketchOf($"{(string?)answers["happened"]} {(string?)answers["address"]}", vault), follow);

    /// <summary>MinHash over the keyed hashes of the words: the share of equal numbers estimates the share of common words (Broder 1997). Without the vault's key no word can be tried against it.</summary>
    public static int[] SketchOf(string text, Vault vault)
    {
        var words = Words(text).Distinct().Take(MostWords).ToArray();
        if (words.Length == 0) return [];
        var least = new uint[Size];
        Array.Fill(least, uint.MaxValue);
        foreach (var word in words)
        {
            var hash = BitConverter.ToUInt64(vault.BlindIndex("cases.grievance/word", word));
            for (var i = 0; i < Size; i++) least[i] = Math.Min(least[i], Mix(hash, (ulong)i));
        }

        return [.. least.Select(n => unchecked((int)n))];
    }

    /// <summary>From 0 to 1.</summary>
    public static double Alike(int[] a, int[] b) => a.Length != Size || b.Length != Size ? 0 : (double)a.Zip(b).Count(p => p.First == p.Second) / Size;

    /// <summary>Words of three letters and more in any script, without marks and case.</summary>
    internal static IEnumerable<string> Words(string text)
    {
        var word = new System.Text.StringBuilder();
        foreach (var c in text.Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant() + " ")
        {
            if (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.SpacingCombiningMark) word.Append(c);
            else if (char.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format))
            {
                if (word.Length >= 3) yield return word.ToString();
                word.Clear();
            }
        }
    }

    /// <summary>SplitMix64's finaliser: one well mixed number for each of the sketch's places.</summary>
    private static uint Mix(ulong hash, ulong place)
    {
        var z = hash + ((place + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (uint)((z ^ (z >> 31)) >> 32);
    }
}
