using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Desk;

internal sealed class WorkRow
{
    public Guid Id { get; init; }

    public string Reference { get; init; } = "";

    public string Type { get; init; } = "";

    public string Service { get; init; } = "";

    public int ServiceVersion { get; init; }

    public string Place { get; init; } = "";

    public string State { get; init; } = "";

    public string? Step { get; init; }

    public DateOnly? DueOn { get; init; }

    public DateTimeOffset FiledAt { get; init; }
}

/// <summary>What waits on an official's posts, the least time left first.</summary>
internal sealed class Worklist(Database database)
{
    public const int PageSize = 14;

    private const string Mine = """
        from (
          select c.*, s.code as open_step, least(s.due_on, c.due_on) as due from cases.step s join cases."case" c on c.id = s.case_id
          where s.state = 'open' and s.post = any(@posts) and c.state in ('open', 'query', 'incomplete', 'stayed')
          union all
          select c.*, null, c.due_on from cases."case" c where c.type = 'appeal' and c.post = any(@posts) and c.state in ('open', 'stayed')
        ) w
        where (@service::text is null or w.service = @service) and (@state::text is null or w.state = @state)
          and (not @late or w.due < @today) and (@text::text is null or w.reference like @text || '%')
        """;

    public async Task<(IReadOnlyList<WorkRow> Rows, long Count)> Page(string[] posts, string? service, string? state, bool late, string? text, DateOnly today, int page, CancellationToken ct)
    {
        var args = new { posts, service, state, late, text, today, size = PageSize, skip = (page - 1) * PageSize };
        var count = await database.One<long>($"select count(*) {Mine}", args, ct);
        var rows = await database.Query<WorkRow>($"""
            select w.id, w.reference, w.type, w.service, w.service_version, w.place, w.state, w.open_step as step, w.due as due_on, w.filed_at {Mine}
            order by w.due nulls last, w.filed_at, w.id limit @size offset @skip
            """, args, ct);
        return (rows, count);
    }
}
