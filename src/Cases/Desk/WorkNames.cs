using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Desk;

/// <summary>A row of the worklist in words, on the page and in the export.</summary>
internal sealed class WorkNames(IServiceDirectory services, IOrganisation organisation)
{
    public string Service(WorkRow row, Lang lang) => services.FindVersion(row.Service, row.ServiceVersion)?.Name.In(lang) ?? row.Service;

    public string Place(WorkRow row, Lang lang) => organisation.Place(row.Place)?.Name.In(lang) ?? row.Place;

    public string Post(string code, Lang lang) => organisation.Post(code)?.Name.In(lang) ?? code;

    public string Step(WorkRow row, Texts texts) => row.Step.Length == 0 ? texts["cases.desk.appeal"] : StepOf(row)?.Name.In(texts.Lang) ?? row.Step;

    public bool MayForward(WorkRow row) => StepOf(row)?.Actions.Contains("forward") == true;

    private WorkflowStep? StepOf(WorkRow row) => services.FindVersion(row.Service, row.ServiceVersion)?.Steps.FirstOrDefault(s => s.Code == row.Step);
}

/// <summary><c>/{lang}/desk/list.csv</c>: the filtered list as a table. It holds what the list shows and no more, so no personal data.</summary>
internal static class WorkCsv
{
    public const int Most = 10_000;

    public static async Task<IResult> Get(HttpContext http, Worklist worklist, DeskPosts posts, WorkNames names, Texts texts, TimeProvider time, CancellationToken ct)
    {
        var who = (OfficialCaller)http.Caller();
        var today = Ist.Today(time);
        var csv = new StringBuilder("\uFEFF");
        Line(csv, texts["cases.desk.reference"], texts["cases.desk.service"], texts["cases.desk.place"], texts["cases.desk.step"], texts["cases.desk.with"], texts["cases.desk.due"], texts["cases.desk.late-by"], texts["cases.desk.state"]);
        foreach (var row in await worklist.First(new WorkScope(posts.Seen(who.Id), [.. posts.Acts(who.Id).Keys], today), WorkFilter.Of(http.Request), Most, ct))
        {
            var late = row.DueOn is { } due && due < today ? (today.DayNumber - due.DayNumber).ToString(CultureInfo.InvariantCulture) : "";
            Line(csv, Reference.Show(row.Reference), names.Service(row, texts.Lang), names.Place(row, texts.Lang), names.Step(row, texts), names.Post(row.Post, texts.Lang), row.DueOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "", late, texts[$"cases.state.{row.State}"]);
        }

        http.Response.Headers.ContentDisposition = $"attachment; filename=\"worklist-{today:yyyy-MM-dd}.csv\"";
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    private static void Line(StringBuilder csv, params string[] cells) => CsvOut.Line(csv, cells);
}
