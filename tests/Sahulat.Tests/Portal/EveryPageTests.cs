using Microsoft.Playwright;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Portal;

/// <summary>Every page that the program serves, as whoever may see it sees it, in every language.</summary>
[Trait("Category", "Browser")]
public sealed class EveryPageTests(Walk walk) : IClassFixture<Walk>
{
    public static TheoryData<string> Languages => [.. Lang.All.Select(l => l.Code)];

    /// <summary>Shown only in answer to a form or to a wrong address.</summary>
    private static readonly string[] Elsewhere = ["/Cases/ForwardMany/ForwardMany", "/Office/ActOnMany/Many", "/Pages/Status/Status"];

    [Fact]
    public void EveryPage_IsReached()
    {
        var missing = string.Join(' ', walk.All.Except(walk.Found.Keys).Except(Elsewhere));
        Assert.True(missing.Length == 0, missing);
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task EveryPage_IsAccessible_AndFitsAPhone(string lang)
    {
        var faults = new List<string>();
        foreach (var person in walk.Found.GroupBy(f => f.Value.Who))
        {
            var page = await walk.Person(person.Key).NewPageAsync();
            foreach (var (name, seen) in person.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                // Officials' pages are looked at as wide as a desk, all others as narrow as a phone.
                var desk = seen.Path.StartsWith("/en/desk", StringComparison.Ordinal);
                await page.SetViewportSizeAsync(desk ? 1366 : 320, 740);
                var answer = await page.GotoAsync($"/{lang}{seen.Path[3..]}");
                if (answer!.Status != 200) faults.Add($"{page.Url}: {answer.Status}");
                var html = page.Locator("html");
                if (await html.GetAttributeAsync("lang") != lang || await html.GetAttributeAsync("dir") != Lang.Find(lang)!.Direction) faults.Add($"{page.Url}: lang or dir is wrong");
                faults.AddRange(await page.AxeFaults());
                if (desk) await page.SetViewportSizeAsync(320, 740);
                var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                if (width > 320) faults.Add($"{page.Url} ({name}) is {width} px wide at 320 px");
            }

            await page.CloseAsync();
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
