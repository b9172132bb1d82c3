using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Sahulat.Kernel.Blobs;

/// <summary>What a file is, by its content alone, and whether it may come in.</summary>
public static partial class PaperCheck
{
    private const int MostObjects = 20_000;

    /// <summary>Bytes of an unpacked stream, and of all: a coloured scan of an A4 page takes 25 MB. More is a bomb for whoever opens it.</summary>
    private const long MostInStream = 100_000_000, MostUnpacked = 400_000_000;

    /// <returns>The media type, or null with the fault's code.</returns>
    public static string? TypeOf(ReadOnlySpan<byte> content, out string? fault)
    {
        fault = null;
        if (content.Length == 0)
        {
            fault = "file-empty";
            return null;
        }

        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            if (content[^2..].SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xD9]) || Ends(content)) return "image/jpeg";
            fault = "file-cut-off";
            return null;
        }

        if (content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return SaneImage(content, ref fault) ? "image/png" : null;
        if (content.StartsWith("%PDF-1."u8) || content.StartsWith("%PDF-2."u8)) return SafePdf(content, ref fault) ? "application/pdf" : null;
        fault = "file-wrong-type";
        return null;
    }

    /// <summary>Walks from segment to segment to the picture's end (ITU-T T.81, B.1): telephones write things of their own behind it, and before it a small picture that has an end as well.</summary>
    private static bool Ends(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; at + 1 < jpeg.Length && jpeg[at] == 0xFF;)
        {
            var marker = jpeg[at + 1];
            if (marker == 0xD9) return true;
            if (marker is 0x01 or 0xFF or >= 0xD0 and <= 0xD7)
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }

            if (at + 3 >= jpeg.Length) return false;
            at += 2 + System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            // Behind the head of a scan come its points; a stuffed nought or a restart does not end them.
            while (marker == 0xDA)
            {
                if (at >= jpeg.Length || jpeg[at..].IndexOf((byte)0xFF) is var next && (next < 0 || at + next + 1 >= jpeg.Length)) return false;
                at += next;
                if (jpeg[at + 1] is not (0 or >= 0xD0 and <= 0xD7)) break;
                at += 2;
            }
        }

        return false;
    }

    /// <summary>A picture of more than 100 million points would be a bomb for whoever opens it.</summary>
    private static bool SaneImage(ReadOnlySpan<byte> png, ref string? fault)
    {
        if (png.Length < 33 || !png[12..16].SequenceEqual("IHDR"u8))
        {
            fault = "file-wrong-type";
            return false;
        }

        long width = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(png[16..]), height = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(png[20..]);
        if (width is > 0 and <= 30_000 && height is > 0 and <= 30_000 && width * height <= 100_000_000) return true;
        fault = "file-unsafe";
        return false;
    }

    private static bool SafePdf(ReadOnlySpan<byte> pdf, ref string? fault)
    {
        var text = Encoding.Latin1.GetString(pdf);
        if (!text.AsSpan()[^Math.Min(2048, text.Length)..].Contains("%%EOF", StringComparison.Ordinal))
        {
            fault = "file-cut-off";
            return false;
        }

        // Names may be written with #xx escapes: undo them before looking.
        var plain = Escape().Replace(text, m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());
        if (Locked().IsMatch(plain))
        {
            fault = "file-encrypted";
            return false;
        }

        if (!Dangerous().IsMatch(plain) && Objects().Count(plain) <= MostObjects && Filters().Count(plain) == 0 && Unpacks(text)) return true;
        fault = "file-unsafe";
        return false;
    }

    /// <summary>Unpacks each stream, keeping nothing, until one or all together grow too large.</summary>
    private static bool Unpacks(string pdf)
    {
        var bytes = Encoding.Latin1.GetBytes(pdf);
        var waste = new byte[64 * 1024];
        var all = 0L;
        foreach (var start in Streams().EnumerateMatches(pdf))
        {
            var at = start.Index + start.Length;
            using var packed = new ZLibStream(new MemoryStream(bytes, at, bytes.Length - at), CompressionMode.Decompress);
            var one = 0L;
            try
            {
                for (int n; (n = packed.Read(waste)) > 0;)
                {
                    if ((one += n) > MostInStream || (all += n) > MostUnpacked) return false;
                }
            }
            catch (InvalidDataException)
            {
                // Not packed this way, or damaged: a reader stops here as well.
            }
        }

        return true;
    }

    [GeneratedRegex(@"stream\r?\n", RegexOptions.NonBacktracking)]
    private static partial Regex Streams();

    [GeneratedRegex("#([0-9a-fA-F]{2})", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex(@"/(JavaScript|JS|Launch|EmbeddedFile|XFA|RichMedia|OpenAction\s*<<\s*/S\s*/(URI|SubmitForm))\b", RegexOptions.NonBacktracking)]
    private static partial Regex Dangerous();

    [GeneratedRegex(@"/Encrypt\b", RegexOptions.NonBacktracking)]
    private static partial Regex Locked();

    [GeneratedRegex(@"\d+ \d+ obj\b", RegexOptions.NonBacktracking)]
    private static partial Regex Objects();

    /// <summary>A stream packed twice over is how bombs are built; no scanner writes one.</summary>
    [GeneratedRegex(@"/Filter\s*\[\s*/FlateDecode\s*/FlateDecode", RegexOptions.NonBacktracking)]
    private static partial Regex Filters();
}
