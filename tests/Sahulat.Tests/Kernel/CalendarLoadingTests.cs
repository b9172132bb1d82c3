using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Kernel;

public sealed class CalendarLoadingTests(Cluster cluster) : IDisposable
{
    private const string Header = "calendar_version,date,place,kind,order,name_en,name_hi,name_ur,name_ks,name_doi,status,source\n";
    private const string First = Header + "1,2026-03-20,ut-1,public,order 1,Jumat-ul-Vida,,جمعۃ الوداع,,,notified,s\n1,2026-08-15,ut-1,public,order 1,Independence Day,,,,,notified,s\n1,2026-04-01,ut-1,bank,order 1,Bank closing,,,,,notified,s\n";
    private const string Second = First + "2,2026-03-20,ut-1,public,order 2,Jumat-ul-Vida,,,,,withdrawn,s\n2,2026-03-13,ut-1,public,order 2,Jumat-ul-Vida,,,,,notified,s\n";
    private static readonly string[] Place = ["district-1", "ut-1"];

    private readonly string folder = Path.Combine("/tmp", "sahulat-pack-" + Guid.NewGuid().ToString("N")[..8]);
    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 12, 20, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private async Task<IReadOnlyList<string>> Load(Database database, Calendars calendars, string csv)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "holidays.csv"), csv);
        await File.WriteAllTextAsync(Path.Combine(folder, "places.csv"), "code,kind\nut-1,ut\ndistrict-1,district\n");
        var loader = new CalendarLoader(database, calendars, clock);
        var faults = await loader.Read(folder, CancellationToken.None);
        if (faults.Count > 0) return [.. faults.Select(f => f.ToString())];
        await database.Write(work => loader.Store(work, CancellationToken.None));
        await loader.Refresh(CancellationToken.None);
        return [];
    }

    private static DateOnly Day(int month, int day) => new(2026, month, day);

    [Fact]
    public async Task LaterOrder_MovesAHoliday_AndTheOldVersionStays()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var (here, elsewhere) = (new Calendars(database), new Calendars(database));
        Assert.Equal(0, here.Current.Version);
        Assert.Empty(await Load(database, here, First));
        Assert.Equal(1, here.Current.Version);
        Assert.Equal("جمعۃ الوداع", here.Current.On(Day(3, 20), Place)?.Name.In(Lang.Ur));
        Assert.Null(here.Current.On(Day(4, 1), Place));
        Assert.Equal(1, elsewhere.Current.Version);

        Assert.Empty(await Load(database, here, Second));
        foreach (var calendars in new[] { here, elsewhere })
        {
            Assert.Equal("order 2", calendars.At(2).On(Day(3, 13), Place)?.Order);
            Assert.Null(calendars.At(2).On(Day(3, 20), Place));
            Assert.NotNull(calendars.At(2).On(Day(8, 15), Place));
            Assert.Null(calendars.At(1).On(Day(3, 13), Place));
            Assert.NotNull(calendars.At(1).On(Day(3, 20), Place));
            Assert.Equal(2, calendars.Current.Version);
        }

        Assert.Throws<KeyNotFoundException>(() => here.At(3));
    }

    [Fact]
    public async Task SameFileTwice_ChangesNothing()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var calendars = new Calendars(database);
        Assert.Empty(await Load(database, calendars, Second));
        const string all = "select h::text from calendar.holiday h union all select v::text from calendar.version v order by 1";
        var before = await database.Query<string>(all);
        Assert.Empty(await Load(database, calendars, Second));
        Assert.Equal(before, await database.Query<string>(all));
        var entries = await database.Stream("calendar/holidays");
        Assert.Equal([new CalendarIssued(1, 3, 0, Day(3, 20), Day(8, 15)), new CalendarIssued(2, 1, 1, Day(3, 13), Day(3, 20))], entries.Select(e => e.As<CalendarIssued>()));
        Assert.Equal(Day(3, 13), await database.One<DateOnly>("select issued_on from calendar.version where version = 2"));
    }

    [Fact]
    public async Task LoadedVersion_KeepsItsDays()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var calendars = new Calendars(database);
        Assert.Empty(await Load(database, calendars, Second));
        string[] changed =
        [
            Second.Replace("1,2026-08-15", "1,2026-08-16", StringComparison.Ordinal),
            Second.Replace("1,2026-04-01,ut-1,bank", "1,2026-04-01,ut-1,public", StringComparison.Ordinal),
            Second.Replace("2,2026-03-20,ut-1,public,order 2,Jumat-ul-Vida,,,,,withdrawn,s\n", "", StringComparison.Ordinal),
            Second + "2,2026-08-15,ut-1,public,order 2,Independence Day,,,,,withdrawn,s\n",
            Second + "1,2026-12-25,ut-1,public,order 1,Christmas,,,,,notified,s\n",
        ];
        var lines = new List<string>();
        foreach (var csv in changed) lines.AddRange(await Load(database, calendars, csv));
        Assert.Equal(
        [
            "holidays.csv:3:3: is new in version 1, which was loaded before; a later order is a new version",
            "holidays.csv:1:1: 2026-08-15 Independence Day in ut-1 is missing, but was loaded with version 1; withdraw it in a new version",
            "holidays.csv:4:19: was bank when version 1 was loaded",
            "holidays.csv:1:1: 2026-03-20 in ut-1 was withdrawn by version 2, but that row is missing",
            "holidays.csv:7:55: is a new withdrawal in version 2, which was loaded before; a later order is a new version",
            "holidays.csv:7:3: is new in version 1, which was loaded before; a later order is a new version",
        ], lines);
        Assert.Empty(await Load(database, calendars, Second.Replace("Independence Day,,", "Independence Day,स्वतंत्रता दिवस,", StringComparison.Ordinal)));
        Assert.Equal("स्वतंत्रता दिवस", calendars.Current.On(Day(8, 15), Place)?.Name.In(Lang.Hi));
    }

    [Fact]
    public async Task BadFile_TellsEveryFaultAtItsPlace()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var faults = await Load(database, new Calendars(database), Header
            + "x,15-08-2026,ut-9,,order,,,,,,maybe,s\n"
            + "1,2026-08-15,ut-1,public,o,A,,,,,notified,s\n"
            + "1,2026-08-15,ut-1,public,o,A,,,,,notified,s\n"
            + "2,2026-08-16,ut-1,public,o,A,,,,,withdrawn,s\n");
        Assert.Equal(
        [
            "holidays.csv:2:1: is not a version: 1, 2, …",
            "holidays.csv:2:3: is not a date as 2026-08-15: 15-08-2026",
            "holidays.csv:2:14: is not a place of places.csv: ut-9",
            "holidays.csv:2:26: is empty",
            "holidays.csv:2:19: is empty",
            "holidays.csv:2:31: is none of notified, estimated, withdrawn: maybe",
            "holidays.csv:4:3: is there twice: same version, date, place and name",
            "holidays.csv:5:3: withdraws nothing: no earlier version has a holiday of this date and place",
        ], faults);
        Assert.Equal(0, await database.One<int>("select count(*) from calendar.holiday"));
    }

    [Fact]
    public async Task EarlierVersion_AfterALater_IsRefused()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var calendars = new Calendars(database);
        Assert.Empty(await Load(database, calendars, First.Replace("\n1,", "\n5,", StringComparison.Ordinal)));
        Assert.Equal(["holidays.csv:5:1: is older than version 5, which was loaded before; a later order has a higher version"],
            await Load(database, calendars, First.Replace("\n1,", "\n5,", StringComparison.Ordinal) + "4,2026-12-25,ut-1,public,o,Christmas,,,,,notified,s\n"));
    }

    [Fact]
    public async Task PackOfJammuAndKashmir_KnowsItsHolidays()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var calendars = new Calendars(database);
        var loader = new CalendarLoader(database, calendars, clock);
        Assert.Empty(await loader.Read(Path.Combine(Cluster.RepositoryRoot, "data", "jk"), CancellationToken.None));
        await database.Write(work => loader.Store(work, CancellationToken.None));
        var current = calendars.Current;
        Assert.Equal("Republic Day", current.On(Day(1, 26), ["division-kashmir", "ut-1"])?.Name.In(Lang.En));
        Assert.Equal("Jumat-ul-Vida", current.On(Day(3, 13), ["ut-1"])?.Name.In(Lang.En));
        Assert.Null(current.On(Day(3, 20), ["ut-1"]));
        Assert.NotNull(calendars.At(20261).On(Day(3, 20), ["ut-1"]));
        Assert.Contains(current.Holidays, h => h.Estimated);
        Assert.Contains(current.Holidays, h => h.Place == "division-jammu" && current.On(h.Date, ["division-kashmir"]) is null);
    }
}
