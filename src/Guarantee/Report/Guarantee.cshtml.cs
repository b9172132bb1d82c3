using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Guarantee.Report;

/// <summary>For administrators: does the guarantee run, which posts were found empty, what legal has still to confirm, and how offices use the clock.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class GuaranteeModel(Database database, ClockReport report, IServiceDirectory services, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    public IReadOnlyList<SweepRow> Sweeps { get; private set; } = [];

    public IReadOnlyList<AlarmRow> Alarms { get; private set; } = [];

    public IReadOnlyList<OfficeClock> Offices { get; private set; } = [];

    public IReadOnlyList<(LocalText What, string Value)> Unconfirmed { get; private set; } = [];

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
        Unconfirmed = [.. Open(Ist.Today(time))];
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

    private IEnumerable<(LocalText, string)> Open(DateOnly today)
    {
        var all = services.All(today).Concat(services.Grievances(today)).ToArray();
        foreach (var law in all.Select(s => s.Law).OfType<string>().Distinct().Select(c => services.Law(c, today)).OfType<LawVersion>())
        {
            if (!law.ConventionConfirmed) yield return (law.Title, law.Convention.ToString());
            if (law.ReplyWithin is { Confirmed: false } reply) yield return (law.Title, $"reply_within: {reply.Days}");
            if (law.Absolute is { Confirmed: false } most) yield return (law.Title, $"absolute: {most.Days}");
            foreach (var layer in law.Layers.Where(l => !l.FileWithin.Confirmed || l.DecideWithin is { Confirmed: false })) yield return (law.Title, layer.Code);
            foreach (var penalty in law.Penalties.Where(p => !p.Confirmed)) yield return (law.Title, penalty.Code);
        }

        foreach (var service in all)
        {
            if (service.Limit is null && service.Grievance?.Instead is null) yield return (service.Name, "limit");
            if (!service.FeeConfirmed && service.Grievance is null) yield return (service.Name, "fee");
            foreach (var (role, officer) in service.Officers.Where(o => !o.Value.Confirmed)) yield return (service.Name, $"{role}: {officer.Designation}");
        }
    }
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
