using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Catalogue.Compare;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Confirm;

/// <summary>Which of the points are asked for.</summary>
internal sealed record PointFilter(string? Pack, string? Of, string? Kind, string? Q)
{
    public IEnumerable<OpenPoint> From(IEnumerable<OpenPoint> points) => points.Where(p =>
        (string.IsNullOrEmpty(Pack) || p.Pack == Pack) && (string.IsNullOrEmpty(Of) || p.Law == (Of == "law")) && (string.IsNullOrEmpty(Kind) || p.Kind == Kind)
        && (string.IsNullOrWhiteSpace(Q) || p.Code.Contains(Q.Trim(), StringComparison.OrdinalIgnoreCase) || p.Title.Values.Any(t => t.Contains(Q.Trim(), StringComparison.OrdinalIgnoreCase))));

    public string Query => $"pack={Uri.EscapeDataString(Pack ?? "")}&of={Uri.EscapeDataString(Of ?? "")}&kind={Uri.EscapeDataString(Kind ?? "")}&q={Uri.EscapeDataString(Q ?? "")}";
}

/// <summary>What legal has still to confirm, to be filtered, and carried to those who know.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class UnconfirmedModel(OpenPoints points) : SahulatPage
{
    private const int PageSize = 100;

    public PointFilter Filter { get; private set; } = new(null, null, null, null);

    public IReadOnlyList<OpenPoint> Rows { get; private set; } = [];

    public IReadOnlyList<Choice> Packs { get; private set; } = [];

    public int Count { get; private set; }

    public int Number { get; private set; } = 1;

    public int Pages => Math.Max(1, (Count + PageSize - 1) / PageSize);

    public string LabelOf(OpenPoint point) => DifferenceWriting.Label(point.Path, T);

    public async Task OnGet(string? pack, string? of, string? kind, string? q, CancellationToken ct)
    {
        var all = await points.All(ct);
        Filter = new PointFilter(pack, of, kind, q);
        Packs = [.. all.Select(p => p.Pack).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(p => new Choice(p, p))];
        OpenPoint[] found = [.. Filter.From(all)];
        Count = found.Length;
        if (int.TryParse(Request.Query["page"], CultureInfo.InvariantCulture, out var page)) Number = Math.Clamp(page, 1, Pages);
        Rows = [.. found.Skip((Number - 1) * PageSize).Take(PageSize)];
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/{lang}/desk/unconfirmed.csv", Csv).RequireAuthorization(Policies.Admin);

    private static async Task<IResult> Csv(HttpContext http, OpenPoints points, TimeProvider time, Texts t, string? pack, string? of, string? kind, string? q, CancellationToken ct)
    {
        var csv = new StringBuilder("\uFEFF");
        CsvOut.Line(csv, t["catalogue.open.pack"], t["catalogue.open.of"], t["catalogue.field.code"], t["catalogue.field.name"], t["catalogue.open.kind"], t["catalogue.compare.field"], "path", t["catalogue.field.value"], t["catalogue.field.note"]);
        foreach (var p in new PointFilter(pack, of, kind, q).From(await points.All(ct)))
            CsvOut.Line(csv, p.Pack ?? "", t[p.Law ? "catalogue.packs.law" : "catalogue.packs.service"], p.Code, p.Title.In(t.Lang), t["catalogue.open.kind." + p.Kind], DifferenceWriting.Label(p.Path, t), p.Name, p.Value, p.Note);
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"unconfirmed-{Ist.Today(time):yyyy-MM-dd}.csv\"");
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }
}
