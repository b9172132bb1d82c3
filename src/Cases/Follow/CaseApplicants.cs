using System.Text.Json.Nodes;
using Sahulat.Cases.Demo;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Follow;

internal sealed class CaseApplicants(Database database, Vault vault) : ICaseApplicants
{
    /// <summary>Where forms ask for the applicant's own name, in the order of preference.</summary>
    private static readonly string[] Names = ["full_name", "applicant_name", "owner_name"];

    private sealed record Row(Guid Id, Guid Applicant, Guid? ContentOf, string? Lang, byte[]? Answers, bool Synthetic);

    public async Task<IReadOnlyDictionary<Guid, CaseApplicant>> Of(IReadOnlyCollection<Guid> cases, CancellationToken ct)
    {
        var rows = await database.Query<Row>("""
            select c.id, c.applicant, t.case_id as content_of, t.lang, t.answers,
              exists (select from cases.idempotency i join cases."case" d on d.id = i.case_id where i.caller = @demo and d.applicant = c.applicant) as synthetic
            from cases."case" c left join cases.content t on t.case_id = coalesce(c.parent, c.id) where c.id = any(@ids)
            """, new { ids = cases.ToArray(), demo = DemoCases.Caller }, ct);
        var keys = await vault.Keys([.. rows.Where(r => r.Answers is not null && !r.Synthetic).Select(r => r.Applicant).Distinct()], IntakeBatch.Retention, ct);
        return rows.ToDictionary(r => r.Id, r =>
        {
            var answers = r.Answers is not null && keys.TryGetValue(r.Applicant, out var key) ? JsonNode.Parse(vault.Open(key, r.Answers, IntakeBatch.ContentContext(r.ContentOf!.Value))) as JsonObject : null;
            return new CaseApplicant(r.Applicant, r.Lang ?? "en", Names.Select(n => Text(answers, n)).FirstOrDefault(n => n is not null), Text(answers, "email"), r.Synthetic);
        });
    }

    private static string? Text(JsonObject? answers, string name) => answers?[name] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;
}
