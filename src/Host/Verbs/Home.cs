using System.CommandLine;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Verbs;

/// <summary>Where the data is: a given server, or a private cluster below the data folder.</summary>
internal sealed class Home : IAsyncDisposable
{
    public static readonly Option<string> DataOption = new("--data") { Description = "Data folder: keys, documents and the private database", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SAHULAT_DATA") ?? ".data" };
    public static readonly Option<string?> DatabaseOption = new("--database") { Description = "Connection string of the serving role; without it a private PostgreSQL is started", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SAHULAT_DATABASE") };
    public static readonly Option<string?> OwnerOption = new("--owner-database") { Description = "Connection string of the owner, who migrates; default: the serving one", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SAHULAT_OWNER_DATABASE") };

    private readonly PrivateCluster? cluster;
    private readonly FileStream? guard;

    private Home(string folder, string app, string owner, PrivateCluster? cluster, FileStream? guard) =>
        (Folder, App, Owner, this.cluster, this.guard) = (folder, app, owner, cluster, guard);

    public string Folder { get; }

    public string App { get; }

    public string Owner { get; }

    /// <summary>Like <see cref="Open"/>; when another process serves from the folder, its database is used while it goes on.</summary>
    public static async Task<Home> Join(ParseResult parsed, CancellationToken ct)
    {
        var folder = Path.GetFullPath(parsed.GetValue(DataOption)!);
        return parsed.GetValue(DatabaseOption) is null or "" && await PrivateCluster.Running(folder, ct) is { } running ? new Home(folder, running.App, running.Owner, null, null) : await Open(parsed, ct);
    }

    public static async Task<Home> Open(ParseResult parsed, CancellationToken ct)
    {
        var folder = Path.GetFullPath(parsed.GetValue(DataOption)!);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data folder {folder} cannot be used: {e.Message}", e);
        }

        if (parsed.GetValue(DatabaseOption) is { Length: > 0 } given)
            return new Home(folder, given, parsed.GetValue(OwnerOption) ?? given, null, null);

        var guard = Lock(folder);
        try
        {
            var cluster = await PrivateCluster.Start(new ClusterOptions(folder), ct);
            await cluster.CreateDatabase("sahulat", ct: ct);
            return new Home(folder, cluster.App(), cluster.Owner(), cluster, guard);
        }
        catch
        {
            await guard.DisposeAsync();
            throw;
        }
    }

    public async Task<int> Migrate(CancellationToken ct)
    {
        await using var owner = NpgsqlDataSource.Create(Owner);
        return await Migrator.Run(owner, Rooms.Migrations, ct);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (cluster is not null) await cluster.DisposeAsync();
        if (guard is not null) await guard.DisposeAsync();
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data folder {folder} is in use by another sahulat, or cannot be written; stop that one, or choose another folder with --data.", e);
        }
    }
}
