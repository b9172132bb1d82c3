using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Dapper;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Calendar;

/// <summary>Every version of the calendar, from memory. Filled at first use; <see cref="Refresh"/> looks for what was issued since.</summary>
public sealed class Calendars(Database database)
{
    /// <summary>Offices in J&amp;K close on Sundays; a law with other days says so (<see cref="HolidayCalendar.WithWeeklyOff"/>).</summary>
    public static readonly IReadOnlySet<DayOfWeek> DefaultWeeklyOff = new[] { DayOfWeek.Sunday }.ToFrozenSet();

    private const string Sql = """
        select version, date, place, name::text as name, kind, order_no, status, withdrawn_version from calendar.holiday order by date, place, name_en;
        select version from calendar.version order by version
        """;

    private readonly Lock loading = new();
    private volatile State? state;

    /// <summary>The latest version; version 0, without holidays, when none was ever issued.</summary>
    public HolidayCalendar Current => At((state ?? Load()).Latest);

    /// <exception cref="KeyNotFoundException">There is no such version.</exception>
    public HolidayCalendar At(int version)
    {
        var known = state ?? Load();
        // Another node may have learnt of an order first.
        if (version > known.Latest) known = Load();
        return known.At(version);
    }

    public async Task Refresh(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var reader = await connection.QueryMultipleAsync(new CommandDefinition(Sql, cancellationToken: ct));
        state = new State([.. await reader.ReadAsync<Row>()], [.. await reader.ReadAsync<int>()]);
    }

    private State Load()
    {
        lock (loading)
        {
            using var connection = database.Source.OpenConnection();
            using var reader = connection.QueryMultiple(Sql);
            return state = new State([.. reader.Read<Row>()], [.. reader.Read<int>()]);
        }
    }

    private sealed record Row
    {
        public int Version { get; init; }
        public DateOnly Date { get; init; }
        public string Place { get; init; } = "";
        public string Name { get; init; } = "";
        public string Kind { get; init; } = "";
        public string OrderNo { get; init; } = "";
        public string Status { get; init; } = "";
        public int? WithdrawnVersion { get; init; }

        public Holiday ToHoliday() => new(Date, Place, new LocalText(JsonSerializer.Deserialize<Dictionary<string, string>>(Name)!), OrderNo) { Estimated = Status == HolidayStatus.Estimated };
    }

    private sealed class State(IReadOnlyList<Row> rows, IReadOnlyList<int> versions)
    {
        private readonly ConcurrentDictionary<int, HolidayCalendar> made = new();

        public int Latest { get; } = versions.Count == 0 ? 0 : versions[^1];

        public HolidayCalendar At(int version) => made.GetOrAdd(version, Make);

        private HolidayCalendar Make(int version)
        {
            if (version != 0 && !versions.Contains(version)) throw new KeyNotFoundException($"there is no calendar version {version}");
            var holidays = rows.Where(r => r.Version <= version && !(r.WithdrawnVersion <= version) && HolidayKind.ClosesOffices(r.Kind)).Select(r => r.ToHoliday());
            return new HolidayCalendar(version, [.. holidays], DefaultWeeklyOff);
        }
    }
}

internal static class HolidayStatus
{
    public const string Notified = "notified", Estimated = "estimated";

    /// <summary>In a file only: the row takes back an earlier version's holiday of the same date and place.</summary>
    public const string Withdrawn = "withdrawn";
}

internal static class HolidayKind
{
    /// <summary>Restricted holidays are leave that an official may choose; bank holidays close banks only.</summary>
    public static bool ClosesOffices(string kind) => kind is not ("restricted" or "bank");
}
