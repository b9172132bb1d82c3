using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Await;

internal sealed class WaitingCases(Database database, DeskPosts posts, IServiceDirectory services, TextCatalogue texts) : IWaitingCases
{
    private const string Waiting = """
        with waiting as (
          select c.id, c.reference, c.service, c.service_version, s.code as step, s.post, least(s.due_on, c.due_on) as due, coalesce(s.opened_on, (c.filed_at at time zone 'Asia/Kolkata')::date)::timestamp at time zone 'Asia/Kolkata' as since
          from cases.step s join cases."case" c on c.id = s.case_id
          where s.state = 'open' and s.post = any(@own) and c.state in ('open', 'query', 'incomplete', 'stayed')
          union all
          select c.id, c.reference, c.service, c.service_version, '', c.post, c.due_on, date_trunc('day', c.filed_at at time zone 'Asia/Kolkata') at time zone 'Asia/Kolkata'
          from cases."case" c where c.type = 'appeal' and c.post = any(@own) and c.state in ('open', 'stayed')
        )
        """;

    public async Task<IReadOnlyList<WaitingCase>> Of(OfficialCaller who, string? post, WaitingOrder order, WaitingPlace? after, int most, Lang lang, CancellationToken ct)
    {
        var own = Own(who, post);
        if (own.Length == 0) return [];
        var (behind, by) = order switch
        {
            WaitingOrder.Oldest => ("since > @since or since = @since and key > @key", "since, key"),
            WaitingOrder.Due => ("day > @day or day = @day and (since < @since or since = @since and key > @key)", "day, since desc, key"),
            _ => ("since < @since or since = @since and key > @key", "since desc, key"),
        };
        var rows = await database.Query<Row>($"""
            {Waiting}, keyed as (select *, replace(id::text, '-', '') || step collate "C" as key, coalesce(due, date '9999-12-31') as day from waiting)
            select reference, service, service_version, step, post, due, since, key from keyed where {(after is null ? "true" : behind)} order by {by} limit @most
            """, new { own, since = after?.Since, day = after?.Due ?? Desk.Worklist.NoDate, key = after?.Id, most }, ct);
        return [.. rows.Select(r => Shown(r, lang))];
    }

    public async Task<int> Count(OfficialCaller who, string? post, int most, CancellationToken ct) =>
        Own(who, post) is { Length: > 0 } own ? await database.One<int>($"{Waiting} select count(*)::int from (select from waiting limit @most) w", new { own, most }, ct) : 0;

    private string[] Own(OfficialCaller who, string? post) => [.. posts.Acts(who.Id).Keys.Where(p => post is null || p == post)];

    private WaitingCase Shown(Row row, Lang lang)
    {
        var version = services.FindVersion(row.Service, row.ServiceVersion);
        var step = row.Step.Length == 0 ? texts.In(lang)["cases.desk.appeal"] : version?.Steps.FirstOrDefault(s => s.Code == row.Step)?.Name.In(lang) ?? row.Step;
        return new WaitingCase(row.Key, row.Reference, Reference.Show(row.Reference), version?.Name.In(lang) ?? row.Service, step, row.Post, row.Since, row.Due);
    }

    private sealed class Row
    {
        public string Reference { get; init; } = "";

        public string Service { get; init; } = "";

        public int ServiceVersion { get; init; }

        public string Step { get; init; } = "";

        public string Post { get; init; } = "";

        public DateOnly? Due { get; init; }

        public DateTimeOffset Since { get; init; }

        public string Key { get; init; } = "";
    }
}
