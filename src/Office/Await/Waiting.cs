using Sahulat.Contracts.Cases;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Office.Await;

/// <summary>How many wait, each counted no further than <see cref="Waiting.Counted"/>.</summary>
internal sealed record WaitingCounts(int Cases, int Receipts, int Files, int Drafts)
{
    public int Of(string kind) => kind switch { "case" => Cases, "receipt" => Receipts, "file" => Files, _ => Drafts };
}

/// <summary>
/// All that waits for an official's posts in one list: requests, receipts, files (also those put away until a day that has come) and drafts to approve, sign or dispatch.
/// Each kind gives its next few by an index of its own, for each post and level of urgency; only these are merged, so that fifty thousand files cost no more than fifty.
/// </summary>
internal sealed class Waiting(Database database, IWaitingCases cases, Seals seals, TimeProvider time)
{
    public const int PageSize = 50, Counted = 1000;

    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Where each index is entered: a level of urgency, or all of them, and the moment and id behind which it goes on.</summary>
    private sealed record Probe(string? Level, DateTimeOffset At, Guid Id);

    public async Task<IReadOnlyList<ItemShown>> Of(Reach reach, InboxFilter filter, ItemPlace? after, int most, Lang lang, CancellationToken ct)
    {
        var found = new List<ItemShown>();
        if (filter.Kind != "case") found.AddRange(await Office(reach, filter, after, most, ct));
        if (filter.Kind is null or "case" && filter.Urgency is null or "normal") found.AddRange((await Cases(reach, filter, after, most, lang, ct)).Select(Shown));
        return [.. found.OrderBy(i => ItemPlace.Of(i, filter.Sort)).Take(most)];
    }

    public async Task<WaitingCounts> Counts(Reach reach, InboxFilter filter, CancellationToken ct)
    {
        var level = filter.Urgency is null ? "" : " and f.urgency = @urgency";
        string Count(string from) => $"(select count(*)::int from (select {from} limit @most) x)";
        var (files, back, receipts, drafts) = await database.One<(int, int, int, int)>($"""
            select {Count($"from office.file f where f.holder = any(@own) and f.state = 'open'{level}")}, {Count($"from office.file f where f.holder = any(@own) and f.state = 'put-away' and f.put_until <= @today{level}")},
              {Count($"from office.receipt f where f.holder = any(@own) and f.state = 'open'{level}")}, {Count($"from office.draft d join office.file f on f.id = d.file_id where d.holder = any(@own) and d.state <> 'dispatched'{level}")}
            """, new { own = Own(reach, filter), urgency = filter.Urgency, today = Ist.Today(time), most = Counted + 1 }, ct);
        return new(filter.Urgency is null or "normal" ? await cases.Count(reach.Who, filter.Post, Counted + 1, ct) : 0, receipts, files + back, drafts);
    }

    /// <summary>What comes first in the inbox, but one: for sign-and-next.</summary>
    public async Task<ItemShown?> Next(Reach reach, Guid but, Lang lang, CancellationToken ct) =>
        (await Of(reach, InboxFilter.Parse(null), null, 2, lang, ct)).FirstOrDefault(i => i.Id != $"{but:N}");

    private Task<IReadOnlyList<WaitingCase>> Cases(Reach reach, InboxFilter filter, ItemPlace? after, int most, Lang lang, CancellationToken ct)
    {
        var place = after is null || filter.Sort == InboxFilter.Urgent && after.Rank < ItemPlace.Level("normal") ? null
            : new WaitingPlace(after.At, filter.Sort == InboxFilter.Due && after.Rank < ItemPlace.NoDay.DayNumber ? DateOnly.FromDayNumber(after.Rank) : null, after.Id);
        return cases.Of(reach.Who, filter.Post, filter.Sort switch { InboxFilter.Oldest => WaitingOrder.Oldest, InboxFilter.Due => WaitingOrder.Due, _ => WaitingOrder.Newest }, place, most, lang, ct);
    }

    private static ItemShown Shown(WaitingCase c) => new(c.Id, "case", $"/desk/cases/{c.Reference}", c.Shown, $"{c.Service} · {c.Step}", "normal", Scope.Normal, "", c.Post, c.Since, c.Due, null, null, false, 0);

    private async Task<IReadOnlyList<ItemShown>> Office(Reach reach, InboxFilter filter, ItemPlace? after, int most, CancellationToken ct)
    {
        var probes = Probes(filter, after).ToArray();
        var place = after is null ? Guid.Empty : Guid.ParseExact(after.Id[..32], "N");
        var dated = filter.Sort == InboxFilter.Due && (after?.Rank ?? 0) < ItemPlace.NoDay.DayNumber;
        var rows = await database.Query<ItemRow>(Sql(filter, dated), new
        {
            own = Own(reach, filter), today = Ist.Today(time), most, levels = probes.Select(p => p.Level).ToArray(), ats = probes.Select(p => p.At.UtcDateTime).ToArray(), ids = probes.Select(p => p.Id).ToArray(),
            day = DateOnly.FromDayNumber(dated ? after?.Rank ?? 0 : 0), at = after?.At ?? Latest, place,
        }, ct);
        return await seals.Shown(rows, ct);
    }

