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
using Sahulat.Office.Plan;
using Sahulat.Office.Scan;

namespace Sahulat.Office.Intake;

/// <summary>Takes scans apart page by page: separator sheets say to which file the pages behind them belong; blank pages are put aside; the others are put on the correspondence side of their file, upright, straight and read. Each page is one transaction that also moves the scan's own mark on: a killed node's scan goes on at the next page, none lost, none twice. The page that follows is looked at meanwhile.</summary>
internal sealed partial class IntakeReader(Database database, SealedBlobs blobs, Seals seals, OfficePapers papers, OpenFiles openFiles, OfficePosts posts, PageReader reader, PagesWaiting waiting, TimeProvider time) : IDisposable
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
            await Refuse(row, plan, "unreadable", ct);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var ahead = new Queue<Task<Looked>>();
        try
        {
            for (var page = row.NextPage; page <= pages; page++)
            {
                for (var next = page + ahead.Count; next <= pages && ahead.Count < Ahead; next++) ahead.Enqueue(Look(row, plan, scratch, next, stop.Token));
                if (!await Page(row, plan, await ahead.Peek(), page, pages, ct)) return;
                _ = ahead.Dequeue();
            }
        }
        finally
        {
            // What was begun needs the folder until it has ended.
            await stop.CancelAsync();
            await Task.WhenAll(ahead).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<Looked> Look(IntakeRow row, PlanRow plan, Scratch scratch, int page, CancellationToken ct)
    {
        await eyes.WaitAsync(ct);
        try
        {
            return await PageLook.At(scratch.File(row.Type is "image/jpeg" or "image/png" ? "scan" : "scan.pdf"), row.Type, page, plan.Lang, ct);
        }
        finally
        {
            eyes.Release();
        }
    }

    /// <returns>False when another node has the scan now.</returns>
    private Task<bool> Page(IntakeRow row, PlanRow plan, Looked looked, int page, int pages, CancellationToken ct) =>
        database.Write(async work =>
        {
            var (state, next, item) = await work.One<(string, int, Guid?)>("select state, next_page, item from office.intake where id = @Id for update", row);
            if (state != "waiting" || next != page) return false;
            var at = time.GetUtcNow();
            var outcome = looked.Outcome;
            Guid? paper = null;
            if (outcome == "separator") item = await work.One<Guid?>("select s.id from office.scan_item s join office.scan_bundle b on b.id = s.bundle where s.code = @Code and b.plan = @Id", new { looked.Code, plan.Id }) ?? item;
            else if (outcome == "kept" && item is null) outcome = "unplaced";
            var digest = looked.Image is null ? null : seals.Hash("intake/page", Convert.ToHexString(SHA256.HashData(looked.Image)));
            if (outcome == "kept" && await work.One<bool>("select exists (select from office.intake_page where digest = @digest and outcome = 'kept' and item = @item)", new { digest, item })) outcome = "duplicate";
            if (outcome == "kept") paper = await File(work, plan, item!.Value, row.Official ?? plan.Official, looked.Image!, at);
            if (paper is { } kept && looked.Read is { } read) await reader.Keep(work, kept, 1, "read", read, null);
            else if (paper is not null) work.Afterwards(committed => { if (committed) waiting.Wake(); });
            await work.Execute("insert into office.intake_page (intake, page, item, outcome, paper, digest, turned, skew, at) values (@Id, @page, @item, @outcome, @paper, @digest, @Turned, @Skew, @at)", new { row.Id, page, item = outcome == "separator" ? null : item, outcome, paper, digest, looked.Turned, Skew = (float)looked.Skew, at });
            var done = page == pages;
            await work.Execute("update office.intake set pages = @pages, next_page = @page + 1, item = @item, lease = @lease, tries = 1, fault = null, state = case when @done then 'done' else state end, done_at = case when @done then @at end where id = @Id", new { row.Id, pages, page, item, lease = at + Lease, done, at });
            if (done)
            {
                var n = (await work.Query<(string, int)>("select outcome, count(*)::int from office.intake_page where intake = @Id group by 1", row)).ToDictionary(o => o.Item1, o => o.Item2);
                await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanAccounted(row.Id, n.GetValueOrDefault("kept"), n.GetValueOrDefault("blank"), n.GetValueOrDefault("separator"), n.GetValueOrDefault("duplicate"), n.GetValueOrDefault("unplaced"), n.GetValueOrDefault("unreadable")), Actor.Sahulat("intake-reader"), at);
            }

            return true;
        }, ct);

    /// <summary>Puts a page on the correspondence side of the item's file, which is opened with its first page.</summary>
    private async Task<Guid> File(Work work, PlanRow plan, Guid itemId, Guid official, byte[] image, DateTimeOffset at)
    {
        var item = (await work.One<ItemRow>("select id, bundle, seq, code, kind, number, title, expected, file_id, 0 as kept, 0 as hands from office.scan_item where id = @itemId for update", new { itemId }))!;
        var reach = new Reach(new OfficialCaller(official, ""), new Dictionary<string, string> { [plan.Post] = plan.Post }, [.. Scope.Of(Scope.Normal, plan.Post, posts.Organisation)]);
        if (item.FileId is not { } fileId)
        {
            var title = seals.Open((await seals.Keys([plan.Id], work.Cancelled))[plan.Id], item.Title, ScanPlans.TitleContext(item.Id));
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
        if (!(await seals.Keys([row.Plan], ct)).TryGetValue(row.Plan, out var key) || await blobs.Open(key, row.Blob, Intakes.Context(row.Id), ct) is not { } content) return "gone";
        await using (content)
        await using (var file = System.IO.File.Create(scratch.File("scan"))) await content.CopyToAsync(file, ct);
        if (row.Type == "application/pdf") System.IO.File.Move(scratch.File("scan"), scratch.File("scan.pdf"));
        if (row.Type != "image/tiff") return null;
        var made = await Bounded.Run("tiff2pdf", ["-o", scratch.File("scan.pdf"), scratch.File("scan")], TimeSpan.FromSeconds(120), 3072, ct);
        return made.Fault is null && System.IO.File.Exists(scratch.File("scan.pdf")) ? null : made.Fault == "timeout" ? "timeout" : "unreadable";
    }

    private static async Task<int> PagesOf(string pdf, CancellationToken ct) =>
        await Bounded.Run("pdfinfo", [pdf], Limit, 1024, ct) is { Fault: null } info && PageCount().Match(info.Text) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private Task Refuse(IntakeRow row, PlanRow plan, string why, CancellationToken ct) => database.Write(async work =>
    {
        if (await work.Execute("update office.intake set state = 'refused', fault = @why, lease = null, done_at = @now where id = @Id and state = 'waiting'", new { why, row.Id, now = time.GetUtcNow() }) > 0)
            await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanRefused(row.Id, why), Actor.Sahulat("intake-reader"), time.GetUtcNow());
    }, ct);

    [GeneratedRegex(@"^Pages:\s+(\d{1,6})", RegexOptions.Multiline)]
    private static partial Regex PageCount();
}
