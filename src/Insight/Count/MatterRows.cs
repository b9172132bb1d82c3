using Sahulat.Kernel.Data;

namespace Sahulat.Insight.Count;

/// <summary>Reading and writing matters, many at a time.</summary>
internal static class MatterRows
{
    private const string Columns = "case_id, service, service_version, law, law_version, place, department, district, office, received_on, complete_on, due_on, paused, lapsed, answered_on, outcome, appealed_on";

    public static async Task<Dictionary<Guid, Matter>> Read(Work work, Guid[] cases) => cases.Length == 0 ? [] :
        (await work.Query<Matter>($"select {Columns} from insight.matter where case_id = any(@cases)", new { cases })).ToDictionary(m => m.CaseId);

    public static async Task Save(Work work, IReadOnlyList<Matter> matters)
    {
        if (matters.Count == 0) return;
        await using var command = work.Command($"""
            insert into insight.matter ({Columns})
            select * from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::date[], $11::date[], $12::date[], $13::bool[], $14::bool[], $15::date[], $16::text[], $17::date[])
            on conflict (case_id) do update set complete_on = excluded.complete_on, due_on = excluded.due_on, paused = excluded.paused, lapsed = excluded.lapsed, answered_on = excluded.answered_on, outcome = excluded.outcome, appealed_on = excluded.appealed_on
            """);
        void Add<T>(Func<Matter, T> of) => command.Parameters.Add(new() { Value = matters.Select(of).ToArray() });
        Add(m => m.CaseId);
        Add(m => m.Service);
        Add(m => m.ServiceVersion);
        Add(m => m.Law);
        Add(m => m.LawVersion);
        Add(m => m.Place);
        Add(m => m.Department);
        Add(m => m.District);
        Add(m => m.Office);
        Add(m => m.ReceivedOn);
        Add(m => m.CompleteOn);
        Add(m => m.DueOn);
        Add(m => m.Paused);
        Add(m => m.Lapsed);
        Add(m => m.AnsweredOn);
        Add(m => m.Outcome);
        Add(m => m.AppealedOn);
        await command.ExecuteNonQueryAsync(work.Cancelled);
    }

    /// <summary>Dates that a holiday order moved: by their terms, or one by one.</summary>
    /// <returns>What moved, by all that decides where it is counted.</returns>
    public static Task<IReadOnlyList<Moved>> Move(Work work, IReadOnlyList<Contracts.Guarantee.DatesMoved> moves) => work.Query<Moved>("""
        with t as (
          select * from unnest(@services, @serviceVersions, @laws, @lawVersions, @places, @completes, @froms, @tos) as t(service, service_version, law, law_version, place, complete_on, due_from, due_to)),
        moved as (
          update insight.matter m set due_on = t.due_to from t
          where m.answered_on is null and not m.lapsed and not m.paused and m.service = t.service and m.service_version = t.service_version and m.law = t.law and m.law_version = t.law_version
            and m.place = t.place and m.complete_on = t.complete_on and m.due_on = t.due_from and not m.case_id = any(@single)
          returning m.service, m.department, m.district, m.office, t.due_from, t.due_to),
        one as (
          update insight.matter m set due_on = s.due_to from unnest(@single, @singleFrom, @singleTo) as s(case_id, due_from, due_to)
          where m.case_id = s.case_id and m.answered_on is null and not m.lapsed and m.due_on = s.due_from
          returning m.service, m.department, m.district, m.office, m.paused, s.due_from, s.due_to)
        select service, department, district, office, due_from, due_to, count(*) as count from (select * from moved union all select service, department, district, office, due_from, due_to from one where not paused) a group by 1, 2, 3, 4, 5, 6
        """, new
    {
        services = Shared(moves, m => m.Service), serviceVersions = Shared(moves, m => m.ServiceVersion), laws = Shared(moves, m => m.Law), lawVersions = Shared(moves, m => m.LawVersion),
        places = Shared(moves, m => m.Place), completes = Shared(moves, m => m.CompleteOn), froms = Shared(moves, m => m.From), tos = Shared(moves, m => m.To),
        single = Single(moves, (_, id) => id), singleFrom = Single(moves, (m, _) => m.From), singleTo = Single(moves, (m, _) => m.To),
    });

    private static T[] Shared<T>(IReadOnlyList<Contracts.Guarantee.DatesMoved> moves, Func<Contracts.Guarantee.DatesMoved, T> of) => [.. moves.Where(m => m.Cases is null && m.Layer is null).Select(of)];

    private static T[] Single<T>(IReadOnlyList<Contracts.Guarantee.DatesMoved> moves, Func<Contracts.Guarantee.DatesMoved, Guid, T> of) => [.. moves.Where(m => m.Cases is not null).SelectMany(m => m.Cases!.Select(c => of(m, c)))];

    internal sealed record Moved
    {
        public string Service { get; init; } = "";
        public string? Department { get; init; }
        public string? District { get; init; }
        public string? Office { get; init; }
        public DateOnly DueFrom { get; init; }
        public DateOnly DueTo { get; init; }
        public long Count { get; init; }

        public Matter Matter => new() { Service = Service, Department = Department, District = District, Office = Office };
    }
}