    private static string[] Own(Reach reach, InboxFilter filter) => [.. reach.Own.Where(p => filter.Post is null || p == filter.Post)];

    private static IEnumerable<Probe> Probes(InboxFilter filter, ItemPlace? after)
    {
        Probe At(string? level, bool here) => here && after is not null ? new(level, after.At, Guid.ParseExact(after.Id[..32], "N")) : new(level, filter.Sort == InboxFilter.Oldest ? DateTimeOffset.UnixEpoch : Latest, Guid.Empty);
        return filter.Sort switch
        {
            InboxFilter.Urgent => InboxFilter.Levels.Where(l => filter.Urgency is null || l == filter.Urgency).Where(l => ItemPlace.Level(l) >= (after?.Rank ?? 0)).Select(l => At(l, ItemPlace.Level(l) == after?.Rank)),
            // Those without a date: from their beginning as long as the list is among those with one.
            InboxFilter.Due => [At(filter.Urgency, after?.Rank == ItemPlace.NoDay.DayNumber)],
            _ => [At(filter.Urgency, true)],
        };
    }

    private static string Sql(InboxFilter filter, bool dated)
    {
        var rising = filter.Sort == InboxFilter.Oldest;
        var level = filter.Sort == InboxFilter.Urgent || filter.Urgency is not null;
        string Behind(string item, string at, string id) => (level ? $"{item}.urgency = p.level and " : "") + (rising ? $"{at} >= p.at and ({at} > p.at or {id} > p.id)" : $"{at} <= p.at and ({at} < p.at or {id} > p.id)");
        string By(string at, string id) => rising ? $"{at}, {id}" : $"{at} desc, {id}";
        const string probes = "unnest(@levels::text[], @ats::timestamptz[], @ids::uuid[]) p(level, at, id)";
        const string none = "null::text as form, null::text as state, null::uuid as file_id";
        var dateless = filter.Sort == InboxFilter.Due ? " and r.reply_by is null" : "";
        var parts = new List<string>();
        if (filter.Kind is null or "file")
        {
            parts.Add($"""
                (select x.* from unnest(@own) post cross join {probes} cross join lateral (
                  select {Items.FileColumns}, f.moved_at as at, null::date as due, null::date as away, {none} from office.file f
                  where f.holder = post and f.state = 'open' and {Behind("f", "f.moved_at", "f.id")} order by {By("f.moved_at", "f.id")} limit @most) x)
                """);
            parts.Add($"""
                (select {Items.FileColumns}, b.at, null, f.put_until, {none} from office.file f cross join lateral (select f.put_until::timestamp at time zone 'Asia/Kolkata' as at) b join {probes} on {Behind("f", "b.at", "f.id")}
                  where f.holder = any(@own) and f.state = 'put-away' and f.put_until <= @today order by {By("b.at", "f.id")} limit @most)
                """);
        }

        if (filter.Kind is null or "receipt")
            parts.Add($"""
                (select x.* from unnest(@own) post cross join {probes} cross join lateral (
                  select {Items.ReceiptColumns}, r.moved_at as at, r.reply_by as due, null::date as away, {none} from office.receipt r
                  where r.holder = post and r.state = 'open'{dateless} and {Behind("r", "r.moved_at", "r.id")} order by {By("r.moved_at", "r.id")} limit @most) x)
                """);
        if (dated && (filter.Kind is null or "receipt"))
            parts.Add($"""
                (select x.* from unnest(@own) post cross join {probes} cross join lateral (
                  select {Items.ReceiptColumns}, r.moved_at as at, r.reply_by as due, null::date as away, {none} from office.receipt r
                  where r.holder = post and r.state = 'open'{(level ? " and r.urgency = p.level" : "")} and r.reply_by >= @day and (r.reply_by > @day or r.moved_at < @at or r.moved_at = @at and r.id > @place) order by r.reply_by, r.moved_at desc, r.id limit @most) x)
                """);
        if (filter.Kind is null or "draft")
            parts.Add($"""
                (select d.id, 'draft' as kind, f.number, f.volume, f.part, f.urgency, f.classification, f.subject as sealed, d.holder as with_post, f.version, d.came_at as at, null::date as due, null::date as away, d.kind as form, d.state, f.id as file_id
                  from office.draft d join office.file f on f.id = d.file_id join {probes} on {Behind("f", "d.came_at", "d.id")}
                  where d.holder = any(@own) and d.state <> 'dispatched' order by {By("d.came_at", "d.id")} limit @most)
                """);
        var order = filter.Sort switch { InboxFilter.Urgent => "array_position(array['immediate', 'priority', 'normal'], urgency), at desc, id", InboxFilter.Due => "coalesce(due, date '9999-12-31'), at desc, id", _ => By("at", "id") };
        return $"""
            select i.*, m.from_post, i.kind <> 'draft' and m.seq is not null and m.opened_at is null as unopened
            from (select * from ({string.Join("\nunion all\n", parts)}) u order by {order} limit @most) i
            left join lateral (select seq, from_post, opened_at from office.movement where item = coalesce(i.file_id, i.id) order by seq desc limit 1) m on true
            """;
    }
}
