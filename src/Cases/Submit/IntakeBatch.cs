using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sahulat.Cases.Papers;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Submit;

/// <summary>Writes many requests with a handful of statements: who has filed already, citizens, keys, rows, journal.</summary>
internal sealed class IntakeBatch(ICitizens citizens, Vault vault, IStatutoryClock clock, Steps steps)
{
    public const string Retention = "case";

    public async Task<IReadOnlyList<Result<Receipt>>> Write(Work work, IReadOnlyList<Filing> filings)
    {
        var answers = new Result<Receipt>?[filings.Count];
        var papers = await NamedPapers.Lock(work, filings);
        await Replay(work, filings, answers);
        // The same request twice in one batch: the first is filed, the others get its answer.
        var sames = Enumerable.Range(0, filings.Count).Where(i => answers[i] is null && filings[i].Once is not null).GroupBy(i => (filings[i].Once!.Caller, filings[i].Once!.Key)).SelectMany(g => g.Skip(1).Select(i => (I: i, First: g.First()))).ToArray();
        var fresh = Enumerable.Range(0, filings.Count).Where(i => answers[i] is null).Except(sames.Select(s => s.I)).ToArray();
        await File(work, filings, fresh, papers, answers);
        foreach (var (i, first) in sames) answers[i] = filings[i].Once!.BodyDigest.AsSpan().SequenceEqual(filings[first].Once!.BodyDigest) ? answers[first] : CaseProblems.KeyReused;
        return answers!;
    }

    private async Task File(Work work, IReadOnlyList<Filing> filings, int[] fresh, Dictionary<Guid, NamedPapers.Row> papers, Result<Receipt>?[] answers)
    {
        if (fresh.Length == 0) return;
        var mobiles = fresh.Where(i => filings[i].Applicant is null).Select(i => filings[i].Mobile!).Distinct().ToArray();
        var byMobile = mobiles.Length == 0 ? new Dictionary<string, Guid>() : await citizens.Resolve(work, mobiles);
        var applicants = fresh.ToDictionary(i => i, i => filings[i].Applicant ?? byMobile[filings[i].Mobile!]);
        var faults = NamedPapers.Faults(papers, [.. fresh.Select(i => (filings[i], applicants[i]))]);
        for (var n = 0; n < fresh.Length; n++)
            if (faults[n].Count > 0) answers[fresh[n]] = Problem.Invalid([.. faults[n]]);
        fresh = [.. fresh.Where(i => answers[i] is null)];
        if (fresh.Length == 0) return;
        var keys = await vault.Keys(work, [.. fresh.Select(i => applicants[i]).Distinct()], Retention);
        var cases = fresh.Select(i => (I: i, Filing: filings[i], Case: File(filings[i], applicants[i]))).ToArray();
        foreach (var (i, filing, c) in cases) answers[i] = new Receipt(c.Id, c.Reference, c.State, Ist.DateIn(filing.At), c.CompleteOn, c.DueOn, c.Missing);
        await Insert(work, [.. cases.Select(c => (c.Filing, c.Case, vault.Seal(keys[c.Case.Applicant], c.Filing.Answers, ContentContext(c.Case.Id)), answers[c.I]!.Value))]);
        await work.Append([.. cases.SelectMany(c => c.Case.Pending.Select((p, n) => new Append(CaseStore.Stream(c.Case.Id), n, p.Kind, p.Body, c.Filing.By, c.Filing.At)))]);
    }

    public static string ContentContext(Guid id) => $"cases.content/{id:N}";

    private Case File(Filing f, Guid applicant)
    {
        var today = Ist.DateIn(f.At);
        var due = f.Missing.Count == 0 ? clock.DueOn(f.Service.Code, f.Service.Version, f.Place, today, [], f.Law?.Version) : null;
        return Case.File(f.Id, f.Reference, f.Service, f.Law?.Version, f.Place, applicant, f.At, today, f.By.Token, f.OnBehalf, f.Missing, due, steps.Of(f.Service, f.Place, f.Law?.Version));
    }

    private static async Task Replay(Work work, IReadOnlyList<Filing> filings, Result<Receipt>?[] answers)
    {
        var asked = Enumerable.Range(0, filings.Count).Where(i => filings[i].Once is not null).ToArray();
        if (asked.Length == 0) return;
        await using var command = work.Command("select i.caller, i.key, i.body_digest, i.answer::text from cases.idempotency i join unnest($1::text[], $2::text[]) as n(caller, key) on n.caller = i.caller and n.key = i.key");
        command.Parameters.Add(new() { Value = asked.Select(i => filings[i].Once!.Caller).ToArray() });
        command.Parameters.Add(new() { Value = asked.Select(i => filings[i].Once!.Key).ToArray() });
        var known = new Dictionary<(string, string), (byte[] Digest, string Answer)>();
        await using (var reader = await command.ExecuteReaderAsync(work.Cancelled))
            while (await reader.ReadAsync(work.Cancelled)) known[(reader.GetString(0), reader.GetString(1))] = ((byte[])reader[2], reader.GetString(3));
        foreach (var i in asked)
        {
            var once = filings[i].Once!;
            if (!known.TryGetValue((once.Caller, once.Key), out var stored)) continue;
            answers[i] = stored.Digest.AsSpan().SequenceEqual(once.BodyDigest) ? JsonSerializer.Deserialize<Receipt>(stored.Answer, JournalJson.Options)! : CaseProblems.KeyReused;
        }
    }

