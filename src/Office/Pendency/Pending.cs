using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Pendency;

/// <summary>Files and receipts by their age in days.</summary>
internal sealed record Ages(long Week, long Month, long Quarter, long Older)
{
    public static readonly IReadOnlyList<string> Names = ["week", "month", "quarter", "older"];

    public long Of(string age) => age switch { "week" => Week, "month" => Month, "quarter" => Quarter, _ => Older };

    /// <summary>From how many days, and to how many.</summary>
    public static (int From, int To) Days(string age) => age switch { "week" => (int.MinValue, 7), "month" => (8, 30), "quarter" => (31, 90), _ => (91, int.MaxValue) };

    public static Ages operator +(Ages a, Ages b) => new(a.Week + b.Week, a.Month + b.Month, a.Quarter + b.Quarter, a.Older + b.Older);
}

/// <summary>What waits at a post, office or department.</summary>
/// <param name="Files">Open ones, and those whose day has come.</param>
/// <param name="Drafts">In these files, not sent yet; they are in no age.</param>
/// <param name="Away">Files put away until a day to come; they are in no age.</param>
/// <param name="Here">By the days since it came to the post.</param>
/// <param name="Born">By the days since a file was opened and a receipt received.</param>
/// <param name="Late">Receipts whose reply is overdue.</param>
internal sealed record PendingRow(string Code, string Name, long Files, long Receipts, long Drafts, long Away, Ages Here, Ages Born, long Late)
{
    public long All => Files + Receipts;
}

/// <summary>Counted from the tables at the moment of asking. What one may not know of is not counted for one either.</summary>
internal sealed class Pending(Database database, OfficePosts posts, TimeProvider time)
{
    public static readonly IReadOnlyList<string> Ways = ["post", "office", "department"];

    /// <summary>All that waits, with its days at the post and since it was received.</summary>
    public const string Waiting = """
        waiting as (
          select id, holder, case when state = 'open' or put_until <= @today then 'file' else 'away' end as kind, @today - (coalesce(came_at, moved_at) at time zone 'Asia/Kolkata')::date as here, @today - opened_on as born, null::date as reply_by
          from office.file where state in ('open', 'put-away') and scopes && @scopes
          union all
          select id, holder, 'receipt', @today - (moved_at at time zone 'Asia/Kolkata')::date, @today - received_on, reply_by from office.receipt where state = 'open' and scopes && @scopes
          union all
          select d.id, d.holder, 'draft', @today - (d.came_at at time zone 'Asia/Kolkata')::date, @today - (d.at at time zone 'Asia/Kolkata')::date, null from office.draft d join office.file f on f.id = d.file_id where d.holder is not null and d.state <> 'dispatched' and f.scopes && @scopes
        )
        """;

    public async Task<IReadOnlyList<PendingRow>> Of(Reach reach, string by, Lang lang, CancellationToken ct)
    {
        static string Aged(string days) => string.Join(", ", Ages.Names.Select(age => Ages.Days(age) is var (from, to) ? $"count(*) filter (where kind in ('file', 'receipt') and {days} between {from} and {to})" : ""));
        var rows = await database.Query<Row>($"""
            with {Waiting}
            select holder, array[count(*) filter (where kind = 'file'), count(*) filter (where kind = 'receipt'), count(*) filter (where kind = 'draft'), count(*) filter (where kind = 'away'),
              {Aged("here")}, {Aged("born")}, count(*) filter (where reply_by < @today)] as counts from waiting group by holder
            """, new { scopes = reach.Scopes, today = Ist.Today(time) }, ct);
        return [.. rows.GroupBy(r => Code(r.Holder, by), StringComparer.Ordinal).Select(g => new PendingRow(g.Key, Name(g.Key, by, lang), g.Sum(r => r.Counts[0]), g.Sum(r => r.Counts[1]), g.Sum(r => r.Counts[2]), g.Sum(r => r.Counts[3]), Sum(g, 4), Sum(g, 8), g.Sum(r => r.Counts[12])))
            .OrderByDescending(p => p.Here.Older).ThenByDescending(p => p.All).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>The posts with which something waits, of a post, office or department.</summary>
    public async Task<string[]> Holders(Reach reach, string by, string code, CancellationToken ct) =>
        [.. (await database.Query<string>($"with {Waiting} select distinct holder from waiting", new { scopes = reach.Scopes, today = Ist.Today(time) }, ct)).Where(h => Code(h, by) == code)];

    /// <summary>A post with its office, since posts of many offices have the same name.</summary>
    public string Name(string code, string by, Lang lang) => by switch
    {
        "office" => posts.OfficeName(code, lang),
        "department" => code.Length == 0 ? "–" : posts.Organisation.Department(code).In(lang),
        _ => $"{posts.Name(code, lang)}, {posts.OfficeName(posts.OfficeOf(code), lang)}",
    };

    /// <summary><c>/{lang}/desk/office/pendency.csv</c>: the counts of the page, by both ages.</summary>
    public static async Task<IResult> Csv(HttpContext http, string? by, Pending pending, OfficePosts posts, Texts texts, TimeProvider time, CancellationToken ct)
    {
        var way = Ways.Contains(by) ? by! : "post";
        var csv = new StringBuilder("\uFEFF");
        string[] Heads(string since) => [.. Ages.Names.Select(a => $"{texts[$"office.since.{since}"]}: {texts[$"office.age.{a}"]}")];
        CsvOut.Line(csv, [texts[$"office.by.{way}"], texts["office.files"], texts["office.receipts"], texts["office.drafts"], texts["office.box.away"], .. Heads("here"), .. Heads("born"), texts["office.late"]]);
        foreach (var row in await pending.Of(posts.Of((OfficialCaller)http.Caller()), way, texts.Lang, ct))
            CsvOut.Line(csv, [row.Name, .. new[] { row.Files, row.Receipts, row.Drafts, row.Away, row.Here.Week, row.Here.Month, row.Here.Quarter, row.Here.Older, row.Born.Week, row.Born.Month, row.Born.Quarter, row.Born.Older, row.Late }.Select(n => n.ToString(CultureInfo.InvariantCulture))]);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"pendency-{Ist.Today(time):yyyy-MM-dd}.csv\"";
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    private string Code(string holder, string by) => by switch
    {
        "office" => posts.OfficeOf(holder),
        "department" => posts.Organisation.Office(posts.OfficeOf(holder))?.Department ?? "",
        _ => holder,
    };

    private static Ages Sum(IEnumerable<Row> rows, int at) => rows.Aggregate(new Ages(0, 0, 0, 0), (sum, r) => sum + new Ages(r.Counts[at], r.Counts[at + 1], r.Counts[at + 2], r.Counts[at + 3]));

    private sealed class Row
    {
        public string Holder { get; init; } = "";

        public long[] Counts { get; init; } = [];
    }
}
