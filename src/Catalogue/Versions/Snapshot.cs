using System.Collections.Frozen;
using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Versions;

/// <summary>All versions of all services and laws at one revision. Never changed; a reload makes another.</summary>
internal sealed class Snapshot
{
    private readonly FrozenDictionary<string, ServiceVersion[]> services;
    private readonly FrozenDictionary<string, LawVersion[]> laws;

    public Snapshot(long revision, IEnumerable<ServiceVersion> services, IEnumerable<LawVersion> laws)
    {
        Revision = revision;
        this.services = services.GroupBy(s => s.Code).ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(s => s.ValidFrom).ThenByDescending(s => s.Version).ToArray(), StringComparer.Ordinal);
        this.laws = laws.GroupBy(l => l.Code).ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(l => l.ValidFrom).ThenByDescending(l => l.Version).ToArray(), StringComparer.Ordinal);
    }

    public long Revision { get; }

    /// <summary>What was asked for a day is kept: most ask for today.</summary>
    private Day? lastAll, lastGrievances;

    public IReadOnlyList<ServiceVersion> All(DateOnly on)
    {
        if (lastAll is { } last && last.On == on) return last.Services;
        IReadOnlyList<ServiceVersion> all = [.. InForce(on).Where(s => s.Grievance is null)];
        lastAll = new Day(on, all);
        return all;
    }

    public IReadOnlyList<ServiceVersion> Grievances(DateOnly on)
    {
        if (lastGrievances is { } last && last.On == on) return last.Services;
        IReadOnlyList<ServiceVersion> all = [.. InForce(on).Where(s => s.Grievance is not null)];
        lastGrievances = new Day(on, all);
        return all;
    }

    private IEnumerable<ServiceVersion> InForce(DateOnly on) => services.Keys.Order(StringComparer.Ordinal).Select(code => Find(code, on)).OfType<ServiceVersion>();

    /// <summary>Every version of every service.</summary>
    public IEnumerable<ServiceVersion> Everything => services.Values.SelectMany(v => v);

    /// <summary>The laws in force on a day, by code.</summary>
    public IReadOnlyList<LawVersion> Laws(DateOnly on) => [.. laws.Keys.Order(StringComparer.Ordinal).Select(code => Law(code, on)).OfType<LawVersion>()];

    public ServiceVersion? Find(string code, DateOnly on)
    {
        if (!services.TryGetValue(code, out var versions)) return null;
        foreach (var v in versions)
        {
            // The latest word counts: when it has ended, an older version does not come back.
            if (v.ValidFrom <= on) return v.ValidTo < on ? null : v;
        }

        return null;
    }

    public ServiceVersion? FindVersion(string code, int version) => services.TryGetValue(code, out var versions) ? Array.Find(versions, v => v.Version == version) : null;

    public LawVersion? Law(string code, DateOnly on)
    {
        if (!laws.TryGetValue(code, out var versions)) return null;
        var found = Array.Find(versions, v => v.ValidFrom <= on);
        return found?.ValidTo < on ? null : found;
    }

    /// <summary>All versions of a service, the latest first.</summary>
    public IReadOnlyList<ServiceVersion> Versions(string code) => services.GetValueOrDefault(code) ?? [];

    /// <summary>Codes of services; subjects of grievances are not among them.</summary>
    public IEnumerable<string> Codes => services.Where(s => s.Value[0].Grievance is null).Select(s => s.Key);

    public LawVersion? LawVersion(string code, int version) => laws.TryGetValue(code, out var versions) ? Array.Find(versions, v => v.Version == version) : null;

    private sealed record Day(DateOnly On, IReadOnlyList<ServiceVersion> Services);
}
