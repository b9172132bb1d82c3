using Microsoft.Extensions.Configuration;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Tests.Messaging;

/// <summary>Share and rate of a provider's account, on a clock of the test's own.</summary>
public sealed class AccountTests
{
    private sealed class Hand(long start) : TimeProvider
    {
        private long at = start;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => at;

        public void Pass(TimeSpan by) => at += (long)by.TotalMilliseconds;
    }

    private sealed class Silent : IProvider
    {
        public Task<Handed> Send(Outgoing message, CancellationToken ct) => Task.FromResult(Handed.Ok);
    }

    private static Account Of(double perSecond, TimeProvider time) =>
        new(new ProviderSettings("a", "k", "sms", 8, perSecond, 100, TimeSpan.FromSeconds(1), new ConfigurationBuilder().Build().GetSection("a")), new Silent(), time);

    [Fact]
    public void Share_FallsWithFailures_AndDriftsBack()
    {
        var clock = new Hand(1);
        var account = Of(0, clock);
        for (var i = 0; i < 3; i++) account.Failed();
        Assert.Equal(51.2, account.Weight, 3);
        clock.Pass(TimeSpan.FromSeconds(14));
        Assert.Equal(51.2, account.Weight, 3);
        clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(61.2, account.Weight, 3);
        clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(100, account.Weight, 3);
    }

    [Fact]
    public void Broken_Rests_AndLetsOneThroughEveryFiveSeconds()
    {
        var clock = new Hand(1);
        var account = Of(0, clock);
        for (var i = 0; i < 10; i++) account.Failed();
        Assert.True(account.Rests);
        Assert.False(account.MayTry());
        clock.Pass(TimeSpan.FromSeconds(6));
        Assert.True(account.MayTry());
        Assert.False(account.MayTry());
        account.Went();
        Assert.True(account.MayTry());
    }

    /// <summary>An operator sells parts of messages a second, not messages.</summary>
    [Fact]
    public void Rate_IsOfSegments_AndBulkLeavesAFifthToOthers()
    {
        var clock = new Hand(1);
        var account = Of(10, clock);
        Assert.Equal(TimeSpan.Zero, account.Take(4, 2));
        Assert.Equal(TimeSpan.Zero, account.Take(4, 2));
        Assert.True(account.Take(1, 2) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, account.Take(2, 1));
        var wait = account.Take(3, 1);
        Assert.Equal(0.3, wait.TotalSeconds, 3);
        clock.Pass(wait);
        Assert.Equal(TimeSpan.Zero, account.Take(3, 1));
        // Longer than a second's worth: when the bucket is full.
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, account.Take(25, 1));
    }
}
