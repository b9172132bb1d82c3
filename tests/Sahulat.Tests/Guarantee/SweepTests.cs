using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Guarantee;

public sealed class SweepTests(Cluster cluster)
{
    private static readonly DateOnly Complete = new(2026, 9, 1), Due = new(2026, 10, 30), Next = new(2026, 10, 31);

    [Fact]
    public async Task Sweep_AfterDueDate_OpensFirstAppealAtTheDistrict_Once()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        await docket.Hold("deputy-commissioner@district-13");
        var late = await docket.File(Complete, Due);
        var early = await docket.File(Complete, Next);
        var result = await docket.Sweep.Run(Next, ct: TestContext.Current.CancellationToken);
        Assert.Equal((1, 1, 0), (result.Lapsed, result.Appeals, result.LeftOver));
        var appeal = Assert.Single(await docket.Appeals());
        Assert.Equal((late, "first-appeal", "lapse", "deputy-commissioner@district-13", Due, Next), (appeal.Case, appeal.Layer, appeal.Trigger, appeal.Post, appeal.DueOn, appeal.FiledOn));
        Assert.Equal(docket.Clock.ExplainAppeal("jk-psga", 1, "first-appeal", Docket.Tehsil, Next, [])!.On, appeal.DecideBy);
        Assert.Equal(("lapsed", "open"), (await docket.State(late), await docket.State(early)));

