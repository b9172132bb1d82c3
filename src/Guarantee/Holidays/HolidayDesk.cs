using System.Text.Json;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Guarantee.Holidays;

/// <summary>Orders about holidays that come between two packs. Statutory dates of everybody hang on them: one administrator writes the order down, another puts it into the calendar.</summary>
internal sealed class HolidayDesk(Database database, IOrganisation organisation, Calendars calendars, TimeProvider time)
{
    public const int LongestName = 100, LongestOrder = 200;

    /// <summary>An order may come after its day: dates that are still open are counted with it.</summary>
    private const int DaysBack = 60, DaysAhead = 800;

    private static readonly string[] Kinds = ["division", "district"];

    /// <summary>Where this administrator can have offices closed: his whole government, a division, a district of it. Several governments may stand in one database.</summary>
    public IReadOnlyList<Place> Places(OfficialCaller by) => [.. organisation.Governments.Select(g => g.Root is null ? null : organisation.Place(g.Root)).OfType<Place>().Concat(Kinds.SelectMany(organisation.OfKind)).Where(p => May(by, p.Code))];

    private bool May(OfficialCaller by, string place) => by.HoldsAbove(organisation, Designations.Administrator, place, Ist.Today(time));

    public DateOnly Earliest => Ist.Today(time).AddDays(-DaysBack);

    public async Task<Result<Guid>> Propose(OfficialCaller by, DateOnly? date, string? place, LocalText name, string? order, bool withdraws, CancellationToken ct)
    {
        var (check, today) = (new Check(), Ist.Today(time));
        check.That(date is not null, "date", "not-a-date");
        // A day that is taken back brings dates forward: never into the past.
        var first = withdraws ? today : Earliest;
        if (date < first) check.That(false, "date", "date-too-early", first);
        if (date > today.AddDays(DaysAhead)) check.That(false, "date", "date-too-late", today.AddDays(DaysAhead));
        check.That(Places(by).Any(p => p.Code == place), "place", "not-a-choice");
        check.That(!string.IsNullOrWhiteSpace(order), "order", "required");
        check.That(order is null || order.Length <= LongestOrder, "order", "too-long", LongestOrder);
        if (!withdraws) check.That(!string.IsNullOrWhiteSpace(name.GetValueOrDefault("en")), "name-en", "required");
        foreach (var (lang, text) in name) check.That(text.Length <= LongestName, $"name-{lang}", "too-long", LongestName);
        if (!check.Ok) return check.ToProblem();
        var closed = calendars.Current.Holidays.Any(h => h.Date == date && h.Place == place);
        if (closed != withdraws) return GuaranteeProblems.NothingToChange;
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var written = await database.Execute("""
            insert into guarantee.holiday_order (id, date, place, name, order_no, withdraws, proposed_by, proposed_as, proposed_at)
            values (@id, @date, @place, @name::jsonb, @order, @withdraws, @by, @actor, @now) on conflict do nothing
            """, new { id, date, place, name = JsonSerializer.Serialize<Dictionary<string, string>>(name), order = order!.Trim(), withdraws, by = by.Id, actor = by.AsAdministrator(organisation, today).Token, now = time.GetUtcNow() }, ct);
        return written == 1 ? id : GuaranteeProblems.NothingToChange;
    }

    public async Task<Result<Done>> Issue(OfficialCaller by, Guid id, CancellationToken ct)
    {
        var issued = await database.Write<Result<Done>>(async work =>
        {
            if (await work.One<OrderRow>($"{OrderRow.Select} where id = @id for update", new { id }) is not { } row || !May(by, row.Place)) return Problem.NotFound;
            if (row.State != "waiting") return GuaranteeProblems.OrderDecided;
            if (row.ProposedBy == by.Id) return GuaranteeProblems.OwnOrder;
            var now = time.GetUtcNow();
            if (row.Withdraws && row.Date < Ist.DateIn(now)) return Problem.Invalid([new Fault("date", "date-too-early", Ist.DateIn(now))]);
            if (await HolidayOrders.Issue(work, row.Order, by.AsAdministrator(organisation, Ist.DateIn(now)), row.ProposedAs, now) is not { } version) return GuaranteeProblems.NothingToChange;
            await work.Execute("update guarantee.holiday_order set state = 'issued', decided_by = @by, decided_at = @now, version = @version where id = @id", new { id, by = by.Id, now, version });
            return Done.It;
        }, ct);
        if (issued.Ok) await calendars.Refresh(ct);
        return issued;
    }

