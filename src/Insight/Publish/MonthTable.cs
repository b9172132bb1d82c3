using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Insight.Count;
using Sahulat.Insight.Show;

namespace Sahulat.Insight.Publish;

/// <summary>One month's counts with what adds up to what: departments and their services, districts and their offices, all of them to the whole.</summary>
internal sealed class MonthTable(IReadOnlyList<Counters.Row> rows, IServiceDirectory services, IOrganisation organisation, DateOnly lastDay)
{
    public IReadOnlyList<Figure> Publish(DateOnly month)
    {
        var received = Hide(r => r.Received);
        var inTime = Hide(r => r.InTime);
        var late = Hide(r => r.Late);
        var appealed = Hide(r => r.Appealed);
        return [.. rows.Select((r, i) => new Figure(r.Kind, month, r.Subject, received[i], inTime[i], late[i], appealed[i], r.Days))];
    }

    private Band[] Hide(Func<Counters.Row, long> of)
    {
        var cells = rows.Select(of).ToList();
        var listed = Enumerable.Repeat(true, cells.Count).ToList();
        var sums = new List<Sum>();
        foreach (var (whole, parts) in Groups())
        {
            var rest = cells[whole] - parts.Sum(p => cells[p]);
            // Parts that make up more than their whole (an office that also answers for another district) tell nothing of it.
            if (rest < 0 || parts.Count == 0) continue;
            if (rest > 0)
            {
                parts.Add(cells.Count);
                cells.Add(rest);
                listed.Add(false);
            }

            sums.Add(new Sum(whole, parts));
        }

        var shown = Suppression.Hide(cells, listed, sums);
        var (low, high) = Suppression.Bounds(cells, listed, sums, shown);
        return [.. rows.Select((_, i) => new Band((long)low[i], double.IsInfinity(high[i]) ? null : (long)high[i]))];
    }

    private IEnumerable<(int Whole, List<int> Parts)> Groups()
    {
        var at = rows.Select((r, i) => (r, i)).ToDictionary(x => (x.r.Kind, x.r.Subject), x => x.i);
        List<int> Of(string kind, Func<string, bool> mine) => [.. rows.Select((r, i) => (r, i)).Where(x => x.r.Kind == kind && mine(x.r.Subject)).Select(x => x.i)];
        if (!at.TryGetValue((Kinds.All, Kinds.All), out var all)) yield break;
        foreach (var kind in Kinds.Public) yield return (all, Of(kind, _ => true));
        foreach (var row in rows.Where(r => r.Kind == Kinds.Department))
            yield return (at[(row.Kind, row.Subject)], Of(Kinds.Service, s => services.Find(s, lastDay)?.Department == row.Subject));
        foreach (var row in rows.Where(r => r.Kind == Kinds.District))
            yield return (at[(row.Kind, row.Subject)], Of(Kinds.Office, o => organisation.Office(o) is { } office && organisation.PlaceAndAncestors(office.Place).Contains(row.Subject)));
    }
}
