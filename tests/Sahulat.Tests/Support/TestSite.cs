using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sahulat.Cases.Certify;
using Sahulat.Host;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Tests.Support;

/// <summary>A whole node on a clone of the loaded database, served by Kestrel on a free port of the loopback. The clock is the test's.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly WebApplication app;
    private readonly SiteOptions options;

    private TestSite(TestDatabase database, WebApplication app, SiteOptions options, TestClock clock) =>
        (this.database, this.app, this.options, Clock, Address) = (database, app, options, clock, new Uri(app.Urls.First()));

    /// <summary>Monday 2 November 2026, ten in the morning in Srinagar.</summary>
    public static readonly DateTimeOffset Begins = new(2026, 11, 2, 4, 30, 0, TimeSpan.Zero);

    public TestClock Clock { get; }

    public Uri Address { get; }

    public IServiceProvider Services => app.Services;

    public Database Database => Services.GetRequiredService<Database>();

    public TestDatabase Store => database;

    /// <param name="template">Which template to clone; the loaded one holds data/jk.</param>
    /// <param name="before">What is done to the database before the node runs on it.</param>
    /// <param name="now">The clock's start; <see cref="Begins"/> when not given.</param>
    public static async Task<TestSite> Start(Cluster cluster, string template = Cluster.Loaded, DateTimeOffset? now = null, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? replace = null, Func<TestDatabase, Task>? before = null)
    {
        var clock = new TestClock(now ?? Begins);
        var database = await cluster.Clone(template);
        if (before is not null) await before(database);
        var all = new Dictionary<string, string?> { ["Sahulat:Outbox"] = "screen" };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) all[key] = value;
        var options = new SiteOptions(database.App, cluster.KeyFolder, ["http://127.0.0.1:0"], all, clock, services =>
        {
            Cheap(services);
            replace?.Invoke(services);
        });
        var app = Site.Build(options);
        await app.StartAsync();
        return new TestSite(database, app, options, clock);
    }

    /// <summary>One more node on the same database, with the same clock and settings. To be stopped before the site.</summary>
    public async Task<WebApplication> Beside()
    {
        var other = Site.Build(options);
        await other.StartAsync();
        return other;
    }

    /// <summary>Passwords are hashed a hundred times instead of a hundred thousand; certificates are printed only for tests that start Chromium.</summary>
    internal static void Cheap(IServiceCollection services)
    {
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = 100);
        var traits = TestContext.Current.Test?.Traits ?? TestContext.Current.TestClass?.Traits;
        if (traits is null || !traits.TryGetValue("Category", out var categories) || !categories.Contains("Browser")) services.Remove(services.Single(s => s.ImplementationType == typeof(Press)));
    }

    /// <summary>A client with cookies of its own that does not follow redirects by itself.</summary>
    public HttpClient Client(bool follow = false) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = follow, CookieContainer = new CookieContainer(), UseCookies = true }) { BaseAddress = Address };

    /// <summary>Everything committed so far has been followed, and what came of it: until no follower of this node or another took a step meanwhile.</summary>
    public async Task CatchUp()
    {
        long before;
        do
        {
            before = await Applied();
            await Services.GetRequiredService<Followers>().CatchUp(CancellationToken.None);
        }
        while (await Applied() != before);
    }

    private Task<long> Applied() => Database.One<long>("select coalesce(sum(applied), 0)::bigint from journal.cursor");

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        NpgsqlConnection.ClearPool(new NpgsqlConnection(database.App));
        await database.DisposeAsync();
    }
}

/// <summary>A clock that stands until it is moved. Timers run by it as well, when it is moved past them.</summary>
internal sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    public void Set(DateTimeOffset to) => Interlocked.Exchange(ref ticks, to.UtcTicks);
}

internal static class Eventually
{
    /// <summary>Waits for a condition, never for a time; fails when it does not come within the patience.</summary>
    public static async Task True(Func<Task<bool>> condition, string what, int seconds = 20)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            try
            {
                await pulse.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"did not come true within {seconds} s: {what}");
            }
        }
    }

    public static Task True(Func<bool> condition, string what, int seconds = 20) => True(() => Task.FromResult(condition()), what, seconds);
}
