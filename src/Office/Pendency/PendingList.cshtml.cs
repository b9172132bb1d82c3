using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Await;

namespace Sahulat.Office.Pendency;

/// <summary>What stands behind a count of the pendency, the oldest first: all of it may be seen, for nothing else was counted.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PendingListModel(Pending pending, OfficePosts posts, Seals seals, Database database, TimeProvider time) : SahulatPage
{
    private const int PageSize = 50;

    private static readonly string[] Kinds = ["all", "file", "receipt", "draft", "away", "late"];

    public string Name { get; private set; } = "";

    public string By { get; private set; } = "post";

    public string Kind { get; private set; } = "all";

    public string? Age { get; private set; }

    public string Since { get; private set; } = "here";

    /// <summary>Each with its days at the post and since it was received.</summary>
    public IReadOnlyList<(ItemShown Item, int Here, int Born)> Items { get; private set; } = [];

    public int Number { get; private set; } = 1;

    public int Pages { get; private set; } = 1;

    public OfficePosts Posts => posts;

    public async Task<IActionResult> OnGet(string? by, string? of, string? kind, string? age, string? since, CancellationToken ct)
    {
        if (!Pending.Ways.Contains(by) || !Kinds.Contains(kind) || of is not { Length: <= 100 }) return Refuse(Problem.NotFound);
        (By, Kind, Age, Since) = (by!, kind!, Ages.Names.Contains(age) ? age : null, since == "born" ? "born" : "here");
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        var holders = await pending.Holders(reach, By, of, ct);
        Name = holders.Length == 0 ? "" : pending.Name(of, By, Lang);
        var (from, to) = Age is null ? (int.MinValue, int.MaxValue) : Ages.Days(Age);
        // Where one stands in a long list is told by pages: it is looked through, not worked off.
        _ = int.TryParse(Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var chosen = Kind switch { "all" => "kind in ('file', 'receipt')", "late" => "reply_by < @today", _ => "kind = @kind" };
        var rows = await database.Query<Days>($"""
            with {Pending.Waiting}, chosen as (select * from waiting where holder = any(@holders) and {chosen} and {Since} between @from and @to)
            select id, kind, here, born, (select count(*)::int from chosen) as "all" from chosen order by {Since} desc, id limit @PageSize offset @skip
            """, new { scopes = reach.Scopes, today = Ist.Today(time), holders, kind = Kind, from, to, PageSize, skip = (Math.Clamp(number, 1, 10_000) - 1) * PageSize }, ct);
        Pages = rows.Count == 0 ? 1 : (rows[0].All + PageSize - 1) / PageSize;
        Number = Math.Clamp(number, 1, 10_000);
        var items = (await seals.Shown(await database.Query<ItemRow>($"""
            select {Await.Items.FileColumns}, f.moved_at as at, null::date as due, case when f.state = 'put-away' then f.put_until end as away, null::text as form, null::text as state, null::uuid as file_id from office.file f where f.id = any(@ids)
            union all
            select {Await.Items.ReceiptColumns}, r.moved_at, r.reply_by, null, null, null, null from office.receipt r where r.id = any(@ids)
            union all
            select d.id, 'draft', f.number, f.volume, f.part, f.urgency, f.classification, f.subject, d.holder, f.version, d.came_at, null, null, d.kind, d.state, f.id from office.draft d join office.file f on f.id = d.file_id where d.id = any(@ids)
            """, new { ids = rows.Select(r => r.Id).ToArray() }, ct), ct)).ToDictionary(i => i.Id);
        Items = [.. rows.Where(r => items.ContainsKey($"{r.Id:N}")).Select(r => (items[$"{r.Id:N}"], r.Here, r.Born))];
        return Page();
    }

    private sealed class Days
    {
        public Guid Id { get; init; }

        public string Kind { get; init; } = "";

        public int Here { get; init; }

        public int Born { get; init; }

        public int All { get; init; }
    }
}
