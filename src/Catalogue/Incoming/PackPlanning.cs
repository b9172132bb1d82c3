using Sahulat.Catalogue.Compare;
using Sahulat.Catalogue.Exchange;
using Sahulat.Catalogue.Load;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using YamlDotNet.Core;

namespace Sahulat.Catalogue.Incoming;

/// <summary>A law or service as it would be here. <paramref name="Changes"/> is what differs from what is in force, its first day aside.</summary>
internal sealed record PlannedItem(string Path, bool Service, bool New, DatedFile File, IReadOnlyList<FieldChange> Changes);

/// <summary>Something the pack names and this government has not, with what could stand in its place.</summary>
internal sealed record Lack(NamedThing Thing, IReadOnlyList<string> Instead);

/// <param name="Laws">The laws that its services name, each with those that could stand in its place.</param>
/// <param name="Problem">Why it cannot be taken in as planned; null when it can.</param>
internal sealed record PackPlan(IReadOnlyList<PlannedItem> Items, IReadOnlyList<Lack> Lacks, IReadOnlyList<Lack> Laws, IReadOnlyList<PackFault> Faults, Problem? Problem);

/// <summary>Works out what a pack would do to a government's catalogue. Changes nothing.</summary>
internal sealed class PackPlanning(Database database, ServiceDirectory directory, IOrganisation organisation, TimeProvider time)
{
    public IReadOnlyList<Place> Governments() => [.. PackFacts.Levels.SelectMany(organisation.OfKind).Where(p => p.Parent is null)];

    /// <param name="government">The place that holds all others of it.</param>
    public async Task<PackPlan> Plan(SignedPack pack, string government, DateOnly from, IReadOnlyDictionary<NamedThing, string> mapping, CancellationToken ct)
    {
        await directory.ReloadIfChanged(ct);
        var faults = new List<PackFault>();
        var own = Owned(government);
        // A law in whose place another is put is not taken in.
        PackItem[] taken = [.. pack.Statement.Items.Where(i => !IsLaw(i) || mapping.GetValueOrDefault(new NamedThing(Rewriting.Law, Code(i.Path))) is not { } other || other == Code(i.Path))];
        var (laws, services) = (taken.Where(IsLaw).ToArray(), taken.Where(i => !IsLaw(i)).ToArray());
        var known = directory.Current.Laws(from);
        own = own with { Laws = [.. known.Select(l => l.Code).Concat(laws.Select(l => Code(l.Path))).Distinct()] };
        var facts = new PackFacts(own.Departments, own.Designations, null);
        var items = new List<PlannedItem>();
        var read = new List<LawVersion>(known);
        foreach (var item in Latest(laws))
            if (Read(item, from, mapping, faults, m => LawFile.Read(m, facts)) is var (law, yaml))
            {
                read.Add(law with { Version = int.MaxValue });
                items.Add(await Compared(item.Path, law.Code, law.ValidTo, yaml, false, from, ct));
            }

        facts = facts.With(read);
        foreach (var item in Latest(services))
            if (Read(item, from, mapping, faults, m => ServiceFile.Read(m, facts)) is var (service, yaml)) items.Add(await Compared(item.Path, service.Code, service.ValidTo, yaml, true, from, ct));

        var named = taken.SelectMany(i => Rewriting.Names(i.Yaml)).Distinct().OrderBy(n => n.Kind, StringComparer.Ordinal).ThenBy(n => n.Code, StringComparer.Ordinal).ToArray();
        Lack[] lacks = [.. named.Where(n => !own.Has(n with { Code = mapping.GetValueOrDefault(n, n.Code) })).Select(n => new Lack(n, own.Of(n.Kind)))];
        Lack[] choices = [.. named.Where(n => n.Kind == Rewriting.Law && own.Laws.Count > 1).Select(n => new Lack(n, own.Of(n.Kind)))];
        return new PackPlan(items, lacks, choices, faults, Wrong(items, lacks, faults, government, from));
    }

    /// <summary>What of a kind could stand in the place of something else.</summary>
    public IReadOnlyList<string> Instead(string government, string kind, SignedPack pack) =>
        (Owned(government) with { Laws = [.. directory.Current.Laws(Ist.Today(time)).Select(l => l.Code).Concat(pack.Statement.Items.Where(IsLaw).Select(i => Code(i.Path))).Distinct()] }).Of(kind);

