using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Guarantee.Holidays;

/// <summary>The calendar that due dates are counted with, and the orders that change it.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class HolidaysModel(HolidayDesk desk, IOrganisation organisation, IOfficials officials, TimeProvider time) : SahulatPage
{
    private IReadOnlyDictionary<Guid, OfficialName> names = new Dictionary<Guid, OfficialName>();

    public int Year { get; private set; }

    public IReadOnlyList<Choice> Years { get; private set; } = [];

    public IReadOnlyList<HolidayRow> Rows { get; private set; } = [];

    public IReadOnlyList<(OrderRow Order, long Concerned)> Waiting { get; private set; } = [];

    /// <summary>What was just done: proposed, issued, dropped.</summary>
    public string? Did { get; private set; }

    public OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public DateOnly Today => Ist.Today(time);

    public IReadOnlyList<Choice> Places => [.. desk.Places(Who).Select(p => new Choice(p.Code, PlaceName(p.Code)))];

    public string PlaceName(string code) => organisation.Place(code) is { } p ? p.Kind == "district" ? T["guarantee.holidays.district", p.Name] : p.Name.In(Lang) : code;

    public string NameOf(Guid official) => names.GetValueOrDefault(official)?.Name ?? T["guarantee.holidays.gone"];

    public string By(string? token) => token is null ? T["guarantee.holidays.pack"] : Official(token) is { } id ? NameOf(id) : token;

    /// <summary>The holiday that is about to be taken back; null: a new one is written down.</summary>
    public (DateOnly Date, string Place)? Back { get; private set; }

    /// <summary>Whether a holiday can still be taken back here.</summary>
    public bool May(HolidayRow row) => row.Date >= Today && desk.Places(Who).Any(p => p.Code == row.Place);

    public async Task OnGet([FromQuery] int? year, [FromQuery] string? did, [FromQuery] DateOnly? back, [FromQuery] string? place, CancellationToken ct)
    {
        if (back is { } date && organisation.Place(place ?? "") is not null) (Back, year) = ((date, place!), year ?? date.Year);
        Did = did is "proposed" or "issued" or "dropped" ? did : null;
        await Load(year, ct);
    }

    public async Task<IActionResult> OnPost([FromForm(Name = "do")] string? act, [FromForm] Guid id, [FromForm] string? place, [FromForm] string? order, CancellationToken ct)
    {
        var date = DateBoxes.Read(Request.Form, "date").Date;
        var name = new LocalText(Lang.All.Select(l => KeyValuePair.Create(l.Code, Request.Form[$"name-{l.Code}"].ToString().Trim())).Where(n => n.Value.Length > 0));
        var (said, problem) = act switch
        {
            "propose" => ("proposed", (await desk.Propose(Who, date, place, name, order, withdraws: false, ct)).Problem),
            "withdraw" => ("proposed", (await desk.Propose(Who, date, place, name, order, withdraws: true, ct)).Problem),
            "issue" => ("issued", (await desk.Issue(Who, id, ct)).Problem),
            "drop" => ("dropped", (await desk.Drop(Who, id, ct)).Problem),
            _ => ("", Problem.NotFound),
        };
        if (problem is null) return Go($"/desk/holidays?did={said}{(date is { } d ? $"&year={d.Year}" : "")}");
        if (act == "withdraw" && date is { } day && organisation.Place(place ?? "") is not null) Back = (day, place!);
        await Load(date?.Year, ct);
        return Refuse(problem);
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/{lang}/desk/holidays.csv", Csv).RequireAuthorization(Policies.Admin);

    private static async Task<IResult> Csv(HttpContext http, HolidayDesk desk, IOrganisation organisation, TimeProvider time, int? year, CancellationToken ct)
    {
        var asked = Known(year) ?? Ist.Today(time).Year;
        var text = new StringBuilder();
        CsvOut.Line(text, "date", "place", "place_name", "name", "order", "status", "issued_on");
        foreach (var row in await desk.Of(asked, ct))
            CsvOut.Line(text, row.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.Place, organisation.Place(row.Place)?.Name.In(Kernel.Language.Lang.En) ?? "", row.Name.In(Kernel.Language.Lang.En), row.OrderNo, row.Estimated ? "estimated" : "notified", row.IssuedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"holidays-{asked}.csv\"";
        return Results.Text(text.ToString(), "text/csv", Encoding.UTF8);
    }

    private static int? Known(int? year) => year is >= 2000 and <= 2999 ? year : null;

    private async Task Load(int? year, CancellationToken ct)
    {
        Year = Known(year) ?? Today.Year;
        Years = [.. (await desk.Years(ct)).Append(Year).Append(Today.Year).Distinct().Order().Select(y => new Choice(y.ToString(CultureInfo.InvariantCulture), y.ToString(CultureInfo.InvariantCulture)))];
        Rows = await desk.Of(Year, ct);
        var waiting = new List<(OrderRow, long)>();
        foreach (var row in await desk.Waiting(Who, ct)) waiting.Add((row, await desk.Concerned(row, ct)));
        Waiting = waiting;
        names = await officials.Names([.. waiting.Select(w => w.Item1.ProposedBy).Concat(Rows.Select(r => r.IssuedBy is null ? null : Official(r.IssuedBy)).OfType<Guid>()).Distinct()], ct);
    }

    /// <summary>Who acted for a post.</summary>
    private static Guid? Official(string token) => Guid.TryParseExact(token[(token.LastIndexOf('/') + 1)..], "N", out var id) ? id : null;
}
