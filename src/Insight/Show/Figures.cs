using Sahulat.Kernel.Data;

namespace Sahulat.Insight.Show;

/// <summary>Reads what was published. Each question costs as much as its window is long, however long the history.</summary>
internal sealed class Figures(Database database)
{
    private static readonly string Columns = $"kind, month, subject, {Measures.Columns}, days";

    public Task<IReadOnlyList<PublishedMonth>> Months(CancellationToken ct) =>
        database.Query<PublishedMonth>("select month, published_at, subjects, digest from insight.month order by month desc", ct: ct);

    public async Task<IReadOnlyList<Figure>> Of(string kind, string subject, Window window, CancellationToken ct) =>
        Read(await database.Query<Row>($"select {Columns} from insight.figure where kind = @kind and subject = @subject and month between @From and @To order by month", new { kind, subject, window.From, window.To }, ct));

    /// <summary>Every subject's months, for a download.</summary>
    public async Task<IReadOnlyList<Figure>> OfAll(string kind, Window window, CancellationToken ct) =>
        Read(await database.Query<Row>($"select {Columns} from insight.figure where kind = @kind and month between @From and @To order by month, subject", new { kind, window.From, window.To }, ct));

    /// <summary>Sums over the window, without the days to the answer.</summary>
    public async Task<IReadOnlyList<Line>> Lines(string kind, Window window, CancellationToken ct) => [.. (await database.Query<Row>($"""
        select subject, {string.Join(", ", Measures.All.Select(m => $"sum({m.Name})::bigint as {m.Name}, case when count({m.Name}_most) = count(*) then sum({m.Name}_most)::bigint end as {m.Name}_most"))}
        from insight.figure where kind = @kind and month between @From and @To group by subject
        """, new { kind, window.From, window.To }, ct)).Select(r => r.Figure).Select(f => new Line(f.Subject, new Totals(f.Received, f.InTime, f.Late, f.Appealed, null, null)))];

    /// <summary>The same lines with median and ninth decile of those subjects.</summary>
    public async Task<IReadOnlyList<Line>> WithDays(string kind, Window window, IReadOnlyList<Line> lines, CancellationToken ct)
    {
        var days = (await database.Query<(string Subject, int[] Days)>("select subject, days from insight.figure where kind = @kind and month between @From and @To and subject = any(@subjects)",
            new { kind, window.From, window.To, subjects = lines.Select(l => l.Subject).ToArray() }, ct)).ToLookup(d => d.Subject, d => d.Days);
        return [.. lines.Select(l =>
        {
            var sum = days[l.Subject].Aggregate(Array.Empty<int>(), (a, b) => Count.Tally.Sum(a, b));
            return l with { Totals = l.Totals with { Median = Quantile.Of(sum, 0.5), Ninth = Quantile.Of(sum, 0.9) } };
        })];
    }

    private static IReadOnlyList<Figure> Read(IEnumerable<Row> rows) => [.. rows.Select(r => r.Figure)];

    private sealed record Row
    {
        public string Kind { get; init; } = "";
        public DateOnly Month { get; init; }
        public string Subject { get; init; } = "";
        public long Received { get; init; }
        public long? ReceivedMost { get; init; }
        public long InTime { get; init; }
        public long? InTimeMost { get; init; }
        public long Late { get; init; }
        public long? LateMost { get; init; }
        public long Appealed { get; init; }
        public long? AppealedMost { get; init; }
        public int[] Days { get; init; } = [];

        public Figure Figure => new(Kind, Month, Subject, new(Received, ReceivedMost), new(InTime, InTimeMost), new(Late, LateMost), new(Appealed, AppealedMost), Days);
    }
}

internal sealed record Line(string Subject, Totals Totals);

internal sealed record PublishedMonth
{
    public DateOnly Month { get; init; }
    public DateTimeOffset PublishedAt { get; init; }
    public int Subjects { get; init; }
    public string Digest { get; init; } = "";
}
