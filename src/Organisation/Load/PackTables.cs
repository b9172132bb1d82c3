using System.Globalization;
using System.Text.Json;
using Sahulat.Kernel;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Language;

namespace Sahulat.Organisation.Load;

internal sealed record PlaceRow(string Code, string Kind, string? Parent, string? Lgd, LocalText Text, DateOnly? From, DateOnly? To, int Line);

internal sealed record PinRow(string Pin, string District, string Offices, int Line);

internal sealed record NameRow(string Code, string Name, string Source, string English, int Line);

/// <summary>Reads the tables of a pack. Each fault names file, line and column; all are told at once.</summary>
internal static class PackTables
{
    public static readonly string[] Kinds = ["ut", "state", "division", "district", "tehsil", "block", "body"];

    private static readonly string[] Names = ["name_en", "name_hi", "name_ur", "name_ks", "name_doi"];

    public static List<PlaceRow> Places(string folder, ICollection<PackFault> faults)
    {
        var rows = CsvFile.Read(Path.Combine(folder, "places.csv"), ["code", "kind", "parent", "lgd_code", .. Names, "valid_from"], faults);
        var list = new List<PlaceRow>();
        foreach (var row in rows)
        {
            if (!Kinds.Contains(row["kind"])) faults.Add(row.Fault("kind", $"unknown kind {row["kind"]}"));
            if (!row.Has("name_en")) faults.Add(row.Fault("name_en", "is empty"));
            var (from, to) = (Date(row, "valid_from", faults), Date(row, "valid_to", faults));
            if (to <= from) faults.Add(row.Fault("valid_to", "is not after valid_from"));
            list.Add(new PlaceRow(row["code"], row["kind"], row.Has("parent") ? row["parent"] : null, row.Has("lgd_code") ? row["lgd_code"] : null, row.Local("name"), from, to, row.Line));
        }

        Unique(rows, "code", faults);
        var parents = list.GroupBy(p => p.Code).ToDictionary(g => g.Key, g => g.First().Parent, StringComparer.Ordinal);
        foreach (var row in rows.Where(r => r.Has("parent")))
        {
            if (!parents.ContainsKey(row["parent"])) faults.Add(row.Fault("parent", $"{row["parent"]} is not a place"));
            else if (IsItsOwnParent(row["code"], parents)) faults.Add(row.Fault("parent", $"{row["code"]} lies within itself"));
        }

        return list;
    }

    public static List<PinRow> Pins(string folder, IReadOnlyCollection<PlaceRow> places, ICollection<PackFault> faults)
    {
        var districts = places.Where(p => p.Kind == "district").Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        var rows = CsvFile.Read(Path.Combine(folder, "pincodes.csv"), ["pincode", "district", "post_offices"], faults);
        Unique(rows, "pincode", faults);
        foreach (var row in rows)
        {
            if (row["pincode"].Length != 6 || !row["pincode"].All(char.IsAsciiDigit)) faults.Add(row.Fault("pincode", "must have six digits"));
            if (!districts.Contains(row["district"])) faults.Add(row.Fault("district", $"{row["district"]} is not a district"));
        }

        return [.. rows.Select(r => new PinRow(r["pincode"], r["district"], r["post_offices"], r.Line))];
    }

    /// <summary>Departments or designations.</summary>
    public static List<NameRow> Named(string folder, string file, ICollection<PackFault> faults)
    {
        var rows = CsvFile.Read(Path.Combine(folder, file), ["code", .. Names, "source"], faults);
        Unique(rows, "code", faults);
        foreach (var row in rows.Where(r => !r.Has("name_en"))) faults.Add(row.Fault("name_en", "is empty"));
        return [.. rows.Select(r => new NameRow(r["code"], Json(r.Local("name")), r["source"], r["name_en"], r.Line))];
    }

    public static string Json(LocalText text) => JsonSerializer.Serialize(text);

    private static void Unique(IEnumerable<CsvRow> rows, string column, ICollection<PackFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!row.Has(column)) faults.Add(row.Fault(column, "is empty"));
            else if (!seen.Add(row[column])) faults.Add(row.Fault(column, $"{row[column]} is there twice"));
        }
    }

    private static DateOnly? Date(CsvRow row, string column, ICollection<PackFault> faults)
    {
        if (!row.Has(column)) return null;
        if (DateOnly.TryParseExact(row[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        faults.Add(row.Fault(column, "is not a date like 2026-11-23"));
        return null;
    }

    private static bool IsItsOwnParent(string code, Dictionary<string, string?> parents)
    {
        var steps = 0;
        for (var p = parents[code]; p is not null && steps <= parents.Count; p = parents.GetValueOrDefault(p), steps++)
            if (p == code) return true;
        return false;
    }
}
