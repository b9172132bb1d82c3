using Sahulat.Kernel.Language;

namespace Sahulat.Insight.Show;

internal sealed record Ranked(string Code, string Name, Totals Totals);

/// <summary>Subjects found by their name, in an order that was asked for, a page at a time.</summary>
internal sealed class Ranking(Figures figures, Subjects subjects)
{
    public const int PageSize = 50;

    public static readonly IReadOnlyList<string> Orders = ["received", "share", "late", "appealed", "days", "name"];

    public async Task<(IReadOnlyList<Ranked> Page, int Count)> Page(string kind, Window window, string? q, string order, int page, Lang lang, CancellationToken ct)
    {
        var lines = await figures.Lines(kind, window, ct);
        if (order == "days") lines = await figures.WithDays(kind, window, lines, ct);
        var found = lines.Select(l => (Line: l, Name: subjects.Name(kind, l.Subject))).Where(x => Subjects.Matches(x.Name, x.Line.Subject, q))
            .Select(x => new Ranked(x.Line.Subject, x.Name?.In(lang) ?? x.Line.Subject, x.Line.Totals)).ToArray();
        var shown = Order(found, order).ThenBy(r => r.Name, StringComparer.Ordinal).Skip((page - 1) * PageSize).Take(PageSize).ToArray();
        if (order == "days") return (shown, found.Length);
        var days = (await figures.WithDays(kind, window, [.. shown.Select(r => new Line(r.Code, r.Totals))], ct)).ToDictionary(l => l.Subject, l => l.Totals);
        return ([.. shown.Select(r => r with { Totals = days[r.Code] })], found.Length);
    }

    /// <summary>The slowest and the latest first: what one looks for in such a list.</summary>
    private static IOrderedEnumerable<Ranked> Order(IEnumerable<Ranked> found, string order) => order switch
    {
        "name" => found.OrderBy(r => r.Name, StringComparer.Ordinal),
        "late" => found.OrderByDescending(r => r.Totals.Late.Low),
        "appealed" => found.OrderByDescending(r => r.Totals.Appealed.Low),
        "share" => found.OrderBy(r => r.Totals.Share?.Low ?? int.MaxValue),
        "days" => found.OrderByDescending(r => r.Totals.Median ?? -1).ThenByDescending(r => r.Totals.Ninth ?? -1),
        _ => found.OrderByDescending(r => r.Totals.Received.Low),
    };
}
