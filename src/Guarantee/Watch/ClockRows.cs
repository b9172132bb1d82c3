using NpgsqlTypes;
using Sahulat.Guarantee.Clock;
using Sahulat.Kernel.Data;

namespace Sahulat.Guarantee.Watch;

/// <summary>Reading and writing clocks, many at a time.</summary>
internal static class ClockRows
{
    public const string Columns = "case_id, reference, service, service_version, law, law_version, place, applicant, layer, complete_on, due_on, state, answered_on, outcome, lapsed_at, opened, trigger, authority, parent, opened_by, post, queries, remanded_by, promised_on";

    /// <summary>Locks in the order of the key, as everybody who waits for these rows does.</summary>
    public static async Task<Dictionary<Guid, CaseClock>> Lock(Work work, Guid[] cases) => cases.Length == 0 ? [] :
        (await work.Query<CaseClock>($"select {Columns} from guarantee.clock where case_id = any(@cases) order by case_id for update", new { cases })).ToDictionary(c => c.CaseId);

    public static async Task Save(Work work, IReadOnlyList<CaseClock> clocks)
    {
        if (clocks.Count == 0) return;
        await using var command = work.Command($"""
            insert into guarantee.clock ({Columns})
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::text[], $8::uuid[], $9::text[], $10::date[], $11::date[], $12::text[], $13::date[], $14::text[], $15::timestamptz[], $16::text[], $17::text[], $18::text[], $19::uuid[], $20::text[], $21::text[], $22::int[], $23::text[], $24::date[])
            on conflict (case_id) do update set complete_on = excluded.complete_on, due_on = excluded.due_on, state = excluded.state, answered_on = excluded.answered_on,
              outcome = excluded.outcome, lapsed_at = excluded.lapsed_at, opened = excluded.opened, trigger = excluded.trigger, authority = excluded.authority, post = excluded.post, queries = excluded.queries, remanded_by = excluded.remanded_by, service = excluded.service, service_version = excluded.service_version, promised_on = excluded.promised_on
            """);
        void Add<T>(Func<CaseClock, T> of) => command.Parameters.Add(new() { Value = clocks.Select(of).ToArray() });
        Add(c => c.CaseId);
        Add(c => c.Reference);
        Add(c => c.Service);
        Add(c => c.ServiceVersion);
        Add(c => c.Law);
        Add(c => c.LawVersion);
        Add(c => c.Place);
        Add(c => c.Applicant);
        Add(c => c.Layer);
        Add(c => c.CompleteOn);
        Add(c => c.DueOn);
        Add(c => c.State);
        Add(c => c.AnsweredOn);
        Add(c => c.Outcome);
        command.Parameters.Add(new() { Value = clocks.Select(c => c.LapsedAt?.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        Add(c => c.Opened);
        Add(c => c.Trigger);
        Add(c => c.Authority);
        Add(c => c.Parent);
        Add(c => c.OpenedBy);
        Add(c => c.Post);
        Add(c => c.Queries);
        Add(c => c.RemandedBy);
        Add(c => c.PromisedOn);
        await command.ExecuteNonQueryAsync(work.Cancelled);
    }
}
