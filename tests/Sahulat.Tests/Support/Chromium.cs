using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Sahulat.Tests.Support;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Sahulat.Tests.Support;

/// <summary>One real Chromium for the whole run; each test gets a context of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>A phone as most citizens have: 360 × 740, touch.</summary>
    public Task<IPage> Phone(Uri site, bool javaScript = true) => Page(site, new() { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true, IsMobile = true, JavaScriptEnabled = javaScript });

    /// <summary>A desk as most offices have: 1366 × 768.</summary>
    public Task<IPage> Desk(Uri site) => Page(site, new() { ViewportSize = new() { Width = 1366, Height = 768 } });

    private async Task<IPage> Page(Uri site, BrowserNewContextOptions options)
    {
        await starting.WaitAsync();
        try
        {
            if (browser is null)
            {
                playwright = await Playwright.CreateAsync();
                browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("SAHULAT_CHROMIUM") ?? "/usr/bin/chromium", Args = Flags });
            }
        }
        finally
        {
            starting.Release();
        }

        options.BaseURL = site.ToString();
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }
}

internal static class PageChecks
{
    public static readonly string Pictures = Path.Combine(Cluster.RepositoryRoot, "artifacts", "pictures");

    /// <summary>WCAG 2.2 AA and best practice: nothing found.</summary>
    public static async Task NoAxeViolations(this IPage page)
    {
        var faults = await page.AxeFaults();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    public static async Task<IReadOnlyList<string>> AxeFaults(this IPage page)
    {
        // A renderer that died answers nothing.
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = new HashSet<ResultType> { ResultType.Violations }, RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } }).WaitAsync(TimeSpan.FromSeconds(60));
        return [.. result.Violations.Select(v => $"{page.Url}: {v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")];
    }

    /// <summary>No sideways scroll at 320 px.</summary>
    public static async Task FitsNarrow(this IPage page)
    {
        await page.SetViewportSizeAsync(320, 740);
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= 320, $"{page.Url} is {width} px wide at 320 px");
    }

    /// <summary>Keeps what a person would see, for looking at and for the README.</summary>
    public static Task Picture(this IPage page, string name, bool whole = false)
    {
        Directory.CreateDirectory(Pictures);
        return page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png"), FullPage = whole });
    }
}
