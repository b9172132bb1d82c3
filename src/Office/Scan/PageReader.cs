using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Find;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Scan;

/// <summary>Reads waiting pages one at a time: rendered by poppler, read by tesseract, each in a bounded process. A page is leased while it is read, so a killed node's page is read by another; nothing is read twice for good, because the row says what was done.</summary>
internal sealed class PageReader(Database database, OfficePapers papers, Seals seals, ReadLimit limit, TimeProvider time)
{
    public const int MostTries = 3;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5), Limit = TimeSpan.FromSeconds(120);

    /// <summary>Share of dark points below which a page is blank.</summary>
    private const double Blank = 0.0004;

    /// <returns>False when no page waits.</returns>
    public async Task<bool> ReadNext(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var page = await database.One<Waiting>("""
            update office.page set lease = @until, tries = tries + 1
            where id = (select id from office.page where state = 'waiting' and (lease is null or lease < @now) order by id for update skip locked limit 1)
            returning id, item, paper, page, lang, tries
            """, new { now, until = now + Lease }, ct);
        if (page is null) return false;
        var (state, read, fault) = ("unreadable", (Recognised?)null, (string?)"tries");
        try
        {
            if (page.Tries <= MostTries) (state, read, fault) = await Read(page, ct);
        }
        catch (SetupException)
        {
            // The node lacks a program; the page does not.
            await database.Execute("update office.page set lease = null, tries = tries - 1 where id = @Id and state = 'waiting'", page, CancellationToken.None);
            throw;
        }

        // A program that failed or hung may do better next time; a page that is wrong in itself stays so.
        if (fault is "timeout" or "failed" && page.Tries < MostTries)
        {
            await database.Execute("update office.page set lease = null, fault = @fault where id = @Id", new { fault, page.Id }, ct);
            return true;
        }

        await database.Write(async work =>
        {
            await Keep(work, page.Paper, page.Page, state, read, fault);
            return true;
        }, ct);
        return true;
    }

    private async Task<(string State, Recognised? Read, string? Fault)> Read(Waiting page, CancellationToken ct)
    {
        if (await papers.Find(page.Paper, ct) is not { } row || await papers.Bytes(row, ct) is not { } content) return ("unreadable", null, "gone");
        using var scratch = new Scratch();
        var source = scratch.File("paper");
        await File.WriteAllBytesAsync(source, content, ct);
        var image = source;
        if (row.Type == "application/pdf")
        {
            var number = page.Page.ToString(CultureInfo.InvariantCulture);
            var drawn = await Bounded.Run("pdftoppm", ["-r", "300", "-gray", "-f", number, "-l", number, "-singlefile", source, scratch.File("page")], Limit, 2048, ct);
            if (drawn.Fault is not null) return ("unreadable", null, drawn.Fault);
            image = scratch.File("page.pgm");
            if (!File.Exists(image)) return ("unreadable", null, "failed");
            if (IsBlank(await File.ReadAllBytesAsync(image, ct))) return ("blank", null, null);
        }

        var read = await Recognition.Read(image, page.Lang, limit.OfPage, ct);
        return read.Fault is null ? ("read", read, null) : ("unreadable", null, read.Fault);
    }

    /// <summary>Keeps what became of a waiting page, and says so when it was the paper's last.</summary>
    /// <param name="state">read, blank or unreadable.</param>
    public async Task Keep(Work work, Guid paper, int page, string state, Recognised? got, string? fault)
    {
        var at = time.GetUtcNow();
        var subject = await work.One<Guid>("select subject from office.paper where id = @paper", new { paper });
        var key = got is null ? null : await seals.Key(work, subject);
        int[] words = got is null ? [] : Words.Of(seals, got.Text);
        var saved = await work.Execute("update office.page set state = @state, text = @sealedText, layer = @layer, places = @places, words = @words, fault = @fault, lease = null, read_at = @at where paper = @paper and page = @page and state = 'waiting'",
            new { state, sealedText = key is null ? null : seals.Seal(key, got!.Text, PageTexts.PaperContext(paper, page)), layer = key is null ? null : seals.Vault.Seal(key, got!.Layer, Recognised.LayerContext(paper, page)), places = key is null ? null : seals.Vault.Seal(key, WordPlaces.Pack(got!.Places), Recognised.PlacesContext(paper, page)), words, fault, at, paper, page });
        if (saved == 0) return;
        // Two last pages at once must not both think that another is still to come.
        await work.Execute("select from office.paper where id = @paper for update", new { paper });
        var (waiting, read, blank, unreadable) = await work.One<(int, int, int, int)>("""
            select count(*) filter (where state = 'waiting')::int, count(*) filter (where state = 'read')::int, count(*) filter (where state = 'blank')::int, count(*) filter (where state = 'unreadable')::int
            from office.page where paper = @paper
            """, new { paper });
        if (waiting > 0) return;
        // On a stream of the paper's own: who works on the receipt or the file meanwhile is not told that another changed it.
        await work.Append($"paper/{paper:N}", null, new PagesAccounted(paper, read, blank, unreadable), Actor.Sahulat("page-reader"), at);
    }

    /// <param name="pgm">A grey picture, eight bits a point (P5).</param>
    public static bool IsBlank(ReadOnlySpan<byte> pgm)
    {
        if (!pgm.StartsWith("P5"u8)) return false;
        var at = 0;
        for (var line = 0; line < 3 && at < pgm.Length; line++) at += pgm[at..].IndexOf((byte)'\n') + 1;
        var points = pgm[at..];
        var dark = 0;
        foreach (var point in points) if (point < 128) dark++;
        return points.Length > 0 && dark < points.Length * Blank;
    }

    private sealed class Waiting
    {
        public long Id { get; init; }

        public Guid Item { get; init; }

        public Guid Paper { get; init; }

        public int Page { get; init; }

        public string Lang { get; init; } = "";

        public int Tries { get; init; }
    }
}

/// <summary><c>Sahulat:ReadSeconds</c>: how long the recognition of a page's text may take before it is given up, for machines slower or pages larger than usual.</summary>
internal sealed class ReadLimit(IConfiguration configuration)
{
    public TimeSpan OfPage { get; } = TimeSpan.FromSeconds(int.TryParse(configuration["Sahulat:ReadSeconds"], out var seconds) && seconds is > 0 and <= 3600 ? seconds : 120);
}

/// <summary>Wakes this node's readers when a page was added here; those of other nodes are found by looking.</summary>
internal sealed class PagesWaiting
{
    private readonly SemaphoreSlim signal = new(0, PageReading.AtOnce);

    public void Wake()
    {
        try
        {
            if (signal.CurrentCount < PageReading.AtOnce) signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another woke it at the same moment.
        }
    }

    public Task Wait(TimeSpan longest, CancellationToken ct) => signal.WaitAsync(longest, ct);
}

/// <summary>Two pages at once on every node, as long as any wait. <c>Sahulat:PageReading=off</c> leaves it to other nodes.</summary>
internal sealed class PageReading(PageReader reader, PagesWaiting waiting, IConfiguration configuration, ILogger<PageReading> log) : BackgroundService
{
    public const int AtOnce = 2;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stop) =>
        configuration["Sahulat:PageReading"] == "off" ? Task.CompletedTask : Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Run(stop)));

    private async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await reader.ReadNext(stop))
                {
                }

                await waiting.Wait(Look, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is NpgsqlException or IOException or JournalConflictException or SetupException)
            {
                log.LogWarning("reading of pages failed ({Reason}); it goes on", e.Message);
                await Task.Delay(Look, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }
}
