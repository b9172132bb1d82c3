using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Journal;

/// <summary>Appending, always in the transaction of the state that it explains.</summary>
public static class JournalWriting
{
    public static Task<long> Append<T>(this Work work, string stream, long? expected, T body, Actor actor, DateTimeOffset at) where T : class, IJournalBody =>
        One(work, Journal.Append.To(stream, expected, body, actor, at));

    /// <summary>Appends entries of any number of streams with three statements in two round trips. Entries of one stream keep their order.</summary>
    /// <returns>The new version of each entry's stream, in the order given.</returns>
    /// <exception cref="JournalConflictException">A stream is not at the expected version.</exception>
    public static async Task<long[]> Append(this Work work, IReadOnlyList<Append> appends)
    {
        if (appends.Count == 0) return [];
        var heads = await Heads(work, appends);
        var n = appends.Count;
        var (streams, versions, kinds, ats, actors, bodies, digests) = (new string[n], new long[n], new string[n], new DateTime[n], new string[n], new string[n], new byte[n][]);
        for (var i = 0; i < n; i++)
        {
            var a = appends[i];
            var (version, digest) = heads.TryGetValue(a.Stream, out var head) ? head : (0, Chain.Start);
            if (a.Expected is { } expected && expected != version) throw new JournalConflictException(a.Stream);
            // PostgreSQL keeps microseconds: cut before hashing, so that the digest can be computed again from the row.
            var at = new DateTimeOffset(a.At.UtcTicks - (a.At.UtcTicks % 10), TimeSpan.Zero);
            var body = Chain.Canonicalise(JsonSerializer.SerializeToUtf8Bytes(a.Body, a.Body.GetType(), JournalJson.Options));
            (streams[i], versions[i], kinds[i], ats[i], actors[i], bodies[i]) = (a.Stream, version + 1, a.Kind, at.UtcDateTime, a.Actor.Token, body);
            digests[i] = Chain.Digest(digest, a.Stream, version + 1, a.Kind, at, a.Actor.Token, body);
            heads[a.Stream] = (version + 1, digests[i]);
        }

        await Insert(work, streams, versions, kinds, ats, actors, bodies, digests, heads);
        return versions;
    }

    private static async Task<long> One(Work work, Append append) => (await work.Append([append]))[0];

    /// <summary>Locks the heads of the streams that may exist. Streams expected new are not looked up: their insert fails if they exist.</summary>
    private static async Task<Dictionary<string, (long Version, byte[] Digest)>> Heads(Work work, IReadOnlyList<Append> appends)
    {
        var heads = new Dictionary<string, (long, byte[])>(StringComparer.Ordinal);
        var names = appends.Where(a => a.Expected != 0).Select(a => a.Stream).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0) return heads;
        await using var command = work.Command("select stream, version, digest from journal.stream where stream = any($1) order by stream for update");
        command.Parameters.Add(new() { Value = names });
        await using var reader = await command.ExecuteReaderAsync(work.Cancelled);
        while (await reader.ReadAsync(work.Cancelled)) heads[reader.GetString(0)] = (reader.GetInt64(1), (byte[])reader[2]);
        return heads;
    }

    private static async Task Insert(Work work, string[] streams, long[] versions, string[] kinds, DateTime[] ats, string[] actors, string[] bodies, byte[][] digests, Dictionary<string, (long Version, byte[] Digest)> heads)
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var stream in streams) added[stream] = added.GetValueOrDefault(stream) + 1;
        var touched = added.Keys.Order(StringComparer.Ordinal).ToArray();
        batch.BatchCommands.Add(new("""
            insert into journal.stream as s (stream, version, digest) select * from unnest($1::text[], $2::bigint[], $3::bytea[])
            on conflict (stream) do update set version = excluded.version, digest = excluded.digest where s.version = $4[array_position($1, s.stream)]
            """)
        {
            Parameters =
            {
                new() { Value = touched },
                new() { Value = touched.Select(s => heads[s].Version).ToArray() },
                new() { Value = touched.Select(s => heads[s].Digest).ToArray() },
                new() { Value = touched.Select(s => heads[s].Version - added[s]).ToArray() },
            },
        });
        batch.BatchCommands.Add(new("insert into journal.entry (stream, version, kind, at, actor, body, digest) select * from unnest($1::text[], $2::bigint[], $3::text[], $4::timestamptz[], $5::text[], $6::jsonb[], $7::bytea[])")
        {
            Parameters =
            {
                new() { Value = streams },
                new() { Value = versions },
                new() { Value = kinds },
                new() { Value = ats },
                new() { Value = actors },
                new() { Value = bodies, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new() { Value = digests },
            },
        });
        batch.BatchCommands.Add(new("select pg_notify('journal', '')"));
        await batch.ExecuteNonQueryAsync(work.Cancelled);
        if (batch.BatchCommands[0].RecordsAffected != touched.Length) throw new JournalConflictException(touched[0]);
    }
}
