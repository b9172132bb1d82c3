using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Guarantee.Report;

/// <summary>Signs that an office plays with the clock: asking again and again, rejecting on the last day, making people close and file anew. Counts, not accusations.</summary>
internal sealed class ClockReport(Database database, IOrganisation organisation, TimeProvider time)
{
    /// <summary>Answers of the last so many days may be asked for; the first is what is shown unasked.</summary>
    public static readonly IReadOnlyList<int> Windows = [180, 30, 90, 365];

    /// <summary>A new request within so many days of the old one's end is the same matter.</summary>
    private const int Again = 30;

    private const string Sql = """
        select c.post, count(*) as answered, count(*) filter (where c.queries >= 2) as repeated_queries,
          count(*) filter (where c.outcome = 'rejected' and c.answered_on = c.due_on) as last_day_rejections,
          count(*) filter (where c.outcome in ('rejected', 'withdrawn') and exists (
            select from guarantee.clock n where n.applicant = c.applicant and n.service = c.service and n.case_id <> c.case_id and n.layer is null and n.complete_on between c.answered_on and c.answered_on + @Again)) as filed_again
        from guarantee.clock c where c.layer is null and c.post is not null and c.answered_on >= @since group by c.post
        """;

    public async Task<IReadOnlyList<OfficeClock>> ByOffice(int days, CancellationToken ct)
    {
        var rows = await database.Query<Row>(Sql, new { Again, since = Ist.Today(time).AddDays(-days) }, ct);
        return [.. rows.GroupBy(r => organisation.Post(r.Post)?.Office ?? r.Post)
            .Select(g => new OfficeClock(g.Key, organisation.Office(g.Key)?.Name, g.Sum(r => r.Answered), g.Sum(r => r.RepeatedQueries), g.Sum(r => r.LastDayRejections), g.Sum(r => r.FiledAgain)))
            .OrderByDescending(o => o.Share).ThenBy(o => o.Office, StringComparer.Ordinal)];
    }

    private sealed record Row
    {
        public string Post { get; init; } = "";
        public long Answered { get; init; }
        public long RepeatedQueries { get; init; }
        public long LastDayRejections { get; init; }
        public long FiledAgain { get; init; }
    }
}

internal sealed record OfficeClock(string Office, LocalText? Name, long Answered, long RepeatedQueries, long LastDayRejections, long FiledAgain)
{
    public double Share => Answered == 0 ? 0 : (double)(RepeatedQueries + LastDayRejections + FiledAgain) / Answered;
}
