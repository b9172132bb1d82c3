using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Await;
using Sahulat.Office.Classify;
using Sahulat.Office.Dispatch;
using Sahulat.Office.Draft;
using Sahulat.Office.Find;
using Sahulat.Office.Follow;
using Sahulat.Office.Inform;
using Sahulat.Office.Link;
using Sahulat.Office.Move;
using Sahulat.Office.Note;
using Sahulat.Office.Papers;
using Sahulat.Office.Record;

namespace Sahulat.Office.KeepFile;

/// <summary>A file: the noting at one side, at the other the page of the correspondence that is cited.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class FilePageModel(Files files, Notings notings, Movement movement, Drafts drafts, Closing closing, Waiting waiting, Marks marks, Links links, Flags flags, Classifying classifying, Informing informing, Correspondence correspondence, PageTexts pages, OfficePapers papers, CasePapers answered, IDeskCases cases, OfficePosts posts, IOfficials officials, Seals seals, TimeProvider time) : SahulatPage
{
    public const int MostDrafts = 20;

    private const int MostCases = 20;

    public new FileRow File { get; private set; } = null!;

    public string Subject { get; private set; } = "";

    /// <summary>The page of the noting side that is open.</summary>
    public IReadOnlyList<NotingShown> Notes { get; private set; } = [];

    public NotingPages NotePages { get; private set; }

    public int NotePage { get; private set; } = 1;

    /// <summary>The paragraph that was asked for.</summary>
    public int? Para { get; private set; }

    /// <summary>The paper shown and those that lie next to it.</summary>
    public IReadOnlyList<CorrespondenceRow> Papers { get; private set; } = [];

    public IReadOnlyList<DraftShown> Drafts { get; private set; } = [];

    /// <summary>The latest; <see cref="MovesShown"/> may be earlier ones.</summary>
    public IReadOnlyList<Moved> Moves { get; private set; } = [];

    /// <summary>To whom Return sends it.</summary>
    public string? SentBy { get; private set; }

    public ClassForm Class => classifying.Form(Reach, File.Office, File.Holder, File.State is "open" or "put-away", File.Version, File.Urgency, File.Classification);

    public MovesShown MovesShown { get; private set; } = null!;

    public IReadOnlyDictionary<Guid, OfficialName> Names { get; private set; } = new Dictionary<Guid, OfficialName>();

    /// <summary>Requests that the file answers.</summary>
    public IReadOnlyList<DeskCase> Cases { get; private set; } = [];

    /// <summary>Files linked to this one, and its volumes and parts.</summary>
    public IReadOnlyList<LinkedFile> Linked { get; private set; } = [];

    public IReadOnlyList<Flag> Flags { get; private set; } = [];

    public CorrespondenceRow? Shown { get; private set; }

    public string ShownType { get; private set; } = "application/pdf";

    public PageText? Text { get; private set; }

    public int Number { get; private set; }

    public string? Sought { get; private set; }

    public Reach Reach { get; private set; } = null!;

    public Marked Marked { get; private set; } = null!;

    public OfficePosts Posts => posts;

    public bool Mine => Reach.Acts.ContainsKey(File.Holder);

    public bool Working => Mine && files.Works(File);

    /// <summary>The paragraph that the official has not signed.</summary>
    public NotingShown? Yellow => Unsigned.FirstOrDefault(n => n.Official == Reach.Who.Id);

    /// <summary>Those of all who hold the post, or held it.</summary>
    public IReadOnlyList<NotingShown> Unsigned { get; private set; } = [];

    /// <summary>By the paragraph behind which they stand.</summary>
    public ILookup<int, Remark> Remarks { get; private set; } = null!;

    public IEnumerable<RemarkShown> RemarksAfter(int para) => Remarks[para].Select(r => new RemarkShown(r, posts.Name(r.Post, Lang), Names.GetValueOrDefault(r.Official)?.Name, Cited(r.Text)));

    public Informed? Informed { get; private set; }

    /// <summary>Who sees what lies with the file's post, when nobody holds it.</summary>
    public string? SeenBy { get; private set; }

    public bool MayPullUp => !Mine && Reach.Own.Any(p => posts.IsSenior(p, File.Holder));

    public bool MayPullBack => !Mine && Moves.Count > 0 && Moves[^1] is { OpenedAt: null } last && Movement.MayPullBack(last) && Reach.Acts.ContainsKey(last.FromPost);

    public IEnumerable<Choice> Near => posts.Near(File.Holder).Select(p => new Choice(p.Code, posts.Name(p.Code, T)));

    public IEnumerable<Choice> Retentions => Closing.Classes.Select(c => new Choice(c, T[$"office.retention.{(c.StartsWith("C-", StringComparison.Ordinal) ? "c" : c.ToLowerInvariant())}", c]));

    /// <summary>The same file, open at another page or paragraph; what is not named stays as it is.</summary>
    public string At(int? page = null, int? note = null)
    {
        page ??= Number < File.Pages ? Number : null;
        note ??= NotePage < NotePages.Count ? NotePages.Of(NotePage).To : null;
        string[] query = [.. page is { } p ? [$"page={p}"] : Array.Empty<string>(), .. note is { } n ? [$"note={n}"] : Array.Empty<string>()];
        return $"/desk/office/files/{File.Id:N}{(query.Length > 0 ? "?" : "")}{string.Join('&', query)}";
    }

    /// <summary>A paragraph in pieces, each with the address of what it cites.</summary>
    public IEnumerable<(string Text, string? Address)> Cited(string text) => References.In(text, citable).Select(s => (s.Text, s switch
    {
        { Page: { } page } => $"{At(page: page)}#papers",
        { Note: { } note } => $"{At(note: note)}#sought",
        { File: { } file } => $"/desk/office/files/{file:N}",
        _ => null,
    }));

    private Citable citable = null!;

    public async Task<IActionResult> OnGet(Guid id, [FromQuery] int? page, [FromQuery] int? note, [FromQuery] int? moved, [FromQuery] string? drafts, string? q, CancellationToken ct)
    {
        if (!await Load(id, new(page, note, moved, drafts == "all", q), ct)) return Refuse(Problem.NotFound);
        await movement.Opened(Reach, id, File.Holder, time.GetUtcNow(), ct);
        await marks.Looked(Reach.Who.Id, id, ct);
        return Page();
    }

    public async Task<IActionResult> OnPost(Guid id, [FromQuery] int? page, [FromQuery] int? note, [FromForm(Name = "do")] string? act, [FromForm] long version, [FromForm] string? text, [FromForm] string? cites, [FromForm] string? to, [FromForm] string[] copies, [FromForm] string? retention, [FromForm] string? share, CancellationToken ct)
    {
        if (!await Load(id, new(page, note), ct)) return Refuse(Problem.NotFound);
        var target = string.IsNullOrWhiteSpace(Request.Form["to_other"]) ? to : Request.Form["to_other"].ToString().Trim();
        var done = act switch
        {
            "save" => await notings.Write(Reach, id, version, text, cites, sign: false, ct),
            "sign" => await notings.Write(Reach, id, version, text, cites, sign: true, ct),
            "discard" => await notings.Discard(Reach, id, Guid.TryParse(Request.Form["whose"], out var whose) ? whose : Reach.Who.Id, ct),
            "remark" => await informing.Write(Reach, id, Request.Form["remark"], ct),
            "dismiss" => await informing.Dismiss(Reach, "file", id, ct),
            "send" => await movement.Send(Reach, id, version, text, cites, target, copies, "sent", ct),
            "return" => await movement.Return(Reach, id, version, text, cites, ct),
            "pull-back" => await movement.PullBack(Reach, id, ct),
            "pull-up" => await movement.PullUp(Reach, id, ct),
            "put-away" => await movement.PutAway(Reach, id, version, DateBoxes.Read(Request.Form, "until").Date, Ist.Today(time), ct),
            "take-up" => await movement.TakeUp(Reach, id, ct),
            "share" => await movement.Share(Reach, id, share?.Trim(), ct),
            "close" => await closing.Close(Reach, id, version, retention, ct),
            "reopen" => await closing.Reopen(Reach, id, ct),
            "urgency" => await classifying.Urgency(Reach, id, version, Request.Form["new_urgency"], ct),
            "class" => await classifying.Class(Reach, id, version, Request.Form["new_class"], ct),
            "link" => await links.Link(Reach, id, Request.Form["link"], ct),
            "unlink" when Guid.TryParse(Request.Form["other"], out var other) => await links.Unlink(Reach, id, other, ct),
            "flag" => await flags.Put(Reach, id, Request.Form["mark"], int.TryParse(Request.Form["flagged"], out var flagged) ? flagged : 0, ct),
            null when Request.Form["unflag"].ToString() is { Length: > 0 } mark => await flags.Take(Reach, id, mark, ct),
            { } mark when Marks.Acts.Contains(mark) => await marks.Set(Reach, id, mark, ct),
            _ => Problem.NotFound,
        };
        if (!done.Ok) return await Load(id, new(page, note), ct) ? Refuse(done.Problem) : Refuse(Problem.NotFound);
        // Who sends to a post that nobody holds is told who sees it.
        if (act is "send" or "return" && await files.Find(Reach, id, ct) is { } gone && posts.SeenBy(gone.Holder) is not null) return Go($"/desk/office/files/{id:N}");
        if (act is "send" or "return") return Go(await waiting.Next(Reach, id, Lang, ct) is { } next ? next.Path : "/desk/office");
        return Go($"/desk/office/files/{id:N}{(page is not null ? $"?page={Number}" : "")}");
    }

    /// <summary>What of the file is asked for.</summary>
    private sealed record Wanted(int? Page, int? Note, int? Moved = null, bool AllDrafts = false, string? Sought = null);

    private async Task<bool> Load(Guid id, Wanted wanted, CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (await files.Find(Reach, id, ct) is not { } file || !(await seals.Keys([id], ct)).TryGetValue(id, out var key)) return false;
        (File, Sought) = (file, wanted.Sought);
        Subject = seals.Open(key, file.Subject, FileRow.SubjectContext(id));
        (NotePages, Para) = (new NotingPages(file.Notes), wanted.Note);
        NotePage = NotePages.With(wanted.Note);
        Marked = await marks.Of(Reach.Who.Id, id, ct);
        var (from, to) = NotePages.Of(NotePage);
        Notes = await notings.Of(file, from, to, ct);
        Unsigned = Working ? await notings.Yellow(file, ct) : [];
        Remarks = (await informing.Remarks(id, from == 1 ? 0 : from, to, ct)).ToLookup(r => r.AfterPara);
        Informed = await informing.Of(Reach, id, ct);
        SeenBy = file.State is "open" or "put-away" ? posts.SeenBy(file.Holder) : null;
        Drafts = await drafts.Of(id, wanted.AllDrafts ? null : MostDrafts, ct);
        Moves = await movement.Of(id, null, ct);
        MovesShown = new MovesShown(wanted.Moved is { } until ? await movement.Of(id, until, ct) : Moves, $"/desk/office/files/{id:N}", wanted.Moved is not null);
        SentBy = Working ? await movement.SentBy(file, ct) : null;
        Names = await officials.Names([.. Notes.Concat(Unsigned).Select(n => n.Official).Concat(Remarks.SelectMany(r => r).Select(r => r.Official)).Distinct()], ct);
        Cases = [.. (await Task.WhenAll((await answered.Answered(id, ct)).TakeLast(MostCases).Select(r => cases.Find(Reach.Who, r, Lang, ct)))).OfType<DeskCase>()];
        Linked = await links.Of(Reach, file, ct);
        Flags = await flags.Of(id, ct);
        citable = new Citable(file.Pages, file.Notes, Flags.ToDictionary(f => f.Mark, f => f.Page, StringComparer.Ordinal), await links.Named(Reach, file, Linked, Notes.Select(n => n.Text).Concat(Remarks.SelectMany(r => r).Select(r => r.Text)), ct));
        Number = Math.Clamp(wanted.Page ?? File.Pages, 0, File.Pages);
        Papers = await correspondence.Around(id, Number, ct);
        Shown = Papers.FirstOrDefault(p => p.PageFrom <= Number && Number <= p.PageTo);
        if (Shown is not null)
        {
            ShownType = (await papers.Find(Shown.Paper, ct))?.Type ?? ShownType;
            Text = await pages.Of(Shown.Paper, Number - Shown.PageFrom + 1, Sought, ct);
        }

        Response.Headers.ContentSecurityPolicy = Response.Headers.ContentSecurityPolicy.ToString() + "; frame-src 'self'";
        return true;
    }
}
