using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Office.Draft;
using Sahulat.Office.Papers;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Mail;

/// <param name="Refused">Why it was not taken in, as a fault's code.</param>
/// <param name="Partly">Something of it was left out.</param>
internal sealed record TakenMail(Guid? Receipt, string? Refused, bool Partly);

/// <summary>Makes a receipt of a mail to a post: its text as a paper that can be cited and found, and each paper that came with it. The same mail is taken in once.</summary>
internal sealed class MailIntake(Database database, Receipts receipts, Clam clam, OfficePosts posts, Seals seals, TextCatalogue texts, TimeProvider time)
{
    private const int MostFiles = 100, MostNamed = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>Null when it must wait: the virus scanner does not answer.</returns>
    /// <exception cref="SetupException">A program is not installed here: it must wait as well.</exception>
    public async Task<TakenMail?> Take(string post, string name, byte[] bytes, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var mail = MailReader.Read(bytes, out var refused, patience.Token);
        ct.ThrowIfCancellationRequested();
        if (mail is null) return await Refuse(post, name, bytes, refused!, ct);
        var mark = Mark(post, mail.Id, bytes);
        if (await Known(post, mark, ct) is { } before) return new TakenMail(before, null, false);
        var lang = Lang.Find(MailReader.LanguageOf($"{mail.Subject} {mail.Text}"))!;
        var t = texts.In(lang);
        var papers = new List<IncomingPaper>();
        var left = new List<LeftOut>();
        if (mail.Cut) left.Add(new LeftOut(t["office.mail.text"], "mail-text-cut"));
        foreach (var (file, content) in mail.Files)
        {
            if (papers.Count >= MostFiles)
            {
                left.Add(new LeftOut(file, "mail-too-many-files"));
                continue;
            }

            var (paper, why) = await Check(file, content, ct);
            if (why == Clam.Away.Code) return null;
            if (paper is not null) papers.Add(paper);
            else left.Add(new LeftOut(file, why!));
        }

        papers.Insert(0, await Sheet(mail, post, t, ct));
        var today = Ist.Today(time);
        var dated = mail.Dated is { } at && Ist.DateIn(at) <= today ? Ist.DateIn(at) : (DateOnly?)null;
        var details = new ReceiptDetails(mail.Sender, null, null, mail.Subject.Length > 0 ? mail.Subject : t["office.mail.no-subject"], null, dated) { Email = mail.Email, LeftOut = left.Count > 0 ? [.. left.Take(MostNamed)] : null };
        var receipt = await database.Write(async work =>
        {
            // Two nodes that read one folder: the second waits and finds it taken.
            await work.Execute("select pg_advisory_xact_lock(hashtextextended(@mark, 0))", new { mark = Convert.ToHexString(mark) });
            if (await work.One<Guid?>("select receipt from office.mail where post = @post and mail = @mark and receipt is not null", new { post, mark }) is { } taken) return taken;
            var id = await receipts.Write(work, new NewReceipt(post, "email", lang.Code, Scope.Normal, "normal", details, today, null, null, papers), Actor.Sahulat("mail-folder"));
            await Note(work, post, mark, id, null, name);
            return id;
        }, ct);
        return new TakenMail(receipt, null, left.Count > 0);
    }

    /// <summary>Notes that a mail was not taken in, for the post to see.</summary>
    public async Task<TakenMail> Refuse(string post, string name, byte[] bytes, string why, CancellationToken ct)
    {
        await database.Write(work => Note(work, post, Mark(post, "", bytes), null, why, name), ct);
        return new TakenMail(null, why, false);
    }

    private Task Note(Work work, string post, byte[] mark, Guid? receipt, string? refused, string name)
    {
        var at = time.GetUtcNow();
        return work.Execute("insert into office.mail (id, post, mail, receipt, refused, name, at) values (@id, @post, @mark, @receipt, @refused, @name, @at) on conflict do nothing", new { id = Guid.CreateVersion7(at), post, mark, receipt, refused, name, at });
    }

    private Task<Guid?> Known(string post, byte[] mark, CancellationToken ct) => database.One<Guid?>("select receipt from office.mail where post = @post and mail = @mark and receipt is not null", new { post, mark }, ct);

