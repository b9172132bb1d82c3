using System.Security.Cryptography;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Plan;

/// <param name="KeepDays">So many days after the acceptance of what was scanned the raw scans are destroyed.</param>
internal sealed record PlanRow(Guid Id, string Office, string Post, Guid Official, string Name, string Lang, DateOnly StartsOn, DateOnly DueOn, int Pages, int KeepDays, DateTimeOffset At);

internal sealed record BundleRow(Guid Id, Guid Plan, string Shelf, int Number, string Team, DateOnly TargetOn, string State, DateTimeOffset At);

/// <param name="Subject">Whose key seals its title and what is keyed of it: its own; null is the plan's.</param>
internal sealed record ItemRow(Guid Id, Guid Bundle, int Seq, string Code, string Kind, string Number, byte[] Title, int Expected, Guid? FileId, Guid? Subject, int Kept, int Hands);

/// <summary>A plan with all that is known of its progress.</summary>
internal sealed record PlanView(PlanRow Plan, int Kept, int Expected, int Due, DateOnly? Forecast, IReadOnlyList<(BundleRow Bundle, IReadOnlyList<(ItemRow Item, string Title)> Items)> Bundles, IReadOnlyList<(string Team, int Kept, int Expected)> Teams);

/// <summary>What lies on the shelves of an office, and when it is to be scanned.</summary>
internal sealed class ScanPlans(Database database, OfficePosts posts, Seals seals, TimeProvider time)
{
    public const int MostItems = 500;
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public const string PlanColumns = "id, office, post, official, name, lang, starts_on, due_on, pages, keep_days, at";
    public const string ItemColumns = "s.id, s.bundle, s.seq, s.code, s.kind, s.number, s.title, s.expected, s.file_id, s.subject";
    private const string BundleColumns = "id, plan, shelf, number, team, target_on, state, at";

    public static string StreamOf(Guid plan) => $"scan/{plan:N}";

    public static string TitleContext(Guid item) => $"office.scan_item/{item:N}/title";

    /// <summary>Those of one's office and of the offices below the one that one heads.</summary>
    public async Task<IReadOnlyList<(PlanRow Plan, int Kept)>> All(Reach reach, CancellationToken ct)
    {
        var plans = (await database.Query<PlanRow>($"select {PlanColumns} from office.scan_plan order by at desc", ct: ct)).Where(p => Sees(reach, p, posts)).Take(200).ToArray();
        var kept = (await database.Query<(Guid, int)>("select i.plan, count(*)::int from office.intake_page p join office.intake i on i.id = p.intake where p.outcome = 'kept' and i.plan = any(@ids) group by i.plan", new { ids = plans.Select(p => p.Id).ToArray() }, ct)).ToDictionary(k => k.Item1, k => k.Item2);
        return [.. plans.Select(p => (p, kept.GetValueOrDefault(p.Id)))];
    }

    public async Task<PlanRow?> Find(Reach reach, Guid id, CancellationToken ct) =>
        await database.One<PlanRow>($"select {PlanColumns} from office.scan_plan where id = @id", new { id }, ct) is { } plan && Sees(reach, plan, posts) ? plan : null;

    public async Task<Result<Guid>> Create(Reach reach, string post, string? name, string? lang, DateOnly? starts, DateOnly? due, int? pages, int? keep, CancellationToken ct)
    {
        var check = new Check();
        if (check.That(!string.IsNullOrWhiteSpace(name), "name", "required")) check.That(name!.Length <= 120 && !name.Any(char.IsControl), "name", "too-long", 120);
        check.That(Receipts.Languages.Contains(lang), "lang", lang is null ? "required" : "not-a-choice");
        check.That(starts is not null, "starts", "required");
        check.That(due is not null, "due", "required");
        if (starts is { } from) check.That(due is null || due > from, "due", "date-too-early", from.AddDays(1));
        check.That(pages is >= 1 and <= 100_000_000, "pages", "not-a-number");
        check.That(keep is >= 1 and <= 365, "keep", "office-keep-days");
        if (!check.Ok) return check.ToProblem();
        if (!reach.Acts.ContainsKey(post)) return OfficeProblems.NotWithYou;
        var at = time.GetUtcNow();
        var id = Guid.CreateVersion7(at);
        await database.Write(async work =>
        {
            await work.Execute($"insert into office.scan_plan ({PlanColumns}) values (@id, @office, @post, @official, @name, @lang, @starts, @due, @pages, @keep, @at)", new { id, office = posts.OfficeOf(post), post, official = reach.Who.Id, name = name!.Trim(), lang, starts, due, pages, keep, at });
            await work.Append(StreamOf(id), 0, new ScanPlanned(posts.OfficeOf(post), starts!.Value, due!.Value, pages!.Value), reach.As(post), at);
        }, ct);
        return id;
    }

