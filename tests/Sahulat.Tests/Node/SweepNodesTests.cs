using Microsoft.Extensions.DependencyInjection;
using Sahulat.Host;
using Sahulat.Host.Bench;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Node;

/// <summary>Three real processes sweep the same open cases while they are killed (<c>kill -9</c>) and started again.</summary>
public sealed class SweepNodesTests(Cluster cluster)
{
    [Fact, Trait("Category", "Long")]
    public async Task ThreeProcesses_KilledAtRandom_LeaveNothingOut_AndDoubleNothing()
    {
        const int open = 20_000, lapsed = 4_000;
        await using var store = await cluster.Clone(Cluster.Loaded);
        await using (var app = Site.Build(new SiteOptions(store.App, cluster.KeyFolder, [])))
            await SweepFill.Run(app.Services, new SweepFill.Plan(open, lapsed, lapsed, Ist.Today(TimeProvider.System)), _ => { }, TestContext.Current.CancellationToken);
        SweepNodes.Outcome outcome;
        await using (var processes = new SweepNodes(Node.Executable, [], store.App, cluster.KeyFolder))
            outcome = await processes.Run(nodes: 3, lapsed, kills: 4, seed: 1176, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(3));
        Assert.Equal((lapsed, 0L, 0L, 0L), (outcome.Lapsed, outcome.Missing, outcome.Double, outcome.Early));
        Assert.True(outcome.Kills > 0, "nothing was killed at work");
    }
}
