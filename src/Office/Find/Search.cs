using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Find;

/// <param name="Address">Page that shows the hit.</param>
/// <param name="Similar">Found by the coarse form only.</param>
internal sealed record Hit(string Number, string Subject, string Address, int Page, bool IsNote, IReadOnlyList<Piece> Snippet, bool Similar);

/// <summary>Finds pages by the words on them among what the official may see: newest first, at most <see cref="Most"/>.</summary>
internal sealed class Search(Database database, Seals seals)
{
    public const int Most = 20, QueryMax = 200;

    public async Task<IReadOnlyList<Hit>> Run(Reach reach, string query, CancellationToken ct)
    {
        var words = Words.Split(query).Distinct().Take(12).ToArray();
        if (words.Length == 0) return [];
        var marks = Words.Marks(seals, reach.Scopes);
        var exact = await Pages(words.Select(w => Words.Exact(seals, w)), marks, ct);
        var rows = exact.Select(r => (Row: r, Similar: false)).ToList();
        if (rows.Count < Most)
        {
            var coarse = await Pages(words.Select(w => Words.Coarse(seals, w) ?? Words.Exact(seals, w)), marks, ct);
            rows.AddRange(coarse.Where(c => exact.All(e => e.Id != c.Id)).Take(Most - rows.Count).Select(c => (c, true)));
        }

        return [.. (await ByNumber(reach, query, ct)).Concat(await Show(rows, query, ct))];
    }

    /// <summary>The ids of pages, the newest part of the table first: a frequent word is then found without counting all of its pages.</summary>
    public async Task<IReadOnlyList<Row>> Pages(IEnumerable<int> sought, int[] marks, CancellationToken ct)
    {
        var words = sought.Distinct().ToArray();
        var last = await database.One<long?>("select max(id) from office.page", ct: ct) ?? 0;
        var found = new List<Row>();
        var below = long.MaxValue;
        for (var newest = 0; newest < 2 && found.Count < Most && last / Words.BucketSize - newest >= 0; newest++)
        {
            var bucket = (last / Words.BucketSize) - newest;
            below = bucket * Words.BucketSize;
            found.AddRange(await Query([.. words, Words.Bucket(below)], marks, long.MaxValue, Most - found.Count, ct));
        }

        if (found.Count < Most && below > 0) found.AddRange(await Query(words, marks, below, Most - found.Count, ct));
        return found;
    }

    private Task<IReadOnlyList<Row>> Query(int[] words, int[] marks, long below, int most, CancellationToken ct) => database.Query<Row>("""
        select id, item, paper, para, page, text from office.page where words @> @words and scopes && @marks and id < @below order by id desc limit @most
        """, new { words, marks, below, most }, ct);

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

    private async Task<IReadOnlyList<Hit>> Show(IReadOnlyList<(Row Row, bool Similar)> rows, string query, CancellationToken ct)
    {
        if (rows.Count == 0) return [];
        var items = rows.Select(r => r.Row.Item).Distinct().ToArray();
        var files = (await database.Query<FileRow>($"select {FileRow.Columns} from office.file where id = any(@items)", new { items }, ct)).ToDictionary(f => f.Id);
        var receipts = (await database.Query<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where id = any(@items)", new { items }, ct)).ToDictionary(r => r.Id);
        var papers = rows.Select(r => r.Row.Paper).OfType<Guid>().Distinct().ToArray();
        var places = (await database.Query<(Guid Paper, Guid Subject, int? PageFrom)>("select p.id, p.subject, c.page_from from office.paper p left join office.correspondence c on c.paper = p.id and c.file_id = p.item where p.id = any(@papers)", new { papers }, ct)).ToDictionary(p => p.Paper);
        var keys = await seals.Keys(items.Concat(places.Values.Select(p => p.Subject)), ct);
        var hits = new List<Hit>();
        foreach (var (row, similar) in rows)
        {
            var subject = row.Paper is { } paper ? places[paper].Subject : row.Item;
            if (row.Text is null || !keys.TryGetValue(subject, out var key) || !keys.TryGetValue(row.Item, out var itemKey)) continue;
            var text = seals.Open(key, row.Text, row.Paper is { } of ? PageTexts.PaperContext(of, row.Page) : PageTexts.ParaContext(row.Item, row.Para ?? 0));
            var sought = Uri.EscapeDataString(query);
            if (files.TryGetValue(row.Item, out var file))
            {
                var page = row.Paper is { } in_ ? (places[in_].PageFrom ?? 1) + row.Page - 1 : 0;
                hits.Add(new Hit(file.Shown, seals.Open(itemKey, file.Subject, FileRow.SubjectContext(file.Id)), $"/desk/office/files/{file.Id:N}?q={sought}{(page > 0 ? $"&page={page}" : "")}{(row.Para > 0 ? $"&note={row.Para}#n{row.Para}" : "")}", page > 0 ? page : row.Para ?? 0, row.Paper is null, PageTexts.Snippet(text, query), similar));
            }
            else if (receipts.TryGetValue(row.Item, out var receipt))
            {
                hits.Add(new Hit(receipt.Number, seals.Open<ReceiptDetails>(itemKey, receipt.Details, ReceiptRow.DetailsContext(receipt.Id)).Subject, $"/desk/office/receipts/{receipt.Id:N}", row.Page, row.Paper is null, PageTexts.Snippet(text, query), similar));
            }
        }

        return hits;
    }

    internal sealed class Row
    {
        public long Id { get; init; }

        public Guid Item { get; init; }

        public Guid? Paper { get; init; }

        public int? Para { get; init; }

        public int Page { get; init; }

        public byte[]? Text { get; init; }
    }
}
