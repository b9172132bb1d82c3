using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Record;

namespace Sahulat.Office.Review;

/// <summary>What becomes of a recorded file that is due.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class ReviewPageModel(Reviewing reviewing, Files files, Closing closing, OfficePosts posts, Seals seals, TimeProvider time) : SahulatPage
{
    public new FileRow File { get; private set; } = null!;

    public string Subject { get; private set; } = "";

    public IReadOnlyList<Reviewed> Before { get; private set; } = [];

    public OfficePosts Posts => posts;

    public bool MayReview { get; private set; }

    public IEnumerable<Choice> Outcomes => new[] { "extend", "class" }.Where(o => o == "class" || File.WeedOn is not null).Select(o => new Choice(o, T[$"office.review.{o}"]));

    public IEnumerable<Choice> Retentions => Closing.Classes.Select(c => new Choice(c, T[$"office.retention.{(c.StartsWith("C-", StringComparison.Ordinal) ? "c" : c.ToLowerInvariant())}", c]));

    private Reach reach = null!;

    public async Task<IActionResult> OnGet(Guid id, CancellationToken ct) => await Load(id, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(Guid id, [FromForm] long version, [FromForm] string? outcome, [FromForm] string? until, [FromForm] string? retention, [FromForm] string? reason, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        var done = await reviewing.Review(reach, id, version, outcome, until?.Trim(), retention, reason, ct);
        if (!done.Ok) return await Load(id, ct) ? Refuse(done.Problem) : Refuse(Problem.NotFound);
        return Go("/desk/office/records?shelf=due");
    }

    private async Task<bool> Load(Guid id, CancellationToken ct)
    {
        reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (await files.Find(reach, id, ct) is not { State: "recorded" } file || !(await seals.Keys([id], ct)).TryGetValue(id, out var key)) return false;
        (File, Subject, Before) = (file, seals.Open(key, file.Subject, FileRow.SubjectContext(id)), await reviewing.Of(id, ct));
        MayReview = closing.Heads(reach, file.Office) && file.ReviewOn <= Ist.Today(time);
        return true;
    }
}
