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
        var changed = await Store(work, "catalogue.law_version", laws) + await Store(work, "catalogue.service_version", services) + await Store(work, "catalogue.grievance_version", grievances);
        if (changed > 0) await work.Execute("update catalogue.revision set number = number + 1");
        return $"catalogue: {laws.Count} laws, {services.Count} services, {grievances.Count} subjects of grievances, {changed} new versions";
    }

    public Task Refresh(CancellationToken ct) => directory.Reload(ct);

    private static async Task<int> Store(Work work, string table, IReadOnlyList<DatedFile> files)
    {
        var stored = await work.Query<Stored>($"select code, version, valid_from, digest from {table}");
        var last = stored.GroupBy(s => s.Code, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(s => s.Version), StringComparer.Ordinal);
        var count = 0;
        foreach (var file in files.OrderBy(f => f.ValidFrom))
        {
            var latest = stored.Where(s => s.Code == file.Code && s.ValidFrom == file.ValidFrom).MaxBy(s => s.Version);
            if (latest is not null && latest.Digest.AsSpan().SequenceEqual(file.Digest)) continue;
            var version = last[file.Code] = last.GetValueOrDefault(file.Code) + 1;
            await work.Execute(
                $"insert into {table} (code, version, valid_from, valid_to, yaml, digest) values (@Code, @version, @ValidFrom, @ValidTo, @Yaml, @Digest)",
                new { file.Code, version, file.ValidFrom, file.ValidTo, file.Yaml, file.Digest });
            count++;
        }

        return count;
    }

    private sealed record Stored(string Code, int Version, DateOnly ValidFrom, byte[] Digest);
}
