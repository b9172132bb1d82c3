using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Npgsql;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Transparency.Tree;

namespace Sahulat.Transparency.Audit;

/// <summary>Reads the journal stream by stream; digests are computed on every processor while the next rows come.</summary>
internal sealed class JournalAudit(Database database, LogIdentity log) : IJournalAudit
{
    private const int Chunk = 2000;

    private const string Select = """
        select e.position, e.stream, e.version, e.kind, e.at, e.actor, e.body::text, e.digest, l.leaf, l.digest
        from journal.entry e left join transparency.leaf l on l.position = e.position order by e.stream, e.version
        """;

    public async Task<AuditReport> Run(IProgress<double> progress, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        // Entries, heads and checkpoints as of one moment.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var expected = await Scalar(connection, "select count(*) from journal.entry", ct);
        var auditor = new Auditor();
        var heads = new Dictionary<string, (long Version, byte[] Digest)>(StringComparer.Ordinal);
        await Check(Chunks(Rows(connection, ct)), auditor, heads, n => progress.Report(expected == 0 ? 1 : (double)n / expected));
        await Heads(connection, auditor, heads, ct);
        return auditor.Finish(await Checkpoints(connection, ct), log.Key);
    }

    public async Task<long> Export(Stream to, IProgress<double> progress, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var expected = await Scalar(connection, "select count(*) from journal.entry", ct);
        await using var writer = new StreamWriter(to, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var n = 0L;
        await foreach (var e in Rows(connection, ct))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(new Line { Entry = e }, JournalJson.Options));
            if (++n % Chunk == 0) progress.Report((double)n / expected);
        }

        foreach (var (size, root, note) in await Checkpoints(connection, ct)) await writer.WriteLineAsync(JsonSerializer.Serialize(new Line { Size = size, Root = root, Note = note }, JournalJson.Options));
        progress.Report(1);
        return n;
    }

    public async Task<AuditReport> Run(Stream export, string key, CancellationToken ct)
    {
        if (LogKey.Parse(key) is not { } known) return new AuditReport(0, 0, 0, 0, new AuditFault(null, null, null, "the key is not one of this kind; it looks like name+hash+base64"));
        var auditor = new Auditor();
        var checkpoints = new List<(long, byte[], string)>();
        await Check(Chunks(Lines(export, checkpoints, ct)), auditor, [], _ => { });
        return auditor.Finish(checkpoints, known);
    }

    /// <summary>Digests of a chunk are computed side by side; the chain is then followed in order.</summary>
    private static async Task Check(IAsyncEnumerable<AuditedEntry[]> chunks, Auditor auditor, Dictionary<string, (long, byte[])> heads, Action<long> told)
    {
        var queue = Channel.CreateBounded<Task<(AuditedEntry[] Entries, byte[][] Computed)>>(2 * Environment.ProcessorCount);
        var reading = Task.Run(async () =>
        {
            AuditedEntry? before = null;
            try
            {
                await foreach (var chunk in chunks)
                {
                    var last = before;
                    before = chunk[^1];
                    await queue.Writer.WriteAsync(Task.Run(() => (chunk, Compute(chunk, last))));
                }

                queue.Writer.Complete();
            }
            catch (Exception e)
            {
                queue.Writer.Complete(e);
            }
        });
        await foreach (var work in queue.Reader.ReadAllAsync())
        {
            var (entries, computed) = await work;
            for (var i = 0; i < entries.Length; i++)
            {
                auditor.Add(entries[i], computed[i]);
                heads[entries[i].Stream] = (entries[i].Version, entries[i].Digest);
            }

            told(auditor.Entries);
        }

        await reading;
    }

    private static byte[][] Compute(AuditedEntry[] chunk, AuditedEntry? before)
    {
        var computed = new byte[chunk.Length][];
        for (var i = 0; i < chunk.Length; i++)
        {
            var last = i > 0 ? chunk[i - 1] : before;
            computed[i] = Auditor.Compute(chunk[i], last is { } l && l.Stream == chunk[i].Stream ? l.Digest : Chain.Start);
        }

        return computed;
    }

    private static async IAsyncEnumerable<AuditedEntry[]> Chunks(IAsyncEnumerable<AuditedEntry> rows)
    {
        var chunk = new List<AuditedEntry>(Chunk);
        await foreach (var row in rows)
        {
            chunk.Add(row);
            if (chunk.Count < Chunk) continue;
            yield return [.. chunk];
            chunk.Clear();
        }

        if (chunk.Count > 0) yield return [.. chunk];
    }

    private static async IAsyncEnumerable<AuditedEntry> Rows(NpgsqlConnection connection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Select, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new AuditedEntry(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), new DateTimeOffset(reader.GetDateTime(4), TimeSpan.Zero), reader.GetString(5), reader.GetString(6), (byte[])reader[7], reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.IsDBNull(9) ? null : (byte[])reader[9]);
    }

    private static async IAsyncEnumerable<AuditedEntry> Lines(Stream export, List<(long, byte[], string)> checkpoints, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = new StreamReader(export, Encoding.UTF8, false, 1 << 16, leaveOpen: true);
        while (await reader.ReadLineAsync(ct) is { } text)
        {
            var line = JsonSerializer.Deserialize<Line>(text, JournalJson.Options);
            if (line?.Entry is { } entry) yield return entry;
            else if (line is { Root: { } root, Note: { } note }) checkpoints.Add((line.Size, root, note));
        }
    }

    private static async Task Heads(NpgsqlConnection connection, Auditor auditor, Dictionary<string, (long Version, byte[] Digest)> seen, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select stream, version, digest from journal.stream", connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var name = reader.GetString(0);
            var (version, digest) = seen.GetValueOrDefault(name, (0, Chain.Start));
            auditor.Head(name, reader.GetInt64(1), (byte[])reader[2], version, digest);
        }
    }

    private static async Task<List<(long Size, byte[] Root, string Note)>> Checkpoints(NpgsqlConnection connection, CancellationToken ct)
    {
        var found = new List<(long, byte[], string)>();
        await using var command = new NpgsqlCommand("select size, root, note from transparency.checkpoint order by size", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add((reader.GetInt64(0), (byte[])reader[1], reader.GetString(2)));
        return found;
    }

    private static async Task<long> Scalar(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>A line of an export: an entry or a checkpoint.</summary>
    private sealed class Line
    {
        public AuditedEntry? Entry { get; init; }

        public long Size { get; init; }

        public byte[]? Root { get; init; }

        public string? Note { get; init; }
    }
}
