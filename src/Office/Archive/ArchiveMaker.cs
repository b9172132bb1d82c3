using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Office.Papers;
using Sahulat.Office.Scan;

namespace Sahulat.Office.Archive;

/// <summary>Makes PDF/A-2b files: pictures become pages as they are (img2pdf), the text layers kept from their reading are laid over them (qpdf), and ocrmypdf with ghostscript makes an archive file of it. Pages that bring a text of their own keep it. Each program runs in bounds.</summary>
internal sealed class ArchiveMaker(Database database, Archives archives, OfficePapers papers, SealedBlobs blobs, Seals seals, Scan.ReadLimit limit, TimeProvider time)
{
    private const int MostTries = 3, Megabytes = 4096;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5), Limit = TimeSpan.FromSeconds(60);

    /// <returns>False when nothing waits.</returns>
    public async Task<bool> Next(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var row = await database.One<ArchiveRow>($"""
            update office.archive set lease = @until, tries = tries + 1, done = 0 where id = (select id from office.archive where state = 'waiting' and (lease is null or lease < @now) order by at for update skip locked limit 1)
            returning {Archives.Columns}
            """, new { now, until = now + Lease }, ct);
        if (row is null) return false;
        using var scratch = new Scratch();
        var fault = row.Tries > MostTries ? "tries" : await Make(row, scratch, ct);
        if (fault is null)
        {
            if (!(await seals.Keys([row.Item], ct)).TryGetValue(row.Item, out var key)) return true;
            await using var content = File.OpenRead(scratch.File("archive.pdf"));
            var blob = await blobs.Put(key, content, Archives.Context(row.Id), ct);
            // Weeded, or made by another node meanwhile: nobody would find these bytes.
            if (await database.Execute("update office.archive set state = 'done', blob = @blob, size = @Length, done = @Pages, lease = null, fault = null where id = @Id and state = 'waiting'", new { blob, content.Length, row.Pages, row.Id }, ct) == 0) await blobs.Delete(blob, ct);
            return true;
        }

        await database.Execute("update office.archive set state = case when @again then state else 'failed' end, fault = @fault, lease = null where id = @Id and state = 'waiting'", new { again = fault is "timeout" or "failed" && row.Tries < MostTries, fault, row.Id }, ct);
        return true;
    }

    private async Task<string?> Make(ArchiveRow row, Scratch scratch, CancellationToken ct)
    {
        var book = new Book(scratch);
        foreach (var part in await archives.Parts(row.Item, row.PageFrom, row.PageTo, ct))
        {
            if (await papers.Find(part.Paper, ct) is not { } paper || !(await seals.Keys([paper.Subject], ct)).TryGetValue(paper.Subject, out var key) || await papers.Bytes(paper, ct) is not { } content) return "gone";
            var (from, to) = (Math.Max(row.PageFrom, part.PageFrom) - part.PageFrom + 1, Math.Min(row.PageTo, part.PageTo) - part.PageFrom + 1);
            if (await book.Add(paper.Type, content, from, to, ct) is { } broken) return broken;
            var layers = (await database.Query<(int Page, string State, byte[]? Layer, string Lang)>("select page, state, layer, lang from office.page where paper = @Id and page between @from and @to", new { paper.Id, from, to }, ct)).ToDictionary(l => l.Page);
            for (var page = from; page <= to; page++)
                if (book.NeedsLayer(page) && layers.TryGetValue(page, out var l) && l.State == "read") book.Lay(page, await Layer(row, paper, key, page, l.Layer, l.Lang, book, ct));
            book.Close();
            await Hold(row, book, TimeSpan.Zero, ct);
        }

        if (book.Pages != row.Pages) return "gone";
        if (await book.Bind(ct) is { } unbound) return unbound;
        var limit = Limit + (row.Pages * TimeSpan.FromSeconds(3));
        await Hold(row, book, limit, ct);
        // What it lays aside is gone with the folder, also when it is killed.
        var made = await Bounded.Run("env", [$"TMPDIR={scratch.Folder}", "ocrmypdf", "--skip-text", "--tesseract-timeout", "0", "--output-type", "pdfa-2", "--optimize", "0", "--jobs", "1", "--quiet", scratch.File("bound.pdf"), scratch.File("archive.pdf")], limit, Megabytes, ct);
        return made.Fault ?? (File.Exists(scratch.File("archive.pdf")) ? null : "failed");
    }

    /// <summary>As it was kept when the page was read; a page that was read before layers were kept is read once more.</summary>
    private async Task<byte[]?> Layer(ArchiveRow row, PaperRow paper, SubjectKey key, int page, byte[]? kept, string lang, Book book, CancellationToken ct)
    {
        var context = Recognised.LayerContext(paper.Id, page);
        if (kept is not null) return seals.Vault.Open(key, kept, context);
        if (await book.Picture(page, ct) is not { } picture || await Recognition.Read(picture, lang, limit.OfPage, ct) is not { Fault: null } read) return null;
        await database.Execute("update office.page set layer = @layer where paper = @Id and page = @page and text is not null", new { layer = seals.Vault.Seal(key, read.Layer, context), paper.Id, page }, ct);
        await Hold(row, book, TimeSpan.Zero, ct);
        return read.Layer;
    }

    /// <summary>Says how far it is, and that this node is still at work.</summary>
    private Task Hold(ArchiveRow row, Book book, TimeSpan next, CancellationToken ct) =>
        database.Execute("update office.archive set done = @Pages, lease = @lease where id = @Id and state = 'waiting'", new { book.Pages, lease = time.GetUtcNow() + next + Lease, row.Id }, ct);

    internal static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Makes PDF/A files on this node, one at a time. <c>Sahulat:PageReading=off</c> leaves it to other nodes.</summary>
internal sealed class ArchiveWork(ArchiveMaker maker, IConfiguration configuration, ILogger<ArchiveWork> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (configuration["Sahulat:PageReading"] == "off") return;
        using var pulse = new PeriodicTimer(TimeSpan.FromSeconds(2));
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await maker.Next(stop))
                {
                }

                await pulse.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is NpgsqlException or IOException or SetupException or UnauthorizedAccessException)
            {
                log.LogWarning("making PDF/A failed ({Reason}); it goes on", e.Message);
                await pulse.WaitForNextTickAsync(stop).AsTask().ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }
}
