using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Vault;

/// <summary>The master keys, from a file outside the database that only its owner may read. Every node has the same file.</summary>
/// <remarks>Form: <c>{"current": id, "keys": {id: base64 of 32 bytes}, "lookup": base64 of 32 bytes}</c>. Losing it loses everything that is sealed.</remarks>
public sealed class MasterKeys
{
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;
    private readonly string file;
    private readonly Lock reading = new();
    private volatile Keyring ring;
    private DateTime read;

    private MasterKeys(string file) => (this.file, ring, read) = (file, Read(file), File.GetLastWriteTimeUtc(file));

    public string CurrentId => Fresh().Current;

    /// <summary>Ids of all master keys in the file.</summary>
    public IReadOnlyCollection<string> Ids => Fresh().Keys.Keys;

    internal byte[] Lookup => ring.Lookup;

    /// <summary>Opens the keyring. Makes it when it is missing and the vault of <paramref name="database"/> holds no key yet.</summary>
    /// <exception cref="SetupException">Missing while keys need it, readable by others, or not a keyring.</exception>
    public static MasterKeys Open(string file, Database database)
    {
        if (!File.Exists(file))
        {
            if (VaultHasKeys(database)) throw new SetupException($"The master keys {file} are missing, but the database holds data sealed with them; put the file back from its safe copy. A new one would not open anything.");
            KeyFile.Create(file, JsonSerializer.SerializeToUtf8Bytes(Keyring.New(), Keyring.Json));
        }

        return new MasterKeys(file);
    }

    /// <summary>Opens a keyring that must be there.</summary>
    public static MasterKeys Open(string file) => File.Exists(file) ? new MasterKeys(file) : throw new SetupException($"The master keys {file} are missing.");

    /// <summary>The row that keeps the key, wrapped by the current master key.</summary>
    internal KeyRow Wrapped(SubjectKey key)
    {
        var now = Fresh();
        var wrapped = Sealing.Seal(now.Keys[now.Current], key.Key, Context(key.Subject, key.Retention));
        return new KeyRow(key.Subject, key.Retention, now.Current, wrapped, IsErased: false, IsCommitted: false);
    }

    internal SubjectKey Unwrap(Guid subject, string retention, string master, byte[] wrapped)
    {
        if (!ring.Keys.TryGetValue(master, out var key) && !Fresh().Keys.TryGetValue(master, out key))
            throw new InvalidOperationException($"master key {master} is not in {file}");
        return new SubjectKey(subject, retention, Sealing.Open(key, wrapped, Context(subject, retention)));
    }

    /// <summary>Makes a new current master key; the others stay.</summary>
    /// <returns>Its id.</returns>
    internal string Add()
    {
        var now = Fresh();
        var id = Keyring.NewId();
        Replace(new Keyring { Current = id, Keys = new(now.Keys) { [id] = RandomNumberGenerator.GetBytes(32) }, Lookup = now.Lookup });
        return id;
    }

    /// <summary>Takes out every master key but the current one.</summary>
    internal void RemoveOld()
    {
        var now = Fresh();
        Replace(new Keyring { Current = now.Current, Keys = new() { [now.Current] = now.Keys[now.Current] }, Lookup = now.Lookup });
    }

    /// <summary>The subject and class are bound to the wrapped key, so that a row cannot be passed off as another's.</summary>
    private static string Context(Guid subject, string retention) => $"vault.subject_key/{subject:N}/{retention}";

    private static bool VaultHasKeys(Database database)
    {
        using var connection = database.Source.OpenConnection();
        using var exists = new NpgsqlCommand("select to_regclass('vault.subject_key') is not null", connection);
        if (!(bool)exists.ExecuteScalar()!) return false;
        using var any = new NpgsqlCommand("select exists (select from vault.subject_key)", connection);
        return (bool)any.ExecuteScalar()!;
    }

    /// <summary>A rotation replaces the file under running nodes: each looks at its time before it trusts what it read.</summary>
    private Keyring Fresh()
    {
        var written = File.GetLastWriteTimeUtc(file);
        if (written == read) return ring;
        lock (reading)
        {
            ring = Read(file);
            read = written;
            return ring;
        }
    }

    private void Replace(Keyring next)
    {
        KeyFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(next, Keyring.Json));
        _ = Fresh();
    }

    private static Keyring Read(string file)
    {
        if ((File.GetUnixFileMode(file) & Others) != 0) throw new SetupException($"The master keys {file} can be read by other users; close them with: chmod 600 {file}");
        try
        {
            var ring = JsonSerializer.Deserialize<Keyring>(File.ReadAllBytes(file), Keyring.Json);
            if (ring is not null && ring.Sound) return ring;
        }
        catch (JsonException)
        {
        }

        throw new SetupException($"The file {file} does not hold master keys; put it back from its safe copy.");
    }

    private sealed record Keyring
    {
        public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

        public required string Current { get; init; }
        public required Dictionary<string, byte[]> Keys { get; init; }
        public required byte[] Lookup { get; init; }

        [System.Text.Json.Serialization.JsonIgnore]
        public bool Sound => Keys.ContainsKey(Current) && Lookup.Length == 32 && Keys.Values.All(k => k.Length == 32);

        public static string NewId() => "m-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

        public static Keyring New()
        {
            var id = NewId();
            return new Keyring { Current = id, Keys = new() { [id] = RandomNumberGenerator.GetBytes(32) }, Lookup = RandomNumberGenerator.GetBytes(32) };
        }
    }
}
