using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Cases.Desk;

/// <summary>What an official chose to see of his worklist. Its query string is its one written form: in links, in saved views and in the export.</summary>
/// <param name="Due"><c>late</c>, <c>today</c> or <c>week</c> (to Sunday).</param>
/// <param name="Whose"><c>mine</c>: only the posts he may act for; otherwise all he may see.</param>
/// <param name="Text">Part of a reference, without spaces and hyphens.</param>
internal sealed record WorkFilter(string? Service, string? State, string? Due, string? Whose, string? Text)
{
    public static readonly string[] States = [CaseState.Open, CaseState.Query, CaseState.Incomplete, CaseState.Stayed];
    public static readonly string[] Dues = ["late", "today", "week"];

    private const int TextMax = 30;

    public static WorkFilter Read(Func<string, string?> value)
    {
        var text = new string([.. (value("q") ?? "").Normalize(System.Text.NormalizationForm.FormKC).Where(char.IsAsciiLetterOrDigit).Take(TextMax)]).ToUpperInvariant();
        return new(One(value("service")), In(States, value("state")), In(Dues, value("due")), In(["mine"], value("whose")), text.Length == 0 ? null : text);
    }

    public static WorkFilter Of(HttpRequest request) => request.HasFormContentType ? Read(name => request.Form[name]) : Read(name => request.Query[name]);

    /// <summary>From the written form, as a page sends it back.</summary>
    public static WorkFilter Parse(string? query)
    {
        var read = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query is { Length: < 500 } ? query : "");
        return Read(name => read.TryGetValue(name, out var value) ? (string?)value : null);
    }

    public string Query => string.Join('&', Pairs.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));

    /// <summary>A path with this filter and more beside it; parts without value are left out.</summary>
    public string On(string path, params (string Name, string? Value)[] more)
    {
        var all = string.Join('&', Pairs.Concat(more).Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return all.Length == 0 ? path : $"{path}?{all}";
    }

    public DateOnly Sunday(DateOnly today) => today.AddDays((7 - (int)today.DayOfWeek) % 7);

    private IEnumerable<(string Name, string? Value)> Pairs => [("service", Service), ("state", State), ("due", Due), ("whose", Whose), ("q", Text)];

    private static string? In(string[] known, string? value) => known.Contains(value) ? value : null;

    private static string? One(string? value) => value is { Length: > 0 and <= 100 } && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? value : null;
}

/// <summary>Where a row stands in the list: least time left first. Pages go on from a row, not from a number, so that rows which leave meanwhile neither hide nor repeat others.</summary>
internal readonly record struct WorkKey(DateOnly Due, Guid Id, string Step)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Due:yyyyMMdd}.{Id:N}.{Step}");

    public static WorkKey? Parse(string? written) =>
        written?.Split('.', 3) is [var due, var id, var step] && DateOnly.TryParseExact(due, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && Guid.TryParseExact(id, "N", out var guid) && step.Length <= 100
            ? new WorkKey(on, guid, step)
            : null;
}
