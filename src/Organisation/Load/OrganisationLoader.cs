using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Rollout;

namespace Sahulat.Organisation.Load;

/// <summary>Places, PIN codes, departments, designations, and the offices and posts that the patterns make. What a pack no longer names gets an end date, never a delete; what other packs name is left alone.</summary>
internal sealed class OrganisationLoader(Database database, OrganisationDirectory directory, TimeProvider time) : IPackLoader
{
    private PackHead pack = PackHead.None;
    private List<PlaceRow> places = [];
    private List<PinRow> pins = [];
    private List<NameRow> departments = [];
    private List<NameRow> designations = [];
    private List<OfficeRow> offices = [];
    private List<PostRow> posts = [];
    private PublishedTargets targets = new([]);

    public async Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        var faults = new List<PackFault>();
        pack = PackHead.Read(folder, faults);
        places = PackTables.Places(folder, faults);
        if (pack.Root is { } root && places.All(p => p.Code != root)) faults.Add(new PackFault(PackHead.File, 1, 1, $"root: {root} is not a place of places.csv"));
        pins = PackTables.Pins(folder, places, faults);
        departments = PackTables.Named(folder, "departments.csv", faults);
        designations = PackTables.Named(folder, "designations.csv", faults);
        targets = PublishedTargets.Read(folder, places, faults);
        await new Neighbours(database, pack.Code).Check(places, pins, departments, designations, faults, ct);
        var patterns = OfficePatterns.Read(Path.Combine(folder, OfficePatterns.File), faults);
        // Offices can be made only from tables that read well; else every office would be a fault of its own.
        if (faults.All(f => f.File == OfficePatterns.File))
        {
            var today = Ist.Today(time);
            (offices, posts) = new OfficeExpansion([.. places.Where(p => p.To is null || p.To > today)], departments, designations, faults).Make(patterns);
        }

