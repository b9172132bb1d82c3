using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Sahulat.Kernel.Data;

/// <summary>Runs each room's numbered SQL once, forward only, under an advisory lock. Never called by a serving node.</summary>
public static class Migrator
{
    /// <summary>Serving nodes connect with this role: it may read and write state but only read and append the journal.</summary>
    public const string AppRole = "sahulat_app";

    private const long Lock = 0x5341_4855_4C41_5401;

    /// <returns>How many migrations were new.</returns>
    public static async Task<int> Run(NpgsqlDataSource owner, IEnumerable<(string Room, Assembly Assembly)> rooms, CancellationToken ct = default)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        await Execute(connection, $"select pg_advisory_lock({Lock})", ct);
        try
        {
            await Execute(connection, $"""
                create schema if not exists kernel;
                create table if not exists kernel.migration (room text, name text, digest bytea not null, applied_at timestamptz not null default now(), primary key (room, name));
                do $$ begin
                  if not exists (select from pg_roles where rolname = '{AppRole}') then create role {AppRole} nologin; end if;
                end $$;
                """, ct);
            var count = 0;
            foreach (var (room, assembly) in rooms)
            {
                await Execute(connection, $"create schema if not exists {room}", ct);
                foreach (var (name, sql) in Scripts(assembly)) count += await Apply(connection, room, name, sql, ct);
            }
            await Execute(connection, Grants, ct);
            return count;
        }
        finally
        {
            await Execute(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private static async Task<int> Apply(NpgsqlConnection connection, string room, string name, string sql, CancellationToken ct)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(sql));
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var find = new NpgsqlCommand("select digest from kernel.migration where room = $1 and name = $2", connection, transaction) { Parameters = { new() { Value = room }, new() { Value = name } } })
        {
            if (await find.ExecuteScalarAsync(ct) is byte[] known)
            {
                if (!known.AsSpan().SequenceEqual(digest)) throw new InvalidOperationException($"migration {room}/{name} was changed after it ran; write a new one instead");
                return 0;
            }
        }
        await using (var run = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 }) await run.ExecuteNonQueryAsync(ct);
        await using (var note = new NpgsqlCommand("insert into kernel.migration (room, name, digest) values ($1, $2, $3)", connection, transaction) { Parameters = { new() { Value = room }, new() { Value = name }, new() { Value = digest } } })
            await note.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return 1;
    }

    private static IEnumerable<(string Name, string Sql)> Scripts(Assembly assembly) =>
        assembly.GetManifestResourceNames().Where(n => n.StartsWith("migrations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
            return (n["migrations/".Length..], reader.ReadToEnd());
        });

    private const string Grants = $"""
        do $$ declare s text; begin
          for s in select nspname from pg_namespace where nspname not like 'pg\_%' and nspname not in ('information_schema', 'public') loop
            execute format('grant usage on schema %I to {AppRole}', s);
            execute format('grant select, insert, update, delete on all tables in schema %I to {AppRole}', s);
            execute format('grant usage on all sequences in schema %I to {AppRole}', s);
          end loop;
          for s in select inhrelid::regclass::text from pg_inherits where inhparent = 'journal.entry'::regclass union all select 'journal.entry' loop
            execute format('revoke update, delete, truncate on %s from {AppRole}', s);
          end loop;
        end $$;
        """;

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
