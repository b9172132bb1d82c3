using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Guarantee.Report;

/// <summary>For administrators: does the guarantee run, which posts were found empty, what legal has still to confirm, and how offices use the clock.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class GuaranteeModel(Database database, ClockReport report, IOrganisation organisation) : SahulatPage
{
    public IReadOnlyList<SweepRow> Sweeps { get; private set; } = [];

    public IReadOnlyList<AlarmRow> Alarms { get; private set; } = [];

    public IReadOnlyList<OfficeClock> Offices { get; private set; } = [];

    /// <summary>The report's window in days.</summary>
    public int Days { get; private set; } = ClockReport.Windows[0];

    public IReadOnlyList<Choice> Windows => [.. ClockReport.Windows.Order().Select(d => new Choice(d.ToString(CultureInfo.InvariantCulture), T["guarantee.desk.days", d]))];

    public string PostName(string? code) => code is null ? "–" : organisation.Post(code)?.Name.In(Lang) ?? organisation.Designation(code).In(Lang);

    public async Task OnGet([FromQuery] int? days, CancellationToken ct)
    {
        Sweeps = await database.Query<SweepRow>("select on_date, started_at, finished_at, lapsed, appeals, alarms, left_over from guarantee.sweep where lapsed > 0 or id = (select max(id) from guarantee.sweep) order by id desc limit 10", ct: ct);
        Alarms = await database.Query<AlarmRow>("select reference, layer, wanted, took, why, raised_at from guarantee.alarm order by raised_at desc limit 50", ct: ct);
        Days = Window(days);
        Offices = await report.ByOffice(Days, ct);
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/{lang}/desk/guarantee/offices.csv", Csv).RequireAuthorization(Policies.Admin);

    private static async Task<IResult> Csv(HttpContext http, ClockReport report, int? days, CancellationToken ct)
    {
        var text = new StringBuilder("office,name,answered,repeated_queries,last_day_rejections,filed_again\n");
        foreach (var o in await report.ByOffice(Window(days), ct))
            text.Append(CultureInfo.InvariantCulture, $"{o.Office},{CsvOut.Cell(o.Name?.In(Lang.En) ?? "")},{o.Answered},{o.RepeatedQueries},{o.LastDayRejections},{o.FiledAgain}\n");
        http.Response.Headers.ContentDisposition = "attachment; filename=\"clock-by-office.csv\"";
        return Results.Text(text.ToString(), "text/csv", Encoding.UTF8);
    }

    private static int Window(int? days) => days is { } asked && ClockReport.Windows.Contains(asked) ? asked : ClockReport.Windows[0];
}

internal sealed record SweepRow
{
    public DateOnly OnDate { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public long Lapsed { get; init; }
    public long Appeals { get; init; }
    public long Alarms { get; init; }
    public long? LeftOver { get; init; }
}

internal sealed record AlarmRow
{
    public string Reference { get; init; } = "";
    public string Layer { get; init; } = "";
    public string? Wanted { get; init; }
    public string? Took { get; init; }
    public string Why { get; init; } = "";
    public DateTimeOffset RaisedAt { get; init; }
}
