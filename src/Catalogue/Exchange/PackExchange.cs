using System.Globalization;
using Sahulat.Catalogue.Compare;
using Sahulat.Catalogue.Incoming;
using Sahulat.Catalogue.Load;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Exchange;

/// <summary>Packs out and in: what the pages and the command line share.</summary>
internal sealed class PackExchange(InForce texts, ServiceDirectory directory, IOrganisation organisation, PackIdentity identity, IncomingPacks incoming, PackPlanning planning, DifferenceWriting writing, TimeProvider time) : IPackExchange
{
    public async Task<Result<byte[]>> Export(IReadOnlyCollection<string> codes, string by, CancellationToken ct)
    {
        var today = Ist.Today(time);
        string[] wanted = [.. codes.Concat(codes.Select(c => directory.Find(c, today)?.Law).OfType<string>()).Distinct()];
        TextInForce[] rows = [.. (await texts.Read(today, wanted, ct)).Where(r => r.Kind != "grievance")];
        if (codes.FirstOrDefault(c => rows.All(r => r.Code != c)) is { } unknown) return PackProblems.NoSuch(unknown);
        return rows.Length == 0 ? PackProblems.Empty : Sign(rows.Select(r => (r.Kind + "s", r.Code, r.ValidFrom, r.Yaml)), by);
    }

    public async Task<(byte[]? File, IReadOnlyList<PackFault> Faults)> ExportFolder(string folder, string by, CancellationToken ct)
    {
        var (laws, services, _, faults) = await PackReading.Read(folder, ct);
        if (faults.Count > 0) return (null, faults);
        if (laws.Count + services.Count == 0) return (null, [new PackFault(folder, 1, 1, "holds neither laws nor services")]);
        return (Sign(laws.Select(l => ("laws", l.Code, l.ValidFrom, l.Yaml)).Concat(services.Select(s => ("services", s.Code, s.ValidFrom, s.Yaml))), by), []);
    }

    public async Task<Result<IReadOnlyList<string>>> Show(byte[] file, Texts t, CancellationToken ct)
    {
        var read = PackFile.Read(file);
        if (!read.Ok) return read.Problem;
        var pack = read.Value;
        var trusted = await incoming.NameOf(pack.Fingerprint, ct);
        var lines = new List<string>
        {
            t["catalogue.packs.origin"] + ": " + pack.Statement.Origin,
            t["catalogue.packs.signed-by"] + ": " + pack.Statement.MadeBy + ", " + t.DateTime(pack.Statement.MadeAt),
            t["catalogue.packs.fingerprint"] + ": " + pack.Fingerprint,
            trusted is null ? t["catalogue.packs.untrusted"] : t["catalogue.packs.trusted", trusted],
        };
        if (planning.Governments() is not [var government, ..]) return lines;
        var plan = await planning.Plan(pack, government.Code, Ist.Today(time).AddDays(1), new Dictionary<NamedThing, string>(), ct);
        foreach (var item in plan.Items)
        {
            lines.Add($"{item.Path}: {(item.Changes.Count == 0 ? t["catalogue.compare.none"] : t["catalogue.compare.count", item.Changes.Count])}");
            if (item.New) continue;
            foreach (var row in writing.Rows(item.Changes, t)) lines.Add($"  {row.Name}: {row.Before ?? "-"} -> {row.After ?? "-"}");
        }

        foreach (var lack in plan.Lacks) lines.Add($"{t["catalogue.packs.lacks"]} {lack.Thing.Kind} {lack.Thing.Code}");
        foreach (var fault in plan.Faults) lines.Add(fault.ToString());
        return lines;
    }

    public Task<Result<Guid>> Receive(byte[] file, Actor by, Guid? receiver, CancellationToken ct) => incoming.Receive(file, by, receiver, ct);

    private byte[] Sign(IEnumerable<(string Kind, string Code, DateOnly From, string Yaml)> files, string by)
    {
        PackItem[] items = [.. files.Select(f => new PackItem(string.Create(CultureInfo.InvariantCulture, $"{f.Kind}/{f.Code}@{f.From:yyyy-MM-dd}.yaml"), PackFile.Digest(f.Yaml), f.Yaml)).OrderBy(i => i.Path, StringComparer.Ordinal)];
        var names = items.SelectMany(i => Rewriting.Names(i.Yaml)).Distinct().Where(n => n.Kind is Rewriting.Department or Rewriting.Designation)
            .ToDictionary(n => $"{n.Kind}:{n.Code}", n => (n.Kind == Rewriting.Department ? organisation.Department(n.Code) : organisation.Designation(n.Code)).In(Lang.En), StringComparer.Ordinal);
        return identity.Sign(new PackStatement(PackFile.Format, identity.Origin, time.GetUtcNow(), by, items, names));
    }
}
