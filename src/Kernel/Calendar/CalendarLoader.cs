using System.Globalization;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Calendar;

/// <summary>Reads <c>holidays.csv</c>. A version once loaded keeps its days: due dates were counted with them. A later order is a new version;
/// its rows with status <c>withdrawn</c> take back earlier ones. Each pack numbers its own versions; among all packs they stand in the order in which they were loaded.</summary>
internal sealed class CalendarLoader(Database database, Calendars calendars, TimeProvider time) : IPackLoader
{
    private static readonly string[] Columns = ["calendar_version", "date", "place", "kind", "order", "name_en", "status", "source"];
    private static readonly string[] Statuses = [HolidayStatus.Notified, HolidayStatus.Estimated, HolidayStatus.Withdrawn];

    private IReadOnlyList<Line> lines = [];
    private PackHead pack = PackHead.None;

    public async Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        var faults = new List<PackFault>();
        // Faults of that file are told by the room that loads it.
        pack = PackHead.Read(folder, new List<PackFault>());
        var places = Places(folder);
        var read = new List<Line>();
        foreach (var row in CsvFile.Read(Path.Combine(folder, "holidays.csv"), Columns, faults))
            if (Parse(row, places, faults) is { } line) read.Add(line);
        Duplicates(read, faults);
        Withdrawals(read, faults);
        await Unchanged(read, faults, ct);
        lines = read;
        return faults;
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        await work.Execute("lock table calendar.version in exclusive mode");
        await work.Execute("""
            update calendar.version v set pack = @pack where pack is null
              and exists (select from calendar.holiday h where h.place = any(@places) and v.version in (h.version, h.withdrawn_version))
            """, new { pack = pack.Code, places = lines.Select(l => l.Place).Distinct().ToArray() });
        var numbers = (await work.Query<(int Own, int Number)>("select pack_version, version from calendar.version where pack = @Code", pack)).ToDictionary(v => v.Own, v => v.Number);
        var known = numbers.Keys.ToHashSet();
        var last = await work.One<int?>("select max(version) from calendar.version") ?? 0;
        foreach (var version in lines.GroupBy(l => l.Version).OrderBy(g => g.Key))
        {
            if (!numbers.TryGetValue(version.Key, out var number)) numbers[version.Key] = number = last = Math.Max(version.Key, last + 1);
            await work.Execute("insert into calendar.version (version, issued_on, order_no, pack, pack_version) values (@number, @on, @orders, @pack, @own) on conflict (version) do update set order_no = excluded.order_no",
                new { number, on = Ist.Today(time), orders = string.Join(", ", version.Select(l => l.Order).Distinct()), pack = pack.Code, own = version.Key });
        }

