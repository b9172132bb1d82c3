using System.Security.Cryptography;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Quality;

internal sealed record SampleView(BundleRow Bundle, PlanRow Plan, int Kept, int Reject, IReadOnlyList<Guid> Papers, IReadOnlyList<(int Seq, int Size, int Bad, string Verdict, DateTimeOffset At)> Earlier);

/// <summary>Looks at pages of a bundle drawn by lot. A bundle with too many bad ones is rejected whole: its pages are withdrawn from their files and it is scanned again.</summary>
internal sealed class Sampling(Database database, ScanPlans plans, OfficePosts posts, TimeProvider time)
{
    private const string KeptOf = "from office.intake_page p join office.scan_item s on s.id = p.item where s.bundle = @Id and p.outcome = 'kept'";

    public async Task<SampleView?> View(Reach reach, Guid bundle, CancellationToken ct)
    {
        var row = await database.One<BundleRow>("select id, plan, shelf, number, team, target_on, state, at from office.scan_bundle where id = @bundle", new { bundle }, ct);
        if (row is null || await plans.Find(reach, row.Plan, ct) is not { } plan) return null;
        var kept = await database.One<int>($"select count(*)::int {KeptOf}", row, ct);
        var samples = await database.Query<Sample>("select seq, papers, bad, verdict, at from office.scan_sample where bundle = @Id order by seq", row, ct);
        return new SampleView(row, plan, kept, ScanProgress.Sample(kept).Reject, samples.FirstOrDefault(s => s.Verdict is null)?.Papers ?? [], [.. samples.Where(s => s.Verdict is not null).Select(s => (s.Seq, s.Papers.Length, s.Bad?.Length ?? 0, s.Verdict!, s.At))]);
    }

    public async Task<Result<Done>> Draw(Reach reach, SampleView seen, CancellationToken ct) => await database.Write<Result<Done>>(async work =>
    {
        var state = await work.One<string>("select state from office.scan_bundle where id = @Id for update", seen.Bundle);
        if (state == "accepted") return OfficeProblems.BundleJudged;
        if (await work.One<bool>("select exists (select from office.scan_sample where bundle = @Id and verdict is null)", seen.Bundle)) return OfficeProblems.SampleOpen;
        // Whoever scanned does not judge the scan.
        if (await work.One<bool>($"select exists (select {KeptOf} and exists (select from office.intake i where i.id = p.intake and i.official = @me))", new { seen.Bundle.Id, me = reach.Who.Id })) return OfficeProblems.SameHand;
        var papers = (await work.Query<Guid>($"select p.paper {KeptOf} order by p.paper", seen.Bundle)).ToArray();
        if (papers.Length == 0) return OfficeProblems.NothingToSample;
        RandomNumberGenerator.Shuffle<Guid>(papers);
        await work.Execute("insert into office.scan_sample (bundle, seq, official, papers, at) select @Id, coalesce(max(seq), 0) + 1, @me, @drawn, @at from office.scan_sample where bundle = @Id", new { seen.Bundle.Id, me = reach.Who.Id, drawn = papers[..ScanProgress.Sample(papers.Length).Sample], at = time.GetUtcNow() });
        await work.Append(ScanPlans.StreamOf(seen.Plan.Id), null, new SampleDrawn(seen.Bundle.Id, ScanProgress.Sample(papers.Length).Sample, papers.Length), reach.As(By(reach, seen)), time.GetUtcNow());
        return Done.It;
    }, ct);

    public async Task<Result<string>> Judge(Reach reach, SampleView seen, IReadOnlyCollection<Guid> bad, CancellationToken ct) => await database.Write<Result<string>>(async work =>
    {
        await work.Execute("select from office.scan_bundle where id = @Id for update", seen.Bundle);
        var sample = await work.One<Sample>("select seq, papers, bad, verdict, at from office.scan_sample where bundle = @Id and verdict is null for update", seen.Bundle);
        if (sample is null) return OfficeProblems.NothingToSample;
        if (bad.Any(b => !sample.Papers.Contains(b))) return Problem.Invalid([new Fault("bad", "not-a-choice")]);
        var verdict = bad.Distinct().Count() >= ScanProgress.Sample(seen.Kept).Reject ? "rejected" : "accepted";
        var at = time.GetUtcNow();
        await work.Execute("update office.scan_sample set bad = @bad, verdict = @verdict where bundle = @Id and seq = @Seq", new { bad = bad.Distinct().ToArray(), verdict, seen.Bundle.Id, sample.Seq });
        await work.Execute("update office.scan_bundle set state = @verdict, accepted_at = case when @verdict = 'accepted' then @at end where id = @Id", new { verdict, seen.Bundle.Id, at });
        if (verdict == "rejected")
        {
            // The numbers of the pages stay, so that what cites them still points where it did; they are found no longer.
            var papers = (await work.Query<Guid>($"select p.paper {KeptOf}", seen.Bundle)).ToArray();
            await work.Execute("update office.correspondence set kind = 'withdrawn' where paper = any(@papers)", new { papers });
            await work.Execute("update office.page set words = '{}' where paper = any(@papers) or id in (select found from office.scan_entry where paper = any(@papers))", new { papers });
            await work.Execute("update office.intake_page p set outcome = 'rejected' from office.scan_item s where s.id = p.item and s.bundle = @Id and p.outcome = 'kept'", seen.Bundle);
            // The same file of a scanner may come again, with the same bytes where the scanner was not to blame.
            await work.Execute("update office.intake i set digest = digest || i.id::text::bytea where plan = @Plan and exists (select from office.intake_page p join office.scan_item s on s.id = p.item where p.intake = i.id and s.bundle = @Id) and octet_length(digest) <= 32", seen.Bundle);
        }

        await work.Append(ScanPlans.StreamOf(seen.Plan.Id), null, new BundleJudged(seen.Bundle.Id, sample.Papers.Length, bad.Distinct().Count(), verdict), reach.As(By(reach, seen)), at);
        return verdict;
    }, ct);

    private string By(Reach reach, SampleView seen) => reach.Acts.Keys.FirstOrDefault(p => posts.OfficeOf(p) == seen.Plan.Office) ?? reach.Acts.Keys.First();

    private sealed class Sample
    {
        public int Seq { get; init; }

        public Guid[] Papers { get; init; } = [];

        public Guid[]? Bad { get; init; }

        public string? Verdict { get; init; }

        public DateTimeOffset At { get; init; }
    }
}
