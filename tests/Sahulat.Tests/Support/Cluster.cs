using Npgsql;
using Sahulat.Host;
using Sahulat.Kernel.Data;
using Sahulat.Tests.Support;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace Sahulat.Tests.Support;

/// <summary>One real PostgreSQL for the whole run. Databases are clones: of the migrated template, or of the template that also holds the data pack.</summary>
public sealed class Cluster : IAsyncLifetime
{
    public const string Empty = "template_empty";
    public const string Loaded = "template_loaded";

    private readonly SemaphoreSlim cloning = new(1);
    private readonly Lazy<Task> loaded;
    private PrivateCluster? cluster;
    private int count;

    public Cluster() => loaded = new(MakeLoaded);

    public string Folder { get; } = Path.Combine("/tmp", "sahulat-tests-" + Guid.NewGuid().ToString("N")[..8]);

    public PrivateCluster Server => cluster!;

    public static string RepositoryRoot { get; } = FindRoot();

    public async ValueTask InitializeAsync()
    {
        cluster = await PrivateCluster.Start(new ClusterOptions(Folder, Settings: ["fsync=off", "max_connections=400", "shared_buffers=256MB"]));
        await cluster.CreateDatabase(Empty);
        await using var owner = NpgsqlDataSource.Create(cluster.Owner(Empty) + ";Pooling=false");
        await Migrator.Run(owner, Rooms.Migrations);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (cluster is not null) await cluster.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A fresh database of one's own.</summary>
    internal async Task<TestDatabase> Clone(string template = Empty)
    {
        if (template == Loaded) await loaded.Value;
        var name = $"t{Interlocked.Increment(ref count)}";
        await cloning.WaitAsync();
        try
        {
            await Server.CreateDatabase(name, template);
        }
        finally
        {
            cloning.Release();
        }

        return new TestDatabase(this, name);
    }

    private async Task MakeLoaded()
    {
        await cloning.WaitAsync();
        try
        {
            await Server.CreateDatabase(Loaded, Empty);
        }
        finally
        {
            cloning.Release();
        }

        await using (var app = Site.Build(new SiteOptions(Server.App(Loaded) + ";Pooling=false", KeyFolder, [])))
        {
            var faults = await PackLoading.Load(app.Services, Path.Combine(RepositoryRoot, "data", "jk"), _ => { }, CancellationToken.None);
            if (faults.Count > 0) throw new InvalidOperationException(string.Join('\n', faults.Take(20)));
        }

        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>One keyring for all clones, as they share sealed rows of the template.</summary>
    public string KeyFolder => Path.Combine(Folder, "home");

    private static string FindRoot()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "Sahulat.slnx"))) return d.FullName;
        throw new InvalidOperationException("run the tests from within the repository");
    }
}

/// <summary>A database that lives as long as its test.</summary>
internal sealed class TestDatabase(Cluster cluster, string name) : IAsyncDisposable
{
    public string App { get; } = cluster.Server.App(name) + ";Maximum Pool Size=40";

    public string Owner { get; } = cluster.Server.Owner(name) + ";Pooling=false";

    public async ValueTask DisposeAsync() => await cluster.Server.DropDatabase(name);
}
