using System.Security.Cryptography;
using System.Text;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Onboard;

/// <summary>What a list would do, or did. With faults it does nothing.</summary>
internal sealed record OnboardingPlan(string Kind, IReadOnlyList<OnboardingRow> Added, IReadOnlyList<OnboardingRow> Changed, int Same, IReadOnlyList<Said> Faults, IReadOnlyList<Said> Notices, string Digest)
{
    public int Rows => Added.Count + Changed.Count + Same;
}

/// <summary>Takes lists in. The same list twice changes nothing.</summary>
internal sealed class Onboarding(Database database, OrganisationDirectory directory, IAccounts accounts, IOfficials officials, IHoldings holdings, Vault vault, TimeProvider time)
{
    /// <summary>Whether a plan is only looked at.</summary>
    public async Task<OnboardingPlan> Import(string kind, string text, bool dryRun, Actor by, CancellationToken ct)
    {
        var plan = await Plan(kind, text, ct);
        if (dryRun || plan.Faults.Count > 0 || plan.Added.Count + plan.Changed.Count == 0) return plan;
        var refused = await database.Write(async work =>
        {
            // One list at a time: what the plan was made from may have changed.
            await work.Execute("select pg_advisory_xact_lock(hashtextextended('organisation.onboarding', 0))");
            return await Store(work, plan, by);
        }, ct);
        if (!refused.Ok) return plan with { Faults = [new Said(1, 1, "refused", refused.Problem.Args.FirstOrDefault() ?? refused.Problem.Code)] };
        await directory.Load(ct);
        return plan;
    }

