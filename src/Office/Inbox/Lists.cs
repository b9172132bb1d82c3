using Sahulat.Kernel.Data;
using Sahulat.Office.Await;

namespace Sahulat.Office.Inbox;

/// <summary>The lists beside the inbox: what an official's posts sent, put away or have for information, and the files that he keeps at hand.</summary>
internal sealed class Lists(Database database, Seals seals)
{
    public const int PageSize = 50;

    public static readonly IReadOnlyList<string> Boxes = ["inbox", "sent", "away", "copies", "followed", "pinned", "recent"];

    private const string SentSql = $"""
        with s as (select distinct on (item) item, at, to_post, opened_at from (select * from office.movement where from_post = any(@own) and at <= @before order by at desc limit 400) m order by item, at desc)
        select {Items.FileColumns}, s.to_post as from_post, s.at, null::date as due, null::date as away, s.opened_at is null as unopened from s join office.file f on f.id = s.item
        union all
        select {Items.ReceiptColumns}, s.to_post, s.at, r.reply_by, null, s.opened_at is null from s join office.receipt r on r.id = s.item
        order by at desc limit @most
        """;

    private const string AwaySql = $"""
        select {Items.FileColumns}, '' as from_post, f.moved_at as at, null::date as due, f.put_until as away, false as unopened
        from office.file f where f.holder = any(@own) and f.state = 'put-away' and f.put_until > @today order by f.put_until, f.id limit @most offset @skip
        """;

    private const string CopiesSql = $"""
        select {Items.FileColumns}, coalesce(c.from_post, '') as from_post, c.at, null::date as due, null::date as away, c.seen_at is null as unopened
        from office.copy c join office.file f on f.id = c.item where c.post = any(@own) and c.dismissed_at is null and f.state <> 'weeded'
        union all
        select {Items.ReceiptColumns}, coalesce(c.from_post, ''), c.at, r.reply_by, null, c.seen_at is null
        from office.copy c join office.receipt r on r.id = c.item where c.post = any(@own) and c.dismissed_at is null
        order by at desc, id limit @most offset @skip
        """;

    /// <summary>Of files that he may still see; one that moved since he looked is marked as unopened.</summary>
    private static string Marked(string at) => $"""
        select {Items.FileColumns}, coalesce(m.from_post, '') as from_post, {(at == "followed_at" ? "f.moved_at" : $"k.{at}")} as at, null::date as due, null::date as away, coalesce(m.at > coalesce(k.looked_at, k.followed_at), false) as unopened
        from office.mark k join office.file f on f.id = k.file_id left join lateral (select from_post, at from office.movement where item = f.id order by seq desc limit 1) m on true
        where k.official = @who and k.{at} is not null and f.scopes && @scopes and f.state <> 'weeded' order by at desc, f.id limit @most offset @skip
        """;

    /// <param name="before">Where the list of what was sent goes on.</param>
    /// <param name="page">Of the other lists, which are short.</param>
    public async Task<IReadOnlyList<ItemShown>> Of(Reach reach, string box, DateTimeOffset? before, int page, DateOnly today, CancellationToken ct)
    {
        var sql = box switch { "sent" => SentSql, "away" => AwaySql, "copies" => CopiesSql, "followed" => Marked("followed_at"), "pinned" => Marked("pinned_at"), _ => Marked("looked_at") };
        return await seals.Shown(await database.Query<ItemRow>(sql, new { own = reach.Own, before = before ?? DateTimeOffset.MaxValue.AddYears(-1), today, who = reach.Who.Id, scopes = reach.Scopes, most = PageSize + 1, skip = (page - 1) * PageSize }, ct), ct);
    }

    /// <returns>How many for information, counted no further than <paramref name="most"/>.</returns>
    public Task<int> Unseen(Reach reach, int most, CancellationToken ct) => database.One<int>("select count(*)::int from (select from office.copy where post = any(@own) and seen_at is null and dismissed_at is null limit @most) c", new { own = reach.Own, most }, ct);
}
