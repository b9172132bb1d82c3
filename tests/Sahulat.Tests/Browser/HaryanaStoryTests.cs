using Microsoft.Playwright;
using Sahulat.Cases;
using Sahulat.Host;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Catalogue;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>Another government's pack alone: the same program under another law, up to its Commission.</summary>
[Trait("Category", "Browser")]
public sealed class HaryanaStoryTests(Cluster cluster, Chromium chromium)
{
    [Fact]
    public async Task HaryanaAlone_Lapses_ClimbsToTheCommission_ThatFinesAndGrantsCompensation()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty, settings: new Dictionary<string, string?> { ["Sahulat:Sweep"] = "off" });
        Assert.Empty(await PackLoading.Load(site.Services, Haryana.Folder, _ => { }, TestContext.Current.CancellationToken));
        await site.Staff();
        using var system = await site.System();
        var reference = await Haryana.Copies(system);

        var phone = await chromium.Phone(site.Address);
        await phone.GotoAsync("/hi");
        await phone.GetByText("हरियाणा सरकार").First.WaitForAsync();
        await phone.NoAxeViolations();
        await phone.Picture("haryana-1-home", whole: true);
        await phone.GotoAsync($"/hi/services/{Haryana.Service}");
        await phone.GetByText("हरियाणा सेवा का अधिकार अधिनियम").First.WaitForAsync();
        await phone.NoAxeViolations();
        await phone.Picture("haryana-2-service", whole: true);

        // Nobody answers, on any layer below the Commission.
        var (below, above) = (reference, (Haryana.Appeal?)null);
        foreach (var layer in new[] { "first-appeal", "second-appeal", "commission" })
        {
            await site.SweepOn((above?.DueOn ?? new DateOnly(2026, 11, 4)).AddDays(1));
            above = (await site.Above(below))!;
            Assert.Equal(layer, above.Layer);
            below = above.Reference;
        }

        Assert.Equal(Haryana.Commission, above!.Post);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Haryana.Commission);
        await desk.Locator($"a:has-text('{Reference.Show(above.Reference)}')").First.ClickAsync();
        await desk.NoAxeViolations();
        await desk.FillAsync("textarea[name=text]", "The copies are to be given within seven days.");
        await desk.Picture("haryana-3-commission", whole: true);
        await desk.Locator("button[name=action][value=allowed]").ClickAsync();
        await desk.WaitForLoadStateAsync();

        await desk.GotoAsync($"/en/desk/cases/{above.Reference}/penalty");
        await desk.NoAxeViolations();
        await desk.Picture("haryana-4-penalty", whole: true);
        await desk.Choose(("rule", "commission"));
        var person = await desk.Locator($"input[name=person][value*='@{Haryana.Tehsil}']").First.GetAttributeAsync("value");
        await desk.Choose(("person", person!));
        await desk.FillAsync("textarea[name=notice]", "The copies waited at your post without an answer.");
        var reply = Ist.Today(site.Clock).AddDays(7);
        await desk.Type(("reply.day", $"{reply.Day}"), ("reply.month", $"{reply.Month}"), ("reply.year", $"{reply.Year}"));
        await desk.Do("notice");
        site.Clock.Set(Ist.At(reply.AddDays(1), new TimeOnly(11, 0)));
        await desk.SignInOfficial(Haryana.Commission);
        await desk.GotoAsync($"/en/desk/cases/{above.Reference}/penalty");
        await desk.Locator("input[name^='outcome-'][value=imposed]").CheckAsync(new() { Force = true });
        await desk.FillAsync("input[name^='amount-']", "20001");
        await desk.FillAsync("textarea[name^='reason-']", "No cause was shown.");
        await desk.Locator("button[name=do][value=order]").First.ClickAsync();
        await desk.Locator(".govuk-error-summary").WaitForAsync();
        await desk.Picture("haryana-5-too-much");
        await desk.FillAsync("input[name^='amount-']", "20000");
        await desk.Do("order");
        await desk.NoAxeViolations();
        await desk.Picture("haryana-6-ordered", whole: true);
        Assert.Equal((20000m, "commission"), await site.Database.One<(decimal, string)>("select amount, rule from cases.claim where kind = 'penalty'"));
    }
}
