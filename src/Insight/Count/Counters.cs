using System.Globalization;
using Sahulat.Kernel.Data;

namespace Sahulat.Insight.Count;

/// <summary>Adds to the counters: read, added, written back, many at a time. Only the follower does, and its cursor lets one node at a time.</summary>
internal sealed class Counters
{
    private readonly Dictionary<(string Kind, string Subject, DateOnly Month), Tally> changes = [];

    public void Add(Matter matter, int times)
    {
        foreach (var (month, share) in matter.Shares()) Add(matter, month, share, times);
    }

    public void Add(Matter matter, DateOnly month, Tally share, int times)
    {
        foreach (var (kind, subject) in matter.Subjects())
        {
            var key = (kind, subject, month);
            changes[key] = changes.GetValueOrDefault(key, new Tally()).Plus(share, times);
        }
    }

    public async Task Write(Work work)
    {
        var keys = changes.Where(c => !c.Value.Nothing).Select(c => c.Key).ToArray();
        if (keys.Length == 0) return;
        var (kinds, subjects, months) = (keys.Select(k => k.Kind).ToArray(), keys.Select(k => k.Subject).ToArray(), keys.Select(k => k.Month).ToArray());
        var known = (await work.Query<Row>("""
            select c.kind, c.subject, c.month, c.received, c.in_time, c.late, c.appealed, c.days
            from unnest(@kinds, @subjects, @months) as k(kind, subject, month) join insight.counter c using (kind, subject, month)
            """, new { kinds, subjects, months })).ToDictionary(r => (r.Kind, r.Subject, r.Month));
        var sums = keys.Select(k => (known.GetValueOrDefault(k)?.Tally ?? new Tally()).Plus(changes[k])).ToArray();
        await work.Execute("""
            insert into insight.counter (kind, subject, month, received, in_time, late, appealed, days, counted_at)
            select k, s, m, r, i, l, a, d::int[], now() from unnest(@kinds, @subjects, @months, @received, @inTime, @late, @appealed, @days) as n(k, s, m, r, i, l, a, d)
            on conflict (kind, subject, month) do update set received = excluded.received, in_time = excluded.in_time, late = excluded.late, appealed = excluded.appealed, days = excluded.days, counted_at = excluded.counted_at
            """, new
        {
            kinds, subjects, months,
            received = sums.Select(t => t.Received).ToArray(),
            inTime = sums.Select(t => t.InTime).ToArray(),
            late = sums.Select(t => t.Late).ToArray(),
            appealed = sums.Select(t => t.Appealed).ToArray(),
            days = sums.Select(t => Literal(t.Days)).ToArray(),
        });
        changes.Clear();
    }

    private static string Literal(int[] days) => $"{{{string.Join(',', days.Select(d => d.ToString(CultureInfo.InvariantCulture)))}}}";

    internal sealed record Row
    {
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public DateOnly Month { get; init; }
        public long Received { get; init; }
        public long InTime { get; init; }
        public long Late { get; init; }
        public long Appealed { get; init; }
        public int[] Days { get; init; } = [];

        public Tally Tally => new() { Received = Received, InTime = InTime, Late = Late, Appealed = Appealed, Days = Days };
    }
}
