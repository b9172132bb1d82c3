using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sahulat.Host;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Tests.Support;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace Sahulat.Tests.Support;

/// <summary>One real PostgreSQL for the whole run. Databases are clones: of the migrated template, or of the template that also holds the data pack.</summary>
public sealed class Cluster : IAsyncLifetime
{
    public const string Empty = "template_empty";
    public const string Loaded = "template_loaded";

    /// <summary>The loaded one with an official in nearly every post, as the demo makes them.</summary>
    public const string Staffed = "template_staffed";

    private static readonly DriveInfo Memory = new("/dev/shm");

    private readonly SemaphoreSlim cloning = new(1);
    private readonly Lazy<Task> loaded, staffed;
    private PrivateCluster? cluster;
    private int count;

    public Cluster() => (loaded, staffed) = (new(() => Make(Loaded, Empty, Load)), new(() => Make(Staffed, Loaded, Staff)));

    /// <summary>In memory where there is room: a clone makes seven hundred files and its end deletes them, and a file system on disk looks long for numbers that were not given back a moment ago.</summary>
    public string Folder { get; } = Path.Combine(Memory is { IsReady: true, AvailableFreeSpace: > 6L << 30 } ? Memory.Name : "/tmp", "sahulat-tests-" + Guid.NewGuid().ToString("N")[..8]);

    public PrivateCluster Server => cluster!;

    public static string RepositoryRoot { get; } = FindRoot();

    public async ValueTask InitializeAsync()
    {
        cluster = await PrivateCluster.Start(new ClusterOptions(Folder, Settings: ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "max_connections=400", "shared_buffers=256MB"]));
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
        if (template != Empty) await loaded.Value;
        if (template == Staffed) await staffed.Value;
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

    private async Task Make(string template, string from, Func<IServiceProvider, Task> fill)
    {
        await cloning.WaitAsync();
        try
        {
            await Server.CreateDatabase(template, from);
        }
        finally
        {
            cloning.Release();
        }

        await using (var app = Site.Build(new SiteOptions(Server.App(template) + ";Maximum Pool Size=40", KeyFolder, [], Time: new TestClock(TestSite.Begins), Replace: TestSite.Cheap)))
        {
            await fill(app.Services);
            // What the followers make of it is made once, not in every clone.
            await app.Services.GetRequiredService<Followers>().CatchUp(CancellationToken.None);
        }

        // Nothing gathers statistics by itself here.
        await using (var owner = NpgsqlDataSource.Create(Server.Owner(template) + ";Pooling=false"))
        await using (var analyze = owner.CreateCommand("analyze")) await analyze.ExecuteNonQueryAsync();
        NpgsqlConnection.ClearAllPools();
    }

    private static async Task Load(IServiceProvider services)
    {
        var faults = await PackLoading.Load(services, Path.Combine(RepositoryRoot, "data", "jk"), _ => { }, CancellationToken.None);
        if (faults.Count > 0) throw new InvalidOperationException(string.Join('\n', faults.Take(20)));
    }

    private static async Task Staff(IServiceProvider services)
    {
        await services.GetRequiredService<OrganisationDirectory>().Load(CancellationToken.None);
        await services.Officials();
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
