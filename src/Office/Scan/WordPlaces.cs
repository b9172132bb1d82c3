using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Sahulat.Office.Scan;

/// <param name="X">Left edge in ten-thousandths of the page's width, as the others of width and height.</param>
internal sealed record Place(int X, int Y, int Width, int Height);

/// <summary>Words with their places: a line each, <c>x y width height word</c>, in ten-thousandths of the page.</summary>
internal static class WordPlaces
{
    private const int Whole = 10_000;

    /// <param name="table">Rows of tesseract's table: level 1 is the page, level 5 a word; fields 6 to 9 are the box, 11 the text.</param>
    public static string Write(IEnumerable<string[]> table)
    {
        var places = new StringBuilder();
        var (width, height) = (0, 0);
        foreach (var row in table.Where(r => r.Length == 12))
        {
            int At(int field) => int.Parse(row[field], CultureInfo.InvariantCulture);
            if (row[0] == "1") (width, height) = (At(8), At(9));
            if (row[0] != "5" || width == 0 || height == 0 || string.IsNullOrWhiteSpace(row[11])) continue;
            places.Append(CultureInfo.InvariantCulture, $"{(long)At(6) * Whole / width} {(long)At(7) * Whole / height} {(long)At(8) * Whole / width} {(long)At(9) * Whole / height} {row[11].Trim()}\n");
        }

        return places.ToString();
    }

    public static IEnumerable<(Place Place, string Word)> Read(string places)
    {
        foreach (var line in places.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ', 5);
            if (fields.Length == 5 && fields[..4].All(f => int.TryParse(f, NumberStyles.None, CultureInfo.InvariantCulture, out _)) && fields[..4].Select(f => int.Parse(f, CultureInfo.InvariantCulture)).ToArray() is var at) yield return (new Place(at[0], at[1], at[2], at[3]), fields[4]);
        }
    }

    public static byte[] Pack(string places)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest)) brotli.Write(Encoding.UTF8.GetBytes(places));
        return packed.ToArray();
    }

    public static string Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
