using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Transparency;

/// <summary>A receipt as the text of a QR code: <c>SAHULAT1:</c>, then the receipt's JSON, deflated (RFC 1950) and in base45 (RFC 9285), which QR codes hold at their densest.</summary>
public static class ReceiptCode
{
    public const string Prefix = "SAHULAT1:";

    /// <summary>No receipt is larger; what unpacks to more is none.</summary>
    private const int Most = 64 * 1024;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    public static string Write(InclusionReceipt receipt)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) JsonSerializer.Serialize(zlib, receipt, JournalJson.Options);
        var bytes = packed.ToArray();
        var text = new StringBuilder(Prefix, Prefix.Length + (bytes.Length * 3 / 2) + 2);
        for (var i = 0; i < bytes.Length; i += 2)
        {
            var pair = i + 1 < bytes.Length;
            var n = pair ? (bytes[i] << 8) | bytes[i + 1] : bytes[i];
            text.Append(Alphabet[n % 45]).Append(Alphabet[n / 45 % 45]);
            if (pair) text.Append(Alphabet[n / (45 * 45)]);
        }

        return text.ToString();
    }

    /// <returns>Null when it is not a receipt's code.</returns>
    public static InclusionReceipt? Read(string text)
    {
        text = text.TrimEnd('\r', '\n');
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > 2 * Most) return null;
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(Unbase(text.AsSpan(Prefix.Length))), CompressionMode.Decompress);
            var buffer = new byte[Most];
            var length = zlib.ReadAtLeast(buffer, Most, throwOnEndOfStream: false);
            return length == Most ? null : JsonSerializer.Deserialize<InclusionReceipt>(buffer.AsSpan(0, length), JournalJson.Options);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or JsonException)
        {
            return null;
        }
    }

    private static byte[] Unbase(ReadOnlySpan<char> text)
    {
        if (text.Length % 3 == 1) throw new FormatException();
        using var bytes = new MemoryStream(text.Length * 2 / 3);
        for (var i = 0; i < text.Length; i += 3)
        {
            var n = Digit(text[i]) + (45 * Digit(text[i + 1]));
            if (i + 2 < text.Length)
            {
                n += 45 * 45 * Digit(text[i + 2]);
                if (n > ushort.MaxValue) throw new FormatException();
                bytes.WriteByte((byte)(n >> 8));
            }
            else if (n > byte.MaxValue)
            {
                throw new FormatException();
            }

            bytes.WriteByte((byte)n);
        }

        return bytes.ToArray();
    }

    private static int Digit(char c) => Alphabet.IndexOf(c, StringComparison.Ordinal) is >= 0 and var digit ? digit : throw new FormatException();
}
