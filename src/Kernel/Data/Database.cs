using System.Data;
using Dapper;
using Npgsql;

namespace Sahulat.Kernel.Data;

/// <summary>The one door to PostgreSQL. Serving code uses the application role, which may not change the journal.</summary>
public sealed class Database(NpgsqlDataSource source) : IAsyncDisposable
{
    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        // Every database that this program opens has the same tables: what was made to read a row of one reads those of all.
        SqlMapper.ConnectionStringComparer = EqualityComparer<string>.Create((_, _) => true, _ => 0);
        SqlMapper.AddTypeHandler(new DateOnlyHandler());
        SqlMapper.AddTypeHandler(new DateTimeOffsetHandler());
    }

    public NpgsqlDataSource Source { get; } = source;

    public static Database Connect(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // A cancelled wait for a synchronous standby would be answered as success: never cancel, let the server decide.
            CancellationTimeout = -1,
            IncludeErrorDetail = false,
            // What is asked again and again is parsed once a connection.
            MaxAutoPrepare = 200,
        };
        return new Database(new NpgsqlDataSourceBuilder(settings.ConnectionString).Build());
    }

    public ValueTask<NpgsqlConnection> Open(CancellationToken ct = default) => Source.OpenConnectionAsync(ct);

    /// <summary>Runs <paramref name="body"/> in one transaction: state and journal commit together. A refused <see cref="IOutcome"/> or an exception rolls back.</summary>
    public async Task<T> Write<T>(Func<Work, Task<T>> body, CancellationToken ct = default)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var ends = new List<Action<bool>>();
        var committed = false;
        try
        {
            var result = await body(new Work(connection, transaction, ct, ends));
            if (result is IOutcome { Problem: not null }) await transaction.RollbackAsync(CancellationToken.None);
            else
            {
                await transaction.CommitAsync(CancellationToken.None);
                committed = true;
            }

            return result;
        }
        finally
        {
            foreach (var end in ends) end(committed);
        }
    }

    public Task Write(Func<Work, Task> body, CancellationToken ct = default) =>
        Write(async work => { await body(work); return Done.It; }, ct);

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null, CancellationToken ct = default)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, args, cancellationToken: ct))).AsList();
    }

    public async Task<T?> One<T>(string sql, object? args = null, CancellationToken ct = default)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        return await connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, args, cancellationToken: ct));
    }

    public async Task<int> Execute(string sql, object? args = null, CancellationToken ct = default)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, args, cancellationToken: ct));
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private sealed class DateOnlyHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => value is DateOnly d ? d : DateOnly.FromDateTime((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;
    }

    private sealed class DateTimeOffsetHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value is DateTimeOffset d ? d : new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
    }
}

/// <summary>One open transaction. Made by <see cref="Database.Write{T}"/> only.</summary>
public sealed class Work(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct, List<Action<bool>> ends, int? seconds = null)
{
    /// <summary>Done once the transaction has ended, with whether it is known to be committed. For memory that must agree with the tables; it may not throw.</summary>
    public void Afterwards(Action<bool> end) => ends.Add(end);

    /// <summary>The same transaction for statements over very many rows: they take the time that they need. Otherwise one of more than half a minute would be given up, and tried again for ever.</summary>
    public Work Unhurried => new(Connection, Transaction, Cancelled, ends, 0);

    /// <summary>The same transaction, in which lists handed in as arrays are joined to large tables by hashing from here on: the planner guesses ten rows for any array, and the loop that is right for ten does not end for ten thousand against a million.</summary>
    public async Task<Work> Wholesale()
    {
        await Execute("set local enable_nestloop = off; set local enable_mergejoin = off");
        return Unhurried;
    }

    public NpgsqlConnection Connection { get; } = connection;

    public NpgsqlTransaction Transaction { get; } = transaction;

    public CancellationToken Cancelled { get; } = ct;

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null) =>
        (await Connection.QueryAsync<T>(new CommandDefinition(sql, args, Transaction, seconds, cancellationToken: Cancelled))).AsList();

    public Task<T?> One<T>(string sql, object? args = null) =>
        Connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, args, Transaction, seconds, cancellationToken: Cancelled));

    public Task<int> Execute(string sql, object? args = null) =>
        Connection.ExecuteAsync(new CommandDefinition(sql, args, Transaction, seconds, cancellationToken: Cancelled));

    public NpgsqlCommand Command(string sql) => new(sql, Connection, Transaction);
}
