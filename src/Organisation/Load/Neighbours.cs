using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Organisation.Load;

/// <summary>Other packs in the same database. Places, PIN codes and departments are one pack's alone; a designation may be shared, with the same meaning.</summary>
internal sealed class Neighbours(Database database, string pack)
{
    public async Task Check(IReadOnlyList<PlaceRow> places, IReadOnlyList<PinRow> pins, IReadOnlyList<NameRow> departments, IReadOnlyList<NameRow> designations, ICollection<PackFault> faults, CancellationToken ct)
    {
        await Alone("place", "code", "places.csv", places.Select(p => (p.Code, p.Line)), faults, ct);
        await Alone("pin_code", "pincode", "pincodes.csv", pins.Select(p => (p.Pin, p.Line)), faults, ct);
        await Alone("department", "code", "departments.csv", departments.Select(d => (d.Code, d.Line)), faults, ct);
        var shared = await database.Query<(string Code, string Name, string Packs)>("select code, name ->> 'en', array_to_string(packs, ', ') from organisation.designation where valid_to is null and not packs <@ array[@pack]", new { pack }, ct);
        var known = shared.ToDictionary(s => s.Code, StringComparer.Ordinal);
        foreach (var row in designations)
            if (known.TryGetValue(row.Code, out var other) && other.Name != row.English)
                faults.Add(new PackFault("designations.csv", row.Line, 1, $"{row.Code} is '{other.Name}' in pack {other.Packs}; use the same English name, or another code"));
    }

    /// <summary>Rows from before packs were told apart belong to the pack that names the place which holds the others.</summary>
    public async Task Adopt(Work work, IReadOnlyList<PlaceRow> places)
    {
        var roots = places.Where(p => p.Parent is null).Select(p => p.Code).ToArray();
        if (!await work.One<bool>("select exists (select from organisation.place where packs = '{}' and valid_to is null and code = any(@roots))", new { roots })) return;
        foreach (var table in (string[])["place", "pin_code", "department", "designation", "office", "post"])
            await work.Execute($"update organisation.{table} set packs = array[@pack] where packs = '{{}}' and valid_to is null{(table is "office" or "post" ? " and origin = 'pack'" : "")}", new { pack });
    }

    private async Task Alone(string table, string key, string file, IEnumerable<(string Code, int Line)> rows, ICollection<PackFault> faults, CancellationToken ct)
    {
        var others = await database.Query<(string Code, string Packs)>($"select {key}, array_to_string(packs, ', ') from organisation.{table} where valid_to is null and packs <> '{{}}' and not @pack = any(packs)", new { pack }, ct);
        var taken = others.ToDictionary(o => o.Code, o => o.Packs, StringComparer.Ordinal);
        foreach (var (code, line) in rows)
            if (taken.TryGetValue(code, out var other)) faults.Add(new PackFault(file, line, 1, $"{code} belongs to pack {other}"));
    }
}
