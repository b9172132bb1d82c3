using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;
using Sahulat.Office.PlaceByHand;
using Sahulat.Office.Plan;
using Sahulat.Office.Scan;

namespace Sahulat.Office.Intake;

/// <summary>Takes scans apart page by page: separator sheets say to which file the pages behind them belong; blank pages are put aside; the others are put on the correspondence side of their file, upright, straight and read. Each page is one transaction that also moves the scan's own mark on: a killed node's scan goes on at the next page, none lost, none twice. The page that follows is looked at meanwhile.</summary>
internal sealed partial class IntakeReader(Database database, SealedBlobs blobs, Seals seals, OfficePapers papers, OpenFiles openFiles, OfficePosts posts, PageReader reader, PagesWaiting waiting, ReadLimit limit, TimeProvider time) : IDisposable
{
    private const int MostTries = 3, Ahead = 2;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5), Limit = TimeSpan.FromSeconds(40);

    /// <summary>As many pages are looked at on a node as are read, whatever scans they are of.</summary>
    private readonly SemaphoreSlim eyes = new(PageReading.AtOnce);

    public void Dispose() => eyes.Dispose();

    /// <summary>Works on one scan until it is done, as far as nobody else does. Scans of one file wait for those that came before them, so that its pages lie in their order.</summary>
    /// <returns>False when no scan waits.</returns>
    public async Task<bool> Next(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var row = await database.One<IntakeRow>($"""
            update office.intake set lease = @until, tries = tries + 1 where id = (
              select i.id from office.intake i where i.state = 'waiting' and (i.lease is null or i.lease < @now)
                and not exists (select from office.intake e where e.plan = i.plan and e.item is not distinct from i.item and e.state = 'waiting' and (e.at, e.id) < (i.at, i.id))
              order by i.at, i.id for update skip locked limit 1)
            returning {Intakes.Columns}
            """, new { now, until = now + Lease }, ct);
        if (row is null) return false;
        var plan = (await database.One<PlanRow>($"select {ScanPlans.PlanColumns} from office.scan_plan where id = @Plan", row, ct))!;
        if (row.Tries > MostTries)
        {
            await Refuse(row, plan, row.Fault ?? "tries", ct);
            return true;
        }

        try
        {
            await Take(row, plan, ct);
        }
        catch (SetupException)
        {
            // The node lacks something; the scan does not.
            await database.Execute("update office.intake set lease = null, tries = greatest(tries - 1, 0) where id = @Id and state = 'waiting'", row, CancellationToken.None);
            throw;
        }

        return true;
    }

    private async Task Take(IntakeRow row, PlanRow plan, CancellationToken ct)
    {
        // Pages that a person placed have their picture; those to be tried again come before those not yet looked at.
        var again = await database.Query<(int Page, string? Image, Guid? Key)>("select page, image, image_key from office.intake_page where intake = @Id and outcome = 'waiting' order by page", row, ct);
        foreach (var (page, image, subject) in again.Where(p => p.Image is not null))
        {
            if (!await Placed(row, plan, page, image!, subject!.Value, ct)) return;
        }

        if (row.Pages is { } all && row.NextPage > all && again.All(p => p.Image is not null)) return;
        using var scratch = new Scratch();
        if (await Unpack(row, scratch, ct) is { } fault)
        {
            // A program that hung or failed may do better next time; what is broken in itself stays so.
            if (fault == "timeout" && row.Tries < MostTries) await database.Execute("update office.intake set lease = null, fault = @fault where id = @Id", new { fault, row.Id }, ct);
            else await Refuse(row, plan, fault, ct);
            return;
        }

        var pages = row.Type is "image/jpeg" or "image/png" ? 1 : await PagesOf(scratch.File("scan.pdf"), ct);
        if (pages is < 1 or > OfficePapers.MaxPages)
        {
            await Refuse(row, plan, pages < 1 ? "unreadable" : "too-many-pages", ct);
            return;
        }

        int[] left = [.. again.Where(p => p.Image is null).Select(p => p.Page), .. Enumerable.Range(row.NextPage, Math.Max(0, pages - row.NextPage + 1))];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var ahead = new Queue<Task<Looked>>();
        try
        {
            for (var at = 0; at < left.Length; at++)
            {
                for (var next = at + ahead.Count; next < left.Length && ahead.Count < Ahead; next++) ahead.Enqueue(Look(row, plan, scratch, left[next], stop.Token));
                if (!await Page(row, plan, await ahead.Peek(), left[at], pages, ct)) return;
                _ = ahead.Dequeue();
            }

            // A person may have placed pages of it meanwhile.
            await database.Execute("update office.intake set lease = null where id = @Id and state = 'waiting'", row, ct);
        }
        finally
        {
            // What was begun needs the folder until it has ended.
            await stop.CancelAsync();
            await Task.WhenAll(ahead).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<bool> Placed(IntakeRow row, PlanRow plan, int page, string image, Guid subject, CancellationToken ct)
    {
        if (!(await seals.Keys([subject], ct)).TryGetValue(subject, out var key) || await blobs.Open(key, image, PagePicture.Context(row.Id, page), ct) is not { } content)
        {
            // Gone: it is looked at again from the scan.
            await database.Execute("update office.intake_page set image = null, image_key = null where intake = @Id and page = @page and outcome = 'waiting'", new { row.Id, page }, ct);
            await database.Execute("update office.intake set lease = null where id = @Id and state = 'waiting'", row, ct);
            return false;
        }

        using var memory = new MemoryStream();
        await using (content) await content.CopyToAsync(memory, ct);
        return await Page(row, plan, new Looked("kept", memory.ToArray()), page, row.Pages ?? page, ct);
    }

    private async Task<Looked> Look(IntakeRow row, PlanRow plan, Scratch scratch, int page, CancellationToken ct)
    {
        await eyes.WaitAsync(ct);
        try
        {
            return await PageLook.At(scratch.File(row.Type is "image/jpeg" or "image/png" ? "scan" : "scan.pdf"), row.Type, page, plan.Lang, limit.OfPage, ct);
        }
        finally
        {
            eyes.Release();
        }
    }

    /// <returns>False when another node has the scan now.</returns>
    private async Task<bool> Page(IntakeRow row, PlanRow plan, Looked looked, int page, int pages, CancellationToken ct)
    {
        string? old = null;
        var mine = await database.Write(async work =>
        {
            var (state, next, running) = await work.One<(string, int, Guid?)>("select state, next_page, item from office.intake where id = @Id for update", row);
            var was = await work.One<PageRow>("select outcome, item, image, image_key, turned, skew from office.intake_page where intake = @Id and page = @page", new { row.Id, page });
            if (state != "waiting" || (was is null ? next != page : was.Outcome != "waiting")) return false;
            var at = time.GetUtcNow();
            var (outcome, item) = (looked.Outcome, was is null ? running : was.Item);
            Guid? paper = null, perhaps = null;
            if (outcome == "separator") item = await work.One<Guid?>("select s.id from office.scan_item s join office.scan_bundle b on b.id = s.bundle where s.code = @Code and b.plan = @Id", new { looked.Code, plan.Id }) ?? item;
            else if (outcome == "kept" && (item is null || await work.One<bool>("select exists (select from office.scan_item s join office.file f on f.id = s.file_id where s.id = @item and f.state in ('weeded', 'transferred'))", new { item }))) (outcome, item) = ("unplaced", was is null ? item : null);
            var digest = looked.Image is null ? null : seals.Hash("intake/page", Convert.ToHexString(SHA256.HashData(looked.Image)));
            if (outcome == "kept" && await work.One<bool>("select exists (select from office.intake_page where digest = @digest and outcome = 'kept' and item = @item)", new { digest, item })) outcome = "duplicate";
            if (outcome == "kept") paper = await File(work, plan, item!.Value, row.Official ?? plan.Official, looked.Image!, at);
            if (paper is { } kept && looked.Read is { } read)
            {
                await reader.Keep(work, kept, 1, "read", read, null);
                perhaps = await Alike.To(work, item!.Value, kept);
            }
            else if (paper is not null) work.Afterwards(committed => { if (committed) waiting.Wake(); });
            var (image, key) = outcome != "unplaced" ? (null, null) : was?.Image is { } there ? (there, was.ImageKey) : await Picture(work, row.Id, page, looked.Image!, at);
            if (was?.Image is { } shown && image is null)
            {
                old = shown;
                await seals.Vault.Erase(work, was.ImageKey!.Value, Actor.Sahulat("intake-reader"));
            }

            await work.Execute("""
                insert into office.intake_page (intake, page, item, outcome, paper, digest, turned, skew, image, image_key, perhaps, at) values (@Id, @page, @own, @outcome, @paper, @digest, @Turned, @Skew, @image, @key, @perhaps, @at)
                on conflict (intake, page) do update set item = excluded.item, outcome = excluded.outcome, paper = excluded.paper, digest = excluded.digest, turned = excluded.turned, skew = excluded.skew, image = excluded.image, image_key = excluded.image_key, perhaps = excluded.perhaps, at = excluded.at
                """, new { row.Id, page, own = outcome is "separator" or "unplaced" ? null : item, outcome, paper, digest, Turned = was?.Image is null ? looked.Turned : was.Turned, Skew = was?.Image is null ? (float)looked.Skew : was.Skew, image, key, perhaps, at });
            if (was is null) (next, running) = (page + 1, item);
            var done = next > pages && !await work.One<bool>("select exists (select from office.intake_page where intake = @Id and outcome = 'waiting')", row);
            await work.Execute("update office.intake set pages = @pages, next_page = @next, item = @running, lease = @lease, tries = 1, fault = null, state = case when @done then 'done' else state end, done_at = case when @done then @at end where id = @Id", new { row.Id, pages, next, running, lease = at + Lease, done, at });
            if (done) await Account(work, row, plan, at);
            return true;
        }, ct);
        if (old is not null) await blobs.Delete(old, ct);
        return mine;
    }

    private static async Task Account(Work work, IntakeRow row, PlanRow plan, DateTimeOffset at)
    {
        var n = (await work.Query<(string, int)>("select outcome, count(*)::int from office.intake_page where intake = @Id group by 1", row)).ToDictionary(o => o.Item1, o => o.Item2);
        await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanAccounted(row.Id, n.GetValueOrDefault("kept"), n.GetValueOrDefault("blank"), n.GetValueOrDefault("separator"), n.GetValueOrDefault("duplicate"), n.GetValueOrDefault("unplaced"), n.GetValueOrDefault("unreadable")), Actor.Sahulat("intake-reader"), at);
    }

    /// <summary>A page without a file is kept as a picture until a person places it: under a key of its own, so that it can be destroyed with the file into which it comes.</summary>
    private async Task<(string Image, Guid? Key)> Picture(Work work, Guid scan, int page, byte[] image, DateTimeOffset at)
    {
        var subject = Guid.CreateVersion7(at);
        using var memory = new MemoryStream(image, writable: false);
        return (await blobs.Put(await seals.Key(work, subject), memory, PagePicture.Context(scan, page), work.Cancelled), subject);
    }

    /// <summary>Puts a page on the correspondence side of the item's file, which is opened with its first page.</summary>
    private async Task<Guid> File(Work work, PlanRow plan, Guid itemId, Guid official, byte[] image, DateTimeOffset at)
    {
        var item = (await work.One<ItemRow>($"select {ScanPlans.ItemColumns}, 0 as kept, 0 as hands from office.scan_item s where s.id = @itemId for update", new { itemId }))!;
        var reach = new Reach(new OfficialCaller(official, ""), new Dictionary<string, string> { [plan.Post] = plan.Post }, [.. Scope.Of(Scope.Normal, plan.Post, posts.Organisation)]);
        if (item.FileId is not { } fileId)
        {
            var title = seals.Open(await seals.Key(work, item.Subject ?? plan.Id), item.Title, ScanPlans.TitleContext(item.Id));
            // A number that the office uses already gets the item's code behind it.
            var taken = await work.One<bool>("select exists (select from office.file where office = @Office and number = @Number)", new { plan.Office, item.Number });
            fileId = (await openFiles.Open(work, reach, new NewFile(plan.Post, null, null, taken ? $"{item.Number} {item.Code}" : item.Number, title, Scope.Normal, "normal"), plan.Office)).Value;
            await work.Execute("update office.scan_item set file_id = @fileId where id = @itemId", new { fileId, itemId });
        }

        var row = (await work.One<FileRow>($"select {FileRow.Columns} from office.file where id = @fileId for update", new { fileId }))!;
        var open = new OpenFile(work, row, reach, plan.Post, at);
        var added = await papers.Add(work, await seals.Key(work, fileId), fileId, new IncomingPaper(image, $"{item.Number} {row.Pages + 1}.jpg", "image/jpeg", 1), plan.Lang, row.Scopes);
        await Correspondence.Append(open, added.Id, 1, "legacy", null, null);
        open.Say(new PaperAdded(added.Id, added.Type, 1, Convert.ToHexStringLower(added.Digest)));
        await open.Save();
        return added.Id;
    }

    private async Task<string?> Unpack(IntakeRow row, Scratch scratch, CancellationToken ct)
    {
        var subject = row.Subject ?? row.Plan;
        if (row.Blob is null || !(await seals.Keys([subject], ct)).TryGetValue(subject, out var key) || await blobs.Open(key, row.Blob, Intakes.Context(row.Id), ct) is not { } content) return "gone";
        await using (content)
        await using (var file = System.IO.File.Create(scratch.File("scan"))) await content.CopyToAsync(file, ct);
        if (row.Type == "application/pdf") System.IO.File.Move(scratch.File("scan"), scratch.File("scan.pdf"));
        if (row.Type != "image/tiff") return null;
        var made = await Bounded.Run("tiff2pdf", ["-o", scratch.File("scan.pdf"), scratch.File("scan")], TimeSpan.FromSeconds(120), 3072, ct);
        return made.Fault is null && System.IO.File.Exists(scratch.File("scan.pdf")) ? null : made.Fault == "timeout" ? "timeout" : "unreadable";
    }

    private static async Task<int> PagesOf(string pdf, CancellationToken ct) =>
        await Bounded.Run("pdfinfo", [pdf], Limit, 1024, ct) is { Fault: null } info && PageCount().Match(info.Text) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    /// <summary>What is not read yet is given up. A scan that was done before stays done: the pages that were tried again are what they were.</summary>
    private Task Refuse(IntakeRow row, PlanRow plan, string why, CancellationToken ct) => database.Write(async work =>
    {
        var at = time.GetUtcNow();
        var state = await work.One<string>("update office.intake set state = case when next_page > pages then 'done' else 'refused' end, fault = @why, lease = null, done_at = @at where id = @Id and state = 'waiting' returning state", new { why, row.Id, at });
        if (state is null) return;
        await work.Execute("update office.intake_page set outcome = case when image is null then 'unreadable' else 'unplaced' end, item = case when image is null then item end where intake = @Id and outcome = 'waiting'", row);
        if (state == "done") await Account(work, row, plan, at);
        else await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanRefused(row.Id, why), Actor.Sahulat("intake-reader"), at);
    }, ct);

    [GeneratedRegex(@"^Pages:\s+(\d{1,6})", RegexOptions.Multiline)]
    private static partial Regex PageCount();

    private sealed class PageRow
    {
        public string Outcome { get; init; } = "";

        public Guid? Item { get; init; }

        public string? Image { get; init; }

        public Guid? ImageKey { get; init; }

        public int Turned { get; init; }

        public float Skew { get; init; }
    }
}