    private async Task<OnboardingPlan> Plan(string kind, string text, CancellationToken ct)
    {
        var (faults, notices) = (new List<Said>(), new List<Said>());
        var employees = kind is "mail" or "vpn" ? (await database.Query<(string, string)>("select key, place from organisation.onboarding where kind = 'user'", ct: ct)).ToDictionary(e => e.Item1, e => e.Item2, StringComparer.OrdinalIgnoreCase) : [];
        var rows = new OnboardingRows(kind, directory, employees, faults).Read(text);
        var known = (await database.Query<Known>("select key, digest, employee, official, name_key, office from organisation.onboarding where kind = @kind and ended_on is null", new { kind }, ct)).ToDictionary(k => k.Key, StringComparer.OrdinalIgnoreCase);
        if (kind == "user") await Persons(rows, known, faults, notices, ct);
        if (kind is "mail" or "vpn")
            foreach (var row in rows.Where(r => known.TryGetValue(r.Key, out var k) && k.Employee is not null && !k.Employee.Equals(r.Employee, StringComparison.OrdinalIgnoreCase)))
                Note(notices, row, OnboardingRows.KeyColumn(kind), "other-owner", known[row.Key].Employee);
        var added = rows.Where(r => !known.ContainsKey(r.Key)).ToArray();
        var changed = rows.Where(r => known.TryGetValue(r.Key, out var k) && !k.Digest.AsSpan().SequenceEqual(r.Digest)).ToArray();
        return new OnboardingPlan(kind, added, changed, rows.Count - added.Length - changed.Length, [.. faults.OrderBy(f => f.Line).ThenBy(f => f.Column)], notices, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>A sign-in name belongs to one employee, a post to one holder; two of one name in one office are perhaps one.</summary>
    private async Task Persons(List<OnboardingRow> rows, Dictionary<string, Known> known, List<Said> faults, List<Said> notices, CancellationToken ct)
    {
        var existing = await accounts.Known([.. rows.Select(r => r.SignIn!)], ct);
        var owners = known.Values.Where(k => k.Official is not null).GroupBy(k => k.Official!.Value).ToDictionary(g => g.Key, g => g.First().Key);
        var today = Ist.Today(time);
        foreach (var row in rows)
        {
            var account = existing.TryGetValue(row.SignIn!, out var id) ? id : (Guid?)null;
            if (account is { } mine && owners.TryGetValue(mine, out var owner) && !owner.Equals(row.Key, StringComparison.OrdinalIgnoreCase)) Note(faults, row, "sign_in", "sign-in-of", owner);
            if (row.Post is not null && directory.Holders(row.Post, row.From ?? today).Any(h => h.Kind == "substantive" && h.Official != account)) Note(faults, row, "post", "held", row.Post);
        }

        var keys = rows.ToDictionary(r => r, r => Convert.ToHexString(NameKey(r.Name!)));
        var here = known.Values.Where(k => k.NameKey is not null).Select(k => (Employee: k.Key, Name: Convert.ToHexString(k.NameKey!), k.Office));
        foreach (var same in rows.Select(r => (Employee: r.Key, Name: keys[r], r.Office)).Concat(here).DistinctBy(r => r.Employee, StringComparer.OrdinalIgnoreCase).GroupBy(r => (r.Name, r.Office)).Where(g => g.Count() > 1))
            foreach (var row in rows.Where(r => same.Any(s => s.Employee == r.Key) && keys[r] == same.Key.Name && !known.ContainsKey(r.Key)))
                Note(notices, row, "name", "same-name", string.Join(", ", same.Select(s => s.Employee).Where(e => e != row.Key)));
    }

    private async Task<Result<Done>> Store(Work work, OnboardingPlan plan, Actor by)
    {
        OnboardingRow[] rows = [.. plan.Added, .. plan.Changed];
        var now = time.GetUtcNow();
        var ids = new Dictionary<string, Guid>();
        if (plan.Kind == "office") await Offices(work, rows);
        if (plan.Kind == "post") await Posts(work, rows);
        if (plan.Kind == "user")
        {
            ids = new(await accounts.Provide(work, [.. rows.Select(r => new NewAccount(r.SignIn!, r.Name!, r.Mail))], by), StringComparer.OrdinalIgnoreCase);
            // Who came in by the identity system first is the same person.
            await work.Execute("delete from organisation.onboarding where kind = 'user' and key = any(@keys)", new { keys = ids.Values.Select(FirstKey).ToArray() });
            var today = Ist.Today(time);
            var wanted = rows.Where(r => r.Post is not null && !directory.Holders(r.Post, r.From ?? today).Any(h => h.Official == ids[r.SignIn!])).Select(r => new Holding(r.Post!, ids[r.SignIn!], "substantive", r.From ?? today, null)).ToArray();
            if (wanted.Length > 0 && await holdings.Take(work, wanted, by) is { Ok: false } refused) return refused.Problem;
        }

        await work.Execute("""
            insert into organisation.onboarding as o (kind, key, phase, place, office, post, employee, official, name_key, training, trained_on, digest, imported_at)
            select @Kind, key, phase, place, office, post, employee, official, name_key, training, trained_on, digest, @now from unnest(@keys, @phases, @places, @offices, @posts, @employees, @ids, @names, @trainings, @trained, @digests) as n(key, phase, place, office, post, employee, official, name_key, training, trained_on, digest)
            on conflict (kind, key) do update set phase = excluded.phase, place = excluded.place, office = excluded.office, post = excluded.post, employee = excluded.employee, official = coalesce(excluded.official, o.official), name_key = excluded.name_key,
              training = case when excluded.training = 'none' then o.training else excluded.training end, trained_on = coalesce(excluded.trained_on, o.trained_on), digest = excluded.digest, imported_at = excluded.imported_at, ended_on = null
            """, new
        {
            plan.Kind, now, keys = rows.Select(r => r.Key).ToArray(), phases = rows.Select(r => r.Phase).ToArray(), places = rows.Select(r => r.Place).ToArray(), offices = rows.Select(r => r.Office).ToArray(), posts = rows.Select(r => r.Post).ToArray(),
            employees = rows.Select(r => r.Employee).ToArray(), ids = rows.Select(r => r.SignIn is { } s ? ids[s] : (Guid?)null).ToArray(), names = rows.Select(r => r.Name is { } name ? NameKey(name) : null).ToArray(),
            trainings = rows.Select(r => r.Training).ToArray(), trained = rows.Select(r => r.TrainedOn).ToArray(), digests = rows.Select(r => r.Digest).ToArray(),
        });
        await work.Append($"onboarding/{plan.Kind}", null, new OnboardingImported(plan.Kind, plan.Rows, plan.Added.Count, plan.Changed.Count, plan.Digest), by, now);
        return Done.It;
    }

    /// <summary>An office that the data pack made keeps what the pack says of it.</summary>
    private static async Task Offices(Work work, OnboardingRow[] rows)
    {
        await work.Execute("""
            insert into organisation.office as o (code, kind, department, place, parent, name, origin) select code, kind, department, place, parent, name, 'onboarding' from unnest(@codes, @kinds, @departments, @places, @parents, @names::jsonb[]) as n(code, kind, department, place, parent, name)
            on conflict (code) do update set kind = excluded.kind, department = excluded.department, place = excluded.place, parent = excluded.parent, name = excluded.name, valid_to = null where o.origin = 'onboarding'
            """, new { codes = rows.Select(r => r.Key).ToArray(), kinds = rows.Select(r => r.Designation).ToArray(), departments = rows.Select(r => r.Department).ToArray(), places = rows.Select(r => r.Place).ToArray(), parents = rows.Select(r => r.Parent).ToArray(), names = rows.Select(r => r.OfficeName).ToArray() });
        await work.Execute("update organisation.revision set revision = revision + 1");
    }

    /// <summary>The first post of an office heads it; the others follow in the order of the list.</summary>
    private static async Task Posts(Work work, OnboardingRow[] rows)
    {
        await work.Execute("""
            insert into organisation.post as p (code, office, designation, place, rank, origin)
            select n.code, n.office, n.designation, n.place, coalesce((select max(rank) + 1 from organisation.post where office = n.office), 0) + (row_number() over (partition by n.office order by n.at) - 1)::int, 'onboarding'
            from unnest(@codes, @offices, @designations, @places) with ordinality as n(code, office, designation, place, at)
            on conflict (code) do update set designation = excluded.designation, valid_to = null where p.origin = 'onboarding'
            """, new { codes = rows.Select(r => r.Key).ToArray(), offices = rows.Select(r => r.Office).ToArray(), designations = rows.Select(r => r.Designation).ToArray(), places = rows.Select(r => r.Place).ToArray() });
        await work.Execute("update organisation.revision set revision = revision + 1");
    }

    /// <summary>The key of a user of whom only the account is known.</summary>
    public static string FirstKey(Guid official) => $"id:{official:N}";

    /// <summary>Names are compared without their order, spaces and dots; kept as a keyed hash.</summary>
    public byte[] NameKey(string name) => vault.BlindIndex("organisation.onboarding/name", string.Join(' ', name.ToUpperInvariant().Split([' ', '.', ',', '-'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));

    public Task<IReadOnlyDictionary<Guid, OfficialName>> Names(IReadOnlyCollection<Guid> ids, CancellationToken ct) => officials.Names(ids, ct);

    private static void Note(List<Said> list, OnboardingRow row, string column, string code, params object?[] args)
    {
        var at = row.Source.Fault(column, "");
        list.Add(new Said(at.Line, at.Column, code, args));
    }

    private sealed record Known(string Key, byte[] Digest, string? Employee, Guid? Official, byte[]? NameKey, string? Office);
}
