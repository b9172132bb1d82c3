using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Feedback.Count;
using Sahulat.Kernel;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Feedback.Publish;

/// <summary>The public figures for programs: <c>/api/v1/ratings</c>, and as a table for a spreadsheet.</summary>
internal static class RatingsEndpoint
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/ratings", All).AllowAnonymous();
        app.MapGet("/api/v1/ratings/{by}/{code}", One).AllowAnonymous();
        app.MapGet("/{lang}/ratings.csv", Csv).AllowAnonymous();
    }

    private static async Task<IResult> All(HttpContext http, string? by, Scores scores, CancellationToken ct)
    {
        if (by is not null && !Dimensions.All.Contains(by)) return Problem.Invalid([new Fault("/by", "not-a-choice")]).ToResult(http);
        return Results.Json(new { since = scores.Since, all = Shown(await scores.Whole(ct)), ratings = by is null ? null : (await scores.By(by, ct)).Select(Shown) });
    }

    private static async Task<IResult> One(HttpContext http, string by, string code, Scores scores, CancellationToken ct)
    {
        if (!Dimensions.All.Contains(by) || await scores.One(by, code, ct) is not { } score) return Problem.NotFound.ToResult(http);
        return Results.Json(new { since = scores.Since, rating = Shown(score), questions = (await scores.Questions(by, code, ct)).Select(q => new { q.Code, text = q.Text, answers = q.Answers, yes = Rounded(q.Share) }) });
    }

    private static object Shown(Score s) => new
    {
        code = s.Code.Length == 0 ? null : s.Code, name = s.Code.Length == 0 ? null : s.Name, s.Sent, s.Delivered, s.Answered, responseRate = s.Response is { } r ? Math.Round(r, 1) : (double?)null,
        good = Rounded(s.Share), counts = s.Share is null ? null : new { s.Good, s.Average, s.Bad },
    };

    private static object? Rounded(Share? share) => share is null ? null : new { percent = Math.Round(share.Percent, 1), low = Math.Round(share.Low, 1), high = Math.Round(share.High, 1), marginOfError = Math.Round(share.Margin, 1) };

    private static async Task<IResult> Csv(HttpContext http, string? by, Scores scores, Texts texts, CancellationToken ct)
    {
        var dimension = Dimensions.All.Contains(by) ? by! : Dimensions.All[0];
        static string N(double? value) => value is { } v ? Math.Round(v, 1).ToString(CultureInfo.InvariantCulture) : "";
        static string C(long value) => value.ToString(CultureInfo.InvariantCulture);
        var csv = new StringBuilder("\uFEFF");
        CsvOut.Line(csv, texts["feedback.code"], texts[$"feedback.by.{dimension}"], texts["feedback.sent"], texts["feedback.delivered"], texts["feedback.answered"], texts["feedback.response"], texts["feedback.share"], texts["feedback.low"], texts["feedback.high"], texts["feedback.margin"]);
        foreach (var s in await scores.By(dimension, ct))
            CsvOut.Line(csv, s.Code, s.Name.In(texts.Lang), C(s.Sent), C(s.Delivered), C(s.Answered), N(s.Response), N(s.Share?.Percent), N(s.Share?.Low), N(s.Share?.High), N(s.Share?.Margin));
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"ratings-{dimension}.csv\"";
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }
}
