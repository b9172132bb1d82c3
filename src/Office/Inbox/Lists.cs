using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Inbox;

/// <param name="Kind">file or receipt.</param>
internal sealed record ItemShown(Guid Id, string Kind, string Number, string Subject, string Urgency, string Classification, string From, string With, DateTimeOffset At, DateOnly? ReplyBy, bool Unopened);

/// <summary>What lies with a post, what it sent, what it put away.</summary>
internal sealed class Lists(Database database, Seals seals)
{
    public const int PageSize = 50;

    public static readonly IReadOnlyList<string> Boxes = ["inbox", "sent", "away", "copies"];

    private const string Columns = "id, kind, number, volume, part, urgency, classification, sealed, from_post, with_post, at, reply_by, unopened";

    // Each post's newest by its own index; joined last, so that fifty thousand files cost no more than fifty.
    private const string InboxSql = """
        with mine as (
          select x.* from unnest(@own) post cross join lateral (
            (select id, 'file' as kind, number, volume, part, urgency, classification, subject as sealed, holder as with_post, moved_at as at, null::date as reply_by from office.file
             where holder = post and state = 'open' and moved_at <= @before order by moved_at desc, id limit @most)
            union all
            (select id, 'receipt', number, 1, 0, urgency, classification, details, holder, moved_at, reply_by from office.receipt
             where holder = post and state = 'open' and moved_at <= @before order by moved_at desc, id limit @most)
          ) x order by at desc, id limit @most)
        select mine.*, coalesce(m.from_post, '') as from_post, m.seq is not null and m.opened_at is null as unopened
        from mine left join lateral (select seq, from_post, opened_at from office.movement where item = mine.id order by seq desc limit 1) m on true order by at desc, id
        """;

    private const string SentSql = """
        with s as (select distinct on (item) item, at, to_post, opened_at from (select * from office.movement where from_post = any(@own) and at <= @before order by at desc limit 400) m order by item, at desc)
        select f.id, 'file' as kind, f.number, f.volume, f.part, f.urgency, f.classification, f.subject as sealed, s.to_post as from_post, f.holder as with_post, s.at, null::date as reply_by, s.opened_at is null as unopened from s join office.file f on f.id = s.item
        union all
        select r.id, 'receipt', r.number, 1, 0, r.urgency, r.classification, r.details, s.to_post, r.holder, s.at, r.reply_by, s.opened_at is null from s join office.receipt r on r.id = s.item
        order by at desc limit @most
        """;

    private const string AwaySql = """
        select id, 'file' as kind, number, volume, part, urgency, classification, subject as sealed, '' as from_post, holder as with_post, moved_at as at, put_until as reply_by, false as unopened
        from office.file where holder = any(@own) and state = 'put-away' order by put_until, id limit @most
        """;

    private const string CopiesSql = """
        select f.id, 'file' as kind, f.number, f.volume, f.part, f.urgency, f.classification, f.subject as sealed, '' as from_post, f.holder as with_post, c.at, null::date as reply_by, true as unopened
        from office.copy c join office.file f on f.id = c.item where c.post = any(@own) and c.seen_at is null order by c.at desc limit @most
        """;

    public async Task<IReadOnlyList<ItemShown>> Of(Reach reach, string box, DateTimeOffset? before, CancellationToken ct)
    {
        var sql = box switch { "sent" => SentSql, "away" => AwaySql, "copies" => CopiesSql, _ => InboxSql };
        var rows = await database.Query<Row>($"select {Columns} from ({sql}) rows", new { own = reach.Own, before = before ?? DateTimeOffset.MaxValue.AddYears(-1), most = PageSize + 1 }, ct);
        var keys = await seals.Keys(rows.Select(r => r.Id), ct);
        return [.. rows.Select(r => new ItemShown(r.Id, r.Kind, r.Number + (r.Volume > 1 ? $" Vol. {r.Volume}" : "") + (r.Part > 0 ? $" Part {r.Part}" : ""), keys.TryGetValue(r.Id, out var key) ? Subject(r, key) : "", r.Urgency, r.Classification, r.FromPost, r.WithPost, r.At, r.ReplyBy, r.Unopened))];
    }

    /// <summary>The item that follows in the inbox, for sign-and-next.</summary>
    public async Task<ItemShown?> Next(Reach reach, Guid but, CancellationToken ct) => (await Of(reach, "inbox", null, ct)).FirstOrDefault(i => i.Id != but);

    private string Subject(Row row, Kernel.Vault.SubjectKey key) => row.Kind == "file"
        ? seals.Open(key, row.Sealed, FileRow.SubjectContext(row.Id))
        : seals.Open<ReceiptDetails>(key, row.Sealed, ReceiptRow.DetailsContext(row.Id)) is var d ? $"{d.Subject} · {d.Sender}" : "";

    private sealed class Row
    {
        public Guid Id { get; init; }

        public string Kind { get; init; } = "";

        public string Number { get; init; } = "";

        public int Volume { get; init; }

        public int Part { get; init; }

        public string Urgency { get; init; } = "";

        public string Classification { get; init; } = "";

        public byte[] Sealed { get; init; } = [];

        public string FromPost { get; init; } = "";

        public string WithPost { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public DateOnly? ReplyBy { get; init; }

        public bool Unopened { get; init; }
    }
}
