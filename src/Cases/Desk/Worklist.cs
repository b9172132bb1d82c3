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

    /// <summary>Empty for an appeal.</summary>
    public string Step { get; init; } = "";

    public string Post { get; init; } = "";

    public long Version { get; init; }

    /// <summary>The nearer of the step's own date and the statutory one; <see cref="Worklist.NoDate"/> while no clock runs.</summary>
    public DateOnly Due { get; init; }

    public DateOnly? DueOn => Due == Worklist.NoDate ? null : Due;

    public WorkKey Key => new(Due, Id, Step);
}

/// <summary>How many there are: of those he may act for, of all he may see, and, within the chosen of the two, by time left.</summary>
internal sealed record WorkCounts(long Mine, long Seen, long Everything, long Late, long Today, long Week)
{
    public long Of(string? due) => due switch { "late" => Late, "today" => Today, "week" => Week, _ => Everything };
}

/// <param name="Previous">Key to go back from; null on the first page.</param>
internal sealed record WorkPage(IReadOnlyList<WorkRow> Rows, WorkKey? Previous, WorkKey? Next);

/// <summary>Whose list: the posts that an official may see, and among them those that he may act for.</summary>
internal sealed record WorkScope(string[] Seen, string[] Own, DateOnly Today);

/// <summary>What waits on an official's posts, the least time left first.</summary>
internal sealed class Worklist(Database database)
{
    public const int PageSize = 50;

    /// <summary>Sorts cases without a date behind all others.</summary>
    public static readonly DateOnly NoDate = new(9999, 12, 31);

    private const string List = """
        with waiting as (
          select c.id, c.reference, c.type, c.service, c.service_version, c.place, c.state, c.version, s.code as step, s.post, coalesce(least(s.due_on, c.due_on), date '9999-12-31') as due
          from cases.step s join cases."case" c on c.id = s.case_id
          where s.state = 'open' and s.post = any(@seen) and c.state in ('open', 'query', 'incomplete', 'stayed')
          union all
          select c.id, c.reference, c.type, c.service, c.service_version, c.place, c.state, c.version, '', c.post, coalesce(c.due_on, date '9999-12-31')
          from cases."case" c where c.type = 'appeal' and c.post = any(@seen) and c.state in ('open', 'stayed')
        ), chosen as (
          select * from waiting where (@service::text is null or service = @service) and (@state::text is null or state = @state) and (@text::text is null or reference like '%' || @text || '%')
        ), w as (
          select * from chosen where (@whose::text is null or post = any(@own))
            and (@bucket::text is null or (@bucket = 'late' and due < @today) or (@bucket = 'today' and due = @today) or (@bucket = 'week' and due between @today and @sunday))
        )
        """;

    private const string Columns = "id, reference, type, service, service_version, place, state, version, step, post, due";

    public async Task<WorkPage> Page(WorkScope scope, WorkFilter filter, WorkKey? after, WorkKey? before, CancellationToken ct)
    {
        var back = after is null && before is not null;
        var rows = (await Rows(scope, filter, back ? before : after, back, PageSize + 1, ct)).ToList();
        var more = rows.Count > PageSize;
        if (more) rows.RemoveAt(PageSize);
        if (back) rows.Reverse();
        if (rows.Count == 0) return new WorkPage(rows, null, null);
        return back ? new WorkPage(rows, more ? rows[0].Key : null, rows[^1].Key) : new WorkPage(rows, after is null ? null : rows[0].Key, more ? rows[^1].Key : null);
    }

    /// <summary>The first rows of the whole list.</summary>
    public Task<IReadOnlyList<WorkRow>> First(WorkScope scope, WorkFilter filter, int most, CancellationToken ct) => Rows(scope, filter, null, false, most, ct);

    public async Task<WorkCounts> Counts(WorkScope scope, WorkFilter filter, CancellationToken ct) => (await database.One<WorkCounts>($"""
        {List}, c as (select due, (@all::text is null or post = any(@own)) as shown, post = any(@own) as mine from chosen)
        select count(*) filter (where mine) as mine, count(*) as seen, count(*) filter (where shown) as everything, count(*) filter (where shown and due < @today) as late,
          count(*) filter (where shown and due = @today) as today, count(*) filter (where shown and due between @today and @sunday) as week from c
        """, new { seen = scope.Seen, own = scope.Own, today = scope.Today, sunday = filter.Sunday(scope.Today), service = filter.Service, state = filter.State, text = filter.Text, whose = (string?)null, bucket = (string?)null, all = filter.Whose }, ct))!;

    /// <summary>The cases before and after one in the filtered list, by reference.</summary>
    public async Task<(string? Previous, string? Next)> Around(WorkScope scope, WorkFilter filter, string reference, CancellationToken ct) => await database.One<(string?, string?)>($"""
        {List}, here as (select due, id, step from waiting where reference = @reference order by due, id, step limit 1)
        select (select w.reference from w, here where w.id <> here.id and (w.due, w.id, w.step) < (here.due, here.id, here.step) order by w.due desc, w.id desc, w.step desc limit 1),
          (select w.reference from w, here where w.id <> here.id and (w.due, w.id, w.step) > (here.due, here.id, here.step) order by w.due, w.id, w.step limit 1)
        """, new { seen = scope.Seen, own = scope.Own, today = scope.Today, sunday = filter.Sunday(scope.Today), service = filter.Service, state = filter.State, text = filter.Text, whose = filter.Whose, bucket = filter.Due, reference }, ct);

    private Task<IReadOnlyList<WorkRow>> Rows(WorkScope scope, WorkFilter filter, WorkKey? from, bool back, int most, CancellationToken ct) => database.Query<WorkRow>($"""
        {List}
        select {Columns} from w where @keyDue::date is null or (due, id, step) {(back ? "<" : ">")} (@keyDue::date, @keyId::uuid, @keyStep::text)
        order by {(back ? "due desc, id desc, step desc" : "due, id, step")} limit @most
        """, new { seen = scope.Seen, own = scope.Own, today = scope.Today, sunday = filter.Sunday(scope.Today), service = filter.Service, state = filter.State, text = filter.Text, whose = filter.Whose, bucket = filter.Due, keyDue = from?.Due, keyId = from?.Id, keyStep = from?.Step, most }, ct);
}
