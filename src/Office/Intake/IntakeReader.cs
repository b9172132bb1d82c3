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

/// <summary>Takes scans apart page by page: separator sheets say to which file the pages behind them belong; blank pages are put aside; the others are turned, straightened and put on the correspondence side of their file, where they are read. Each page is one transaction that also moves the scan's own mark on: a killed node's scan goes on at the next page, none lost, none twice.</summary>
internal sealed partial class IntakeReader(Database database, SealedBlobs blobs, Seals seals, OfficePapers papers, OpenFiles openFiles, OfficePosts posts, PagesWaiting waiting, TimeProvider time)
{
    public const string Mark = "SAHULAT-SCAN:";

    private const int MostTries = 3;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5), Limit = TimeSpan.FromSeconds(60);

    /// <summary>Works on one scan until it is done, as far as nobody else does.</summary>
    /// <returns>False when no scan waits.</returns>
    public async Task<bool> Next(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var row = await database.One<IntakeRow>($"""
            update office.intake set lease = @until, tries = tries + 1 where id = (select id from office.intake where state = 'waiting' and (lease is null or lease < @now) order by at for update skip locked limit 1)
            returning {Intakes.Columns}
            """, new { now, until = now + Lease }, ct);
        if (row is null) return false;
        var plan = (await database.One<PlanRow>($"select {ScanPlans.PlanColumns} from office.scan_plan where id = @Plan", row, ct))!;
        if (row.Tries > MostTries)
        {
            await Refuse(row, plan, row.Fault ?? "tries", ct);
            return true;
        }

        using var scratch = new Scratch();
        if (await Unpack(row, scratch, ct) is { } fault)
        {
            // A program that hung or failed may do better next time; what is broken in itself stays so.
            if (fault == "timeout" && row.Tries < MostTries) await database.Execute("update office.intake set lease = null, fault = @fault where id = @Id", new { fault, row.Id }, ct);
            else await Refuse(row, plan, fault, ct);
            return true;
        }

        var pages = row.Type is "image/jpeg" or "image/png" ? 1 : await PagesOf(scratch.File("scan.pdf"), ct);
        if (pages is < 1 or > OfficePapers.MaxPages)
        {
            await Refuse(row, plan, "unreadable", ct);
            return true;
        }

        for (var page = row.NextPage; page <= pages; page++)
            if (!await Page(row, plan, scratch, page, pages, ct)) return true;
        return true;
    }

    /// <returns>False when another node has the scan now.</returns>
    private async Task<bool> Page(IntakeRow row, PlanRow plan, Scratch scratch, int page, int pages, CancellationToken ct)
    {
        var read = await Look(row, scratch, page, ct);
        return await database.Write(async work =>
        {
            var (state, next, item) = await work.One<(string, int, Guid?)>("select state, next_page, item from office.intake where id = @Id for update", row);
            if (state != "waiting" || next != page) return false;
            var at = time.GetUtcNow();
            var outcome = read.Outcome;
            Guid? paper = null;
            if (outcome == "separator") item = await work.One<Guid?>("select s.id from office.scan_item s join office.scan_bundle b on b.id = s.bundle where s.code = @Code and b.plan = @Id", new { read.Code, plan.Id }) ?? item;
            else if (outcome == "kept" && item is null) outcome = "unplaced";
            var digest = read.Image is null ? null : seals.Hash("intake/page", Convert.ToHexString(SHA256.HashData(read.Image)));
            if (outcome == "kept" && await work.One<bool>("select exists (select from office.intake_page where digest = @digest and outcome = 'kept' and item = @item)", new { digest, item })) outcome = "duplicate";
            if (outcome == "kept") paper = await File(work, plan, item!.Value, row.Official ?? plan.Official, read.Image!, at);
            if (paper is not null) work.Afterwards(committed => { if (committed) waiting.Wake(); });
            await work.Execute("insert into office.intake_page (intake, page, item, outcome, paper, digest, turned, skew, at) values (@Id, @page, @item, @outcome, @paper, @digest, @Turned, @Skew, @at)", new { row.Id, page, item = outcome == "separator" ? null : item, outcome, paper, digest, read.Turned, Skew = (float)read.Skew, at });
            var done = page == pages;
            await work.Execute("update office.intake set pages = @pages, next_page = @page + 1, item = @item, lease = @lease, tries = 1, fault = null, state = case when @done then 'done' else state end, done_at = case when @done then @at end where id = @Id", new { row.Id, pages, page, item, lease = at + Lease, done, at });
            if (done)
            {
                var n = (await work.Query<(string, int)>("select outcome, count(*)::int from office.intake_page where intake = @Id group by 1", row)).ToDictionary(o => o.Item1, o => o.Item2);
                await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanAccounted(row.Id, n.GetValueOrDefault("kept"), n.GetValueOrDefault("blank"), n.GetValueOrDefault("separator"), n.GetValueOrDefault("duplicate"), n.GetValueOrDefault("unplaced"), n.GetValueOrDefault("unreadable")), Actor.Sahulat("intake-reader"), at);
            }

            return true;
        }, ct);
    }

    private sealed record Looked(string Outcome, byte[]? Image = null, string? Code = null, int Turned = 0, double Skew = 0);

    private async Task<Looked> Look(IntakeRow row, Scratch scratch, int page, CancellationToken ct)
    {
        var number = page.ToString(CultureInfo.InvariantCulture);
        var drawn = row.Type switch
        {
            "image/jpeg" => await Bounded.Run("jpegtopnm", ["-quiet", scratch.File("scan")], Limit, 2048, ct),
            "image/png" => await Bounded.Run("pngtopnm", ["-quiet", scratch.File("scan")], Limit, 2048, ct),
            _ => await Bounded.Run("pdftoppm", ["-r", "300", "-gray", "-f", number, "-l", number, "-singlefile", scratch.File("scan.pdf"), scratch.File("page")], Limit, 2048, ct),
        };
        if (drawn.Fault == "missing") throw new SetupException("A program for scans is missing; install them with: sudo apt-get install -y poppler-utils netpbm libtiff-tools zbar-tools");
        if (drawn.Fault is not null) return new Looked("unreadable");
        if (row.Type is "image/jpeg" or "image/png")
        {
            await System.IO.File.WriteAllBytesAsync(scratch.File("colour"), drawn.Output, ct);
            var grey = await Bounded.Run("ppmtopgm", ["-quiet", scratch.File("colour")], Limit, 2048, ct);
            await System.IO.File.WriteAllBytesAsync(scratch.File("page.pgm"), grey.Fault is null ? grey.Output : drawn.Output, ct);
        }

        if (!System.IO.File.Exists(scratch.File("page.pgm")) || Grey.Read(await System.IO.File.ReadAllBytesAsync(scratch.File("page.pgm"), ct)) is not { } image) return new Looked("unreadable");
        var small = image.Shrink(Math.Max(1, image.Width / 900));
        await System.IO.File.WriteAllBytesAsync(scratch.File("small.pgm"), small.Write(), ct);
        if (image.IsBlank()) return new Looked("blank");
        if (await Bounded.Run("zbarimg", ["-q", "--raw", "-Sdisable", "-Sqrcode.enable", scratch.File("small.pgm")], Limit, 1024, ct) is { Fault: null } code && Separator().Match(code.Text) is { Success: true } found) return new Looked("separator", Code: found.Groups[1].Value);
        // Half the points tell which way is up as well, in a quarter of the time.
        var half = image.Shrink(image.Width > 1800 ? 2 : 1);
        await System.IO.File.WriteAllBytesAsync(scratch.File("half.pgm"), half.Write(), ct);
        var turned = await Turned(scratch, ct);
        image = image.Turn(turned);
        var skew = image.Skew();
        image = image.Straighten(skew);
        await System.IO.File.WriteAllBytesAsync(scratch.File("straight.pgm"), image.Write(), ct);
        var jpeg = await Bounded.Run("pnmtojpeg", ["-quality=80", scratch.File("straight.pgm")], Limit, 1024, ct);
        return jpeg.Fault is null ? new Looked("kept", jpeg.Output, null, turned, skew) : new Looked("unreadable");
    }

    /// <summary>By how much the page must be turned to stand upright; a page with little text stays as it is.</summary>
    private static async Task<int> Turned(Scratch scratch, CancellationToken ct)
    {
        var seen = await Bounded.Run("tesseract", [scratch.File("half.pgm"), "stdout", "--psm", "0", "--dpi", "150", "-c", "min_characters_to_try=30"], Limit, 2048, ct);
        if (seen.Fault is not null) return 0;
        var turn = Rotate().Match(seen.Text) is { Success: true } r ? int.Parse(r.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        var sure = Confidence().Match(seen.Text) is { Success: true } c && double.Parse(c.Groups[1].Value, CultureInfo.InvariantCulture) > 2;
        return sure && turn is 90 or 180 or 270 ? turn : 0;
    }

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
        if (made.Fault == "missing") throw new SetupException("tiff2pdf is missing; install it with: sudo apt-get install -y libtiff-tools");
        return made.Fault is null && System.IO.File.Exists(scratch.File("scan.pdf")) ? null : made.Fault == "timeout" ? "timeout" : "unreadable";
    }

    private static async Task<int> PagesOf(string pdf, CancellationToken ct) =>
        await Bounded.Run("pdfinfo", [pdf], Limit, 1024, ct) is { Fault: null } info && PageCount().Match(info.Text) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private Task Refuse(IntakeRow row, PlanRow plan, string why, CancellationToken ct) => database.Write(async work =>
    {
        if (await work.Execute("update office.intake set state = 'refused', fault = @why, lease = null, done_at = @now where id = @Id and state = 'waiting'", new { why, row.Id, now = time.GetUtcNow() }) > 0)
            await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanRefused(row.Id, why), Actor.Sahulat("intake-reader"), time.GetUtcNow());
    }, ct);

    [GeneratedRegex(@"SAHULAT-SCAN:([A-Z2-9]{10})")]
    private static partial Regex Separator();

    [GeneratedRegex(@"^Pages:\s+(\d{1,6})", RegexOptions.Multiline)]
    private static partial Regex PageCount();

    [GeneratedRegex(@"^Rotate: (\d+)", RegexOptions.Multiline)]
    private static partial Regex Rotate();

    [GeneratedRegex(@"^Orientation confidence: ([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex Confidence();
}
