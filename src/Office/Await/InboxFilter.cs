using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Sahulat.Office.Await;

/// <summary>What an official chose to see of his inbox, and in which order. Its query string is its one written form: in links and in saved views.</summary>
/// <param name="Sort">new, old, urgent or due.</param>
internal sealed record InboxFilter(string? Kind, string? Urgency, string? Post, string Sort)
{
    public const string Newest = "new", Oldest = "old", Urgent = "urgent", Due = "due";

    public static readonly IReadOnlyList<string> Kinds = ["case", "receipt", "file", "draft"];

    public static readonly IReadOnlyList<string> Sorts = [Newest, Oldest, Urgent, Due];

    /// <summary>The most urgent first, as lists are sorted.</summary>
    public static readonly IReadOnlyList<string> Levels = [.. OfficePosts.Urgencies.Reverse()];

    public static InboxFilter Read(Func<string, string?> value) => new(In(Kinds, value("kind")), In(Levels, value("urgency")), value("post") is { Length: > 0 and <= 100 } post ? post : null, In(Sorts, value("sort")) ?? Newest);

    public static InboxFilter Of(HttpRequest request) => request.HasFormContentType ? Parse(request.Form["list"]) : Read(name => request.Query[name]);

    /// <summary>From the written form, as a page sends it back.</summary>
    public static InboxFilter Parse(string? query)
    {
        var read = QueryHelpers.ParseQuery(query is { Length: < 500 } ? query : "");
        return Read(name => read.TryGetValue(name, out var value) ? (string?)value : null);
    }

    public string Query => string.Join('&', Written([]));

    /// <summary>A path with this filter and more beside it; parts without value are left out.</summary>
    public string On(string path, params (string Name, string? Value)[] more)
    {
        var all = string.Join('&', Written(more));
        return all.Length == 0 ? path : $"{path}?{all}";
    }

    private IEnumerable<string> Written((string Name, string? Value)[] more) => new (string Name, string? Value)[] { ("kind", Kind), ("urgency", Urgency), ("post", Post), ("sort", Sort == Newest ? null : Sort) }
        .Concat(more).Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}");

    private static string? In(IReadOnlyList<string> known, string? value) => known.Contains(value) ? value : null;
}

/// <summary>Where an item stands in a list. Pages go on from an item, not from a number, so that items which leave meanwhile neither hide nor repeat others.</summary>
/// <param name="Rank">By urgency or by day; 0 for lists by time alone.</param>
internal sealed record ItemPlace(int Rank, DateTimeOffset At, string Id) : IComparable<ItemPlace>
{
    /// <summary>The day of what has no date: behind all others.</summary>
    public static readonly DateOnly NoDay = new(9999, 12, 31);

    private bool Rising { get; init; }

    public static ItemPlace Of(ItemShown item, string sort) => new(sort switch { InboxFilter.Urgent => Level(item.Urgency), InboxFilter.Due => (item.Due ?? NoDay).DayNumber, _ => 0 }, item.At, item.Id) { Rising = sort == InboxFilter.Oldest };

    public static int Level(string urgency) => InboxFilter.Levels.TakeWhile(l => l != urgency).Count();

    public int CompareTo(ItemPlace? other)
    {
        if (other is null) return 1;
        if (Rank != other.Rank) return Rank.CompareTo(other.Rank);
        var at = Rising ? At.CompareTo(other.At) : other.At.CompareTo(At);
        return at != 0 ? at : string.CompareOrdinal(Id, other.Id);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rank}.{(At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}.{Id}");

    public static ItemPlace? Parse(string? written) =>
        written?.Split('.', 3) is [var rank, var at, { Length: >= 32 and <= 140 } id] && int.TryParse(rank, NumberStyles.None, CultureInfo.InvariantCulture, out var r) && r <= NoDay.DayNumber
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var micros) && micros < 4_000_000_000_000_000 && Guid.TryParseExact(id[..32], "N", out _) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? new ItemPlace(r, DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond), id)
            : null;
}
