using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sahulat.Cases.Open311;

/// <summary>What is asked of <c>GET requests</c>. Ids override everything else; without dates the last 90 days are meant.</summary>
internal sealed record RequestsAsked(IReadOnlyList<string> Ids, IReadOnlyList<string> Services, DateTimeOffset? Start, DateTimeOffset? End, bool? Open, int Page, int PageSize)
{
    public const int MostDays = 90, MostIds = 100, MostRows = 100;

    public IReadOnlyList<string> Faults { get; private init; } = [];

    public static RequestsAsked Of(string reference) => new([reference], [], null, null, null, 1, 1);

    public static RequestsAsked Read(IQueryCollection query)
    {
        var faults = new List<string>();
        var ids = List(query["service_request_id"]).Select(id => Reference.Parse(id, out _)).OfType<string>().Distinct().ToArray();
        if (ids.Length > MostIds) faults.Add($"service_request_id: at most {MostIds} at once");
        var services = List(query["service_code"]);
        if (services.Count > MostIds) faults.Add($"service_code: at most {MostIds} at once");
        var (start, end) = (Moment(query["start_date"], "start_date", faults), Moment(query["end_date"], "end_date", faults));
        if (start > end) faults.Add("start_date lies after end_date");
        if (start is { } from && end is { } to && to - from > TimeSpan.FromDays(MostDays)) faults.Add($"start_date and end_date may lie at most {MostDays} days apart");
        var states = List(query["status"]).Distinct().ToArray();
        if (states.Any(s => s is not ("open" or "closed"))) faults.Add("status must be open or closed");
        return new RequestsAsked(ids, services, start, end, states is [var one] ? one == "open" : null, Number(query["page"], 1, 100_000), Number(query["page_size"], 50, MostRows)) { Faults = faults, Given = List(query["service_request_id"]).Count > 0 };
    }

    /// <summary>Whether ids were asked for, good or not: bad ones find nothing, they do not widen the question.</summary>
    public bool Given { get; private init; }

    private static List<string> List(string? written) => [.. (written ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static DateTimeOffset? Moment(string? written, string name, List<string> faults)
    {
        if (string.IsNullOrEmpty(written)) return null;
        if (DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at.Year is >= 1970 and <= 9000) return at;
        faults.Add($"{name} is no date and time in w3 format, like 2026-11-25T00:00:00Z");
        return null;
    }

    private static int Number(string? written, int otherwise, int most) => int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? Math.Min(number, most) : otherwise;
}
