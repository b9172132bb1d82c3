using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Plan;

namespace Sahulat.Office.PlaceByHand;

/// <summary>A page that says nearly the same as another of its file.</summary>
internal sealed record Pair(Guid Scan, int Page, string Number, Guid FileId, Guid Paper, int At, Guid Other, int OtherAt);

/// <summary>The same sheet scanned twice has other bytes, and nearly the same words: such pages are kept, and shown to a person, who decides.</summary>
internal sealed class Alike(Database database, OfficePosts posts, TimeProvider time)
{
    public const int Shown = 12;

    /// <summary>Sheets that came twice came shortly after one another.</summary>
    private const int Latest = 300;

    private const int FewestWords = 20;
    private const double Same = 0.85;

    private const string Pairs = """
        from office.intake_page p join office.intake i on i.id = p.intake join office.scan_item s on s.id = p.item
        join office.correspondence c on c.paper = p.paper and c.kind = 'legacy' join office.correspondence o on o.paper = p.perhaps and o.kind = 'legacy'
        where i.plan = @plan and p.perhaps is not null and p.outcome = 'kept'
        """;

    /// <summary>The page among the latest of the item whose words are nearly those of this one.</summary>
    public static async Task<Guid?> To(Work work, Guid item, Guid paper)
    {
        var mine = (await work.One<int[]>("select words from office.page where paper = @paper and page = 1", new { paper }) ?? []).ToHashSet();
        if (mine.Count < FewestWords) return null;
        var (least, most) = ((int)Math.Ceiling(mine.Count * Same), (int)(mine.Count / Same));
        var others = await work.Query<(Guid Paper, int[] Words)>("""
            select r.paper, r.words from (select paper from office.intake_page where item = @item and outcome = 'kept' and paper <> @paper order by at desc limit @Latest) l
            join office.page r on r.paper = l.paper and r.page = 1 where cardinality(r.words) between @least and @most
            """, new { item, paper, Latest, least, most });
        return others.Select(o => (o.Paper, Like: Likeness(mine, o.Words))).Where(o => o.Like >= Same).OrderByDescending(o => o.Like).Select(o => (Guid?)o.Paper).FirstOrDefault();
    }

    /// <summary>The share of words that both have among those that either has.</summary>
    internal static double Likeness(IReadOnlySet<int> one, int[] other)
    {
        var both = other.Count(one.Contains);
        return (double)both / (one.Count + other.Length - both);
    }

    public Task<int> Count(Guid plan, CancellationToken ct) => database.One<int>($"select count(*)::int {Pairs}", new { plan }, ct);

    public Task<IReadOnlyList<Pair>> Of(Guid plan, CancellationToken ct) =>
        database.Query<Pair>($"select p.intake as scan, p.page, s.number, c.file_id, p.paper, c.page_from as at, p.perhaps as other, o.page_from as other_at {Pairs} order by i.at, i.id, p.page limit @Shown", new { plan, Shown }, ct);

    /// <param name="same">The page is withdrawn: it keeps its number in the file, and is found no longer.</param>
    public async Task<Result<Done>> Judge(Reach reach, PlanRow plan, Guid scan, int page, bool same, CancellationToken ct) => await database.Write<Result<Done>>(async work =>
    {
        var paper = await work.One<Guid?>("""
            update office.intake_page p set perhaps = null, outcome = case when @same then 'duplicate' else outcome end
            where intake = @scan and page = @page and perhaps is not null and outcome = 'kept' and exists (select from office.intake i where i.id = p.intake and i.plan = @Id) returning paper
            """, new { scan, page, same, plan.Id });
        if (paper is null) return Problem.Conflict;
        if (same)
        {
            await work.Execute("update office.correspondence set kind = 'withdrawn' where paper = @paper", new { paper });
            await work.Execute("update office.page set words = '{}' where paper = @paper or id in (select found from office.scan_entry where paper = @paper)", new { paper });
        }

        var by = reach.Acts.Keys.FirstOrDefault(p => posts.OfficeOf(p) == plan.Office) ?? reach.Acts.Keys.First();
        await work.Append(ScanPlans.StreamOf(plan.Id), null, new PageCompared(scan, page, same), reach.As(by), time.GetUtcNow());
        return Done.It;
    }, ct);
}
