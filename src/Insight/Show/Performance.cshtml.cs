using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Insight.Download;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Insight.Show;

/// <summary>How services, offices, districts and departments do, found and compared by everybody.</summary>
internal sealed class PerformanceModel(Figures figures, Ranking ranking) : SahulatPage
{
    public string Kind { get; private set; } = Kinds.Service;

    public string? Q { get; private set; }

    public string Sort { get; private set; } = Ranking.Orders[0];

    public IReadOnlyList<PublishedMonth> Months { get; private set; } = [];

    public Window? Window { get; private set; }

    public Totals? Whole { get; private set; }

    public IReadOnlyList<Ranked> Shown { get; private set; } = [];

    public int Count { get; private set; }

    public int Number { get; private set; } = 1;

    public int Pages => Math.Max(1, (Count + Ranking.PageSize - 1) / Ranking.PageSize);

    public IReadOnlyList<Choice> MonthChoices => [.. Months.Select(m => new Choice(Rows.Month(m.Month), $"{T.Month(m.Month.Month)} {m.Month.Year.ToString(CultureInfo.InvariantCulture)}"))];

    public IReadOnlyList<Choice> Orders => [.. Ranking.Orders.Select(o => new Choice(o, T["insight.sort." + o]))];

    public async Task<IActionResult> OnGet(string? kind, [FromQuery] string? q, [FromQuery] string? sort, [FromQuery] string? from, [FromQuery] string? to, CancellationToken ct)
    {
        if (kind is not null && !Kinds.Public.Contains(kind)) return Refuse(Problem.NotFound);
        (Kind, Q, Sort) = (kind ?? Kind, q is { Length: > 100 } ? q[..100] : q, sort is not null && Ranking.Orders.Contains(sort) ? sort : Sort);
        Months = await figures.Months(ct);
        if (Months.Count == 0) return Page();
        var check = new Check();
        Window = Window.Read(from, to, Months[0].Month, check);
        if (Window is null) return Refuse(check.ToProblem());
        Whole = Totals.Of([.. await figures.Of(Kinds.All, Kinds.All, Window, ct)]);
        // "page" is a name that routing keeps for itself, so it is read from the query.
        _ = int.TryParse(Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        Number = Math.Clamp(number, 1, 100_000);
        (Shown, Count) = await ranking.Page(Kind, Window, Q, Sort, Number, Lang, ct);
        return Page();
    }
}
