namespace Sahulat.Tests.Support;

/// <summary>One node for those tests of a class that leave nothing by which another of them could be misled.</summary>
public abstract class SharedSite(Cluster cluster, string template) : IAsyncLifetime
{
    private TestSite? site;

    internal TestSite Site => site!;

    public async ValueTask InitializeAsync() => site = await TestSite.Start(cluster, template);

    public async ValueTask DisposeAsync()
    {
        if (site is not null) await site.DisposeAsync();
    }
}

public sealed class SharedEmptySite(Cluster cluster) : SharedSite(cluster, Cluster.Empty);

public sealed class SharedLoadedSite(Cluster cluster) : SharedSite(cluster, Cluster.Loaded);
