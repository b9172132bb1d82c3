using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Classify;
using Sahulat.Office.Inform;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Move;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Receive;

/// <summary>One receipt: what it says, its papers beside it, and where it goes.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class ReceiptModel(Receipts receipts, ReceiptStore store, Files files, OfficePapers papers, Movement movement, Classifying classifying, Informing informing, PageTexts pages, IDeskCases cases, OfficePosts posts, Seals seals, Database database, TimeProvider time) : SahulatPage
{
    public ReceiptRow Receipt { get; private set; } = null!;

    public ReceiptDetails Details { get; private set; } = null!;

    public IReadOnlyList<(Guid Id, string Name, string Type, int Pages)> Papers { get; private set; } = [];

    /// <summary>The page in which a search found its words.</summary>
    public (Guid Paper, int Page, PageText Text)? Hit { get; private set; }

    public MovesShown Moves { get; private set; } = null!;

    public IReadOnlyList<Choice> Files { get; private set; } = [];

    public string? DuplicateNumber { get; private set; }

    public DeskCase? Case { get; private set; }

    public Reach Reach { get; private set; } = null!;

    public Informed? Informed { get; private set; }

    /// <summary>Who sees what lies with the receipt's post, when nobody holds it.</summary>
    public string? SeenBy => Receipt.State == "open" ? posts.SeenBy(Receipt.Holder) : null;

    public OfficePosts Posts => posts;

    public ClassForm Class => classifying.Form(Reach, Receipt.Office, Receipt.Holder, Receipt.State != "closed", Receipt.Version, Receipt.Urgency, Receipt.Classification) with { Holds = Mine };

    public bool Mine => Reach.Acts.ContainsKey(Receipt.Holder) && Receipt.State == "open";

    public IEnumerable<Choice> Near => posts.Near(Receipt.Holder).Select(p => new Choice(p.Code, posts.Name(p.Code, T)));

    public async Task<IActionResult> OnGet(Guid id, [FromQuery] int? moved, [FromQuery] Guid? paper, [FromQuery] int? page, string? q, CancellationToken ct)
    {
        if (!await Load(id, moved, ct)) return Refuse(Problem.NotFound);
        if (q is not null && Papers.FirstOrDefault(p => p.Id == paper) is { Pages: > 0 } found && await pages.Of(found.Id, page ?? 1, q, ct) is { } text) Hit = (found.Id, page ?? 1, text);
        await movement.Opened(Reach, id, Receipt.Holder, time.GetUtcNow(), ct);
        return Page();
    }

    public async Task<IActionResult> OnPost(Guid id, [FromForm(Name = "do")] string? act, [FromForm] long version, [FromForm] string? to, [FromForm] Guid? file, [FromForm] string[] copies, [FromForm(Name = "ack_to")] string? acknowledgedTo, CancellationToken ct)
    {
        if (!await Load(id, null, ct)) return Refuse(Problem.NotFound);
        var done = act switch
        {
            "acknowledge" => await receipts.Acknowledge(Reach, id, version, acknowledgedTo?.Trim(), ct),
            "close" => await receipts.Close(Reach, id, version, ct),
            "urgency" => await classifying.ReceiptUrgency(Reach, id, version, Request.Form["new_urgency"], ct),
            "class" => await classifying.ReceiptClass(Reach, id, version, Request.Form["new_class"], ct),
            "dismiss" => await informing.Dismiss(Reach, "receipt", id, ct),
            "send" => await movement.SendReceipt(Reach, id, version, to?.Trim(), ct, copies),
            "file" when file is { } chosen => await receipts.PutInFile(Reach, id, version, chosen, files, ct),
            "file" => Problem.Invalid([new Fault("file", "required")]),
            _ => Problem.NotFound,
        };
        if (!done.Ok) return await Load(id, null, ct) ? Refuse(done.Problem) : Refuse(Problem.NotFound);
        return act == "file" ? Go($"/desk/office/files/{file:N}") : act == "send" && posts.SeenBy(to!.Trim()) is null ? Go("/desk/office") : Go($"/desk/office/receipts/{id:N}");
    }

    private async Task<bool> Load(Guid id, int? moved, CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (await store.Find(Reach, id, ct) is not { } row || !(await seals.Keys([id], ct)).TryGetValue(id, out var key)) return false;
        (Receipt, Details) = (row, seals.Open<ReceiptDetails>(key, row.Details, ReceiptRow.DetailsContext(id)));
        Papers = await papers.OfReceipt(id, ct);
        Moves = new MovesShown(await movement.Of(id, moved, ct), $"/desk/office/receipts/{id:N}", moved is not null);
        Case = row.CaseReference is { } reference ? await cases.Find(Reach.Who, reference, Lang, ct) : null;
        Response.Headers.ContentSecurityPolicy = Response.Headers.ContentSecurityPolicy.ToString() + "; frame-src 'self'";
        if (row.DuplicateOf is { } of && await store.Find(Reach, of, ct) is { } other) DuplicateNumber = other.Number;
        Informed = await informing.Of(Reach, id, ct);
        if (!Mine) return true;
        var rows = await database.Query<FileRow>($"select {FileRow.Columns} from office.file where holder = @Holder and (state = 'open' or state = 'put-away' and put_until <= @today) order by moved_at desc limit 100", new { row.Holder, today = Ist.Today(time) }, ct);
        var keys = await seals.Keys(rows.Select(r => r.Id), ct);
        Files = [.. rows.Where(r => keys.ContainsKey(r.Id)).Select(r => new Choice($"{r.Id:N}", $"{r.Shown} · {seals.Open(keys[r.Id], r.Subject, FileRow.SubjectContext(r.Id))}"))];
        return true;
    }
}