    /// <summary>By its Message-ID and its body: on the way only its head grows, and nobody keeps another's mail out by using its id first.</summary>
    private byte[] Mark(string post, string id, byte[] bytes)
    {
        var body = bytes.AsSpan().IndexOf("\r\n\r\n"u8) is var crlf and >= 0 ? crlf : bytes.AsSpan().IndexOf("\n\n"u8);
        var said = id.Length > 0 && body >= 0 ? bytes.AsSpan(body) : bytes;
        return seals.Hash("mail", $"{post}|{id}|{Convert.ToHexString(SHA256.HashData(said))}");
    }

    /// <summary>The one place where a file from a mail is let in: what the virus scanner says, then what the file is.</summary>
    private async Task<(IncomingPaper? Paper, string? Why)> Check(string name, byte[] content, CancellationToken ct)
    {
        if (await clam.Fault("paper", content, ct) is { } found) return (null, found.Code == Clam.Away.Code ? found.Code : found.Faults[0].Code);
        if (Tiff.Is(content) && !Tiff.IsWhole(content)) return (null, "file-cut-off");
        if (Tiff.Is(content) && await OfTiff(content, ct) is { } pdf) content = pdf;
        var read = await OfficePapers.Read("paper", content, name, ct);
        return read.Ok ? (read.Value, null) : (null, read.Problem.Faults[0].Code);
    }

    /// <summary>A TIFF of one or many pages as a PDF with the same pictures.</summary>
    private static async Task<byte[]?> OfTiff(byte[] tiff, CancellationToken ct)
    {
        using var scratch = new Scratch();
        await File.WriteAllBytesAsync(scratch.File("in.tif"), tiff, ct);
        var ran = await Bounded.Run("tiff2pdf", ["-o", scratch.File("out.pdf"), scratch.File("in.tif")], TimeSpan.FromSeconds(60), 1024, ct);
        return ran.Fault is null && File.Exists(scratch.File("out.pdf")) && new FileInfo(scratch.File("out.pdf")).Length <= OfficePapers.MaxMegabytes * 1024L * 1024 ? await File.ReadAllBytesAsync(scratch.File("out.pdf"), ct) : null;
    }

    /// <summary>The mail on paper: who wrote to whom, when, about what, and the text.</summary>
    private async Task<IncomingPaper> Sheet(ReadMail mail, string post, Texts t, CancellationToken ct)
    {
        static string E(string text) => WebUtility.HtmlEncode(text);
        var font = t.Lang.RightToLeft ? "'Noto Naskh Arabic', 'Noto Nastaliq Urdu'" : "'Noto Sans', 'Noto Sans Devanagari'";
        var rows = new (string Key, string Value)[] { (t["office.from"], mail.Sender), (t["office.to"], posts.Name(post, t.Lang)), (t["office.dated"], mail.Dated is { } at ? t.DateTime(at) : "–"), (t["office.subject"], mail.Subject) };
        var html = new StringBuilder($$"""
            <!DOCTYPE html><html lang="{{t.Lang.Code}}" dir="{{t.Lang.Direction}}"><head><meta charset="utf-8"><title>{{E(mail.Subject)}}</title><style>
            @page { size: A4; margin: 20mm } body { font: 11pt/1.6 {{font}}, sans-serif } dl { border-bottom: 1px solid; padding-bottom: 3mm } dt { float: inline-start; clear: both; width: 28mm; font-weight: bold } dd { margin-inline-start: 30mm } pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
            </style></head><body><dl>
            """);
        foreach (var (key, value) in rows) html.Append($"<dt>{E(key)}</dt><dd><bdi>{E(value)}</bdi></dd>");
        html.Append($"</dl><pre dir=\"auto\">{E(mail.Text)}</pre></body></html>");
        var pdf = await LetterPrinter.Print(html.ToString(), ct) ?? throw new InvalidOperationException("the text of the mail could not be printed");
        var read = await OfficePapers.Read("paper", pdf, t["office.mail.text"], ct);
        return read.Value with { Text = $"{mail.Sender}\n{mail.Subject}\n{mail.Text}" };
    }
}