        foreach (var line in lines.Where(l => l.Status != HolidayStatus.Withdrawn)) await HolidayOrders.Insert(work, numbers[line.Version], line.Date, line.Place, line.Name, line.Kind, line.Order, line.Status, line.Source);
        foreach (var line in lines.Where(l => l.Status == HolidayStatus.Withdrawn))
            await HolidayOrders.Withdraw(work, numbers[line.Version], line.Date, line.Place);
        foreach (var version in lines.Where(l => !known.Contains(l.Version)).GroupBy(l => l.Version).OrderBy(g => g.Key))
            await work.Append("calendar/holidays", null, CalendarIssued.Of(numbers[version.Key], version), Actor.Sahulat("calendar"), time.GetUtcNow());
        return $"calendar: {lines.Count(l => l.Status != HolidayStatus.Withdrawn)} holidays, {lines.Count(l => l.Status == HolidayStatus.Withdrawn)} withdrawn, version {lines.Select(l => l.Version).DefaultIfEmpty().Max()}";
    }

    public Task Refresh(CancellationToken ct) => calendars.Refresh(ct);

    private static Line? Parse(CsvRow row, IReadOnlySet<string>? places, List<PackFault> faults)
    {
        var before = faults.Count;
        if (!int.TryParse(row["calendar_version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1) faults.Add(row.Fault("calendar_version", "is not a version: 1, 2, …"));
        if (!DateOnly.TryParseExact(row["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) faults.Add(row.Fault("date", $"is not a date as 2026-08-15: {row["date"]}"));
        if (places is not null ? !places.Contains(row["place"]) : !row.Has("place")) faults.Add(row.Fault("place", $"is not a place of places.csv: {row["place"]}"));
        if (!row.Has("name_en")) faults.Add(row.Fault("name_en", "is empty"));
        if (!row.Has("kind")) faults.Add(row.Fault("kind", "is empty"));
        if (!Statuses.Contains(row["status"])) faults.Add(row.Fault("status", $"is none of {string.Join(", ", Statuses)}: {row["status"]}"));
        return faults.Count > before ? null : new Line(row, version, date, row["place"], row["kind"], row["order"], row.Local("name"), row["status"], row["source"]);
    }

    private static HashSet<string>? Places(string folder)
    {
        var path = Path.Combine(folder, "places.csv");
        return File.Exists(path) ? CsvFile.Read(path, ["code"], new List<PackFault>()).Select(r => r["code"]).ToHashSet(StringComparer.Ordinal) : null;
    }

    private static void Duplicates(List<Line> lines, List<PackFault> faults)
    {
        foreach (var again in lines.GroupBy(l => l.Identity).SelectMany(g => g.Skip(1))) faults.Add(again.Row.Fault("date", "is there twice: same version, date, place and name"));
    }

    private static void Withdrawals(List<Line> lines, List<PackFault> faults)
    {
        foreach (var line in lines.Where(l => l.Status == HolidayStatus.Withdrawn))
            if (!lines.Any(l => l.Status != HolidayStatus.Withdrawn && l.Date == line.Date && l.Place == line.Place && l.Version < line.Version))
                faults.Add(line.Row.Fault("date", "withdraws nothing: no earlier version has a holiday of this date and place"));
    }

    private async Task Unchanged(List<Line> lines, List<PackFault> faults, CancellationToken ct)
    {
        // Versions from before packs were told apart are this pack's when its places are in them.
        const string own = "(v.pack = @pack or (v.pack is null and h.place = any(@places)))";
        var of = new { pack = pack.Code, places = lines.Select(l => l.Place).Distinct().ToArray() };
        var stored = await database.Query<(int Version, DateOnly Date, string Place, string Name, string Kind)>($"select v.pack_version, h.date, h.place, h.name_en, h.kind from calendar.holiday h join calendar.version v on v.version = h.version where {own}", of, ct);
        var versions = (await database.Query<int>($"select distinct v.pack_version from calendar.version v left join calendar.holiday h on v.version in (h.version, h.withdrawn_version) where {own}", of, ct)).ToHashSet();
        var kinds = stored.ToDictionary(s => (s.Version, s.Date, s.Place, s.Name), s => s.Kind);
        foreach (var late in lines.Where(l => !versions.Contains(l.Version) && versions.Count > 0 && l.Version < versions.Max()))
            faults.Add(late.Row.Fault("calendar_version", $"is older than version {versions.Max()}, which was loaded before; a later order has a higher version"));
        foreach (var line in lines.Where(l => l.Status != HolidayStatus.Withdrawn && versions.Contains(l.Version)))
        {
            if (!kinds.Remove(line.Identity, out var kind)) faults.Add(line.Row.Fault("date", $"is new in version {line.Version}, which was loaded before; a later order is a new version"));
            else if (HolidayKind.ClosesOffices(kind) != HolidayKind.ClosesOffices(line.Kind)) faults.Add(line.Row.Fault("kind", $"was {kind} when version {line.Version} was loaded"));
        }

        var withdrawn = (await database.Query<(int Version, DateOnly Date, string Place)>($"select distinct v.pack_version, h.date, h.place from calendar.holiday h join calendar.version v on v.version = h.withdrawn_version where {own}", of, ct)).ToHashSet();
        foreach (var line in lines.Where(l => l.Status == HolidayStatus.Withdrawn && versions.Contains(l.Version)))
            if (!withdrawn.Remove((line.Version, line.Date, line.Place))) faults.Add(line.Row.Fault("status", $"is a new withdrawal in version {line.Version}, which was loaded before; a later order is a new version"));
        foreach (var back in withdrawn) faults.Add(new PackFault("holidays.csv", 1, 1, $"{back.Date:yyyy-MM-dd} in {back.Place} was withdrawn by version {back.Version}, but that row is missing"));
        foreach (var gone in kinds.Keys) faults.Add(new PackFault("holidays.csv", 1, 1, $"{gone.Date:yyyy-MM-dd} {gone.Name} in {gone.Place} is missing, but was loaded with version {gone.Version}; withdraw it in a new version"));
    }

    internal sealed record Line(CsvRow Row, int Version, DateOnly Date, string Place, string Kind, string Order, LocalText Name, string Status, string Source)
    {
        public (int, DateOnly, string, string) Identity => (Version, Date, Place, Name["en"]);
    }
}

/// <summary>A version of the holiday calendar came in force. Open due dates from <paramref name="From"/> on may move.</summary>
/// <param name="Order">Of one that was put in at the desk; a pack's orders stand with its rows.</param>
/// <param name="ProposedBy">Who wrote it there; another confirmed it.</param>
public sealed record CalendarIssued(int Version, int Holidays, int Withdrawn, DateOnly From, DateOnly Until, string? Order = null, string? ProposedBy = null) : IJournalBody
{
    public static string Kind => "calendar.issued";

    internal static CalendarIssued Of(int version, IEnumerable<CalendarLoader.Line> lines)
    {
        var all = lines.ToList();
        return new CalendarIssued(version, all.Count(l => l.Status != HolidayStatus.Withdrawn), all.Count(l => l.Status == HolidayStatus.Withdrawn), all.Min(l => l.Date), all.Max(l => l.Date));
    }
}
