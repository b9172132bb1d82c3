using Sahulat.Catalogue.Versions;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Catalogue.Load;

/// <summary>Loads laws and services as dated versions. What is stored is never changed: other content makes the next version, and old cases keep theirs.</summary>
internal sealed class CatalogueLoader(ServiceDirectory directory) : IPackLoader
{
    private IReadOnlyList<DatedFile> laws = [], services = [], grievances = [];

    public async Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        (laws, services, grievances, var faults) = await PackReading.Read(folder, ct);
        return faults;
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        await work.Execute("lock table catalogue.revision in exclusive mode");
        var storedLaws = await work.Query<Stored>("select code, version, valid_from, digest, 'pack' as origin from catalogue.law_version");
        var stored = await work.Query<Stored>("select code, version, valid_from, digest, case when withdrawn_at is null then origin else 'withdrawn' end as origin from catalogue.service_version");
        var newLaws = await Store(work, "catalogue.law_version", laws, storedLaws);
        var subjects = await work.Query<Stored>("select code, version, valid_from, digest, 'pack' as origin from catalogue.grievance_version");
        var newServices = await Store(work, "catalogue.service_version", services, stored);
        var changed = newLaws.Count + newServices.Count + (await Store(work, "catalogue.grievance_version", grievances, subjects)).Count;
        if (changed > 0) await work.Execute("update catalogue.revision set number = number + 1");
        // Dates decide, whoever wrote: it is told where a new file changes nothing for citizens.
        var behind = newServices.Where(n => stored.Any(s => s.Origin == "desk" && s.Code == n.Code && s.ValidFrom > n.ValidFrom)).Select(n => n.Code).Distinct(StringComparer.Ordinal).ToArray();
        return $"catalogue: {laws.Count} laws, {services.Count} services, {grievances.Count} subjects of grievances, {changed} new versions"
            + (behind.Length == 0 ? "" : $"; a later version published at the desk stays in force for {string.Join(", ", behind)}");
    }

    public Task Refresh(CancellationToken ct) => directory.Reload(ct);

    /// <summary>A file is new when it says something else than the last load of its day. What was published at the desk for that day is no load:
    /// a file that nobody changed does not undo it.</summary>
    private static async Task<IReadOnlyList<DatedFile>> Store(Work work, string table, IReadOnlyList<DatedFile> files, IReadOnlyList<Stored> stored)
    {
        var last = stored.GroupBy(s => s.Code, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(s => s.Version), StringComparer.Ordinal);
        var made = new List<DatedFile>();
        foreach (var file in files.OrderBy(f => f.ValidFrom))
        {
            var ofDay = stored.Where(s => s.Code == file.Code && s.ValidFrom == file.ValidFrom).OrderByDescending(s => s.Version).ToArray();
            if (ofDay.FirstOrDefault(s => s.Origin == "pack") is { } loaded && loaded.Digest.AsSpan().SequenceEqual(file.Digest)) continue;
            // A published version that came back as a file is there already.
            if (ofDay.FirstOrDefault(s => s.Origin != "withdrawn") is { } latest && latest.Digest.AsSpan().SequenceEqual(file.Digest)) continue;
            var version = last[file.Code] = last.GetValueOrDefault(file.Code) + 1;
            await work.Execute(
                $"insert into {table} (code, version, valid_from, valid_to, yaml, digest) values (@Code, @version, @ValidFrom, @ValidTo, @Yaml, @Digest)",
                new { file.Code, version, file.ValidFrom, file.ValidTo, file.Yaml, file.Digest });
            made.Add(file);
        }

        return made;
    }

    private sealed record Stored(string Code, int Version, DateOnly ValidFrom, byte[] Digest, string Origin);
}
