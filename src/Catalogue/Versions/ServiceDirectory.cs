using System.Collections.Concurrent;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Catalogue.Versions;

/// <summary>The catalogue in memory. Read from the database at the first need and again when its revision has changed.</summary>
internal sealed class ServiceDirectory(Database database) : IServiceDirectory
{
    /// <summary>What a text says never changes: it is parsed once a process, also for several nodes in one.</summary>
    private static readonly ConcurrentDictionary<(string Yaml, string Laws), object> Parsed = new();

    private readonly SemaphoreSlim loading = new(1);
    private volatile Snapshot? snapshot;

    public Snapshot Current => snapshot ?? LoadFirst();

    public IReadOnlyList<ServiceVersion> All(DateOnly on) => Current.All(on);

    public IReadOnlyList<ServiceVersion> Grievances(DateOnly on) => Current.Grievances(on);

    public ServiceVersion? Find(string code, DateOnly on) => Current.Find(code, on);

    public ServiceVersion? FindVersion(string code, int version) => Current.FindVersion(code, version);

    public LawVersion? Law(string code, DateOnly on) => Current.Law(code, on);

    public LawVersion? LawVersion(string code, int version) => Current.LawVersion(code, version);

    public async Task Reload(CancellationToken ct)
    {
        await loading.WaitAsync(ct);
        try
        {
            snapshot = await Read(ct);
        }
        finally
        {
            loading.Release();
        }
    }

    public async Task ReloadIfChanged(CancellationToken ct)
    {
        var number = await database.One<long>("select number from catalogue.revision", ct: ct);
        if (snapshot?.Revision != number) await Reload(ct);
    }

    private Snapshot LoadFirst()
    {
        // Only before a node has started: a serving node reads before it answers.
        Task.Run(() => Reload(CancellationToken.None)).GetAwaiter().GetResult();
        return snapshot!;
    }

    private async Task<Snapshot> Read(CancellationToken ct)
    {
        // The number first: a load in between is then seen as a change.
        var revision = await database.One<long>("select number from catalogue.revision", ct: ct);
        var known = snapshot;
        var laws = new List<LawVersion>();
        var lawRows = await Rows(Load.Versions.Law, ct);
        foreach (var row in lawRows)
            laws.Add((known?.LawVersion(row.Code, row.Version) ?? Parse(row, "", map => LawFile.Read(map, new PackFacts(null, null, null)))) with { Version = row.Version, Pack = row.Pack });
        var lawTexts = string.Join('\n', lawRows.Select(r => r.Yaml));
        var facts = new PackFacts(null, null, null).With(laws);
        var services = new List<ServiceVersion>();
        foreach (var row in await Rows(Load.Versions.Service, ct))
            services.Add((known?.FindVersion(row.Code, row.Version) ?? Parse(row, lawTexts, map => ServiceFile.Read(map, facts))) with { Version = row.Version, Pack = row.Pack, Within = row.Within });
        foreach (var row in await Rows(Load.Versions.Grievance, ct))
            services.Add((known?.FindVersion(row.Code, row.Version) ?? Grievance(row, lawTexts, facts)) with { Version = row.Version, Pack = row.Pack, Within = row.Within });
        return new Snapshot(revision, services, laws);
    }

    private static ServiceVersion Grievance(Row row, string laws, PackFacts facts) => (ServiceVersion)Parsed.GetOrAdd((row.Yaml, laws), _ =>
        PackReading.Grievance($"{row.Code} {row.Version}", row.Yaml, facts) ?? throw new InvalidOperationException($"catalogue: stored version {row.Version} of {row.Code} cannot be read"));

    private Task<IReadOnlyList<Row>> Rows(VersionTable table, CancellationToken ct) =>
        database.Query<Row>($"select v.code, v.version, v.yaml, o.pack, o.within from {table.Name} v left join catalogue.owner o on o.kind = @Kind and o.code = v.code where {table.Standing} order by v.code, v.version", new { table.Kind }, ct);

    private static T Parse<T>(Row row, string laws, Func<YamlMap, T> read) where T : class => (T)Parsed.GetOrAdd((row.Yaml, laws), _ =>
        PackReading.One($"{row.Code} {row.Version}", row.Yaml, [], read) ?? throw new InvalidOperationException($"catalogue: stored version {row.Version} of {row.Code} cannot be read"));

    private sealed record Row
    {
        public string Code { get; init; } = "";
        public int Version { get; init; }
        public string Yaml { get; init; } = "";
        public string? Pack { get; init; }
        public string? Within { get; init; }
    }
}
