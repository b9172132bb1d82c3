using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Pendency;

/// <summary>Open grievances of one office at one rung.</summary>
/// <param name="Layer">Empty for the first answer, else the law's layer.</param>
/// <param name="Soon">Due within a week.</param>
internal sealed record PendingRow(string Layer, string Office, long Open, long Late, long Soon, long Transferred, DateOnly Oldest);

/// <summary>What is pending at each rung of the ladder, for those who head an office: their own, and the offices below them.</summary>
internal sealed class Pending(Database database, DeskPosts posts, IOrganisation organisation, TimeProvider time)
{
    /// <summary>They head the administration of a place, whatever the department.</summary>
    private static readonly HashSet<string> OfAll = ["deputy-commissioner", "divisional-commissioner", "chief-secretary"];

    private const string Sql = """
        select layer, post, count(*) as open, count(*) filter (where due_on < @today) as late, count(*) filter (where due_on between @today and @week) as soon, count(*) filter (where transfers > 0) as transferred, min(filed_on) as oldest
        from (
          select '' as layer, c.post, c.due_on, c.transfers, (c.filed_at at time zone 'Asia/Kolkata')::date as filed_on from cases."case" c where c.type = 'grievance' and c.state in ('open', 'query', 'stayed')
          union all
          select a.layer, a.post, a.due_on, 0, (a.filed_at at time zone 'Asia/Kolkata')::date from cases.grievance g join cases."case" a on a.parent = g.case_id where a.state in ('open', 'query', 'stayed')
        ) as p where post is not null group by 1, 2
        """;

    /// <summary>Whether the official heads an office.</summary>
    public bool Heads(Guid official) => HeadsOf(official).Any();

    public async Task<IReadOnlyList<PendingRow>> Of(Guid official, CancellationToken ct)
    {
        var heads = HeadsOf(official).ToArray();
        if (heads.Length == 0) return [];
        var today = Ist.Today(time);
        var rows = await database.Query<Row>(Sql, new { today, week = today.AddDays(7) }, ct);
        return [.. rows.Where(r => heads.Any(h => Below(h, r.Post))).GroupBy(r => (r.Layer, Office: organisation.Post(r.Post)?.Office ?? r.Post))
            .Select(g => new PendingRow(g.Key.Layer, g.Key.Office, g.Sum(r => r.Open), g.Sum(r => r.Late), g.Sum(r => r.Soon), g.Sum(r => r.Transferred), g.Min(r => r.Oldest)))
            .OrderBy(r => r.Layer.Length > 0).ThenBy(r => r.Layer, StringComparer.Ordinal).ThenByDescending(r => r.Late).ThenByDescending(r => r.Open).ThenBy(r => r.Office, StringComparer.Ordinal)];
    }

    public string OfficeName(string code, Lang lang) => organisation.Office(code)?.Name.In(lang) ?? organisation.Post(code)?.Name.In(lang) ?? code;

    /// <summary><c>/{lang}/desk/grievances.csv</c>.</summary>
    public static async Task<IResult> Csv(HttpContext http, Pending pending, Texts texts, TimeProvider time, CancellationToken ct)
    {
        var who = (OfficialCaller)http.Caller();
        var csv = new StringBuilder("\uFEFF");
        CsvOut.Line(csv, texts["cases.pendency.layer"], texts["cases.redress.office"], texts["cases.pendency.open"], texts["cases.pendency.late"], texts["cases.pendency.soon"], texts["cases.pendency.transferred"], texts["cases.pendency.oldest"]);
        foreach (var row in await pending.Of(who.Id, ct))
            CsvOut.Line(csv, LayerName(texts, row.Layer), pending.OfficeName(row.Office, texts.Lang), N(row.Open), N(row.Late), N(row.Soon), N(row.Transferred), row.Oldest.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"grievances-{Ist.Today(time):yyyy-MM-dd}.csv\"";
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    public static string LayerName(Texts texts, string layer) => layer.Length == 0 ? texts["cases.pendency.first"] : texts["cases.layer." + layer];

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<Post> HeadsOf(Guid official) => posts.Held(official).Select(organisation.Post).OfType<Post>().Where(p => p.Head && p.Designation != Designations.Operator);

    private bool Below(Post head, string code)
    {
        if (organisation.Post(code) is not { } post) return false;
        if (post.Office == head.Office) return true;
        return organisation.Covers(head.Place, post.Place) && (OfAll.Contains(head.Designation) || organisation.Office(post.Office)?.Department == organisation.Office(head.Office)?.Department);
    }

    private sealed record Row
    {
        public string Layer { get; init; } = "";

        public string Post { get; init; } = "";

        public long Open { get; init; }

        public long Late { get; init; }

        public long Soon { get; init; }

        public long Transferred { get; init; }

        public DateOnly Oldest { get; init; }
    }
}
