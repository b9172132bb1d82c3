using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Record;

/// <summary>The record room: closed files, what is due, and the two signatures.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class RecordsModel(Closing closing, OfficePosts posts, Seals seals, TimeProvider time) : SahulatPage
{
    public IReadOnlyList<(FileRow File, string Subject, bool Proposed)> Rows { get; private set; } = [];

    public DateOnly Today => Ist.Today(time);

    public Task OnGet(CancellationToken ct) => Load(ct);

    public async Task<IActionResult> OnPost([FromForm(Name = "do")] string? act, [FromForm] Guid file, CancellationToken ct)
    {
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        var done = act switch
        {
            "record" => await closing.Record(reach, file, ct),
            "propose" => await closing.Propose(reach, file, "due", ct),
            "weed" => await closing.Weed(reach, file, ct),
            _ => Problem.NotFound,
        };
        await Load(ct);
        return done.Ok ? Go("/desk/office/records") : Refuse(done.Problem);
    }

    private async Task Load(CancellationToken ct)
    {
        var files = await closing.List(posts.Of((OfficialCaller)HttpContext.Caller()), ct);
        var keys = await seals.Keys(files.Select(f => f.Id), ct);
        var proposed = (await closing.Proposed(files.Select(f => f.Id), ct)).ToHashSet();
        Rows = [.. files.Select(f => (f, keys.TryGetValue(f.Id, out var key) ? seals.Open(key, f.Subject, FileRow.SubjectContext(f.Id)) : "", proposed.Contains(f.Id)))];
    }
}