    /// <summary>The pack's code of a government; null where it is not known.</summary>
    public string? PackOf(string government) => directory.Current.Everything.FirstOrDefault(s => s.Within == government)?.Pack;

    private Problem? Wrong(List<PlannedItem> items, Lack[] lacks, List<PackFault> faults, string government, DateOnly from)
    {
        if (lacks.Length > 0) return PackProblems.Lacking;
        if (faults.Count > 0) return PackProblems.Faulty;
        var pack = PackOf(government);
        foreach (var item in items.Where(i => i.Changes.Count > 0))
        {
            if (item.Service && directory.Current.Everything.Any(s => s.Code == item.File.Code && s.Within is { } other && other != government)) return PackProblems.Taken(item.File.Code);
            if (!item.Service && directory.Current.Law(item.File.Code, from)?.Pack is { } owner && owner != pack) return PackProblems.Taken(item.File.Code);
        }

        return items.All(i => i.Changes.Count == 0) ? PackProblems.NothingNew : null;
    }

    private static (T Read, string Yaml)? Read<T>(PackItem item, DateOnly from, IReadOnlyDictionary<NamedThing, string> mapping, List<PackFault> faults, Func<YamlMap, T> read) where T : class
    {
        string yaml;
        try
        {
            yaml = Rewriting.Apply(item.Yaml, from, mapping);
        }
        catch (YamlException e)
        {
            faults.Add(new PackFault(item.Path, (int)e.Start.Line, (int)e.Start.Column, e.Message));
            return null;
        }

        var named = "";
        var result = PackReading.One(item.Path, yaml, faults, map =>
        {
            named = map.Optional("code") ?? "";
            return read(map);
        });
        if (result is null) return null;
        if (named != Code(item.Path)) faults.Add(new PackFault(item.Path, 1, 1, $"its code is '{named}'"));
        return (result, yaml);
    }

    private async Task<PlannedItem> Compared(string path, string code, DateOnly? to, string yaml, bool service, DateOnly from, CancellationToken ct)
    {
        var table = service ? Load.Versions.Service : Load.Versions.Law;
        var before = await database.One<string>($"select case when valid_to < @today then null else yaml end from {table.Name} where {table.Standing} and code = @code and valid_from <= @from order by valid_from desc, version desc", new { code, from, today = Ist.Today(time) }, ct);
        return new PlannedItem(path, service, before is null, new DatedFile(code, from, to, yaml), [.. Difference.Between(before ?? "", yaml).Where(c => c.Name != "valid_from" || before is null)]);
    }

    /// <summary>Of several versions of one code only the latest is taken in: older days are past.</summary>
    private static IEnumerable<PackItem> Latest(IEnumerable<PackItem> items) => items.GroupBy(i => Code(i.Path), StringComparer.Ordinal).Select(g => g.MaxBy(i => i.Path, StringComparer.Ordinal)!);

    private static bool IsLaw(PackItem item) => item.Path.StartsWith("laws/", StringComparison.Ordinal);

    private static string Code(string path) => path[(path.IndexOf('/') + 1)..path.IndexOf('@')];

    private Owned Owned(string government)
    {
        var (departments, designations, levels) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var place in PackFacts.Levels.SelectMany(organisation.OfKind).Where(p => organisation.Covers(government, p.Code)))
        {
            levels.Add(place.Kind);
            foreach (var post in organisation.PostsAt(place.Code))
            {
                designations.Add(post.Designation);
                if (organisation.Office(post.Office) is { } office) departments.Add(office.Department);
            }
        }

        departments.UnionWith(directory.Current.Everything.Where(s => s.Within == government).Select(s => s.Department));
        return new Owned(departments, designations, levels, []);
    }
}

/// <summary>What a government has: departments with an office or a service, designations with a post, kinds of places, laws.</summary>
internal sealed record Owned(IReadOnlySet<string> Departments, IReadOnlySet<string> Designations, IReadOnlySet<string> Levels, IReadOnlyList<string> Laws)
{
    public bool Has(NamedThing thing) => Of(thing.Kind).Contains(thing.Code);

    public IReadOnlyList<string> Of(string kind) => [.. (kind switch
    {
        Rewriting.Department => Departments,
        Rewriting.Designation => Designations,
        Rewriting.Level => Levels,
        _ => (IEnumerable<string>)Laws,
    }).Order(StringComparer.Ordinal)];
}
