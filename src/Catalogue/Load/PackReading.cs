using System.Security.Cryptography;
using System.Text;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Load;

/// <summary>A file that was read without fault.</summary>
internal sealed record DatedFile(string Code, DateOnly ValidFrom, DateOnly? ValidTo, string Yaml)
{
    /// <summary>Where its first day stands.</summary>
    public PackFault At { get; init; } = new("", 1, 1, "");

    public byte[] Digest { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Yaml));
}

/// <summary>Reads every law and service of a pack folder and collects all faults.</summary>
internal static class PackReading
{
    private const string Between = "\n---\n";

    public static async Task<(IReadOnlyList<DatedFile> Laws, IReadOnlyList<DatedFile> Services, IReadOnlyList<DatedFile> Grievances, IReadOnlyList<PackFault> Faults)> Read(string folder, CancellationToken ct)
    {
        var faults = new List<PackFault>();
        var facts = new PackFacts(await PackFacts.Codes(Path.Combine(folder, "departments.csv"), ct), await PackFacts.Codes(Path.Combine(folder, "designations.csv"), ct), null);
        var laws = new List<(DatedFile File, LawVersion Law)>();
        foreach (var (name, yaml) in await Files(folder, "laws", ct))
        {
            DatedFile? file = null;
            var law = One(name, yaml, faults, map =>
            {
                var found = LawFile.Read(map, facts);
                file = Dated(found.Code, found.ValidFrom, found.ValidTo, yaml, name, map);
                return found;
            });
            if (law is not null) laws.Add((file!, law));
        }

        Overlaps(laws.Select(l => l.File), faults);
        if (Directory.Exists(Path.Combine(folder, "laws"))) facts = facts.With(laws.Select(l => l.Law));
        var services = new List<DatedFile>();
        foreach (var (name, yaml) in await Files(folder, "services", ct))
        {
            var service = One(name, yaml, faults, map =>
            {
                var found = ServiceFile.Read(map, facts);
                return Dated(found.Code, found.ValidFrom, found.ValidTo, yaml, name, map);
            });
            if (service is not null) services.Add(service);
        }

        Overlaps(services, faults);
        var grievances = await Grievances(folder, facts, [.. services.Select(s => s.Code)], faults, ct);
        return ([.. laws.Select(l => l.File)], services, grievances, faults);
    }

    /// <summary>Subjects of grievances. What they share is kept with each, so that a stored version is whole.</summary>
    private static async Task<IReadOnlyList<DatedFile>> Grievances(string folder, PackFacts facts, HashSet<string> services, List<PackFault> faults, CancellationToken ct)
    {
        var files = await Files(folder, "grievances", ct);
        if (files.Count == 0) return [];
        var (name, shared) = files.FirstOrDefault(f => Path.GetFileName(f.Name) == GrievanceFile.Common);
        if (name is null) faults.Add(new PackFault(Path.Combine(folder, "grievances"), 1, 1, $"'{GrievanceFile.Common}' is missing"));
        if (name is null || One(name, shared, faults, GrievanceCommon.Read) is not { } common) return [];
        var read = new List<DatedFile>();
        foreach (var (file, yaml) in files.Where(f => f.Name != name))
        {
            var subject = One(file, yaml, faults, map =>
            {
                var found = GrievanceFile.Read(map, common, facts);
                if (services.Contains(found.Code)) map.Faults.Add(map.At("code"), $"'{found.Code}' is the code of a service");
                return Dated(found.Code, found.ValidFrom, found.ValidTo, yaml.TrimEnd() + Between + shared, file, map);
            });
            if (subject is not null) read.Add(subject);
        }

        Overlaps(read, faults);
        return read;
    }

    /// <summary>A stored subject: its own text and the shared one.</summary>
    public static ServiceVersion? Grievance(string name, string stored, PackFacts facts)
    {
        var at = stored.IndexOf(Between, StringComparison.Ordinal);
        return at < 0 || One(name, stored[(at + Between.Length)..], [], GrievanceCommon.Read) is not { } common ? null : One(name, stored[..at], [], map => GrievanceFile.Read(map, common, facts));
    }

    /// <summary>Null if it is no YAML at all. Faults are added.</summary>
    public static T? One<T>(string name, string yaml, List<PackFault> faults, Func<YamlMap, T> read) where T : class
    {
        var here = new FileFaults(name, faults);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return read(new YamlMap(root, here));
            here.Add(1, 1, "one mapping belongs here");
        }
        catch (YamlException e)
        {
            here.Add((int)e.Start.Line, (int)e.Start.Column, e.InnerException?.Message ?? e.Message);
        }

        return null;
    }

    private static async Task<IReadOnlyList<(string Name, string Yaml)>> Files(string folder, string below, CancellationToken ct)
    {
        var read = new List<(string, string)>();
        var directory = Path.Combine(folder, below);
        if (!Directory.Exists(directory)) return read;
        foreach (var file in Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal)) read.Add((file, await File.ReadAllTextAsync(file, ct)));
        return read;
    }

    private static DatedFile Dated(string code, DateOnly from, DateOnly? to, string yaml, string file, YamlMap map) =>
        new(code, from, to, yaml.ReplaceLineEndings("\n")) { At = new PackFault(file, (int)map.At("valid_from").Start.Line, (int)map.At("valid_from").Start.Column, "") };

    /// <summary>Of one code there is one version a day. A version without a last day ends where the next begins.</summary>
    private static void Overlaps(IEnumerable<DatedFile> files, List<PackFault> faults)
    {
        foreach (var versions in files.GroupBy(f => f.Code, StringComparer.Ordinal))
        {
            DatedFile? before = null;
            foreach (var file in versions.OrderBy(f => f.ValidFrom))
            {
                if (before is not null && before.ValidFrom == file.ValidFrom) faults.Add(file.At with { Text = $"'{file.Code}' of {file.ValidFrom:yyyy-MM-dd} is in {Path.GetFileName(before.At.File)} as well" });
                else if (before?.ValidTo >= file.ValidFrom) faults.Add(file.At with { Text = $"'{file.Code}' begins on {file.ValidFrom:yyyy-MM-dd}, but {Path.GetFileName(before.At.File)} is in force until {before.ValidTo:yyyy-MM-dd}" });
                before = file;
            }
        }
    }
}
