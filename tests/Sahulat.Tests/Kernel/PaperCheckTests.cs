using Sahulat.Kernel.Blobs;
using Sahulat.Office.Intake;
using Sahulat.Tests.Office;

namespace Sahulat.Tests.Kernel;

/// <summary>What a picture is told to be by its bytes.</summary>
public sealed class PaperCheckTests
{
    [Fact]
    public async Task Jpeg_OfATelephone_IsOne_WhateverStandsBehindIt_AndNotWhenItIsCutOff()
    {
        var plain = await Scans.Jpeg(new Grey(64, 48, [.. Enumerable.Range(0, 64 * 48).Select(i => (byte)(i * 37))]));
        // The small picture of its own that stands in the head, with an end of its own.
        byte[] head = [0xFF, 0xE1, 0x00, 0x0A, 0xFF, 0xD8, 0x01, 0xFF, 0xD9, 0x02, 0x03, 0x04];
        byte[] taken = [.. plain[..2], .. head, .. plain[2..]];
        Assert.Equal("image/jpeg", Of(plain));
        Assert.Equal("image/jpeg", Of(taken));
        Assert.Equal("image/jpeg", Of([.. taken, .. "SEFH of the maker"u8, 0xFF, 0x00]));
        // Cut just behind the small one it looks whole; whoever draws it will find out.
        foreach (var length in Enumerable.Range(4, taken.Length - 4).Where(n => taken[n - 2] != 0xFF || taken[n - 1] != 0xD9)) Assert.Equal("file-cut-off", Of(taken[..length]) ?? "image");

        static string? Of(byte[] bytes) => PaperCheck.TypeOf(bytes, out var fault) ?? fault;
    }
}