    /// <summary>Any administrator of the place takes it off the desk, who wrote it down too.</summary>
    public async Task<Result<Done>> Drop(OfficialCaller by, Guid id, CancellationToken ct) =>
        (await Waiting(by, ct)).All(w => w.Id != id) ? GuaranteeProblems.OrderDecided : await database.Execute("update guarantee.holiday_order set state = 'dropped', decided_by = @by, decided_at = @now where id = @id and state = 'waiting'", new { id, by = by.Id, now = time.GetUtcNow() }, ct) == 1 ? Done.It : GuaranteeProblems.OrderDecided;

    public async Task<IReadOnlyList<OrderRow>> Waiting(OfficialCaller by, CancellationToken ct) => [.. (await database.Query<OrderRow>($"{OrderRow.Select} where state = 'waiting' order by proposed_at", ct: ct)).Where(w => May(by, w.Place))];

    /// <summary>The days of a year on which offices are closed by order, with the order that says so and who put it in.</summary>
    public Task<IReadOnlyList<HolidayRow>> Of(int year, CancellationToken ct) => database.Query<HolidayRow>("""
        select h.date, h.place, h.name::text as text, h.order_no, h.status = 'estimated' as estimated, v.issued_on, v.issued_by from calendar.holiday h join calendar.version v using (version)
        where h.withdrawn_version is null and h.date >= make_date(@year, 1, 1) and h.date < make_date(@year + 1, 1, 1) and h.kind not in ('restricted', 'bank') order by h.date, h.place
        """, new { year }, ct);

    public Task<IReadOnlyList<int>> Years(CancellationToken ct) => database.Query<int>("select distinct extract(year from date)::int from calendar.holiday order by 1", ct: ct);

    /// <summary>Requests and appeals whose days may count otherwise with the order.</summary>
    public async Task<long> Concerned(OrderRow order, CancellationToken ct) =>
        (await database.Query<(string Place, long Count)>("select place, count(*) from guarantee.clock where state in ('open', 'paused') and due_on >= @Date and complete_on <= @Date group by place", order, ct)).Where(p => organisation.Covers(order.Place, p.Place)).Sum(p => p.Count);
}

internal sealed record OrderRow
{
    public const string Select = "select id, date, place, name::text as text, order_no, withdraws, proposed_by, proposed_as, proposed_at, state from guarantee.holiday_order";

    public Guid Id { get; init; }
    public DateOnly Date { get; init; }
    public string Place { get; init; } = "";
    public string Text { get; init; } = "{}";
    public string OrderNo { get; init; } = "";
    public bool Withdraws { get; init; }
    public Guid ProposedBy { get; init; }
    public string ProposedAs { get; init; } = "";
    public DateTimeOffset ProposedAt { get; init; }
    public string State { get; init; } = "";

    public LocalText Name => new(JsonSerializer.Deserialize<Dictionary<string, string>>(Text)!);

    public HolidayOrder Order => new(Date, Place, Name, OrderNo, Withdraws);
}

internal sealed record HolidayRow
{
    public DateOnly Date { get; init; }
    public string Place { get; init; } = "";
    public string Text { get; init; } = "{}";
    public string OrderNo { get; init; } = "";
    public bool Estimated { get; init; }
    public DateOnly IssuedOn { get; init; }
    public string? IssuedBy { get; init; }

    public LocalText Name => new(JsonSerializer.Deserialize<Dictionary<string, string>>(Text)!);
}
