using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Office.Find;

namespace Sahulat.Office.Papers;

/// <summary>A paper that came in, checked, not yet stored.</summary>
internal sealed record IncomingPaper(byte[] Content, string Name, string Type, int Pages)
{
    /// <summary>What it says, where the program wrote it itself: no page of it needs to be read.</summary>
    public string? Text { get; init; }
}

internal sealed record PaperRow(Guid Id, Guid Item, Guid Subject, string Blob, byte[] Name, string Type, long Size, int Pages, byte[] Digest, DateTimeOffset At);

/// <summary>Papers of receipts and files: checked by content, sealed, kept in the blob store, each page accounted for.</summary>
internal sealed partial class OfficePapers(Database database, SealedBlobs blobs, Seals seals, TimeProvider time)
{
    public const int MaxMegabytes = 50, MaxPages = 2000;

    private const string Columns = "id, item, subject, blob, name, type, size, pages, digest, at";

    public static string Context(Guid id) => $"office.paper/{id:N}";

    /// <summary>What the file is and how many pages it has, or every fault.</summary>
    public static async Task<Result<IncomingPaper>> Read(string field, IFormFile file, CancellationToken ct)
    {
        if (file.Length > MaxMegabytes * 1024L * 1024) return Problem.Invalid([new Fault(field, "file-too-large", MaxMegabytes)]);
        using var memory = new MemoryStream((int)file.Length);
        await file.CopyToAsync(memory, ct);
        return await Read(field, memory.ToArray(), file.FileName, ct);
    }

    public static async Task<Result<IncomingPaper>> Read(string field, byte[] content, string name, CancellationToken ct)
    {
        Problem Refused(string code) => Problem.Invalid([new Fault(field, code)]);
        var type = PaperCheck.TypeOf(content, out var fault);
        if (type is null) return Refused(fault!);
        var pages = type == "application/pdf" ? await PagesOf(content, ct) : 1;
        if (pages is < 1 or > MaxPages) return Refused("file-unsafe");
        var stem = Path.GetFileNameWithoutExtension(name.Replace('\\', '/'));
        var clean = new string([.. stem.Normalize().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.').Take(80)]).Trim();
        return new IncomingPaper(content, (clean.Length == 0 ? "paper" : clean) + (type == "application/pdf" ? ".pdf" : type == "image/png" ? ".png" : ".jpg"), type, pages);
    }

    /// <summary>Stores a paper and its pages. The sealed bytes are there before the row that names them.</summary>
    public async Task<PaperRow> Add(Work work, SubjectKey key, Guid item, IncomingPaper paper, string lang, IEnumerable<string> scopes)
    {
        var row = await Store(work, key, item, paper);
        await work.Execute("insert into office.page (item, paper, page, state, scopes, lang) select @item, @Id, n, 'waiting', @marks, @lang from generate_series(1, @Pages) n",
            new { item, row.Id, marks = Words.Marks(seals, scopes), lang, paper.Pages });
        return row;
    }

    /// <summary>Stores a paper without its pages.</summary>
    public async Task<PaperRow> Store(Work work, SubjectKey key, Guid item, IncomingPaper paper)
    {
        var at = time.GetUtcNow();
        var id = Guid.CreateVersion7(at);
        using var content = new MemoryStream(paper.Content, writable: false);
        var blob = await blobs.Put(key, content, Context(id), work.Cancelled);
        var row = new PaperRow(id, item, key.Subject, blob, seals.Seal(key, paper.Name, Context(id) + "/name"), paper.Type, paper.Content.Length, paper.Pages, Digest(paper.Content), at);
        await work.Execute($"insert into office.paper ({Columns}) values (@Id, @Item, @Subject, @Blob, @Name, @Type, @Size, @Pages, @Digest, @At)", row);
        return row;
    }

    /// <summary>The text of a paper that the program made itself: on its first page, the others hold nothing more.</summary>
    public async Task Known(Work work, SubjectKey key, PaperRow paper, string text)
    {
        await work.Execute("update office.page set state = 'read', text = @sealedText, words = @words, read_at = @At where paper = @Id and page = 1", new { sealedText = seals.Seal(key, text, PageTexts.PaperContext(paper.Id, 1)), words = Words.Of(seals, text), paper.At, paper.Id });
        await work.Execute("update office.page set state = 'blank', read_at = @At where paper = @Id and state = 'waiting'", new { paper.At, paper.Id });
    }

    public byte[] Digest(byte[] content) => seals.Hash("paper/content", Convert.ToHexString(SHA256.HashData(content)));

    public Task<PaperRow?> Find(Guid id, CancellationToken ct) => database.One<PaperRow>($"select {Columns} from office.paper where id = @id", new { id }, ct);

    /// <summary>A receipt's own papers, also when they lie in a file with others.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name, string Type, int Pages)>> OfReceipt(Guid receipt, CancellationToken ct)
    {
        var rows = await database.Query<PaperRow>($"select {Columns} from office.paper where id in (select id from office.paper where item = @receipt union select paper from office.correspondence where receipt_id = @receipt) order by at, id", new { receipt }, ct);
        var keys = await seals.Keys(rows.Select(r => r.Subject), ct);
        return [.. rows.Where(r => keys.ContainsKey(r.Subject)).Select(r => (r.Id, seals.Open(keys[r.Subject], r.Name, Context(r.Id) + "/name"), r.Type, r.Pages))];
    }

    public async Task<Stream?> Open(PaperRow row, CancellationToken ct) =>
        (await seals.Keys([row.Subject], ct)).TryGetValue(row.Subject, out var key) ? await blobs.Open(key, row.Blob, Context(row.Id), ct) : null;

    public async Task<byte[]?> Bytes(PaperRow row, CancellationToken ct)
    {
        if (await Open(row, ct) is not { } content) return null;
        await using (content)
        {
            using var memory = new MemoryStream((int)row.Size);
            await content.CopyToAsync(memory, ct);
            return memory.ToArray();
        }
    }

    private static async Task<int> PagesOf(byte[] pdf, CancellationToken ct)
    {
        using var scratch = new Scratch();
        await File.WriteAllBytesAsync(scratch.File("in.pdf"), pdf, ct);
        var info = await Bounded.Run("pdfinfo", [scratch.File("in.pdf")], TimeSpan.FromSeconds(20), 1024, ct);
        return info.Fault is null && PageCount().Match(info.Text) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"^Pages:\s+(\d{1,6})", RegexOptions.Multiline)]
    private static partial Regex PageCount();
}
