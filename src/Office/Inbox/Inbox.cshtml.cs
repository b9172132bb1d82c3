using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Await;
using Sahulat.Office.Follow;
using Sahulat.Office.Move;
using Sahulat.Office.SaveView;

namespace Sahulat.Office.Inbox;

/// <summary>All that waits for the official's posts, and the lists beside it.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class InboxModel(Waiting waiting, Lists lists, SavedViews views, Marks marks, OfficePosts posts, Movement movement, TimeProvider time) : SahulatPage
{
    public string Box { get; private set; } = "inbox";

    public InboxFilter Filter { get; private set; } = null!;

    public WaitingCounts Counts { get; private set; } = null!;

    /// <summary>Followed files that moved since he looked.</summary>
    public int Moved { get; private set; }

    /// <summary>Files for information that were not looked at.</summary>
    public int Unseen { get; private set; }

    public IReadOnlyList<ItemShown> Items { get; private set; } = [];

    /// <summary>The last item of the page, where there are more.</summary>
    public ItemPlace? Further { get; private set; }

    public bool First { get; private set; } = true;

    public DateTimeOffset? Older { get; private set; }

    /// <summary>Of the lists beside the inbox.</summary>
    public int Number { get; private set; } = 1;

    public bool More { get; private set; }

    public int? HandedOver { get; private set; }

    public IReadOnlyList<SavedView> Views { get; private set; } = [];

    /// <summary>The saved view from which the filter came.</summary>
    public SavedView? View { get; private set; }

    public Reach Reach { get; private set; } = null!;

    public OfficePosts Posts => posts;

    public DateOnly Today => Ist.Today(time);

    public bool Ticks => Box is "inbox" or "copies" && Items.Any(i => i.Ticked is not null);

    public IEnumerable<Choice> Own => Reach.Own.Select(p => new Choice(p, posts.Name(p, Lang)));

    public IEnumerable<Choice> Near => Reach.Own.SelectMany(posts.Near).DistinctBy(p => p.Code).Take(200).Select(p => new Choice(p.Code, p.Name.In(Lang)));

    public IEnumerable<Choice> Levels => InboxFilter.Levels.Select(l => new Choice(l, T[$"office.urgency.{l}"]));

    public IEnumerable<Choice> Sorts => InboxFilter.Sorts.Select(s => new Choice(s, T[$"office.sort.{s}"]));

    /// <summary>The list with the same filter and something else beside it.</summary>
    public string Link(params (string, string?)[] more) => Filter.On("/desk/office", [("view", View?.Name), .. more]);

    public string Count(int number) => number > Waiting.Counted ? $"{T.Number(Waiting.Counted)}+" : T.Number(number);

    public async Task<IActionResult> OnGet(string? box, long? before, int? handed, CancellationToken ct)
    {
        HandedOver = handed;
        await Load(box, before, ct);
        return Page();
    }

    public async Task<IActionResult> OnPost([FromForm(Name = "do")] string? act, [FromForm] string? from, [FromForm] string? to, [FromForm] string? name, CancellationToken ct)
    {
        await Load(null, null, ct);
        if (act == "remove-view")
        {
            await views.Remove(Reach.Who.Id, name, ct);
            return Go(Filter.On("/desk/office"));
        }

        if (act == "save-view")
        {
            var saved = await views.Save(Reach.Who.Id, name, Filter, ct);
            return saved.Ok ? Go(Filter.On("/desk/office", ("view", name!.Normalize().Trim()))) : Refuse(saved.Problem);
        }

        if (from is null || !Reach.Acts.ContainsKey(from)) return Refuse(OfficeProblems.NotWithYou);
        var done = await movement.HandOver(Reach, from, to?.Trim(), ct);
        return done.Ok ? Go($"/desk/office?handed={done.Value}") : Refuse(done.Problem);
    }

    private async Task Load(string? box, long? before, CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        Box = Lists.Boxes.Contains(box) ? box! : "inbox";
        Filter = InboxFilter.Of(Request);
        Views = await views.Of(Reach.Who.Id, ct);
        View = (Request.HasFormContentType ? Request.Form["view"] : Request.Query["view"]).ToString() is { Length: > 0 } view ? Views.FirstOrDefault(v => v.Name == view) : null;
        Counts = await waiting.Counts(Reach, Filter, ct);
        Moved = await marks.Moved(Reach, ct);
        Unseen = await lists.Unseen(Reach, Waiting.Counted + 1, ct);
        if (Box == "inbox")
        {
            var after = ItemPlace.Parse(Request.Query["after"]);
            First = after is null;
            var found = await waiting.Of(Reach, Filter, after, Waiting.PageSize + 1, Lang, ct);
            Items = [.. found.Take(Waiting.PageSize)];
            if (found.Count > Waiting.PageSize) Further = ItemPlace.Of(Items[^1], Filter.Sort);
            return;
        }

        Number = int.TryParse(Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, 1000) : 1;
        var rows = await lists.Of(Reach, Box, before is > 0 and < 4_000_000_000_000_000 ? DateTimeOffset.UnixEpoch.AddTicks(before.Value * TimeSpan.TicksPerMicrosecond) : null, Number, Today, ct);
        Items = [.. rows.Take(Lists.PageSize)];
        More = rows.Count > Lists.PageSize && Box != "sent";
        if (rows.Count > Lists.PageSize && Box == "sent") Older = rows[Lists.PageSize].At;
    }
}