        return faults;
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        await new Neighbours(database, pack.Code).Adopt(work, places);
        var changed = await StorePlaces(work) + await StoreNames(work) + await StoreOffices(work) + await targets.Store(work) + await StoreHead(work);
        var today = Ist.Today(time);
        foreach (var (table, key, kept) in new[] { ("place", "code", Column(places, p => p.Code)), ("pin_code", "pincode", Column(pins, p => p.Pin)), ("department", "code", Column(departments, d => d.Code)), ("designation", "code", Column(designations, d => d.Code)), ("office", "code", Column(offices, o => o.Code)), ("post", "code", Column(posts, p => p.Code)) })
            changed += await work.Execute($"update organisation.{table} set valid_to = case when packs = array[@pack] then @today end, packs = array_remove(packs, @pack) where valid_to is null and @pack = any(packs) and {key} <> all(@kept)", new { pack = pack.Code, today, kept });
        if (changed > 0) await work.Execute("update organisation.revision set revision = revision + 1");
        return $"organisation: {places.Count} places, {offices.Count} offices, {posts.Count} posts, {changed} changed";
    }

    public Task Refresh(CancellationToken ct) => directory.Load(ct);

    private Task<int> StoreHead(Work work) => work.Execute("""
        insert into organisation.government as t (code, mark, root, title) values (@Code, @Mark, @Root, @title::jsonb)
        on conflict (code) do update set mark = excluded.mark, root = excluded.root, title = excluded.title where (t.mark, t.root, t.title) is distinct from (excluded.mark, excluded.root, excluded.title)
        """, new { pack.Code, pack.Mark, pack.Root, title = PackTables.Json(pack.Title) });

    private async Task<int> StorePlaces(Work work) => await work.Execute("""
        insert into organisation.place as t (code, kind, parent, lgd_code, name, valid_from, valid_to, packs) select *, array[@pack] from unnest(@codes, @kinds, @parents, @lgd, @names::jsonb[], @froms, @tos)
        on conflict (code) do update set kind = excluded.kind, parent = excluded.parent, lgd_code = excluded.lgd_code, name = excluded.name, valid_from = excluded.valid_from, valid_to = excluded.valid_to, packs = excluded.packs
        where (t.kind, t.parent, t.lgd_code, t.name, t.valid_from, t.valid_to, t.packs) is distinct from (excluded.kind, excluded.parent, excluded.lgd_code, excluded.name, excluded.valid_from, excluded.valid_to, excluded.packs)
        """, new
        {
            pack = pack.Code,
            codes = Column(places, p => p.Code), kinds = Column(places, p => p.Kind), parents = Column(places, p => p.Parent), lgd = Column(places, p => p.Lgd),
            names = Column(places, p => PackTables.Json(p.Text)), froms = places.Select(p => p.From).ToArray(), tos = places.Select(p => p.To).ToArray(),
        }) + await work.Execute("""
        insert into organisation.pin_code as t (pincode, district, post_offices, packs) select *, array[@pack] from unnest(@codes, @districts, @offices)
        on conflict (pincode) do update set district = excluded.district, post_offices = excluded.post_offices, valid_to = null, packs = excluded.packs
        where (t.district, t.post_offices, t.valid_to, t.packs) is distinct from (excluded.district, excluded.post_offices, null, excluded.packs)
        """, new { pack = pack.Code, codes = Column(pins, p => p.Pin), districts = Column(pins, p => p.District), offices = Column(pins, p => p.Offices) });

    /// <summary>A department is one government's. A designation is a word that several may use; while others do, their wording stands.</summary>
    private async Task<int> StoreNames(Work work) => await work.Execute("""
        insert into organisation.department as t (code, name, source, packs) select *, array[@pack] from unnest(@codes, @names::jsonb[], @sources)
        on conflict (code) do update set name = excluded.name, source = excluded.source, valid_to = null, packs = excluded.packs where (t.name, t.source, t.valid_to, t.packs) is distinct from (excluded.name, excluded.source, null, excluded.packs)
        """, Names(departments)) + await work.Execute("""
        insert into organisation.designation as t (code, name, source, packs) select *, array[@pack] from unnest(@codes, @names::jsonb[], @sources)
        on conflict (code) do update set name = case when t.packs <@ excluded.packs then excluded.name else t.name end, source = case when t.packs <@ excluded.packs then excluded.source else t.source end,
          valid_to = null, packs = case when t.packs @> excluded.packs then t.packs else t.packs || excluded.packs end
        where not t.packs @> excluded.packs or t.valid_to is not null or (t.packs <@ excluded.packs and (t.name, t.source) is distinct from (excluded.name, excluded.source))
        """, Names(designations));

    private async Task<int> StoreOffices(Work work) => await work.Execute("""
        insert into organisation.office as t (code, kind, department, place, parent, name, packs) select *, array[@pack] from unnest(@codes, @kinds, @departments, @places, @parents, @names::jsonb[])
        on conflict (code) do update set kind = excluded.kind, department = excluded.department, parent = excluded.parent, name = excluded.name, valid_to = null, packs = excluded.packs
        where (t.kind, t.department, t.parent, t.name, t.valid_to, t.packs) is distinct from (excluded.kind, excluded.department, excluded.parent, excluded.name, null, excluded.packs)
        """, new
        {
            pack = pack.Code,
            codes = Column(offices, o => o.Code), kinds = Column(offices, o => o.Kind), departments = Column(offices, o => o.Department), places = Column(offices, o => o.Place),
            parents = Column(offices, o => o.Parent), names = Column(offices, o => PackTables.Json(o.Text)),
        }) + await work.Execute("""
        insert into organisation.post as t (code, office, designation, place, rank, packs) select *, array[@pack] from unnest(@codes, @offices, @designations, @places, @ranks)
        on conflict (code) do update set office = excluded.office, rank = excluded.rank, valid_to = null, packs = excluded.packs where (t.office, t.rank, t.valid_to, t.packs) is distinct from (excluded.office, excluded.rank, null, excluded.packs)
        """, new { pack = pack.Code, codes = Column(posts, p => p.Code), offices = Column(posts, p => p.Office), designations = Column(posts, p => p.Designation), places = Column(posts, p => p.Place), ranks = posts.Select(p => p.Rank).ToArray() });

    private object Names(List<NameRow> rows) => new { pack = pack.Code, codes = Column(rows, r => r.Code), names = Column(rows, r => r.Name), sources = Column(rows, r => r.Source) };

    private static string?[] Column<T>(IEnumerable<T> rows, Func<T, string?> pick) => [.. rows.Select(pick)];
}
