using System.Buffers.Binary;
using System.IO.Compression;
using Sahulat.Host;
using Sahulat.Kernel.Language;

namespace Sahulat.Tests.Portal;

/// <summary>Every letter of a language's texts is in the font that its pages load; else a phone mixes faces in the middle of a word.</summary>
public sealed class FontTests
{
    [Theory]
    [InlineData("ur", "nastaliq-400")]
    [InlineData("ks", "nastaliq-400")]
    [InlineData("ur", "naskh-400")]
    [InlineData("ks", "naskh-400")]
    [InlineData("hi", "deva-400")]
    [InlineData("doi", "deva-400")]
    [InlineData("hi", "deva-700")]
    [InlineData("doi", "deva-700")]
    public void Letters_AreInTheFont(string code, string font)
    {
        var lang = Lang.Find(code)!;
        var has = Woff2.Letters(Asset($"assets/fonts/{font}"));
        var wanted = TextTests.Catalogue.Keys(lang).SelectMany(k => TextTests.Catalogue.Find(lang, k)!.EnumerateRunes()).Concat(lang.NativeName.EnumerateRunes())
            .Select(r => r.Value).Where(c => Script(c) == lang.Script).ToHashSet();
        Assert.Empty(wanted.Except(has).Select(c => $"U+{c:X4}").Order());
    }

    /// <summary>Letters that names of people and places use and our texts may not (CLDR exemplar sets; Kashmiri: U+065A, 065B, 06CE are what other fonts lack).</summary>
    [Theory]
    [InlineData("nastaliq-400", "آأؤئابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےۂۃٲٳۆۄٕٔٚٛۍێؠ")]
    [InlineData("naskh-400", "آأؤئابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےۂۃٲٳۆۄٕٔٚٛۍێؠ")]
    [InlineData("deva-400", "अआइईउऊऋएऐऑओऔंःँकखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह़ािीुूृेैॉोौ्ड़ढ़फ़ज़ऽ।₹")]
    public void Alphabet_IsInTheFont(string font, string letters) =>
        Assert.Empty(letters.EnumerateRunes().Select(r => r.Value).Except(Woff2.Letters(Asset($"assets/fonts/{font}"))).Select(c => $"U+{c:X4}"));

    private static string Script(int c) => c switch { >= 0x600 and <= 0x6FF => "Arab", >= 0x900 and <= 0x97F => "Deva", _ => "" };

    internal static byte[] Asset(string start)
    {
        var assembly = typeof(Rooms).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.StartsWith($"wwwroot/{start}.", StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>Reads the character map of a WOFF 2 font (W3C WOFF 2.0, section 4; OpenType cmap formats 4 and 12).</summary>
internal static class Woff2
{
    private const int HeaderSize = 48, Glyf = 10, Loca = 11, OtherTag = 63;

    public static HashSet<int> Letters(ReadOnlySpan<byte> font)
    {
        var tables = BinaryPrimitives.ReadUInt16BigEndian(font[12..]);
        var compressed = BinaryPrimitives.ReadInt32BigEndian(font[20..]);
        int at = HeaderSize, offset = 0, mapAt = -1;
        for (var i = 0; i < tables; i++)
        {
            var flags = font[at++];
            var tag = flags & 63;
            if (tag == OtherTag) at += 4;
            var version = flags >> 6;
            var length = Number(font, ref at);
            if (tag is Glyf or Loca ? version != 3 : version != 0) length = Number(font, ref at);
            if (tag == 0) mapAt = offset;
            offset += length;
        }

        var data = new byte[offset];
        using (var brotli = new BrotliStream(new MemoryStream(font.Slice(at, compressed).ToArray()), CompressionMode.Decompress)) brotli.ReadExactly(data);
        return Map(data.AsSpan(mapAt));
    }

    private static int Number(ReadOnlySpan<byte> font, ref int at)
    {
        var value = 0;
        byte next;
        do
        {
            next = font[at++];
            value = (value << 7) | (next & 127);
        }
        while ((next & 128) != 0);
        return value;
    }

    private static HashSet<int> Map(ReadOnlySpan<byte> map)
    {
        var letters = new HashSet<int>();
        for (var i = 0; i < BinaryPrimitives.ReadUInt16BigEndian(map[2..]); i++)
        {
            var table = map[BinaryPrimitives.ReadInt32BigEndian(map[(8 + (8 * i))..])..];
            var format = BinaryPrimitives.ReadUInt16BigEndian(table);
            if (format == 4) Format4(table, letters);
            if (format == 12) Format12(table, letters);
        }

        return letters;
    }

    private static void Format4(ReadOnlySpan<byte> table, HashSet<int> letters)
    {
        int twice = BinaryPrimitives.ReadUInt16BigEndian(table[6..]);
        for (var s = 0; s < twice; s += 2)
        {
            int last = BinaryPrimitives.ReadUInt16BigEndian(table[(14 + s)..]), first = BinaryPrimitives.ReadUInt16BigEndian(table[(16 + twice + s)..]);
            for (var c = first; c <= last && c != 0xFFFF; c++) letters.Add(c);
        }
    }

    private static void Format12(ReadOnlySpan<byte> table, HashSet<int> letters)
    {
        for (var g = 0; g < BinaryPrimitives.ReadInt32BigEndian(table[12..]); g++)
        {
            int first = BinaryPrimitives.ReadInt32BigEndian(table[(16 + (12 * g))..]), last = BinaryPrimitives.ReadInt32BigEndian(table[(20 + (12 * g))..]);
            for (var c = first; c <= last; c++) letters.Add(c);
        }
    }
}
