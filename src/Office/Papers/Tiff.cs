using System.Buffers.Binary;

namespace Sahulat.Office.Papers;

/// <summary>What must be known of a TIFF file before a program opens it (TIFF 6.0): one that is cut off would lose its last pages without a word.</summary>
internal static class Tiff
{
    private const int MostPages = 10_000;
    private const ushort StripOffsets = 273, StripCounts = 279, TileOffsets = 324, TileCounts = 325, Short = 3;

    public static bool Is(ReadOnlySpan<byte> content) => content.StartsWith("II*\0"u8) || content.StartsWith("MM\0*"u8);

    /// <returns>False when a page, or a part of one, lies beyond the end.</returns>
    public static bool IsWhole(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return false;
        var read = new Reader(tiff, tiff[0] == 'I');
        var next = (long)read.Long(4);
        for (var pages = 0; next != 0 && pages < MostPages; pages++)
        {
            if (!read.Has(next, 2)) return false;
            int fields = read.Word(next);
            if (!read.Has(next, 2 + (12L * fields) + 4)) return false;
            long offsets = 0, counts = 0;
            for (var field = next + 2; field < next + 2 + (12L * fields); field += 12)
            {
                var tag = read.Word(field);
                if (tag is StripOffsets or TileOffsets) offsets = field;
                else if (tag is StripCounts or TileCounts) counts = field;
            }

            if (offsets != 0 && counts != 0 && !HasParts(read, offsets, counts)) return false;
            next = read.Long(next + 2 + (12L * fields));
        }

        return true;
    }

    private static bool HasParts(Reader read, long offsets, long counts)
    {
        long parts = Math.Min(read.Long(offsets + 4), read.Long(counts + 4));
        for (var i = 0L; i < parts; i++)
            if (read.Value(offsets, i) is not { } at || read.Value(counts, i) is not { } size || !read.Has(at, size)) return false;
        return true;
    }

    private readonly ref struct Reader(ReadOnlySpan<byte> bytes, bool little)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;

        public bool Has(long at, long length) => at >= 0 && at + length <= bytes.Length;

        public ushort Word(long at) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[(int)at..]);

        public uint Long(long at) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)at..]);

        /// <summary>One of the numbers of a field: they stand in the field itself where they fit into four bytes.</summary>
        public long? Value(long field, long index)
        {
            var size = Word(field + 2) == Short ? 2 : 4;
            var at = (Long(field + 4) * (long)size <= 4 ? field + 8 : Long(field + 8)) + (index * size);
            return !Has(at, size) ? null : size == 2 ? Word(at) : Long(at);
        }
    }
}
