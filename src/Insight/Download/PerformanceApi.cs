using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Insight.Show;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Insight.Download;

/// <summary>What is published, for everybody and any program: JSON, CSV or Parquet.</summary>
internal static class PerformanceApi
{
    private static readonly string[] Formats = ["json", "csv", "parquet"];

    public static void Map(IEndpointRouteBuilder app)
    {
        var performance = app.MapGroup("/api/v1/performance");
        performance.MapGet("", Months);
        performance.MapGet("/{kind}", Many);
        performance.MapGet("/{kind}/{code}", One);
    }

    private static async Task<IResult> Months(Figures figures, CancellationToken ct) =>
        Results.Ok(new { kinds = Kinds.Public, months = (await figures.Months(ct)).Select(m => new { month = Rows.Month(m.Month), m.PublishedAt, m.Subjects, m.Digest }) });

    private static async Task<IResult> Many(HttpContext http, string kind, string? from, string? to, string? q, string? sort, int? page, string? format, Figures figures, Ranking ranking, Subjects subjects, Texts texts, CancellationToken ct)
    {
        if (!Kinds.Public.Contains(kind)) return Problem.NotFound.ToResult(http);
        var check = Checked(format);
        check.That(sort is null || Ranking.Orders.Contains(sort), "sort", "not-a-choice");
        check.That(q is null || q.Length <= 100, "q", "too-long", 100);
        check.That(page is null or (>= 1 and <= 100_000), "page", "not-a-choice");
        var (window, refused) = await Asked(http, figures, from, to, check, ct);
        if (window is null) return refused!;
        if (format is "csv" or "parquet")
            return await File(await figures.OfAll(kind, window, ct), (f, lang) => subjects.Name(f.Kind, f.Subject)?.In(lang) ?? f.Subject, $"{kind}-{Rows.Month(window.From)}-{Rows.Month(window.To)}", format, texts.Lang, ct);
        var (rows, count) = await ranking.Page(kind, window, q, sort ?? Ranking.Orders[0], page ?? 1, texts.Lang, ct);
        return Results.Ok(new { kind, from = Rows.Month(window.From), to = Rows.Month(window.To), count, page = page ?? 1, pageSize = Ranking.PageSize, rows = rows.Select(r => Shown(r.Code, r.Name, r.Totals)) });
    }

    private static async Task<IResult> One(HttpContext http, string kind, string code, string? from, string? to, string? format, Figures figures, Subjects subjects, Texts texts, CancellationToken ct)
    {
        if (!Kinds.Public.Contains(kind) || subjects.Name(kind, code) is not { } name) return Problem.NotFound.ToResult(http);
        var (window, refused) = await Asked(http, figures, from, to, Checked(format), ct);
        if (window is null) return refused!;
        var months = await figures.Of(kind, code, window, ct);
        if (format is "csv" or "parquet") return await File(months, (_, lang) => name.In(lang), $"{kind}-{code.Replace('@', '-')}-{Rows.Month(window.From)}-{Rows.Month(window.To)}", format, texts.Lang, ct);
        return Results.Ok(new
        {
            kind, from = Rows.Month(window.From), to = Rows.Month(window.To), window = Shown(code, name.In(texts.Lang), Totals.Of([.. months])),
            months = months.Select(f => Shown(Rows.Month(f.Month), null, Totals.Of([f]))),
        });
    }

    private static Check Checked(string? format)
    {
        var check = new Check();
        check.That(format is null || Formats.Contains(format), "format", "not-a-choice");
        return check;
    }

    /// <summary>Where nothing is published yet, an empty answer is right: the window then is the one month that is asked for, or none.</summary>
    private static async Task<(Window?, IResult?)> Asked(HttpContext http, Figures figures, string? from, string? to, Check check, CancellationToken ct)
    {
        var last = (await figures.Months(ct)) is [var newest, ..] ? newest.Month : new DateOnly(2000, 1, 1);
        var window = Window.Read(from, to, last, check);
        http.Response.Headers.CacheControl = "public, max-age=300";
        return window is null ? (null, check.ToProblem().ToResult(http)) : (window, null);
    }

    private static async Task<IResult> File(IReadOnlyList<Figure> figures, Func<Figure, Lang, string> name, string called, string format, Lang lang, CancellationToken ct)
    {
        if (format == "parquet") return Results.File(await Rows.Parquet([.. figures.Select(f => (f, name(f, lang)))], ct), "application/vnd.apache.parquet", called + ".parquet");
        var csv = new StringBuilder(Rows.Header);
        foreach (var figure in figures) Rows.Csv(csv, figure, name(figure, lang));
        return Results.File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", called + ".csv");
    }

    /// <summary>A count that is not known to the public is told by its bounds.</summary>
    private static RowJson Shown(string code, string? name, Totals t) => new(code, name, Count(t.Received), Count(t.InTime), Count(t.Late), Count(t.Appealed), t.Median, t.Ninth);

    private static CountJson Count(Band band) => new(band.Exact ? band.Low : null, band.Exact ? null : band.Low, band.Exact ? null : band.High);

    private sealed record RowJson(string Code, string? Name, CountJson Received, CountJson InTime, CountJson Late, CountJson Appealed, int? DaysMedian, int? Days90);

    private sealed record CountJson(long? Count, long? AtLeast, long? AtMost);
}
