using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel.Data;
using Sahulat.Transparency.Tree;

namespace Sahulat.Transparency.Publish;

/// <summary>The log for everybody, in the layout of C2SP tlog-tiles below <c>/transparency</c>. A full tile never changes and may be cached for ever.</summary>
internal static partial class TileEndpoints
{
    private const string Forever = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/transparency/checkpoint", Checkpoint);
        app.MapGet("/transparency/key", (LogIdentity log) => Results.Text(log.Key + "\n", "text/plain; charset=utf-8"));
        app.MapGet("/transparency/tile/{level}/{**number}", Tile);
    }

    private static async Task<IResult> Checkpoint(HttpContext http, Database database, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-cache";
        var note = await database.One<string>("select note from transparency.checkpoint order by size desc limit 1", ct: ct);
        return note is null ? Results.NotFound() : Results.Text(note, "text/plain; charset=utf-8");
    }

    private static async Task<IResult> Tile(HttpContext http, string level, string? number, Database database, CancellationToken ct)
    {
        if (Number().Match(number ?? "") is not { Success: true } match || (level != "entries" && !(level.Length is 1 or 2 && level.All(char.IsAsciiDigit)))) return Results.NotFound();
        var n = 0L;
        foreach (Capture part in match.Groups["x"].Captures) n = (n * 1000) + long.Parse(part.Value, CultureInfo.InvariantCulture);
        n = (n * 1000) + long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
        var width = match.Groups["w"].Success ? int.Parse(match.Groups["w"].Value, CultureInfo.InvariantCulture) : Tiles.Width;
        if (width is < 1 or > Tiles.Width) return Results.NotFound();
        var content = level == "entries" ? await Entries(database, n, width, ct) : await Hashes(database, int.Parse(level, CultureInfo.InvariantCulture), n, width, ct);
        if (content is null) return Results.NotFound();
        http.Response.Headers.CacheControl = Forever;
        return Results.Bytes(content, "application/octet-stream");
    }

    private static async Task<byte[]?> Hashes(Database database, int level, long number, int width, CancellationToken ct) =>
        await Tiles.Read(database, level, number, ct) is { } tile && tile.Length >= width * Tiles.HashSize ? tile[..(width * Tiles.HashSize)] : null;

    /// <summary>Each leaf's data with its length in front (2 bytes, big-endian): the digest of a journal entry.</summary>
    private static async Task<byte[]?> Entries(Database database, long number, int width, CancellationToken ct)
    {
        if (number > long.MaxValue / Tiles.Width - 1) return null;
        var digests = await database.Query<byte[]>("select digest from transparency.leaf where leaf >= @from and leaf < @to order by leaf", new { from = number * Tiles.Width, to = (number * Tiles.Width) + width }, ct);
        if (digests.Count < width) return null;
        using var bundle = new MemoryStream();
        var length = new byte[2];
        foreach (var digest in digests)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)digest.Length);
            bundle.Write(length);
            bundle.Write(digest);
        }

        return bundle.ToArray();
    }

    [GeneratedRegex(@"^(?:x(?<x>\d{3})/){0,5}(?<n>\d{3})(?:\.p/(?<w>\d{1,3}))?$")]
    private static partial Regex Number();
}
