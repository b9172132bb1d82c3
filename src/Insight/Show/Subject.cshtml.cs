using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Insight.Download;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Insight.Show;

/// <summary>The page of one service, office, district or department: its months as charts and as the tables they come from.</summary>
internal sealed class SubjectModel(Figures figures, Subjects subjects) : SahulatPage
{
    public string Kind { get; private set; } = "";

    public string Code { get; private set; } = "";

    public LocalText Name { get; private set; } = new();

    public IReadOnlyList<PublishedMonth> Months { get; private set; } = [];

    public Window? Window { get; private set; }

    public Totals? Whole { get; private set; }

    /// <summary>One a month of the window, also where nothing happened.</summary>
    public IReadOnlyList<(DateOnly Month, Totals Totals)> Rows { get; private set; } = [];

    public IReadOnlyList<Choice> MonthChoices => [.. Months.Select(m => new Choice(Download.Rows.Month(m.Month), MonthName(m.Month)))];

    public string MonthName(DateOnly month) => $"{T.Month(month.Month)} {month.Year.ToString(CultureInfo.InvariantCulture)}";

    public async Task<IActionResult> OnGet(string kind, string code, [FromQuery] string? from, [FromQuery] string? to, CancellationToken ct)
    {
        if (!Kinds.Public.Contains(kind) || subjects.Name(kind, code) is not { } name) return Refuse(Problem.NotFound);
        (Kind, Code, Name) = (kind, code, name);
        Months = await figures.Months(ct);
        if (Months.Count == 0) return Page();
        var check = new Check();
        Window = Window.Read(from, to, Months[0].Month, check);
        if (Window is null) return Refuse(check.ToProblem());
        var found = await figures.Of(kind, code, Window, ct);
        Whole = Totals.Of([.. found]);
        var published = Months.Select(m => m.Month).ToHashSet();
        var byMonth = found.ToDictionary(f => f.Month);
        Rows = [.. Window.Months().Where(published.Contains).Select(m => (m, Totals.Of(byMonth.TryGetValue(m, out var f) ? [f] : [])))];
        return Page();
    }
}