    private static async Task Insert(Work work, (Filing Filing, Case Case, byte[] Content, Receipt Receipt)[] rows)
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add(new("""
            insert into cases."case" (id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, filed_at, filed_by, complete_on, due_on, missing, version)
            select id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, filed_at, filed_by, complete_on, due_on, string_to_array(missing, ','), version
            from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::text[], $14::date[], $15::date[], $16::text[], $17::bigint[], $18::text[])
              as n(id, reference, service, service_version, law, law_version, place, applicant, state, step, post, filed_at, filed_by, complete_on, due_on, missing, version, type)
            """)
        {
            Parameters =
            {
                P(rows, r => r.Case.Id), P(rows, r => r.Case.Reference), P(rows, r => r.Case.Service), P(rows, r => r.Case.ServiceVersion), P(rows, r => r.Case.Law), P(rows, r => r.Case.LawVersion), P(rows, r => r.Case.Place),
                P(rows, r => r.Case.Applicant), P(rows, r => r.Case.State), P(rows, r => r.Case.Step), P(rows, r => r.Case.Post), P(rows, r => r.Filing.At.UtcDateTime), P(rows, r => r.Case.FiledBy),
                P(rows, r => r.Case.CompleteOn), P(rows, r => r.Case.DueOn), P(rows, r => string.Join(',', r.Case.Missing)), P(rows, r => (long)r.Case.Pending.Count), P(rows, r => r.Case.Type),
            },
        });
        batch.BatchCommands.Add(new("insert into cases.content (case_id, answers, lang) select * from unnest($1::uuid[], $2::bytea[], $3::text[])") { Parameters = { P(rows, r => r.Case.Id), P(rows, r => r.Content), P(rows, r => r.Filing.Lang.Code) } });
        var steps = rows.SelectMany(r => r.Case.Steps.Select(s => (r.Case.Id, Step: s))).ToArray();
        batch.BatchCommands.Add(new("insert into cases.step (case_id, code, seq, parallel, post, state, opened_on, due_on) select * from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[])")
        {
            Parameters = { P(steps, s => s.Id), P(steps, s => s.Step.Code), P(steps, s => s.Step.Seq), P(steps, s => s.Step.Parallel), P(steps, s => s.Step.Post), P(steps, s => s.Step.State), P(steps, s => s.Step.OpenedOn), P(steps, s => s.Step.DueOn) },
        });
        var once = rows.Where(r => r.Filing.Once is not null).ToArray();
        if (once.Length > 0)
            batch.BatchCommands.Add(new("insert into cases.idempotency (caller, key, body_digest, case_id, answer, at) select * from unnest($1::text[], $2::text[], $3::bytea[], $4::uuid[], $5::jsonb[], $6::timestamptz[])")
            {
                Parameters =
                {
                    P(once, r => r.Filing.Once!.Caller), P(once, r => r.Filing.Once!.Key), P(once, r => r.Filing.Once!.BodyDigest), P(once, r => r.Case.Id),
                    new() { Value = once.Select(r => JsonSerializer.Serialize(r.Receipt, JournalJson.Options)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                    P(once, r => r.Filing.At.UtcDateTime),
                },
            });
        var grievances = rows.Where(r => r.Filing.Grievance is not null).ToArray();
        if (grievances.Length > 0)
            batch.BatchCommands.Add(new("insert into cases.grievance (case_id, subject, place, lat, lon, sketch, follow, filed_on) select case_id, subject, place, lat, lon, string_to_array(sketch, ',')::int[], follow, filed_on from unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::text[], $7::bytea[], $8::date[]) as n(case_id, subject, place, lat, lon, sketch, follow, filed_on)")
            {
                Parameters =
                {
                    P(grievances, r => r.Case.Id), P(grievances, r => r.Case.Service), P(grievances, r => r.Case.Place), P(grievances, r => r.Filing.Grievance!.Point?.Latitude), P(grievances, r => r.Filing.Grievance!.Point?.Longitude),
                    P(grievances, r => string.Join(',', r.Filing.Grievance!.Sketch)), P(grievances, r => r.Filing.Grievance!.Follow), P(grievances, r => Ist.DateIn(r.Filing.At)),
                },
            });
        var papers = rows.SelectMany(r => r.Filing.Papers.Select(p => (Case: r.Case.Id, Paper: p.Id))).ToArray();
        if (papers.Length > 0)
            batch.BatchCommands.Add(new("update cases.document d set case_id = n.case_id, draft_id = null from unnest($1::uuid[], $2::uuid[]) as n(id, case_id) where d.id = n.id") { Parameters = { P(papers, p => p.Paper), P(papers, p => p.Case) } });
        var drafts = rows.Where(r => r.Filing.Draft is not null).Select(r => r.Filing.Draft!.Value).ToArray();
        if (drafts.Length > 0)
        {
            batch.BatchCommands.Add(new("delete from cases.document where draft_id = any($1)") { Parameters = { new() { Value = drafts } } });
            batch.BatchCommands.Add(new("delete from cases.draft where id = any($1)") { Parameters = { new() { Value = drafts } } });
        }

        await batch.ExecuteNonQueryAsync(work.Cancelled);
    }

    private static NpgsqlParameter P<TRow, T>(TRow[] rows, Func<TRow, T> pick) => new() { Value = rows.Select(pick).ToArray() };
}