        Assert.Equal(0, (await docket.Sweep.Run(Next, ct: TestContext.Current.CancellationToken)).Lapsed);
        Assert.Single(await docket.Appeals());
        Assert.Equal([1L, 0L], await site.Database.Query<long>("select lapsed from guarantee.sweep order by id"));
    }

    [Fact]
    public async Task Sweep_AppealThatLapses_OpensTheSecond_AndTheSecondNothing()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        var first = await docket.File(Complete, Due, "first-appeal");
        var second = await docket.File(Complete, Due, "second-appeal");
        var result = await docket.Sweep.Run(Next, ct: TestContext.Current.CancellationToken);
        Assert.Equal((2, 1), (result.Lapsed, result.Appeals));
        Assert.Equal("second-appeal", (await docket.AppealOf(first))!.Layer);
        // Revision opens on the applicant's own wish only.
        Assert.Null(await docket.AppealOf(second));
    }

    [Fact]
    public async Task Decided_OnTheLastDay_OpensNothing_ADayLater_StillLapsed()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        var inTime = await docket.File(Complete, Due);
        var late = await docket.File(Complete, Due);
        var withdrawn = await docket.File(Complete, Due);
        await docket.Decide(inTime, "approved", Due);
        await docket.Decide(late, "approved", Next);
        await docket.Decide(withdrawn, "withdrawn", Next);
        await docket.Sweep.Run(Next.AddDays(1), ct: TestContext.Current.CancellationToken);
        Assert.Equal(late, Assert.Single(await docket.Appeals()).Case);
        Assert.Equal(("answered", "lapsed", "answered"), (await docket.State(inTime), await docket.State(late), await docket.State(withdrawn)));
    }

    [Fact]
    public async Task Decision_StillCommittingWhenTheSweepStarts_CountsAsInTime()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        var id = await docket.File(Complete, Due);
        await using var connection = await site.Database.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await new Work(connection, transaction, default, []).Append($"case/{id:N}", 1, new CaseDecided("approved", null, Due, [], null), Actor.Sahulat("test"), site.Clock.GetUtcNow());
        var sweep = docket.Sweep.Run(Next);
        Assert.False(sweep.IsCompleted);
        await transaction.CommitAsync();
        Assert.Equal(0, (await sweep).Lapsed);
        Assert.Equal("answered", await docket.State(id));
    }

    [Fact]
    public async Task Rejection_OpensFirstAppealByItself_AfterALapseNotAgain()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        var rejected = await docket.File(Complete, Due);
        var lapsed = await docket.File(Complete, Due);
        var dismissed = await docket.File(Complete, Due.AddDays(40), "first-appeal");
        await docket.Decide(rejected, "rejected", Due);
        await docket.Decide(dismissed, "dismissed", Due);
        await docket.Sweep.Run(Next, ct: TestContext.Current.CancellationToken);
        await docket.Decide(lapsed, "rejected", Next);
        await site.CatchUp();
        var appeals = await docket.Appeals();
        Assert.Equal(3, appeals.Count);
        var own = appeals.Single(a => a.Case == rejected);
        Assert.Equal(("rejection", "first-appeal", Due), (own.Trigger, own.Layer, own.FiledOn));
        Assert.Equal(("rejection", "second-appeal"), (appeals.Single(a => a.Case == dismissed).Trigger, appeals.Single(a => a.Case == dismissed).Layer));
        Assert.Equal("lapse", appeals.Single(a => a.Case == lapsed).Trigger);
    }

    [Fact]
    public async Task Sweeps_ThreeAtOnce_NoneDouble_NoneMissing()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        await docket.File(3500, Complete, Due);
        await docket.File(200, Complete, Next);
        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => docket.Sweep.Run(Next)));
        Assert.Equal(3500, results.Sum(r => r.Lapsed));
        var appeals = await docket.Appeals();
        Assert.Equal((3500, 3500), (appeals.Count, appeals.Select(a => a.Case).Distinct().Count()));
        Assert.Equal(200, await site.Database.One<int>("select count(*)::int from guarantee.clock where state = 'open' and layer is null"));
    }

    [Fact]
    public async Task Sweep_StoppedBetweenBatches_IsTakenUpByTheNext()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        await docket.File(2500, Complete, Due);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => docket.Sweep.Run(Next, new Stopper(stop), stop.Token));
        Assert.Equal(1000, (await docket.Appeals()).Count);
        Assert.Equal(1500, (await docket.Sweep.Run(Next, ct: TestContext.Current.CancellationToken)).Lapsed);
        Assert.Equal(2500, (await docket.Appeals()).Select(a => a.Case).Distinct().Count());
        Assert.Equal(2500, (await docket.Appeals()).Count);
    }

    [Fact]
    public async Task Sweep_VacantAuthority_GoesUpward_AndRaisesAnAlarm()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        await docket.Hold("divisional-commissioner@division-kashmir");
        var id = await docket.File(Complete, Due);
        Assert.Equal(1, (await docket.Sweep.Run(Next, ct: TestContext.Current.CancellationToken)).Alarms);
        var appeal = (await docket.AppealOf(id))!;
        Assert.Equal(("divisional-commissioner@division-kashmir", "deputy-commissioner@district-13"), (appeal.Post, appeal.Wanted));
        Assert.Equal("vacant", await site.Database.One<string>("select why from guarantee.alarm where case_id = @id", new { id }));
        Assert.Equal([AppealDue.Kind, AuthorityVacant.Kind], (await site.Database.Stream($"clock/{id:N}")).Select(e => e.Kind));
    }

    [Fact]
    public async Task Clock_WaitsForPapers_AndStandsWhilePaused()
    {
        await using var site = await Docket.Site(cluster);
        var docket = new Docket(site);
        var paused = await docket.File(Complete, Due);
        await docket.Say(paused, new CaseQueried("verify", "tehsildar@tehsil-6805", Complete, Pauses: true));
        var asked = await docket.File(Complete, Due);
        await docket.Say(asked, new CaseQueried("verify", "tehsildar@tehsil-6805", Complete, Pauses: false));
        await docket.Sweep.Run(Next, ct: TestContext.Current.CancellationToken);
        Assert.Equal(asked, Assert.Single(await docket.Appeals()).Case);
        await docket.Say(paused, new CaseQueryAnswered(Next, Next.AddDays(3)));
        await docket.Sweep.Run(Next.AddDays(3), ct: TestContext.Current.CancellationToken);
        Assert.Equal("open", await docket.State(paused));
        await docket.Sweep.Run(Next.AddDays(4), ct: TestContext.Current.CancellationToken);
        Assert.Equal("lapsed", await docket.State(paused));
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<long>
    {
        public void Report(long value) => stop.Cancel();
    }
}
