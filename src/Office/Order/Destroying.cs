using Sahulat.Contracts.Office;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Record;

namespace Sahulat.Office.Order;

/// <summary>Weeds a file: its keys are destroyed, with everything sealed under them.</summary>
internal sealed class Destroying(Seals seals, RawScans raw)
{
    /// <returns>The blobs that nobody can open any more; null while a scan with pages of it is still being taken apart.</returns>
    public async Task<IReadOnlyList<string>?> Destroy(OpenFile open, string first, string second)
    {
        var id = open.File.Id;
        if (await raw.Weed(open.Work, id, open.Actor) is not { } scans) return null;
        var papers = await open.Work.Query<(Guid Subject, string Blob)>("select subject, blob from office.paper where item = @id", new { id });
        var archives = await open.Work.Query<string?>("delete from office.archive where item = @id or item in (select id from office.receipt where file_id = @id) returning blob", new { id });
        await open.Work.Execute("update office.page set text = null, layer = null, words = '{}' where item = any(array(select id from office.receipt where file_id = @id) || @id)", new { id });
        var receipts = await open.Work.Query<Guid>("select id from office.receipt where file_id = @id", new { id });
        foreach (var subject in receipts.Concat(papers.Select(p => p.Subject)).Append(id).Distinct()) await seals.Vault.Erase(open.Work, subject, open.Actor);
        open.File.State = "weeded";
        open.Say(new FileWeeded(first, second, papers.Count));
        return [.. papers.Select(p => p.Blob), .. archives.OfType<string>(), .. scans];
    }
}
