using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases;

/// <summary>Loads and saves one case. The journal stream's version is the optimistic lock.</summary>
internal static class CaseStore
{
    private const string Columns = """
        id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, parent, layer, opened_by, filed_at, filed_by, complete_on, due_on, decided_on, decided_by, outcome, missing, version, head, transfers, promised_on
        """;

    public static string Stream(Guid id) => $"case/{id:N}";

    public static async Task<Case?> Case(this Work work, string reference) => await Load(work, $"""select {Columns} from cases."case" where reference = @reference""", new { reference });

    public static async Task<Case?> Case(this Work work, Guid id) => await Load(work, $"""select {Columns} from cases."case" where id = @id""", new { id });

    /// <exception cref="JournalConflictException">Somebody changed it since it was loaded.</exception>
    public static async Task Save(this Work work, Case c, Actor actor, DateTimeOffset at)
    {
        if (c.Pending.Count == 0) return;
        var version = c.Version;
        await work.Append([.. c.Pending.Select((p, i) => new Append(Stream(c.Id), version + i, p.Kind, p.Body, actor, at))]);
        var now = version + c.Pending.Count;
        var rows = await work.Execute("""
            update cases."case" set state = @State, step = @Step, post = @Post, complete_on = @CompleteOn, due_on = @DueOn, decided_on = @DecidedOn, decided_by = @DecidedBy, outcome = @Outcome, missing = @Missing, service = @Service, service_version = @ServiceVersion, head = @Head, transfers = @Transfers, promised_on = @PromisedOn, version = @now
            where id = @Id and version = @version
            """, new { c.State, c.Step, c.Post, c.CompleteOn, c.DueOn, c.DecidedOn, c.DecidedBy, c.Outcome, c.Missing, c.Service, c.ServiceVersion, c.Head, c.Transfers, c.PromisedOn, now, c.Id, version });
        if (rows == 0) throw new JournalConflictException(Stream(c.Id));
        foreach (var s in c.Steps)
            await work.Execute("""
                update cases.step set post = @Post, state = @State, opened_on = @OpenedOn, due_on = @DueOn, done_at = @DoneAt, result = @Result
                where case_id = @Id and code = @Code and (post, state, opened_on, due_on, done_at, result) is distinct from (@Post, @State, @OpenedOn, @DueOn, @DoneAt, @Result)
                """, new { s.Post, s.State, s.OpenedOn, s.DueOn, s.DoneAt, s.Result, c.Id, s.Code });
        c.Pending.Clear();
    }

    private static async Task<Case?> Load(Work work, string sql, object args)
    {
        var row = await work.One<Row>(sql, args);
        if (row is null) return null;
        var steps = await work.Query<CaseStep>("select code, seq, parallel, post, state, opened_on, due_on, done_at, result from cases.step where case_id = @Id order by seq", new { row.Id });
        return Sahulat.Cases.Case.Restore(row, steps);
    }

    internal sealed class Row
    {
        public Guid Id { get; init; }

        public string Reference { get; init; } = "";

        public string Type { get; init; } = "";

        public string Service { get; init; } = "";

        public int ServiceVersion { get; init; }

        public string? Law { get; init; }

        public int? LawVersion { get; init; }

        public string Place { get; init; } = "";

        public Guid Applicant { get; init; }

        public string State { get; init; } = "";

        public string? Step { get; init; }

        public string? Post { get; init; }

        public Guid? Parent { get; init; }

        public string? Layer { get; init; }

        public string? OpenedBy { get; init; }

        public DateTimeOffset FiledAt { get; init; }

        public string FiledBy { get; init; } = "";

        public DateOnly? CompleteOn { get; init; }

        public DateOnly? DueOn { get; init; }

        public DateOnly? DecidedOn { get; init; }

        public string? DecidedBy { get; init; }

        public string? Outcome { get; init; }

        public string[] Missing { get; init; } = [];

        public Guid? Head { get; init; }

        public int Transfers { get; init; }

        public DateOnly? PromisedOn { get; init; }

        public long Version { get; init; }
    }
}
