using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Intake;
using Sahulat.Office.Plan;

namespace Sahulat.Office.PlaceByHand;

/// <summary>What became of a scan that came in.</summary>
internal enum TakenAs
{
    New,

    /// <summary>It was here, with nothing left to do.</summary>
    Known,

    /// <summary>It was here; what was refused, unreadable or without a file is looked at again.</summary>
    Again,
}

/// <param name="Outcome">unplaced or unreadable.</param>
/// <param name="Pictured">Whether it can be shown.</param>
internal sealed record LostPage(Guid Intake, int Page, string Outcome, bool Pictured, string? Number, DateTimeOffset At, string Source, int Pages, bool HasScan);

/// <summary>Second chances: pages without a file are put into one by a person; unreadable pages and refused scans are looked at again. The reader does it, page by page, as it does everything.</summary>
internal sealed class Placing(Database database, SealedBlobs blobs, Seals seals, OfficePosts posts, TimeProvider time)
{
    public const int Shown = 24;

    private const string Lost = "from office.intake_page p join office.intake i on i.id = p.intake where i.plan = @plan and p.outcome in ('unplaced', 'unreadable')";

    public async Task<(int All, IReadOnlyList<LostPage> Pages)> Of(Guid plan, int page, CancellationToken ct) =>
        (await database.One<int>($"select count(*)::int {Lost}", new { plan }, ct), await database.Query<LostPage>($"""
            select p.intake, p.page, p.outcome, p.image is not null as pictured, (select number from office.scan_item s where s.id = p.item) as number, i.at, i.source, coalesce(i.pages, p.page) as pages, i.blob is not null as has_scan
            {Lost} order by i.at, i.id, p.page limit @Shown offset @from
            """, new { plan, Shown, from = (page - 1) * Shown }, ct));

    /// <summary>How many pages of each of these scans have no file.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> Unplaced(IEnumerable<Guid> scans, CancellationToken ct) =>
        (await database.Query<(Guid, int)>("select intake, count(*)::int from office.intake_page where intake = any(@ids) and outcome = 'unplaced' group by 1", new { ids = scans.Distinct().ToArray() }, ct)).ToDictionary(n => n.Item1, n => n.Item2);

    /// <param name="scans">All pages of these that have no file.</param>
    /// <param name="item">The file; null to look again at unreadable ones only.</param>
    public async Task<Result<Done>> Place(Reach reach, PlanRow plan, IReadOnlyCollection<(Guid Scan, int Page)> pages, IReadOnlyCollection<Guid> scans, Guid? item, CancellationToken ct)
    {
        if (pages.Count == 0 && scans.Count == 0) return Problem.Invalid([new Fault("page", "office-no-page-ticked")]);
        return await database.Write<Result<Done>>(async work =>
        {
            if (!await Has(work, plan, item)) return Problem.Invalid([new Fault("item", "not-a-choice")]);
            var some = 0;
            foreach (var scan in pages.Select(p => p.Scan).Concat(scans).Distinct().Order())
            {
                if (await work.One<IntakeRow>($"select {Intakes.Columns} from office.intake where id = @scan and plan = @Id for update", new { scan, plan.Id }) is not { } row) return Problem.Conflict;
                // Ticked one by one, or the whole scan: what another placed meanwhile is placed.
                int[]? ticked = scans.Contains(scan) ? null : [.. pages.Where(p => p.Scan == scan).Select(p => p.Page)];
                if (row.Blob is null && await work.One<bool>("select exists (select from office.intake_page where intake = @Id and image is null and outcome = 'unreadable' and page = any(@ticked))", new { row.Id, ticked = ticked ?? [] })) return OfficeProblems.ScanGone;
                some += await Wait(work, row, ticked, item, By(reach, plan));
            }

            return some > 0 ? Done.It : Problem.Conflict;
        }, ct);
    }

