using Sahulat.Catalogue.Versions;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Catalogue.Load;

/// <summary>Loads laws and services as dated versions. What is stored is never changed: other content makes the next version, and old cases keep theirs. A service ends by its <c>valid_to</c>, not by being left out: versions may also be made on the page.</summary>
internal sealed class CatalogueLoader(Database database, ServiceDirectory directory) : IPackLoader
{
    private PackHead pack = PackHead.None;
    private IReadOnlyList<DatedFile> laws = [], services = [], grievances = [];

    public async Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        // Faults of that file are told by the room that loads its places.
        pack = PackHead.Read(folder, new List<PackFault>());
        (laws, services, grievances, var faults) = await PackReading.Read(folder, ct);
        return [.. faults, .. await Others(Versions.Law, laws, ct), .. await Others(Versions.Service, services, ct), .. await Others(Versions.Grievance, grievances, ct)];
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        await work.Execute("lock table catalogue.revision in exclusive mode");
        var storedLaws = await work.Query<Stored>("select code, version, valid_from, digest, 'pack' as origin from catalogue.law_version");
        var stored = await work.Query<Stored>("select code, version, valid_from, digest, case when withdrawn_at is null then origin else 'withdrawn' end as origin from catalogue.service_version");
        var subjects = await work.Query<Stored>("select code, version, valid_from, digest, 'pack' as origin from catalogue.grievance_version");
        var owned = await Own(work, Versions.Law, laws) + await Own(work, Versions.Service, services) + await Own(work, Versions.Grievance, grievances);
        var newServices = await Store(work, Versions.Service, services, stored);
        var versions = (await Store(work, Versions.Law, laws, storedLaws)).Count + newServices.Count + (await Store(work, Versions.Grievance, grievances, subjects)).Count;
        if (owned + versions > 0) await work.Execute("update catalogue.revision set number = number + 1");
        // Dates decide, whoever wrote: it is told where a new file changes nothing for citizens.
        var behind = newServices.Where(n => stored.Any(s => s.Origin == "desk" && s.Code == n.Code && s.ValidFrom > n.ValidFrom)).Select(n => n.Code).Distinct(StringComparer.Ordinal).ToArray();
        return $"catalogue: {laws.Count} laws, {services.Count} services, {grievances.Count} subjects of grievances, {versions} new versions"
            + (behind.Length == 0 ? "" : $"; a later version published at the desk stays in force for {string.Join(", ", behind)}");
    }

    public Task Refresh(CancellationToken ct) => directory.Reload(ct);

    private async Task<IEnumerable<PackFault>> Others(VersionTable table, IReadOnlyList<DatedFile> files, CancellationToken ct)
    {
        var owners = (await database.Query<(string Code, string Pack)>("select code, pack from catalogue.owner where kind = @Kind and pack <> @pack", new { table.Kind, pack = pack.Code }, ct)).ToDictionary(o => o.Code, o => o.Pack, StringComparer.Ordinal);
        return files.Where(f => owners.ContainsKey(f.Code)).Select(f => f.At with { Text = $"'{f.Code}' belongs to pack {owners[f.Code]}; use another code" });
    }

    private async Task<int> Own(Work work, VersionTable table, IReadOnlyList<DatedFile> files)
    {
        var count = 0;
        foreach (var code in files.Select(f => f.Code).Distinct(StringComparer.Ordinal)) count += await table.Own(work, code, pack.Code, pack.Root);
        return count;
    }

    /// <summary>A file is new when it says something else than the last load of its day. What was published at the desk for that day is no load:
    /// a file that nobody changed does not undo it.</summary>
    private static async Task<IReadOnlyList<DatedFile>> Store(Work work, VersionTable table, IReadOnlyList<DatedFile> files, IReadOnlyList<Stored> stored)
    {
        var made = new List<DatedFile>();
        foreach (var file in files.OrderBy(f => f.ValidFrom))
        {
            var ofDay = stored.Where(s => s.Code == file.Code && s.ValidFrom == file.ValidFrom).OrderByDescending(s => s.Version).ToArray();
            if (ofDay.FirstOrDefault(s => s.Origin == "pack") is { } loaded && loaded.Digest.AsSpan().SequenceEqual(file.Digest)) continue;
            // A published version that came back as a file is there already.
            if (ofDay.FirstOrDefault(s => s.Origin != "withdrawn") is { } latest && latest.Digest.AsSpan().SequenceEqual(file.Digest)) continue;
            await table.Add(work, file);
            made.Add(file);
        }

        return made;
    }

    private sealed record Stored(string Code, int Version, DateOnly ValidFrom, byte[] Digest, string Origin);
}
