using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Move;

namespace Sahulat.Office.Inbox;

/// <summary>What lies with the official's posts.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class InboxModel(Lists lists, OfficePosts posts, Movement movement) : SahulatPage
{
    public string Box { get; private set; } = "inbox";

    public IReadOnlyList<ItemShown> Items { get; private set; } = [];

    public DateTimeOffset? Older { get; private set; }

    public int? HandedOver { get; private set; }

    public Reach Reach { get; private set; } = null!;

    public OfficePosts Posts => posts;

    public IEnumerable<Choice> Own => Reach.Own.Select(p => new Choice(p, posts.Name(p, Lang)));

    public async Task<IActionResult> OnGet(string? box, long? before, int? handed, CancellationToken ct)
    {
        HandedOver = handed;
        await Load(box, before, ct);
        return Page();
    }

    public async Task<IActionResult> OnPost([FromForm] string? from, [FromForm] string? to, CancellationToken ct)
    {
        await Load(null, null, ct);
        if (from is null || !Reach.Acts.ContainsKey(from)) return Refuse(OfficeProblems.NotWithYou);
        var done = await movement.HandOver(Reach, from, to?.Trim(), ct);
        return done.Ok ? Go($"/desk/office?handed={done.Value}") : Refuse(done.Problem);
    }

    private async Task Load(string? box, long? before, CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        Box = Lists.Boxes.Contains(box) ? box! : "inbox";
        var found = await lists.Of(Reach, Box, before is > 0 and < 4_000_000_000_000_000 ? DateTimeOffset.UnixEpoch.AddTicks(before.Value * TimeSpan.TicksPerMicrosecond) : null, ct);
        Items = [.. found.Take(Lists.PageSize)];
        if (found.Count > Lists.PageSize && Box is "inbox" or "sent") Older = found.Count > Lists.PageSize ? found[Lists.PageSize].At : null;
    }
}
