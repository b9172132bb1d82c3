using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>The organisation's pages as officials see them.</summary>
[Trait("Category", "Browser")]
public sealed class StaffTests(Cluster cluster, Chromium chromium)
{
    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Organisation_IsAccessible_AndFits(string lang)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial("sahulat-administrator@ut-1", lang);
        foreach (var (path, name) in new[] { ("", "organisation"), ("?place=tehsil-79", "organisation-tehsil"), ("?show=vacant", "organisation-vacant"), ("/posts/tehsildar@tehsil-79", "organisation-post") })
        {
            await desk.SetViewportSizeAsync(1366, 768);
            await desk.GotoAsync($"/{lang}/desk/organisation{path}");
            await desk.NoAxeViolations();
            await desk.Picture($"{name}-{lang}");
            await desk.FitsNarrow();
        }

        await desk.Locator("main form button").Last.ClickAsync();
        await desk.WaitForSelectorAsync(".govuk-error-summary");
        await desk.NoAxeViolations();
        await desk.Picture($"organisation-refused-{lang}", whole: true);
    }
}
