using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Host.Bench;

/// <summary>Open cases by set-based SQL: their rows, journal entries, stream heads and clocks, spread over all tehsils and three services. Followers start behind them.</summary>
internal static class SweepFill
{
    /// <param name="First">Lapsed today.</param>
    /// <param name="Lapsed">Lapsed tomorrow, with those that <see cref="Top"/> adds.</param>
    /// <param name="Bare">Of those that have not lapsed only the clocks.</param>
    public sealed record Plan(int Open, int First, int Lapsed, DateOnly Today, bool Bare = false);

    private const int Chunk = 100_000;

    private const string Sql = """
        with place as (select array_agg(code order by code) as codes from organisation.place where kind = 'tehsil'),
        made as materialized (
          select g, (lpad(to_hex(1700000000000 + g), 12, '0') || '7' || substr(md5(g::text), 1, 3) || '8' || substr(md5(g::text), 4, 15))::uuid as id,
            'JK26-' || lpad(g::text, 9, '0') as reference, (array['income-certificate', 'domicile-certificate', 'character-certificate'])[1 + g % 3] as service,
            codes[1 + g % array_length(codes, 1)] as place, md5('a' || g)::uuid as applicant,
            case when g <= @first then @today - 1 - g % 30 when g <= @first + @next then @today else @today + 1 + g % 45 end as due
          from generate_series(@from::int, @to::int) g, place),
        cased as (
          insert into cases."case" (id, reference, type, service, service_version, law, law_version, place, applicant, state, step, filed_at, filed_by, complete_on, due_on, version)
          select id, reference, 'application', service, 1, 'jk-psga', 1, place, applicant, 'open', 'verify', @at, 'system:bench', due - 20, due, 1 from made where g <= @whole),
        headed as (insert into journal.stream (stream, version, digest) select 'case/' || replace(id::text, '-', ''), 1, sha256(id::text::bytea) from made where g <= @whole),
        entered as (
          insert into journal.entry (stream, version, kind, at, actor, body, digest)
          select 'case/' || replace(id::text, '-', ''), 1, 'case.filed', @at, 'system:bench',
            jsonb_build_object('type', 'Application', 'reference', reference, 'service', service, 'serviceVersion', 1, 'law', 'jk-psga', 'lawVersion', 1, 'place', place, 'applicant', applicant, 'dueOn', due), sha256(id::text::bytea) from made where g <= @whole)
        insert into guarantee.clock (case_id, reference, service, service_version, law, law_version, place, applicant, complete_on, due_on, state)
        select id, reference, service, 1, 'jk-psga', 1, place, applicant, due - 20, due, 'open' from made
        """;

    public static async Task Run(IServiceProvider services, Plan plan, Action<string> tell, CancellationToken ct)
    {
        var database = services.GetRequiredService<Database>();
        await BenchHome.HoldPosts(database, ct);
        tell($"Filling in {plan.Open:N0} open cases");
        for (var from = 1; from <= plan.Open; from += Chunk)
            await Insert(database, from, Math.Min(plan.Open, from + Chunk - 1), plan.First, plan.Lapsed - plan.First, plan.Bare ? plan.Lapsed : int.MaxValue, plan.Today, ct);
        await Settle(services, database, ct);
    }

    /// <summary>As many new open cases as lapsed on the first day; they lapse on the second.</summary>
    public static async Task Top(IServiceProvider services, int count, DateOnly today, CancellationToken ct)
    {
        var database = services.GetRequiredService<Database>();
        await Insert(database, 100_000_001, 100_000_000 + count, 0, 200_000_000, int.MaxValue, today, ct);
        await Settle(services, database, ct);
    }

    private static async Task Insert(Database database, int from, int to, int first, int next, int whole, DateOnly today, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await Dapper.SqlMapper.ExecuteAsync(connection, new Dapper.CommandDefinition(Sql, new { from, to, first, next, whole, today, at = DateTimeOffset.UnixEpoch.AddYears(56) }, commandTimeout: 600, cancellationToken: ct));
    }

    /// <summary>Followers begin after what was filled in; statistics and the log are in the state of a database that has run for a while.</summary>
    private static async Task Settle(IServiceProvider services, Database database, CancellationToken ct)
    {
        await database.Execute("""
            insert into journal.cursor (follower, xid, position) select f, pg_current_xact_id(), 0 from unnest(@names) f
            on conflict (follower) do update set xid = excluded.xid, position = excluded.position
            """, new { names = services.GetServices<IFollower>().Select(f => f.Name).ToArray() }, ct);
        await using var connection = await database.Open(ct);
        foreach (var table in (string[])["guarantee.clock", "cases.\"case\"", "journal.stream", "journal.entry"])
            await Dapper.SqlMapper.ExecuteAsync(connection, new Dapper.CommandDefinition($"analyze {table}", commandTimeout: 600, cancellationToken: ct));
    }
}
