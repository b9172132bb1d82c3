using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Archive;

/// <param name="State">waiting, done or failed.</param>
/// <param name="Done">Pages that are laid ready.</param>
internal sealed record ArchiveRow(Guid Id, Guid Item, int PageFrom, int PageTo, string State, int Done, string? Fault, string? Blob, int Tries)
{
    public int Pages => PageTo - PageFrom + 1;
}

/// <summary>A paper and the numbers that its pages have on the file or receipt.</summary>
internal sealed record Part(Guid Paper, int PageFrom, int PageTo);

/// <summary>What holds papers: a file or a receipt.</summary>
internal sealed record Holder(string Kind, string Number, int Pages);

/// <summary>Pages of a file or receipt as one PDF/A file: asked for, made in the background, kept sealed, for who may see the file or receipt.</summary>
internal sealed class Archives(Database database, OfficePosts posts, SealedBlobs blobs, Seals seals, TimeProvider time)
{
    public const int MostPages = 500;

    public const string Columns = "id, item, page_from, page_to, state, done, fault, blob, tries";

    public static string Context(Guid id) => $"office.archive/{id:N}";

    /// <returns>Null where there is none, or none that he may see.</returns>
    public async Task<Holder?> Find(Reach reach, Guid item, CancellationToken ct)
    {
        if (await database.One<FileRow>($"select {FileRow.Columns} from office.file where id = @item", new { item }, ct) is { } file) return reach.Sees(file.Scopes) ? new Holder("files", file.Shown, file.Pages) : null;
        // Papers of a receipt that was put in a file are the file's.
        if (await database.One<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where id = @item and file_id is null", new { item }, ct) is not { } receipt || !reach.Sees(receipt.Scopes)) return null;
        return new Holder("receipts", receipt.Number, await database.One<int>("select coalesce(sum(pages), 0)::int from office.paper where item = @item", new { item }, ct));
    }

    /// <summary>The papers of which these pages are, in their order. A receipt's pages are numbered through as a file's are.</summary>
    public Task<IReadOnlyList<Part>> Parts(Guid item, int from, int to, CancellationToken ct) => database.Query<Part>("""
        select paper, page_from, page_to from (
          select paper, page_from, page_to from office.correspondence where file_id = @item and page_from <= @to
          union all
          select id, (sum(pages) over w)::int - pages + 1, (sum(pages) over w)::int from office.paper where item = @item and exists (select from office.receipt where id = @item) window w as (order by at, id)
        ) p where page_from <= @to and page_to >= @from order by page_from
        """, new { item, from, to }, ct);

    public async Task<Result<Done>> Ask(Reach reach, Guid item, int? from, int? to, CancellationToken ct)
    {
        if (await Find(reach, item, ct) is not { } holder) return Problem.NotFound;
        var check = new Check();
        check.That(from is > 0 && from <= holder.Pages, "from", "office-no-such-page");
        check.That(to >= (from ?? 1) && to <= holder.Pages, "to", "office-no-such-page");
        check.That(to - from < MostPages, "to", "too-many", MostPages);
        if (!check.Ok) return check.ToProblem();
        var parts = await Parts(item, from!.Value, to!.Value, ct);
        var unread = await database.One<bool>("""
            select exists (select from unnest(@papers, @firsts) as n(paper, first) join office.page p on p.paper = n.paper where p.state = 'waiting' and n.first + p.page - 1 between @from and @to)
            """, new { papers = parts.Select(p => p.Paper).ToArray(), firsts = parts.Select(p => p.PageFrom).ToArray(), from, to }, ct);
        if (unread) return OfficeProblems.PagesUnread;
        var at = time.GetUtcNow();
        var by = reach.As(reach.Acts.Keys.First());
        await database.Write(async work =>
        {
            var asked = await work.Execute("""
            insert into office.archive (id, item, page_from, page_to, official, at) values (@id, @item, @from, @to, @official, @at)
            on conflict (item, page_from, page_to) do update set state = 'waiting', fault = null, tries = 0, done = 0, lease = null, at = excluded.at where archive.state = 'failed'
            """, new { id = Guid.CreateVersion7(at), item, from, to, official = reach.Who.Id, at });
            // Asked again while it is made, or there already, nothing is done.
            if (asked > 0) await work.Append($"archive/{item:N}", null, new ArchiveAsked(item, from.Value, to.Value), by, at);
        }, ct);
        return Done.It;
    }

    public Task<IReadOnlyList<ArchiveRow>> Of(Guid item, CancellationToken ct) => database.Query<ArchiveRow>($"select {Columns} from office.archive where item = @item order by at desc limit 20", new { item }, ct);

    public static async Task<IResult> Get(HttpContext http, Guid archive, Archives archives, CancellationToken ct) => await archives.Open(http, archive, ct) ?? Results.StatusCode(StatusCodes.Status404NotFound);

    private async Task<IResult?> Open(HttpContext http, Guid id, CancellationToken ct)
    {
        if (await database.One<ArchiveRow>($"select {Columns} from office.archive where id = @id and state = 'done'", new { id }, ct) is not { Blob: { } blob } row) return null;
        if (await Find(posts.Of((OfficialCaller)http.Caller()), row.Item, ct) is not { } holder) return null;
        if (!(await seals.Keys([row.Item], ct)).TryGetValue(row.Item, out var key) || await blobs.Open(key, blob, Context(id), ct) is not { } content) return null;
        http.Response.Headers.CacheControl = "no-store";
        var name = new string([.. holder.Number.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        return Results.Stream(content, "application/pdf", $"{name}-{row.PageFrom}-{row.PageTo}.pdf");
    }
}
