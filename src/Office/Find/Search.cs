using System.Globalization;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Find;

/// <param name="Address">Page that shows the hit.</param>
/// <param name="Similar">Found by the coarse form only.</param>
internal sealed record Hit(string Number, string Subject, string Address, int Page, bool IsNote, IReadOnlyList<Piece> Snippet, bool Similar);

/// <param name="Older">Where the next page of the list begins; null on the last.</param>
internal sealed record Found(IReadOnlyList<Hit> Hits, string? Older);

/// <summary>Finds pages by the words on them among what the official may see: newest first, <see cref="Most"/> at a time: those that hold the words, then those that hold similar ones.</summary>
internal sealed class Search(Database database, Seals seals)
{
    public const int Most = 20, QueryMax = 200;

    /// <param name="from"><see cref="Found.Older"/> of the list before: <c>e</c> or, once only similar ones are left, <c>s</c>, and a page's number.</param>
    public async Task<Found> Run(Reach reach, string query, string? from, CancellationToken ct)
    {
        var words = Words.Split(query).Distinct().Take(12).ToArray();
        if (words.Length == 0) return new Found([], null);
        (char List, long Before)? begin = from is ['e' or 's', .. var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? (from[0], before) : null;
        var numbers = begin is null ? ByNumber(reach, query, ct) : Task.FromResult<IReadOnlyList<Hit>>([]);
        var (exact, similar, older) = await database.Write(work => Pages(work, words, Words.Marks(seals, reach.Scopes), begin), ct);
        var hits = await Show(reach, [.. exact, .. similar], query, ct);
        return new Found([.. await numbers, .. exact.Concat(similar).Where(hits.ContainsKey).Select(id => similar.Contains(id) ? hits[id] with { Similar = true } : hits[id])], older);
    }

    private async Task<(IReadOnlyList<long> Exact, IReadOnlyList<long> Similar, string? Older)> Pages(Work work, string[] words, int[] marks, (char List, long Before)? begin)
    {
        var newest = await NewestPages.Open(work, marks);
        int[] exact = [.. words.Select(w => Words.Exact(seals, w)).Distinct()], coarse = [.. words.Select(w => Words.Coarse(seals, w) ?? Words.Exact(seals, w)).Distinct()];
        var found = begin is { List: 's' } ? [] : await newest.Find(exact, Most, begin?.Before);
        if (found.Count == Most) return (found, [], $"e{found[^1]}");
        if (coarse.SequenceEqual(exact)) return (found, [], null);
        var alike = await newest.Find(coarse, Most, begin is { List: 's', Before: var earlier } ? earlier : null);
        // Those with the very words were in the list already.
        var same = alike.Count == 0 ? [] : await work.Query<long>("select id from office.page where id = any(@ids) and words @> @exact", new { ids = alike.ToArray(), exact });
        return (found, [.. alike.Except(same)], alike.Count == Most ? $"s{alike[^1]}" : null);
    }

    private async Task<IReadOnlyList<Hit>> ByNumber(Reach reach, string query, CancellationToken ct)
    {
        var prefix = query.Trim().Replace("%", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal) + "%";
        if (prefix.Length < 4) return [];
        var rows = await database.Query<(Guid Id, string Kind, string Number)>("""
            (select id, 'files' as kind, number from office.file where number like @prefix and scopes && @Scopes order by number limit 10)
            union all (select id, 'receipts', number from office.receipt where number like @prefix and scopes && @Scopes order by number limit 10)
            """, new { prefix, reach.Scopes }, ct);
        return [.. rows.Select(r => new Hit(r.Number, "", $"/desk/office/{r.Kind}/{r.Id:N}", 0, false, [], false))];
    }

    private async Task<IReadOnlyDictionary<long, Hit>> Show(Reach reach, long[] ids, string query, CancellationToken ct)
    {
        var hits = new Dictionary<long, Hit>();
        if (ids.Length == 0) return hits;
        var rows = await database.Query<Row>("""
            select p.id, p.item, p.paper, p.para, p.page, p.text, coalesce(d.subject, p.item) as subject, c.page_from from office.page p
            left join office.paper d on d.id = p.paper left join office.correspondence c on c.paper = p.paper and c.file_id = p.item
            where p.id = any(@ids) and p.text is not null
            """, new { ids }, ct);
        var items = rows.Select(r => r.Item).Distinct().ToArray();
        var keys = seals.Keys(items.Concat(rows.Select(r => r.Subject)), ct);
        var files = (await database.Query<FileRow>($"select {FileRow.Columns} from office.file where id = any(@items)", new { items }, ct)).ToDictionary(f => f.Id);
        var receipts = files.Count == items.Length ? [] : (await database.Query<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where id = any(@items)", new { items }, ct)).ToDictionary(r => r.Id);
        var sought = new Sought(query);
        foreach (var row in rows)
        {
            // A mark is a hash of four bytes: of so many posts and offices two may have the same.
            var scopes = files.TryGetValue(row.Item, out var file) ? file.Scopes : receipts.TryGetValue(row.Item, out var receipt) ? receipt.Scopes : [];
            if (reach.Sees(scopes) && Shown(row, file, receipts.GetValueOrDefault(row.Item), sought, await keys) is { } hit) hits[row.Id] = hit;
        }

        return hits;
    }

    private Hit? Shown(Row row, FileRow? file, ReceiptRow? receipt, Sought sought, IReadOnlyDictionary<Guid, SubjectKey> keys)
    {
        if (!keys.TryGetValue(row.Subject, out var key) || !keys.TryGetValue(row.Item, out var itemKey)) return null;
        var snippet = PageTexts.Snippet(seals.Open(key, row.Text, row.Paper is { } of ? PageTexts.PaperContext(of, row.Page) : PageTexts.ParaContext(row.Item, row.Para ?? 0)), sought);
        if (file is null) return new Hit(receipt!.Number, seals.Open<ReceiptDetails>(itemKey, receipt.Details, ReceiptRow.DetailsContext(receipt.Id)).Subject, $"/desk/office/receipts/{receipt.Id:N}{(row.Paper is { } paper ? $"?q={Uri.EscapeDataString(sought.Query)}&paper={paper:N}&page={row.Page}" : "")}", row.Page, row.Paper is null, snippet, false);
        // What was keyed of a register has neither paper nor paragraph, and the page of its file.
        var page = row.Paper is not null ? (row.PageFrom ?? 1) + row.Page - 1 : row.Para is null ? row.Page : 0;
        var address = $"/desk/office/files/{file.Id:N}?q={Uri.EscapeDataString(sought.Query)}{(page > 0 ? $"&page={page}" : "")}{(row.Para > 0 ? $"&note={row.Para}#n{row.Para}" : row.Para < 0 ? $"#r{-row.Para}" : "")}";
        return new Hit(file.Shown, seals.Open(itemKey, file.Subject, FileRow.SubjectContext(file.Id)), address, page > 0 ? page : row.Para ?? 0, page == 0, snippet, false);
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public Guid Item { get; init; }

        public Guid? Paper { get; init; }

        public int? Para { get; init; }

        public int Page { get; init; }

        public byte[] Text { get; init; } = [];

        /// <summary>Under whose key the text is sealed.</summary>
        public Guid Subject { get; init; }

        public int? PageFrom { get; init; }
    }
}
