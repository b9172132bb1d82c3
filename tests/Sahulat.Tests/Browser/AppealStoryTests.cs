using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sahulat.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>The guarantee as people live it: no answer, two appeals, a hearing, an order, and a penalty that is paid.</summary>
[Trait("Category", "Browser")]
public sealed class AppealStoryTests(Cluster cluster, Chromium chromium)
{
    [Fact]
    public async Task Lapse_FirstAppeal_Silence_SecondAppeal_Hearing_Order_Penalty_ShowCause_Payment()
    {
        await using var site = await Appealing.Site(cluster);
        var phone = await chromium.Phone(site.Address);
        var reference = await StoryTests.Apply(phone, "ur", pictures: false);

        // Nobody answers: the appeal files itself, and the citizen adds his own words.
        await site.Lapse(80);
        var first = await site.AppealOf(reference);
        Assert.Equal("lapse", first.OpenedBy);
        await Enter(phone);
        await phone.GotoAsync($"/ur/requests/{first.Reference}");
        await phone.Locator($"a[href='/ur/requests/{reference}/appeal']").ClickAsync();
        await phone.NoAxeViolations();
        await phone.Picture("appeal-1-join", whole: true);
        await phone.FillAsync("textarea[name=reasons]", "تین مہینے ہو گئے، کوئی جواب نہیں ملا۔");
        await phone.Attach("papers", "رسید.pdf", Filed.Pdf("receipt"));
        await phone.Press();
        await phone.WaitForURLAsync("**joined=1");
        await phone.NoAxeViolations();

        // The first authority is silent too.
        await site.Lapse(80);
        var second = await site.AppealOf(reference);
        Assert.Equal(("second-appeal", "lapse"), (second.Layer, second.OpenedBy));
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(second.Post);
        await desk.Locator($"a:has-text('{Reference.Show(second.Reference)}')").First.ClickAsync();
        await desk.Locator($"a[href='/en/desk/cases/{second.Reference}/hear']").ClickAsync();
        var day = Open(site, Ist.Today(site.Clock).AddDays(4));
        await desk.Type(("on.day", $"{day.Day}"), ("on.month", $"{day.Month}"), ("on.year", $"{day.Year}"), ("at", "11:30"), ("place", "Room 2, Divisional Commissioner's office, Jammu"));
        await desk.SelectOptionAsync("select[name=mode]", "in-person");
        await desk.NoAxeViolations();
        await desk.Picture("appeal-2-hear", whole: true);
        await desk.Do("fixed");
        await desk.NoAxeViolations();
        await site.CatchUp();
        await Enter(phone);
        await phone.GotoAsync($"/ur/requests/{reference}");
        await phone.GetByText("Room 2, Divisional").First.WaitForAsync();
        await phone.NoAxeViolations();
        await phone.Picture("appeal-3-citizen", whole: true);
        await phone.FitsNarrow();

        site.Clock.Set(Ist.At(day, new TimeOnly(12, 0)));
        await desk.SignInOfficial(second.Post);
        await desk.GotoAsync($"/en/desk/cases/{second.Reference}/hear");
        await desk.SelectOptionAsync("select[name=applicant]", "present");
        await desk.SelectOptionAsync("select[name=officer]", "absent");
        await desk.FillAsync("textarea[name=minutes]", "The applicant was heard. The officer did not come.");
        await desk.Do("held");
        await desk.Picture("appeal-4-heard");
        await desk.GotoAsync($"/en/desk/cases/{second.Reference}");
        await desk.FillAsync("textarea[name=text]", "No cause is shown for the silence. The request is to be answered within ten days.");
        await desk.NoAxeViolations();
        await desk.Picture("appeal-5-order", whole: true);
        await desk.Locator("button[name=action][value=allowed]").ClickAsync();
        await desk.WaitForLoadStateAsync();

        // The draft with its arithmetic, the notice, the reply, the order, the payment.
        await desk.GotoAsync($"/en/desk/cases/{second.Reference}/penalty");
        await desk.GetByText("× ₹250 =").First.WaitForAsync();
        await desk.NoAxeViolations();
        await desk.Picture("appeal-6-draft", whole: true);
        await desk.Choose(("rule", "not-provided"));
        var person = await desk.Locator("input[name=person][value*='@tehsil-79']").First.GetAttributeAsync("value");
        await desk.Choose(("person", person!));
        await desk.FillAsync("textarea[name=notice]", "The request waited at your post without an answer.");
        var reply = Ist.Today(site.Clock).AddDays(7);
        await desk.Type(("reply.day", $"{reply.Day}"), ("reply.month", $"{reply.Month}"), ("reply.year", $"{reply.Year}"));
        await desk.Do("notice");
        var officer = await chromium.Desk(site.Address);
        await officer.SignInOfficial(person!.Split('.')[1]);
        await officer.Locator("a[href='/en/desk/duties']").ClickAsync();
        await officer.NoAxeViolations();
        await officer.Locator("a[href*='/desk/notices/']").First.ClickAsync();
        await officer.FillAsync("textarea[name=answer]", "I was on election duty.");
        await officer.NoAxeViolations();
        await officer.Picture("appeal-7-notice", whole: true);
        await officer.Press();
        await officer.WaitForURLAsync("**did=answered");
        await desk.ReloadAsync();
        await desk.GetByText("I was on election duty.").First.WaitForAsync();
        await desk.Locator("label:has-text('Impose')").ClickAsync();
        await desk.FillAsync("input[name^='amount-']", "2500");
        await desk.FillAsync("textarea[name^='reason-']", "The duty explains a part of the delay.");
        await desk.Do("order");
        await desk.Locator("summary:has-text('instalment')").ClickAsync();
        await desk.FillAsync("input[name^='sum-']", "2500");
        await desk.FillAsync("input[name^='voucher-']", "CH-2027-104");
        var today = Ist.Today(site.Clock);
        foreach (var (part, value) in new[] { ("day", today.Day), ("month", today.Month), ("year", today.Year) }) await desk.FillAsync($"input[name^='paid-on-'][name$='.{part}']", $"{value}");
        await desk.Do("pay");
        await desk.NoAxeViolations();
        await desk.Picture("appeal-8-ledger", whole: true);
        Assert.Equal(0m, await site.Database.One<decimal>("select sum(amount) from cases.money"));

        await desk.GotoAsync($"/ur/desk/cases/{second.Reference}/story");
        await desk.NoAxeViolations();
        await desk.Picture("appeal-9-story", whole: true);
    }

    /// <summary>Weeks later the citizen signs in again.</summary>
    private static async Task Enter(IPage phone)
    {
        await phone.GotoAsync("/ur/sign-in");
        await phone.SignInCitizen(StoryTests.Mobile, "ur");
        await phone.WaitForURLAsync("**/ur/requests");
    }

    /// <summary>The day itself, or the next on which offices are open.</summary>
    private static DateOnly Open(TestSite site, DateOnly day)
    {
        var (calendar, places) = (site.Services.GetRequiredService<Calendars>().Current, site.Services.GetRequiredService<IOrganisation>().PlaceAndAncestors("tehsil-79"));
        while (!calendar.IsOpen(day, places)) day = day.AddDays(1);
        return day;
    }
}

internal static class DeskForms
{
    /// <summary>Presses the page's own button and waits for what it says.</summary>
    public static async Task Do(this IPage page, string act)
    {
        await page.Locator($"button[name=do][value={act}]").First.ClickAsync();
        await page.WaitForURLAsync($"**did={act}");
    }
}
