using System.Text.Json.Nodes;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Papers;

/// <summary>A paper that an answer names.</summary>
/// <param name="Size">Bytes, as the answer says.</param>
internal sealed record NamedPaper(string Pointer, Guid Id, string Type, long Size);

/// <summary>Papers come first, requests name them. A name that is made up, another's, or used already is refused.</summary>
internal static class NamedPapers
{
    /// <summary>Every paper in checked answers; a fault for one larger than its question allows.</summary>
    public static IReadOnlyList<NamedPaper> In(CompiledForm form, JsonObject answers, Check check)
    {
        var found = new List<NamedPaper>();
        foreach (var field in form.Pages.SelectMany(p => p.Fields)) Read(field, answers, "/answers", found, check);
        return found;
    }

    /// <summary>Locks the papers that no case has yet. Taken before looking for an earlier answer to the same request: who waits here sees it.</summary>
    public static async Task<Dictionary<Guid, Row>> Lock(Work work, IReadOnlyList<Filing> filings)
    {
        var ids = filings.SelectMany(f => f.Papers.Select(p => p.Id)).Distinct().ToArray();
        if (ids.Length == 0) return [];
        // Whether a case has it is asked here and not there: the planner would look through every paper without a case.
        var rows = await work.Query<Row>("select id, draft_id, uploaded_by, owner, type, size, case_id is not null as taken from cases.document where id = any(@ids) order by id for update", new { ids });
        return rows.Where(r => !r.Taken).ToDictionary(r => r.Id);
    }

    /// <summary>The faults of each filing; a paper goes to the first that names it.</summary>
    public static IReadOnlyList<Fault>[] Faults(Dictionary<Guid, Row> free, IReadOnlyList<(Filing Filing, Guid Applicant)> filings)
    {
        var faults = filings.Select(_ => (IReadOnlyList<Fault>)[]).ToArray();
        for (var i = 0; i < filings.Count; i++)
        {
            var (filing, applicant) = filings[i];
            var wrong = filing.Papers.Where(p => !(free.TryGetValue(p.Id, out var row) && row.Owner == applicant && row.Type == p.Type && row.Size == p.Size
                && (filing.Draft is { } draft ? row.DraftId == draft : row.UploadedBy == filing.By.Token))).ToArray();
            if (wrong.Length > 0) faults[i] = [.. wrong.Select(p => new Fault(p.Pointer, "paper-unknown"))];
            else foreach (var paper in filing.Papers) free.Remove(paper.Id);
        }

        return faults;
    }

    private static void Read(FormField field, JsonObject answers, string at, List<NamedPaper> found, Check check)
    {
        var pointer = $"{at}/{field.Name}";
        if (field.Type == FieldType.Group && answers[field.Name] is JsonArray rows)
        {
            for (var i = 0; i < rows.Count; i++)
                foreach (var inner in field.Fields)
                    if (rows[i] is JsonObject row) Read(inner, row, $"{pointer}/{i}", found, check);
        }
        else if (field.Type == FieldType.Document && answers[field.Name] is JsonObject paper && Guid.TryParse((string?)paper["document"], out var id))
        {
            var size = (long?)paper["size"] ?? 0;
            check.That(size <= field.MaxMegabytes * 1024L * 1024, pointer, "file-too-large", field.MaxMegabytes);
            if (found.Any(p => p.Id == id)) check.That(false, pointer, "paper-unknown");
            found.Add(new NamedPaper(pointer, id, (string?)paper["type"] ?? "", size));
        }
    }

    internal sealed record Row(Guid Id, Guid? DraftId, string? UploadedBy, Guid Owner, string Type, long Size, bool Taken);
}
