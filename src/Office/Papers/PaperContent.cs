using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;

namespace Sahulat.Office.Papers;

/// <summary>A paper, opened on the way out for who may see its file or receipt, and never kept by a browser or a proxy.</summary>
internal static class PaperContent
{
    public static async Task<IResult> Get(HttpContext http, Guid paper, OfficePapers papers, OfficePosts posts, Database database, CancellationToken ct)
    {
        if (await papers.Find(paper, ct) is not { } row || !await Seen(posts.Of((OfficialCaller)http.Caller()), row.Item, database, ct) || await papers.Open(row, ct) is not { } content) return Results.StatusCode(StatusCodes.Status404NotFound);
        return Shown(http, content, row.Type, $"{paper:N}.{(row.Type == "application/pdf" ? "pdf" : row.Type == "image/png" ? "png" : "jpg")}");
    }

    public static IResult Shown(HttpContext http, Stream content, string type, string name)
    {
        var headers = http.Response.Headers;
        // Only our own page may frame it, and nothing inside it may run, load or send anything.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'";
        headers.XFrameOptions = "SAMEORIGIN";
        headers.CacheControl = "no-store";
        headers.ContentDisposition = $"inline; filename=\"{name}\"";
        return Results.Stream(content, type);
    }

    /// <summary>One page of a PDF file as a picture.</summary>
    public static async Task<IResult> GetPage(HttpContext http, Guid paper, int page, OfficePapers papers, OfficePosts posts, Database database, CancellationToken ct)
    {
        if (await papers.Find(paper, ct) is not { Type: "application/pdf" } row || page < 1 || page > row.Pages || !await Seen(posts.Of((OfficialCaller)http.Caller()), row.Item, database, ct) || await papers.Bytes(row, ct) is not { } content) return Results.StatusCode(StatusCodes.Status404NotFound);
        using var scratch = new Scratch();
        await File.WriteAllBytesAsync(scratch.File("paper.pdf"), content, ct);
        var number = page.ToString(CultureInfo.InvariantCulture);
        var drawn = await Bounded.Run("pdftoppm", ["-r", "110", "-jpeg", "-f", number, "-l", number, "-singlefile", scratch.File("paper.pdf"), scratch.File("page")], TimeSpan.FromSeconds(20), 1024, ct);
        if (drawn.Fault is not null || !File.Exists(scratch.File("page.jpg"))) return Results.StatusCode(StatusCodes.Status404NotFound);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(await File.ReadAllBytesAsync(scratch.File("page.jpg"), ct), "image/jpeg");
    }

    public static async Task<bool> Seen(Reach reach, Guid item, Database database, CancellationToken ct) =>
        await database.One<string[]>("select scopes from office.file where id = @item union all select scopes from office.receipt where id = @item", new { item }, ct) is { } scopes && reach.Sees(scopes);
}
