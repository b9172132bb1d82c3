using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Cases.Submit;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Requests;

/// <summary>What happened, when, and who did it as a token.</summary>
internal sealed record Happening(DateTimeOffset At, string Kind, string Actor, string? Detail);

/// <summary>A case as a whole, for whoever may see it.</summary>
internal sealed record WholeCase(CaseStore.Row Case, ServiceVersion Service, IReadOnlyList<SummaryRow> Answers, IReadOnlyList<CaseStep> Steps, IReadOnlyList<Happening> History, IReadOnlyList<(DateTimeOffset At, string Kind, string Actor, string Text)> Notes, Due? Due, IReadOnlyList<CaseStore.Row> Appeals, CertificateRow? Certificate)
{
    /// <summary>Code of what was done about a grievance.</summary>
    public string? How { get; init; }
}

internal sealed class CaseView(Database database, Vault vault, IServiceDirectory services, IForms forms, IStatutoryClock clock, Certificates certificates)
{
    private const string Columns = "id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, parent, layer, opened_by, filed_at, filed_by, complete_on, due_on, decided_on, outcome, missing, version, head, transfers, promised_on";

    public Task<CaseStore.Row?> Row(string reference, CancellationToken ct) => database.One<CaseStore.Row>($"""select {Columns} from cases."case" where reference = @reference""", new { reference }, ct);

    public Task<CaseStore.Row?> Row(Guid id, CancellationToken ct) => database.One<CaseStore.Row>($"""select {Columns} from cases."case" where id = @id""", new { id }, ct);

    public async Task<WholeCase> Whole(CaseStore.Row c, Lang lang, CancellationToken ct)
    {
        var service = services.FindVersion(c.Service, c.ServiceVersion) ?? throw new InvalidOperationException($"service {c.Service} {c.ServiceVersion} is gone");
        var answers = await Answers(c.Parent ?? c.Id, c.Applicant, ct);
        var steps = await database.Query<CaseStep>("select code, seq, parallel, post, state, opened_on, due_on, done_at, result from cases.step where case_id = @Id order by seq", new { c.Id }, ct);
        var entries = await database.Stream(CaseStore.Stream(c.Id), ct);
        var history = entries.Select(e => new Happening(e.At, e.Kind, e.Actor, Detail(e))).ToArray();
        var notes = new List<(DateTimeOffset, string, string, string)>();
        foreach (var (id, at, kind, actor, text) in await database.Query<(Guid, DateTimeOffset, string, string, byte[])>("select id, at, kind, actor, text from cases.note where case_id = @Id order by at, id", new { c.Id }, ct))
            if (await vault.Open(c.Applicant, IntakeBatch.Retention, text, NoteContext(id), ct) is { } plain) notes.Add((at, kind, actor, Encoding.UTF8.GetString(plain)));
        var pauses = await Pauses.Of(database, c.Id, ct);
        var due = c.Type == "appeal" ? (c.Law is null ? null : clock.ExplainAppeal(c.Law, c.LawVersion ?? 1, c.Layer!, c.Place, Ist.DateIn(c.FiledAt), pauses))
            : c.CompleteOn is { } complete ? clock.Explain(c.Service, c.ServiceVersion, c.Place, complete, pauses, c.LawVersion) : null;
        var appeals = await database.Query<CaseStore.Row>($"""
            with recursive up as (select id from cases."case" where parent = @Id union all select a.id from cases."case" a join up on a.parent = up.id)
            select {Columns} from cases."case" where id in (select id from up) order by filed_at
            """, new { c.Id }, ct);
        var certificate = (await certificates.OfCase(c.Id, ct)).FirstOrDefault();
        return new WholeCase(c, service, answers is null || !service.Online ? [] : forms.For(service).Summary(answers, lang), steps, history, notes, due, appeals, certificate) { How = entries.LastOrDefault(e => e.Kind == Contracts.Cases.CaseDecided.Kind)?.As<Contracts.Cases.CaseDecided>().Reasons.FirstOrDefault() };
    }

    public async Task<JsonObject?> Answers(Guid id, Guid applicant, CancellationToken ct)
    {
        var content = await database.One<byte[]>("select answers from cases.content where case_id = @id", new { id }, ct);
        var plain = content is null ? null : await vault.Open(applicant, IntakeBatch.Retention, content, IntakeBatch.ContentContext(id), ct);
        return plain is null ? null : (JsonObject)JsonNode.Parse(plain)!;
    }

    public static string NoteContext(Guid id) => $"cases.note/{id:N}";

    /// <summary>Writes what a person wrote, sealed.</summary>
    /// <returns>The note's id.</returns>
    public async Task<Guid> Note(Work work, Case c, string kind, string text, Actor actor, DateTimeOffset at)
    {
        var id = Guid.CreateVersion7(at);
        var plain = Encoding.UTF8.GetBytes(text);
        var key = await vault.Key(work, c.Applicant, IntakeBatch.Retention);
        await work.Execute("insert into cases.note (case_id, id, at, actor, kind, text) values (@of, @note, @at, @Token, @kind, @text)", new { of = c.Id, note = id, at, actor.Token, kind, text = vault.Seal(key, plain, NoteContext(id)) });
        return id;
    }

    private static string? Detail(JournalEntry entry)
    {
        var body = JsonNode.Parse(entry.Body)!;
        return (string?)body["outcome"] ?? (string?)body["result"] ?? (string?)body["layer"];
    }
}