    /// <param name="list">A file or register a line: number | title | pages | register.</param>
    public async Task<Result<Done>> AddBundle(Reach reach, PlanRow plan, string? shelf, string? team, DateOnly? target, string? list, CancellationToken ct)
    {
        var check = new Check();
        if (check.That(!string.IsNullOrWhiteSpace(shelf), "shelf", "required")) check.That(shelf!.Length <= 60, "shelf", "too-long", 60);
        if (check.That(!string.IsNullOrWhiteSpace(team), "team", "required")) check.That(team!.Length <= 60, "team", "too-long", 60);
        check.That(target is not null, "target", "required");
        check.That(target is null || target >= plan.StartsOn, "target", "date-too-early", plan.StartsOn);
        var items = Items(list, check);
        if (!check.Ok) return check.ToProblem();
        if (reach.Acts.Keys.FirstOrDefault(p => posts.OfficeOf(p) == plan.Office) is not { } post) return OfficeProblems.NotWithYou;
        var at = time.GetUtcNow();
        return await database.Write<Result<Done>>(async work =>
        {
            await work.Execute("select from office.scan_plan where id = @Id for update", new { plan.Id });
            var number = await work.One<int>("select coalesce(max(number), 0) + 1 from office.scan_bundle where plan = @Id", new { plan.Id });
            var bundle = Guid.CreateVersion7(at);
            await work.Execute("insert into office.scan_bundle (id, plan, shelf, number, team, target_on, at) values (@bundle, @Id, @shelf, @number, @team, @target, @at)", new { bundle, plan.Id, shelf = shelf!.Trim(), number, team = team!.Trim(), target, at });
            Guid[] ids = [.. items.Select(_ => Guid.CreateVersion7(at))];
            var keys = await seals.Vault.Keys(work, ids, Seals.Retention);
            for (var i = 0; i < items.Count; i++)
            {
                var id = ids[i];
                await work.Execute("insert into office.scan_item (id, bundle, seq, code, kind, number, title, expected, subject) values (@id, @bundle, @seq, @code, @Kind, @Number, @title, @Pages, @id)",
                    new { id, bundle, seq = i + 1, code = RandomNumberGenerator.GetString(Letters, 10), items[i].Kind, items[i].Number, items[i].Pages, title = seals.Seal(keys[id], items[i].Title, TitleContext(id)) });
            }

            await work.Append(StreamOf(plan.Id), null, new BundleListed(bundle, number, items.Count, items.Sum(i => i.Pages)), reach.As(post), at);
            return Done.It;
        }, ct);
    }

    public async Task<PlanView> View(PlanRow plan, CancellationToken ct)
    {
        var bundles = await database.Query<BundleRow>($"select {BundleColumns} from office.scan_bundle where plan = @Id order by number", new { plan.Id }, ct);
        var items = (await database.Query<ItemRow>($"""
            select {ItemColumns}, (select count(*)::int from office.intake_page p where p.item = s.id and p.outcome = 'kept') as kept, (select count(*)::int from office.scan_keyed k where k.item = s.id) + (select count(*)::int from office.scan_entry e where e.item = s.id) as hands
            from office.scan_item s join office.scan_bundle b on b.id = s.bundle where b.plan = @Id order by s.bundle, s.seq
            """, new { plan.Id }, ct)).ToLookup(i => i.Bundle);
        var daily = await database.Query<(DateTimeOffset At, int Pages)>("select date_trunc('hour', p.at), count(*)::int from office.intake_page p join office.intake i on i.id = p.intake where i.plan = @Id and p.outcome = 'kept' group by 1", new { plan.Id }, ct);
        var days = daily.GroupBy(d => Ist.DateIn(d.At)).Select(g => (g.Key, g.Sum(d => d.Pages))).ToArray();
        var keys = await seals.Keys(items.SelectMany(g => g).Select(i => i.Subject ?? plan.Id), ct);
        var today = Ist.Today(time);
        var all = bundles.Select(b => (b, (IReadOnlyList<(ItemRow, string)>)[.. items[b.Id].Select(i => (i, keys.TryGetValue(i.Subject ?? plan.Id, out var key) ? seals.Open(key, i.Title, TitleContext(i.Id)) : ""))])).ToArray();
        return new PlanView(plan, days.Sum(d => d.Item2), items.Sum(g => g.Sum(i => i.Expected)), ScanProgress.Due(plan.Pages, plan.StartsOn, plan.DueOn, today), ScanProgress.Forecast(plan.Pages, days, today), all,
            [.. all.GroupBy(b => b.b.Team).Select(g => (g.Key, g.Sum(b => b.Item2.Sum(i => i.Item1.Kept)), g.Sum(b => b.Item2.Sum(i => i.Item1.Expected))))]);
    }

    /// <summary>The offices of one's posts; heads see those of every plan below them.</summary>
    private static bool Sees(Reach reach, PlanRow plan, OfficePosts posts) => reach.Sees([.. Scope.Of(Scope.Normal, plan.Post, posts.Organisation)]);

    private static List<(string Kind, string Number, string Title, int Pages)> Items(string? list, Check check)
    {
        var read = new List<(string, string, string, int)>();
        var lines = (list ?? "").Split('\n').Select((text, i) => (Text: text.Trim(), Line: i + 1)).Where(l => l.Text.Length > 0).ToArray();
        if (!check.That(lines.Length > 0, "list", "required") || !check.That(lines.Length <= MostItems, "list", "too-many", MostItems)) return read;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (text, line) in lines)
        {
            var parts = text.Split('|', StringSplitOptions.TrimEntries);
            var good = parts.Length is 3 or 4 && parts[0].Length is > 1 and <= 60 && !parts[0].Any(char.IsControl) && parts[1].Length is > 0 and <= OpenFiles.SubjectMax && int.TryParse(parts[2], out var pages) && pages is > 0 and <= 20_000 && (parts.Length == 3 || parts[3] is "" or "register" or "file");
            if (!check.That(good, "list", "scan-line", line)) continue;
            if (!check.That(seen.Add(parts[0]), "list", "scan-line-twice", line)) continue;
            read.Add((parts.Length == 4 && parts[3] == "register" ? "register" : "file", parts[0], parts[1], int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture)));
        }

        return read;
    }
}
