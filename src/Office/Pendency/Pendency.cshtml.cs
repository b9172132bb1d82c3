using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Pendency;

internal sealed record Pending(string Name, long Files, long Receipts, long Week, long Month, long Quarter, long Older, long Late)
{
    public long All => Files + Receipts;
}

/// <summary>What waits and since when, by post, office or department, counted from the tables at the moment of asking.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PendencyModel(Database database, OfficePosts posts, TimeProvider time) : SahulatPage
{
    public static readonly IReadOnlyList<string> Ways = ["post", "office", "department"];

    public string By { get; private set; } = "post";

    public IReadOnlyList<Pending> Rows { get; private set; } = [];

    public DateTimeOffset At { get; private set; }

    public async Task OnGet(string? by, CancellationToken ct)
    {
        By = Ways.Contains(by) ? by! : "post";
        At = time.GetUtcNow();
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        // What one may not know of is not counted for one either.
        var rows = await database.Query<Row>("""
            with waiting as (
              select holder, true as is_file, moved_at, null::date as reply_by from office.file where state = 'open' and scopes && @Scopes
              union all select holder, false, moved_at, reply_by from office.receipt where state = 'open' and scopes && @Scopes)
            select holder, count(*) filter (where is_file) as files, count(*) filter (where not is_file) as receipts, count(*) filter (where moved_at > @week) as week,
              count(*) filter (where moved_at <= @week and moved_at > @month) as month, count(*) filter (where moved_at <= @month and moved_at > @quarter) as quarter, count(*) filter (where moved_at <= @quarter) as older,
              count(*) filter (where reply_by < @today) as late
            from waiting group by holder
            """, new { reach.Scopes, week = At.AddDays(-7), month = At.AddDays(-30), quarter = At.AddDays(-90), today = Ist.DateIn(At) }, ct);
        Rows = [.. rows.GroupBy(r => Name(r.Holder), StringComparer.Ordinal).Select(g => new Pending(g.Key, g.Sum(r => r.Files), g.Sum(r => r.Receipts), g.Sum(r => r.Week), g.Sum(r => r.Month), g.Sum(r => r.Quarter), g.Sum(r => r.Older), g.Sum(r => r.Late))).OrderByDescending(p => p.Older).ThenByDescending(p => p.All).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    private string Name(string holder) => By switch
    {
        "office" => posts.OfficeName(posts.OfficeOf(holder), Lang),
        "department" => posts.Organisation.Office(posts.OfficeOf(holder)) is { } office ? posts.Organisation.Department(office.Department).In(Lang) : "",
        _ => posts.Name(holder, Lang),
    };

    private sealed record Row(string Holder, long Files, long Receipts, long Week, long Month, long Quarter, long Older, long Late);
}
