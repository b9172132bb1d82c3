using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Npgsql;

namespace Sahulat.Kernel.Data;

/// <summary>Where a private cluster lives and how it is tuned.</summary>
/// <param name="Folder">Everything lies below it: <c>pg</c>, <c>run</c> (socket), <c>secret</c>.</param>
/// <param name="Binaries">Folder of initdb and postgres; null finds the newest on the machine.</param>
/// <param name="Settings">Settings beyond the defaults, <c>name=value</c>.</param>
public sealed record ClusterOptions(string Folder, string? Binaries = null, IReadOnlyList<string>? Settings = null);

/// <summary>A fault that the person at the terminal can mend; shown as one sentence.</summary>
public sealed class SetupException(string sentence, Exception? inner = null) : Exception(sentence, inner);

/// <summary>A PostgreSQL of this program's own, on a Unix socket, with fsync on. Never runs as root: it drops to the postgres user. Ends with the process, even when that is killed.</summary>
public sealed class PrivateCluster : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private readonly Process process;
    private readonly Thread keeper;
    private readonly ManualResetEventSlim release;
    private readonly string sockets;
    private readonly string password;

    private PrivateCluster(Process process, Thread keeper, ManualResetEventSlim release, string sockets, string password) =>
        (this.process, this.keeper, this.release, this.sockets, this.password) = (process, keeper, release, sockets, password);

    /// <summary>Connection string of the owner, who migrates. The serving role is given by <see cref="App"/>.</summary>
    public string Owner(string database = "sahulat") => Connection(Superuser, database);

    public string App(string database = "sahulat") => Connection("sahulat", database);

    public static async Task<PrivateCluster> Start(ClusterOptions options, CancellationToken ct = default)
    {
        var folder = Path.GetFullPath(options.Folder);
        var binaries = options.Binaries ?? FindBinaries();
        var (data, sockets, secret) = (Path.Combine(folder, "pg"), Path.Combine(folder, "run"), Path.Combine(folder, "secret"));
        Prepare(folder, sockets);
        var password = Secret(secret);
        if (!File.Exists(Path.Combine(data, "PG_VERSION"))) Initialise(binaries, folder, data, password);
        CheckVersion(binaries, data);
        await Vacated(data, ct);
        if (SocketFolder(folder) is var near && near != sockets) MakeSocketFolder(sockets = near);

        var release = new ManualResetEventSlim();
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The parent-death signal follows the starting thread, so one thread starts the postmaster and stays for its whole life.
        var keeper = new Thread(() =>
        {
            try
            {
                started.SetResult(Launch(binaries, data, sockets, Path.Combine(folder, "postgres.log"), options.Settings ?? []));
            }
            catch (Exception e)
            {
                started.SetException(e);
                return;
            }

            release.Wait();
        })
        { IsBackground = true, Name = "postgres-keeper" };
        keeper.Start();
        var cluster = new PrivateCluster(await started.Task, keeper, release, sockets, password);
        try
        {
            await cluster.Ready(folder, ct);
            await cluster.CreateRoles(ct);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>Makes a database, empty or as a copy of a template, unless it is there.</summary>
    public async Task CreateDatabase(string name, string? template = null, CancellationToken ct = default)
    {
        await using var connection = new NpgsqlConnection(Owner("postgres") + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await find.ExecuteScalarAsync(ct) is not null) return;
        // Copying the files of a database of hundreds of tables costs a tenth of writing each page through the log.
        await using var create = new NpgsqlCommand($"create database \"{name}\" template \"{template ?? "template0"}\" strategy file_copy", connection) { CommandTimeout = 120 };
        await create.ExecuteNonQueryAsync(ct);
    }

    public async Task DropDatabase(string name)
    {
        await using var connection = new NpgsqlConnection(Owner("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"drop database if exists \"{name}\" with (force)", connection);
        await drop.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            // SIGINT: fast shutdown with a checkpoint.
            _ = Kill(process.Id, 2);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _ = Kill(process.Id, 3);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        release.Set();
        keeper.Join();
        process.Dispose();
    }

    /// <summary>The folder with initdb, postgres and pgbench of the newest version on the machine.</summary>
    public static string FindBinaries()
    {
        const string root = "/usr/lib/postgresql";
        var versions = Directory.Exists(root) ? Directory.GetDirectories(root).Select(d => (Folder: Path.Combine(d, "bin"), Version: int.TryParse(Path.GetFileName(d), out var v) ? v : 0)) : [];
        var best = versions.Where(v => v.Version is >= 15 and <= 18 && File.Exists(Path.Combine(v.Folder, "initdb"))).OrderByDescending(v => v.Version).FirstOrDefault();
        return best.Folder ?? throw new SetupException("PostgreSQL 15 to 18 was not found on this machine; install it with: apt-get install -y postgresql");
    }

    /// <summary>How to reach the cluster that another process of this program runs in the folder; null when none answers.</summary>
    public static async Task<(string App, string Owner)?> Running(string folder, CancellationToken ct = default)
    {
        var secret = Path.Combine(folder, "secret");
        if (!File.Exists(secret)) return null;
        var sockets = SocketFolder(folder);
        string To(string user) => Connection(sockets, Secret(secret), user, "sahulat");
        try
        {
            await using var connection = new NpgsqlConnection(To(Superuser) + ";Pooling=false;Timeout=2");
            await connection.OpenAsync(ct);
            return (To("sahulat"), To(Superuser));
        }
        catch (Exception e) when (e is NpgsqlException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private static void Prepare(string folder, string sockets)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateDirectory(sockets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data folder {folder} cannot be written: {e.Message}", e);
        }

        if (Root) Run("chown", [$"{Superuser}:{Superuser}", sockets], asPostgres: false);
        if (Root && Unreachable(folder) is { } closed) throw new SetupException($"The data folder lies below {closed}, which the user postgres may not enter; choose another with --data, or: chmod o+x {closed}");
    }

    private static string? Unreachable(string folder)
    {
        for (var d = new DirectoryInfo(folder); d is not null; d = d.Parent)
            if ((File.GetUnixFileMode(d.FullName) & UnixFileMode.OtherExecute) == 0) return d.FullName;
        return null;
    }

    private static string Secret(string file)
    {
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        stream.Write(System.Text.Encoding.ASCII.GetBytes(made));
        return made;
    }

    private static void Initialise(string binaries, string folder, string data, string password)
    {
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            throw new SetupException($"The data folder {data} exists but holds no PostgreSQL cluster; move it away, or choose another with --data.");
        Directory.CreateDirectory(data);
        var passwordFile = Path.Combine(folder, "run", "pw");
        File.WriteAllText(passwordFile, password);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            if (Root) Run("chown", ["-R", $"{Superuser}:{Superuser}", data, passwordFile], asPostgres: false);
            Run(Path.Combine(binaries, "initdb"), ["-D", data, "-U", Superuser, "-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--data-checksums"], asPostgres: Root);
        }
        catch
        {
            Directory.Delete(data, recursive: true);
            throw;
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static void CheckVersion(string binaries, string data)
    {
        var have = File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim();
        var program = Path.GetFileName(Path.GetDirectoryName(binaries)!);
        if (int.TryParse(program, out _) && program != have)
            throw new SetupException($"The data folder {data} belongs to PostgreSQL {have}, but PostgreSQL {program} is the one found; install postgresql-{have}, or choose another folder with --data.");
    }

    /// <summary>A socket path may have 107 bytes at most: long folders get their socket under a short one.</summary>
    private static string SocketFolder(string folder)
    {
        var path = Path.Combine(folder, "run");
        return path.Length <= 80 ? path : Path.Combine(Path.GetTempPath(), "sahulat-" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folder)))[..12]);
    }

    /// <summary>A node that was killed leaves its PostgreSQL shutting down; the next one waits for the end of it.</summary>
    private static async Task Vacated(string data, CancellationToken ct)
    {
        var file = Path.Combine(data, "postmaster.pid");
        var patience = Stopwatch.StartNew();
        while (FirstLine(file) is { } line && int.TryParse(line, out var pid) && FirstLine($"/proc/{pid}/comm") == "postgres")
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(60)) throw new SetupException($"PostgreSQL (process {pid}) still runs in {data}; stop it with: kill -INT {pid}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>Null when the file is gone.</summary>
    private static string? FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void MakeSocketFolder(string path)
    {
        Directory.CreateDirectory(path);
        if (Root) Run("chown", [$"{Superuser}:{Superuser}", path], asPostgres: false);
    }

    private static Process Launch(string binaries, string data, string sockets, string log, IReadOnlyList<string> settings)
    {
        string[] defaults =
        [
            "listen_addresses=", $"unix_socket_directories={sockets}", "unix_socket_permissions=0777", "fsync=on", "synchronous_commit=on", "max_connections=200",
            "shared_buffers=512MB", "wal_buffers=32MB", "max_wal_size=4GB", "checkpoint_timeout=15min", "wal_compression=lz4", "random_page_cost=1.1", "jit=off",
            "max_parallel_workers_per_gather=0", "timezone=UTC", "logging_collector=off", "log_min_messages=warning",
        ];
        List<string> arguments = ["--pdeathsig", "INT"];
        if (Root) arguments.AddRange([$"--reuid={Superuser}", $"--regid={Superuser}", "--init-groups", "--no-new-privs", "--reset-env"]);
        arguments.AddRange(["env", "LC_ALL=C.UTF-8", Path.Combine(binaries, "postgres"), "-D", data]);
        foreach (var setting in defaults.Concat(settings)) arguments.AddRange(["-c", setting]);
        var quoted = string.Join(' ', arguments.Select(a => $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        // A session of its own keeps the terminal's Ctrl-C away from it: this program stops it in order.
        return Process.Start(new ProcessStartInfo("sh", ["-c", $"exec setsid setpriv {quoted} >>'{log}' 2>&1 </dev/null"]) { UseShellExecute = false })!;
    }

    private async Task Ready(string folder, CancellationToken ct)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            if (process.HasExited) throw new SetupException($"PostgreSQL did not start: {LastWords(Path.Combine(folder, "postgres.log"))}");
            try
            {
                await using var connection = new NpgsqlConnection(Owner("postgres") + ";Pooling=false;Timeout=2");
                await connection.OpenAsync(ct);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or System.Net.Sockets.SocketException && patience.Elapsed < TimeSpan.FromSeconds(60))
            {
                if (e is PostgresException { SqlState: "28P01" }) throw new SetupException($"The password in {Path.Combine(folder, "secret")} does not open the cluster in {folder}.", e);
                await Task.Delay(25, ct);
            }
        }
    }

    private async Task CreateRoles(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Owner("postgres") + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"""
            do $$ begin
              if not exists (select from pg_roles where rolname = '{Migrator.AppRole}') then create role {Migrator.AppRole} nologin; end if;
              if not exists (select from pg_roles where rolname = 'sahulat') then create role sahulat login in role {Migrator.AppRole} password '{password}'; end if;
            end $$
            """, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string LastWords(string log) => File.Exists(log) ? File.ReadLines(log).LastOrDefault(l => l.Contains("FATAL", StringComparison.Ordinal)) ?? $"see {log}" : $"see {log}";

    private string Connection(string user, string database) => Connection(sockets, password, user, database);

    private static string Connection(string sockets, string password, string user, string database) => $"Host={sockets};Username={user};Password={password};Database={database};Maximum Pool Size=60;Include Error Detail=false";

    private static bool Root => Environment.UserName == "root" || GetEuid() == 0;

    private static void Run(string program, IReadOnlyList<string> arguments, bool asPostgres)
    {
        string[] drop = asPostgres ? ["setpriv", $"--reuid={Superuser}", $"--regid={Superuser}", "--init-groups", "--no-new-privs", "--reset-env", "env", "LC_ALL=C.UTF-8"] : ["env"];
        using var process = Process.Start(new ProcessStartInfo(drop[0], [.. drop.Skip(1), program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new SetupException($"{Path.GetFileName(program)} failed: {error.Trim().Split('\n')[^1]} {output.Result.Trim().Split('\n')[^1]}".Trim());
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEuid();
}