    /// <summary>A refused scan, as its bytes are here.</summary>
    public async Task<Result<Done>> Retry(Reach reach, PlanRow plan, Guid scan, CancellationToken ct) => await database.Write<Result<Done>>(async work =>
    {
        if (await work.One<IntakeRow>($"select {Intakes.Columns} from office.intake where id = @scan and plan = @Id for update", new { scan, plan.Id }) is not { } row) return Problem.NotFound;
        if (row.State != "refused") return Problem.Conflict;
        if (row.Blob is null) return OfficeProblems.ScanGone;
        await Begin(work, row.Id, null);
        await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanAgain(row.Id, null, []), By(reach, plan), time.GetUtcNow());
        return Done.It;
    }, ct);

    /// <summary>The same bytes came again. What was refused begins anew with them; pages without a file go into the one chosen now, and unreadable ones are looked at again.</summary>
    /// <returns>What was done, and the sealed bytes that no row names any more.</returns>
    public async Task<(TakenAs As, string? Old)> Same(Work work, IntakeRow known, byte[] content, string type, Guid? item, Actor by)
    {
        if (known.State == "refused")
        {
            await Attach(work, known, content, type);
            await Begin(work, known.Id, item);
            await work.Append(ScanPlans.StreamOf(known.Plan), null, new ScanAgain(known.Id, item, []), by, time.GetUtcNow());
            return (TakenAs.Again, known.Blob);
        }

        if (known.Blob is null && await work.One<bool>("select exists (select from office.intake_page where intake = @Id and outcome = 'unreadable')", known)) await Attach(work, known, content, type);
        return (await Wait(work, known, null, item, by) > 0 ? TakenAs.Again : TakenAs.Known, null);
    }

    public Task<bool> Has(Work work, PlanRow plan, Guid? item) => item is null ? Task.FromResult(true) : work.One<bool>("select exists (select from office.scan_item s join office.scan_bundle b on b.id = s.bundle where s.id = @item and b.plan = @Id)", new { item, plan.Id });

    /// <param name="pages">Null for all.</param>
    private async Task<int> Wait(Work work, IntakeRow row, int[]? pages, Guid? item, Actor by)
    {
        var waiting = await work.Query<int>("""
            update office.intake_page set outcome = 'waiting', item = coalesce(item, @item)
            where intake = @Id and (outcome = 'unplaced' and @item::uuid is not null and (image is not null or @HasScan) or outcome = 'unreadable' and @HasScan) and (@pages::int[] is null or page = any(@pages)) returning page
            """, new { row.Id, item, pages, HasScan = row.Blob is not null || await work.One<bool>("select blob is not null from office.intake where id = @Id", row) });
        if (waiting.Count == 0) return 0;
        if (row.State == "done") await Begin(work, row.Id, null);
        await work.Append(ScanPlans.StreamOf(row.Plan), null, new ScanAgain(row.Id, item, [.. waiting.Order()]), by, time.GetUtcNow());
        return waiting.Count;
    }

    private static Task Begin(Work work, Guid id, Guid? item) =>
        work.Execute("update office.intake set state = 'waiting', fault = null, tries = 0, lease = null, done_at = null, item = coalesce(@item, item) where id = @id", new { id, item });

    /// <summary>The bytes under a new key: the one before may be destroyed.</summary>
    private async Task Attach(Work work, IntakeRow row, byte[] content, string type)
    {
        var subject = Guid.CreateVersion7(time.GetUtcNow());
        using var memory = new MemoryStream(content, writable: false);
        var blob = await blobs.Put(await seals.Key(work, subject), memory, Intakes.Context(row.Id), work.Cancelled);
        await work.Execute("update office.intake set blob = @blob, subject = @subject, type = @type, size = @size, name = null where id = @Id", new { blob, subject, type, size = content.LongLength, row.Id });
        if (row.Subject is { } before) await seals.Vault.Erase(work, before, Actor.Sahulat("intake"));
    }

    private Actor By(Reach reach, PlanRow plan) => reach.As(reach.Acts.Keys.FirstOrDefault(p => posts.OfficeOf(p) == plan.Office) ?? reach.Acts.Keys.First());
}
