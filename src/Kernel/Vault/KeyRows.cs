using Npgsql;
using NpgsqlTypes;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Vault;

/// <param name="IsErased">A tombstone stands; then there is no key.</param>
/// <param name="IsCommitted">Written by a transaction that is over: it cannot vanish by a rollback.</param>
internal sealed record KeyRow(Guid Subject, string Retention, string Master, byte[] Wrapped, bool IsErased, bool IsCommitted);

/// <summary>The statements of the vault.</summary>
internal static class KeyRows
{
    // created_at is the time of the writing transaction's start: an own, uncommitted row has this transaction's, every other visible row is committed.
    private const string SelectSql = """
        select s.subject, k.master, k.wrapped, t.subject is not null, k.created_at <> now()
        from unnest($1) as s(subject)
        left join vault.subject_key k on k.subject = s.subject and k.retention = $2
        left join vault.tombstone t on t.subject = s.subject
        where k.subject is not null or t.subject is not null
        """;

    // Shared by all who make keys for the person, exclusive to the erasure: no key can slip past a tombstone that is being set.
    private const string LockSharedSql = "select count(pg_advisory_xact_lock_shared(hashtextextended('vault:' || subject, 0))) from (select subject from unnest($1) as u(subject) order by subject) s";

    private const string InsertSql = """
        insert into vault.subject_key (subject, retention, master, wrapped)
        select subject, $2, master, wrapped from unnest($1, $3, $4) as n(subject, master, wrapped)
        where not exists (select from vault.tombstone t where t.subject = n.subject)
        order by subject
        on conflict do nothing
        """;

    public static async Task<IReadOnlyList<KeyRow>> Select(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<Guid> subjects, string retention, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SelectSql, connection, transaction) { Parameters = { Subjects([.. subjects]), new() { Value = retention } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await Read(reader, retention, ct);
    }

    /// <summary>Stores those that are not there yet.</summary>
    /// <returns>What is there for each: the row given, another's, or the tombstone.</returns>
    public static async Task<IReadOnlyList<KeyRow>> Insert(Work work, IReadOnlyList<KeyRow> rows, string retention)
    {
        Guid[] subjects = [.. rows.Select(r => r.Subject)];
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add(new(LockSharedSql) { Parameters = { Subjects(subjects) } });
        batch.BatchCommands.Add(new(InsertSql)
        {
            Parameters =
            {
                Subjects(subjects),
                new() { Value = retention },
                new() { Value = rows.Select(r => r.Master).ToArray() },
                new() { Value = rows.Select(r => r.Wrapped).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        });
        batch.BatchCommands.Add(new(SelectSql) { Parameters = { Subjects(subjects), new() { Value = retention } } });
        await using var reader = await batch.ExecuteReaderAsync(work.Cancelled);
        // The first result is the locks'; the insert has none.
        await reader.NextResultAsync(work.Cancelled);
        return await Read(reader, retention, work.Cancelled);
    }

    public static async Task Rewrap(Work work, IReadOnlyList<KeyRow> rows)
    {
        await using var command = work.Command("""
            update vault.subject_key k set master = n.master, wrapped = n.wrapped
            from unnest($1, $2, $3, $4) as n(subject, retention, master, wrapped) where k.subject = n.subject and k.retention = n.retention
            """);
        command.Parameters.Add(Subjects([.. rows.Select(r => r.Subject)]));
        command.Parameters.Add(new() { Value = rows.Select(r => r.Retention).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.Master).ToArray() });
        command.Parameters.Add(new() { Value = rows.Select(r => r.Wrapped).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(work.Cancelled);
    }

    /// <returns>How many keys were destroyed; null when the tombstone stood already.</returns>
    public static async Task<int?> Erase(Work work, Guid subject, DateTimeOffset at)
    {
        await work.Execute("select pg_advisory_xact_lock(hashtextextended('vault:' || @subject, 0))", new { subject });
        if (await work.Execute("insert into vault.tombstone (subject, erased_at) values (@subject, @at) on conflict do nothing", new { subject, at }) == 0) return null;
        return await work.Execute("delete from vault.subject_key where subject = @subject", new { subject });
    }

    private static NpgsqlParameter Subjects(Guid[] subjects) => new() { Value = subjects, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static async Task<IReadOnlyList<KeyRow>> Read(NpgsqlDataReader reader, string retention, CancellationToken ct)
    {
        var rows = new List<KeyRow>();
        while (await reader.ReadAsync(ct))
        {
            var erased = reader.GetBoolean(3);
            rows.Add(erased ? new(reader.GetGuid(0), retention, "", [], true, true) : new(reader.GetGuid(0), retention, reader.GetString(1), (byte[])reader[2], false, reader.GetBoolean(4)));
        }

        return rows;
    }
}
