using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Inform;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Move;

namespace Sahulat.Office.Note;

/// <summary>The file on paper: its cover, the whole noting side, what lies on the other side page by page, and where it was. The papers themselves are printed as PDF/A.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class NotingSheetModel(Files files, Notings notings, Informing informing, Correspondence correspondence, Movement movement, IOfficials officials, OfficePosts posts, Seals seals, TimeProvider time) : SahulatPage
{
    public new FileRow File { get; private set; } = null!;

    public string Subject { get; private set; } = "";

    public IReadOnlyList<NotingShown> Notes { get; private set; } = [];

    public IReadOnlyList<(int From, int To, string Kind, DateOnly On)> Papers { get; private set; } = [];

    public IReadOnlyList<Moved> Moves { get; private set; } = [];

    public IReadOnlyDictionary<Guid, OfficialName> Names { get; private set; } = new Dictionary<Guid, OfficialName>();

    public ILookup<int, Remark> Remarks { get; private set; } = null!;

    public IEnumerable<RemarkShown> RemarksAfter(int para) => Remarks[para].Select(r => new RemarkShown(r, posts.Name(r.Post, Lang), Names.GetValueOrDefault(r.Official)?.Name, [(r.Text, null)]));

    public OfficePosts Posts => posts;

    public DateTimeOffset At => time.GetUtcNow();

    public async Task<IActionResult> OnGet(Guid id, CancellationToken ct)
    {
        if (await files.Find(posts.Of((OfficialCaller)HttpContext.Caller()), id, ct) is not { } file || !(await seals.Keys([id], ct)).TryGetValue(id, out var key)) return Refuse(Problem.NotFound);
        (File, Subject) = (file, seals.Open(key, file.Subject, FileRow.SubjectContext(id)));
        // What is not signed is not on the file.
        Notes = await notings.Of(file, 1, file.Notes, ct);
        Remarks = (await informing.Remarks(id, 0, int.MaxValue, ct)).ToLookup(r => r.AfterPara);
        Papers = await correspondence.Index(id, ct);
        Moves = await movement.Of(id, null, ct, Movement.MostPrinted);
        Names = await officials.Names([.. Notes.Select(n => n.Official).Concat(Remarks.SelectMany(r => r).Select(r => r.Official)).Distinct()], ct);
        return Page();
    }
}
