using System.Text.Json;
using Sahulat.Kernel;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Load;

/// <summary>Places, PIN codes, departments, designations, and the offices and posts that the patterns make. What a pack no longer names gets an end date, never a delete.</summary>
internal sealed class OrganisationLoader(OrganisationDirectory directory, TimeProvider time) : IPackLoader
{
    private static readonly string[] Kinds = ["ut", "state", "division", "district", "tehsil", "block", "body"];
    private static readonly string[] Names = ["name_en", "name_hi", "name_ur", "name_ks", "name_doi"];

    private List<PlaceRow> places = [];
    private List<(string Pin, string District, string Offices)> pins = [];
    private List<(string Code, string Name, string Source)> departments = [];
    private List<(string Code, string Name, string Source)> designations = [];
    private List<OfficeRow> offices = [];
    private List<PostRow> posts = [];

    private sealed record PlaceRow(string Code, string Kind, string? Parent, string? Lgd, LocalText Text, DateOnly? From, int Line);

    private sealed record OfficeRow(string Code, string Kind, string Department, string Place, string? Parent, LocalText Text);

    private sealed record PostRow(string Code, string Office, string Designation, string Place, int Rank);

    public Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        var faults = new List<PackFault>();
        places = ReadPlaces(folder, faults);
        var codes = places.Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var p in places.Where(p => p.Parent is not null && !codes.Contains(p.Parent))) faults.Add(new PackFault("places.csv", p.Line, 1, $"parent {p.Parent} is not a place"));
        pins = ReadPins(folder, codes, faults);
        departments = ReadNamed(folder, "departments.csv", faults);
        designations = ReadNamed(folder, "designations.csv", faults);
        if (faults.Count == 0) Expand(OfficePatterns.Read(Path.Combine(folder, "offices.yaml"), faults), faults);
        return Task.FromResult<IReadOnlyList<PackFault>>(faults);
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var changed = 0;
        changed += await work.Execute("""
            insert into organisation.place as t (code, kind, parent, lgd_code, name, valid_from) select * from unnest(@codes, @kinds, @parents, @lgd, @names::jsonb[], @froms)
            on conflict (code) do update set kind = excluded.kind, parent = excluded.parent, lgd_code = excluded.lgd_code, name = excluded.name, valid_from = excluded.valid_from, valid_to = null
            where (t.kind, t.parent, t.lgd_code, t.name, t.valid_from, t.valid_to) is distinct from (excluded.kind, excluded.parent, excluded.lgd_code, excluded.name, excluded.valid_from, null)
            """, new { codes = Codes(places, p => p.Code), kinds = Codes(places, p => p.Kind), parents = Codes(places, p => p.Parent), lgd = Codes(places, p => p.Lgd), names = Codes(places, p => Json(p.Text)), froms = places.Select(p => p.From).ToArray() });
        changed += await work.Execute("""
            insert into organisation.pin_code as t (pincode, district, post_offices) select * from unnest(@pins, @districts, @offices)
            on conflict (pincode) do update set district = excluded.district, post_offices = excluded.post_offices where (t.district, t.post_offices) is distinct from (excluded.district, excluded.post_offices)
            """, new { pins = Codes(pins, p => p.Pin), districts = Codes(pins, p => p.District), offices = Codes(pins, p => p.Offices) });
        foreach (var (table, rows) in new[] { ("department", departments), ("designation", designations) })
            changed += await work.Execute($"""
                insert into organisation.{table} as t (code, name, source) select * from unnest(@codes, @names::jsonb[], @sources)
                on conflict (code) do update set name = excluded.name, source = excluded.source, valid_to = null where (t.name, t.source, t.valid_to) is distinct from (excluded.name, excluded.source, null)
                """, new { codes = Codes(rows, r => r.Code), names = Codes(rows, r => r.Name), sources = Codes(rows, r => r.Source) });
        changed += await work.Execute("""
            insert into organisation.office as t (code, kind, department, place, parent, name) select * from unnest(@codes, @kinds, @departments, @places, @parents, @names::jsonb[])
            on conflict (code) do update set kind = excluded.kind, department = excluded.department, parent = excluded.parent, name = excluded.name, valid_to = null
            where (t.kind, t.department, t.parent, t.name, t.valid_to) is distinct from (excluded.kind, excluded.department, excluded.parent, excluded.name, null)
            """, new { codes = Codes(offices, o => o.Code), kinds = Codes(offices, o => o.Kind), departments = Codes(offices, o => o.Department), places = Codes(offices, o => o.Place), parents = Codes(offices, o => o.Parent), names = Codes(offices, o => Json(o.Text)) });
        changed += await work.Execute("""
            insert into organisation.post as t (code, office, designation, place, rank) select * from unnest(@codes, @offices, @designations, @places, @ranks)
            on conflict (code) do update set office = excluded.office, rank = excluded.rank, valid_to = null where (t.office, t.rank, t.valid_to) is distinct from (excluded.office, excluded.rank, null)
            """, new { codes = Codes(posts, p => p.Code), offices = Codes(posts, p => p.Office), designations = Codes(posts, p => p.Designation), places = Codes(posts, p => p.Place), ranks = posts.Select(p => p.Rank).ToArray() });
        foreach (var (table, codes) in new[] { ("place", Codes(places, p => p.Code)), ("office", Codes(offices, o => o.Code)), ("post", Codes(posts, p => p.Code)) })
            changed += await work.Execute($"update organisation.{table} set valid_to = @today where valid_to is null and code <> all(@codes)", new { today, codes });
        if (changed > 0) await work.Execute("update organisation.revision set revision = revision + 1");
        return $"organisation: {places.Count} places, {offices.Count} offices, {posts.Count} posts, {changed} changed";
    }

    public Task Refresh(CancellationToken ct) => directory.Load(ct);

    private static string?[] Codes<T>(IEnumerable<T> rows, Func<T, string?> pick) => [.. rows.Select(pick)];

    private static string Json(LocalText text) => JsonSerializer.Serialize(text);

    private static LocalText Text(CsvRow row) => new(Names.Where(n => row[n].Length > 0).Select(n => KeyValuePair.Create(n[5..], row[n])));

    private static List<PlaceRow> ReadPlaces(string folder, List<PackFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var list = new List<PlaceRow>();
        foreach (var row in CsvFile.Read(Path.Combine(folder, "places.csv"), ["code", "kind", "parent", "lgd_code", .. Names, "valid_from"], faults))
        {
            if (!seen.Add(row["code"])) faults.Add(row.Fault("code", $"{row["code"]} is there twice"));
            if (!Kinds.Contains(row["kind"])) faults.Add(row.Fault("kind", $"unknown kind {row["kind"]}"));
            if (row["name_en"].Length == 0) faults.Add(row.Fault("name_en", "is empty"));
            DateOnly? from = null;
            if (row["valid_from"].Length > 0)
            {
                if (DateOnly.TryParseExact(row["valid_from"], "yyyy-MM-dd", out var date)) from = date;
                else faults.Add(row.Fault("valid_from", "is not a date like 2026-11-23"));
            }

            list.Add(new PlaceRow(row["code"], row["kind"], row["parent"] is { Length: > 0 } parent ? parent : null, row["lgd_code"] is { Length: > 0 } lgd ? lgd : null, Text(row), from, row.Line));
        }

        return list;
    }

    private static List<(string, string, string)> ReadPins(string folder, HashSet<string> places, List<PackFault> faults)
    {
        var list = new List<(string, string, string)>();
        foreach (var row in CsvFile.Read(Path.Combine(folder, "pincodes.csv"), ["pincode", "district", "post_offices"], faults))
        {
            if (row["pincode"].Length != 6 || !row["pincode"].All(char.IsAsciiDigit)) faults.Add(row.Fault("pincode", "must have six digits"));
            if (!places.Contains(row["district"])) faults.Add(row.Fault("district", $"{row["district"]} is not a place"));
            list.Add((row["pincode"], row["district"], row["post_offices"]));
        }

        return list;
    }

    private static List<(string, string, string)> ReadNamed(string folder, string file, List<PackFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var list = new List<(string, string, string)>();
        foreach (var row in CsvFile.Read(Path.Combine(folder, file), ["code", .. Names, "source"], faults))
        {
            if (!seen.Add(row["code"])) faults.Add(row.Fault("code", $"{row["code"]} is there twice"));
            if (row["name_en"].Length == 0) faults.Add(row.Fault("name_en", "is empty"));
            list.Add((row["code"], Json(Text(row)), row["source"]));
        }

        return list;
    }

    private void Expand(IReadOnlyList<OfficePattern> patterns, List<PackFault> faults)
    {
        offices = [];
        posts = [];
        var byCode = places.ToDictionary(p => p.Code);
        var knownDepartments = departments.Select(d => d.Code).ToHashSet(StringComparer.Ordinal);
        var knownDesignations = designations.Select(d => d.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            void Fault(string text) => faults.Add(new PackFault("offices.yaml", pattern.Line, 1, $"{pattern.Kind}: {text}"));
            if (!knownDepartments.Contains(pattern.Department)) Fault($"unknown department {pattern.Department}");
            foreach (var (designation, _) in pattern.Posts.Where(p => !knownDesignations.Contains(p.Designation))) Fault($"unknown designation {designation}");
            foreach (var at in pattern.At.Where(p => !byCode.ContainsKey(p))) Fault($"unknown place {at}");
            if (pattern.Per is { } per && !Kinds.Contains(per)) Fault($"unknown kind of place {per}");
            foreach (var place in pattern.Per is not null ? places.Where(p => p.Kind == pattern.Per) : pattern.At.Where(byCode.ContainsKey).Select(c => byCode[c])) Make(pattern, place);
        }

        var codes = offices.Select(o => o.Code).ToHashSet(StringComparer.Ordinal);
        if (codes.Count != offices.Count) faults.Add(new PackFault("offices.yaml", 1, 1, "two patterns make the same office"));
        offices = [.. offices.Select(o => o with { Parent = o.Parent is null ? null : Up(o.Place, byCode).Select(p => $"{o.Parent}@{p}").FirstOrDefault(codes.Contains) })];
        foreach (var twice in posts.GroupBy(p => p.Code).Where(g => g.Count() > 1)) faults.Add(new PackFault("offices.yaml", 1, 1, $"post {twice.Key} is made twice"));
    }

    private void Make(OfficePattern pattern, PlaceRow place)
    {
        var office = $"{pattern.Kind}@{place.Code}";
        offices.Add(new OfficeRow(office, pattern.Kind, pattern.Department, place.Code, pattern.Parent, new LocalText(Lang.All.Select(l => KeyValuePair.Create(l.Code, pattern.Name.In(l).Replace("{place}", place.Text.In(l), StringComparison.Ordinal))))));
        var rank = 0;
        foreach (var (designation, count) in pattern.Posts)
            for (var i = 1; i <= count; i++)
                posts.Add(new PostRow($"{designation}@{place.Code}" + (i == 1 ? "" : $"-{i}"), office, designation, place.Code, rank++));
    }

    private static IEnumerable<string> Up(string place, Dictionary<string, PlaceRow> byCode)
    {
        for (var p = byCode.GetValueOrDefault(place); p is not null; p = p.Parent is null ? null : byCode.GetValueOrDefault(p.Parent)) yield return p.Code;
    }
}
