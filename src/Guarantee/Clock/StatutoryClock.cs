using System.Collections.Concurrent;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Guarantee.Clock;

/// <summary>Puts the service's limit, its law's week and the place's holidays together; the counting itself is <see cref="StatutoryDays"/>.</summary>
internal sealed class StatutoryClock(IServiceDirectory services, Calendars calendars, IOrganisation organisation) : IStatutoryClock
{
    /// <summary>Some 200 places, 80 services and a few days fit many times over; beyond that the past is being filled in and the cache starts anew.</summary>
    private const int Capacity = 100_000;

    private volatile Cache cache = new(-1);

    public DateOnly? DueOn(string service, int version, string place, DateOnly complete, IReadOnlyList<Pause> pauses, int? lawVersion = null)
    {
        if (pauses.Count > 0) return Count(service, version, place, complete, pauses, lawVersion) is { } due && due != DateOnly.MaxValue ? due : null;
        var known = Known();
        var key = new Key(service, version, place, complete, lawVersion);
        if (known.Dates.TryGetValue(key, out var on)) return on;
        on = Count(service, version, place, complete, pauses, lawVersion);
        if (organisation.Place(place) is not null) known.Keep(key, on);
        return on;
    }

    public Due? Explain(string service, int version, string place, DateOnly complete, IReadOnlyList<Pause> pauses, int? lawVersion = null) =>
        Rule(service, version, complete, lawVersion) is var (limit, law) ? StatutoryDays.Count(complete, limit, Known().For(law, calendars.Current), organisation.PlaceAndAncestors(place), pauses) : null;

    public Due? ExplainAppeal(string law, int version, string layer, string place, DateOnly filed, IReadOnlyList<Pause> pauses) =>
        services.LawVersion(law, version) is { } found && found.Layers.FirstOrDefault(l => l.Code == layer)?.DecideWithin is { } limit
            ? StatutoryDays.Count(filed, limit, Known().For(found, calendars.Current), organisation.PlaceAndAncestors(place), pauses)
            : null;

    public DateOnly? LatestOn(string law, int version, string place, DateOnly complete) =>
        services.LawVersion(law, version) is { Absolute: { } limit } found ? StatutoryDays.On(complete, limit, Known().For(found, calendars.Current), organisation.PlaceAndAncestors(place), []) : null;

    public DateOnly StepDueOn(string service, int version, string place, DateOnly opened, int days, int? lawVersion = null) =>
        StatutoryDays.On(opened, new Limit(days, Counting.Calendar), OfStep(service, version, opened, lawVersion), organisation.PlaceAndAncestors(place), []);

    public Due ExplainStep(string service, int version, string place, DateOnly opened, int days, int? lawVersion = null) =>
        StatutoryDays.Count(opened, new Limit(days, Counting.Calendar), OfStep(service, version, opened, lawVersion), organisation.PlaceAndAncestors(place), []);

    private HolidayCalendar OfStep(string service, int version, DateOnly opened, int? lawVersion)
    {
        var law = services.FindVersion(service, version)?.Law is { } code ? Law(code, opened, lawVersion) : null;
        return law is null ? calendars.Current : Known().For(law, calendars.Current);
    }

    private DateOnly? Count(string service, int version, string place, DateOnly complete, IReadOnlyList<Pause> pauses, int? lawVersion) =>
        Rule(service, version, complete, lawVersion) is var (limit, law) ? StatutoryDays.On(complete, limit, Known().For(law, calendars.Current), organisation.PlaceAndAncestors(place), pauses) : null;

    private (Limit, LawVersion)? Rule(string service, int version, DateOnly complete, int? lawVersion) =>
        services.FindVersion(service, version) is { Guaranteed: true } found && Law(found.Law!, complete, lawVersion) is { } law
            // A grievance has its limit from the law of its day, a service its own.
            ? (found.Grievance is null ? found.Limit! : law.ReplyWithin ?? found.Limit!, law)
            : null;

    private LawVersion? Law(string code, DateOnly on, int? version) => version is { } kept ? services.LawVersion(code, kept) : services.Law(code, on);

    /// <summary>A new calendar version forgets every date that was counted by the old one.</summary>
    private Cache Known()
    {
        var version = calendars.Current.Version;
        var known = cache;
        return known.Version == version && !known.Full ? known : cache = new Cache(version);
    }

    private readonly record struct Key(string Service, int Version, string Place, DateOnly Complete, int? LawVersion);

    private sealed class Cache(int version)
    {
        private readonly ConcurrentDictionary<(string Law, int Version), HolidayCalendar> weeks = new();
        private int kept;

        public int Version { get; } = version;

        public ConcurrentDictionary<Key, DateOnly?> Dates { get; } = new();

        public bool Full => Volatile.Read(ref kept) >= Capacity;

        public void Keep(Key key, DateOnly? on)
        {
            if (Dates.TryAdd(key, on)) Interlocked.Increment(ref kept);
        }

        public HolidayCalendar For(LawVersion law, HolidayCalendar calendar) =>
            weeks.GetOrAdd((law.Code, law.Version), static (_, given) => given.calendar.WithWeeklyOff(given.law.WeeklyOff), (law, calendar));
    }
}
