using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Organisation.Directory;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Office;
using Sahulat.Tests.Organisation;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>The onboarding board on paper: one A4 page across, for a Chief Secretary's table.</summary>
[Trait("Category", "Browser")]
public sealed class OnboardingPrintTests(Cluster cluster, Chromium chromium)
{
    [Fact]
    public async Task Board_IsOnePage_WithEveryFigure_InEachDirection()
    {
        await using var site = await Desks.Start(cluster);
        using var admin = await site.Official("sahulat-administrator@ut-1");
        var tehsils = site.Services.GetRequiredService<OrganisationDirectory>().OfKind("tehsil");
        var lists = new[]
        {
            ("office", OnboardingTests.List("code,name_en,department,place,phase", 600, i => $"on-{i},Office {i},revenue,{tehsils[i % tehsils.Count].Code},{1 + (i % 4)}")),
            ("user", OnboardingTests.List("employee,name,sign_in,office,phase,training", 12_345, i => $"E{i},Person {i},e{i},on-{i % 600},{1 + (i % 4)},{(i % 2 == 0 ? "done" : "none")}")),
            ("mail", OnboardingTests.List("address,employee,phase", 11_111, i => $"m{i}@jk.example,E{i},2")),
        };
        foreach (var (kind, list) in lists) Assert.Contains("class=\"s-success\"", await OnboardingTests.Send(admin, kind, list), StringComparison.Ordinal);

        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial("chief-secretary@ut-1", "en");
        foreach (var (lang, place, fonts) in new[] { ("en", "", true), ("hi", "", true), ("ur", "", true), ("ks", "", true), ("doi", "", true), ("en", "?place=district-5", true), ("ur", "?place=district-5", true), ("hi", "", false), ("ur", "", false) })
        {
            // Who prints before the fonts have come has one page too.
            if (!fonts) await desk.RouteAsync("**/*.woff2", font => font.AbortAsync());
            await desk.GotoAsync($"/{lang}/desk/onboarding{place}");
            var pdf = Path.Combine(cluster.Folder, $"board-{lang}{place.Length}{(fonts ? "" : "-plain")}.pdf");
            await desk.PdfAsync(new() { Path = pdf, PreferCSSPageSize = true, PrintBackground = false });
            Directory.CreateDirectory(PageChecks.Pictures);
            await Offices.Run("pdftoppm", "-r", "90", "-png", pdf, Path.Combine(PageChecks.Pictures, Path.GetFileNameWithoutExtension(pdf)));
            var info = await Offices.Run("pdfinfo", pdf);
            Assert.Matches(@"Pages:\s+1\n", info);
            Assert.Matches(@"Page size:\s+84\d(\.\d+)? x 59\d(\.\d+)? pts", info);
            if (lang != "en") continue;
            var text = await Offices.Run("pdftotext", "-layout", pdf, "-");
            foreach (var row in await desk.Locator(".s-board__table tbody tr").AllAsync())
                Assert.Contains((await row.Locator("th").InnerTextAsync()).Trim(), text, StringComparison.Ordinal);
            // Nothing is cut off at the edge: the last column of every row is there.
            Assert.All(await desk.Locator(".s-board__table tbody td:last-child").AllInnerTextsAsync(), last => Assert.Contains(last, text, StringComparison.Ordinal));
            Assert.DoesNotContain("Sign out", text, StringComparison.Ordinal);
            if (place.Length == 0) Assert.Contains(12_345.ToString("N0", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        }
    }
}
