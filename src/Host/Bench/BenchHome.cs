using Npgsql;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Bench;

/// <summary>A private cluster for one measurement, with fsync and synchronous_commit on, removed afterwards.</summary>
internal sealed class BenchHome : IAsyncDisposable
{
    private BenchHome(string folder, PrivateCluster cluster) => (Folder, Cluster) = (folder, cluster);

    public string Folder { get; }

    public PrivateCluster Cluster { get; }

    public static async Task<BenchHome> Open(CancellationToken ct, params IEnumerable<string> more)
    {
        var folder = Path.Combine(Path.GetTempPath(), "sahulat-bench-" + Guid.NewGuid().ToString("N")[..8]);
        return new BenchHome(folder, await PrivateCluster.Start(new ClusterOptions(folder, Settings: ["max_wal_size=8GB", "shared_buffers=1GB", .. more]), ct));
    }

    /// <summary>A database with every room's tables and the data pack.</summary>
    public async Task<WebApplication> Site(string database, string pack, IReadOnlyList<string> urls, CancellationToken ct, IReadOnlyDictionary<string, string?>? more = null)
    {
        await Cluster.CreateDatabase(database, ct: ct);
        await using (var owner = NpgsqlDataSource.Create(Cluster.Owner(database))) await Migrator.Run(owner, Rooms.Migrations, ct);
        var app = Host.Site.Build(new SiteOptions(Cluster.App(database), Folder, urls, new Dictionary<string, string?>(more ?? new Dictionary<string, string?>()) { ["Sahulat:Sweep"] = "off", ["Logging:LogLevel:Default"] = "Warning" }));
        var faults = await PackLoading.Load(app.Services, pack, _ => { }, ct);
        if (faults.Count > 0) throw new SetupException($"The data pack {pack} has {faults.Count} faults, the first: {faults[0]}");
        return app;
    }

    /// <summary>Every post has a holder, as in an administration that runs.</summary>
    public static Task HoldPosts(Database database, CancellationToken ct) => database.Execute("""
        insert into organisation.holding (id, post, official, kind, held_from) select gen_random_uuid(), code, gen_random_uuid(), 'substantive', '2020-01-01' from organisation.post;
        update organisation.revision set revision = revision + 1
        """, ct: ct);

    /// <summary>The data pack of the repository that this program was built in, unless one is named.</summary>
    public static string Pack(string? given)
    {
        if (given is not null) return given;
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "data", "jk", "pack.yaml"))) return Path.Combine(d.FullName, "data", "jk");
        return Path.Combine("data", "jk");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Cluster.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
