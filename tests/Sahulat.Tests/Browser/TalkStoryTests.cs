using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sahulat.Tests.Messaging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>The whole way in the chat, in Urdu on a phone: find, apply, reference, track; and the desk's side of it.</summary>
[Trait("Category", "Browser")]
public sealed partial class TalkStoryTests(Cluster cluster, Chromium chromium)
{
    private const string Mobile = "9419077009";

    [Fact]
    public async Task Citizen_FindsAppliesAndTracks_InUrduInTheChat()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var phone = await chromium.Phone(site.Address);
        await phone.GotoAsync("/ur/talk");
        await phone.NoAxeViolations();
        await phone.Picture("talk-1-start");
        await phone.Locator("button[name=say][value=\"مینو\"]").ClickAsync();
        await phone.Locator("button[value=find]").WaitForAsync();
        await phone.NoAxeViolations();
        await phone.Picture("talk-2-menu");
        await Say(phone, "آمدنی سند");
        await phone.Locator("button[value=income-certificate], button[value=apply]").First.WaitForAsync();
        await phone.Picture("talk-3-found");
        if (await phone.Locator("button[value=income-certificate]").CountAsync() > 0) await phone.Locator("button[value=income-certificate]").ClickAsync();
        await phone.Locator("button[value=apply]").ClickAsync();
        await Asked(phone, "موبائل نمبر");
        await Say(phone, "۹۴۱۹۰۷۷۰۰۹");
        await Asked(phone, "چھ ہندسوں");
        using var outbox = site.Client();
        await Say(phone, await TalkTests.Code(outbox, Mobile));
        await Asked(phone, "کہاں درخواست");
        await phone.NoAxeViolations();
        await phone.Picture("talk-4-place");
        await Say(phone, "Pampore");
        await Asked(phone, "چند سوال");
        await site.Answer(async said =>
        {
            var before = await phone.Locator("#lines").GetAttributeAsync("data-newest");
            var button = phone.Locator($"button[name=say][value='{said}']");
            if (await button.CountAsync() > 0) await button.ClickAsync();
            else await Say(phone, said);
            await phone.WaitForFunctionAsync("before => document.querySelector('#lines').dataset.newest !== before", before);
            return await phone.Locator("#lines").InnerTextAsync();
        }, await phone.Locator("#lines").InnerTextAsync(), "کیا سب درست ہے؟");
        await phone.NoAxeViolations();
        await phone.Picture("talk-5-check");
        await phone.Locator("button[value=send]").ClickAsync();
        await Asked(phone, "حوالہ نمبر");
        var reference = Reference().Match(await phone.Locator("#lines").InnerTextAsync()).Value;
        Assert.NotEqual("", reference);
        await phone.NoAxeViolations();
        await phone.FitsNarrow();
        await phone.Picture("talk-6-filed");
        await Say(phone, "صورتحال");
        await phone.Locator($"button:has-text('{reference}')").ClickAsync();
        await Asked(phone, "صورتحال:");
        await phone.Picture("talk-7-status");

        await Say(phone, "مینو");
        await phone.Locator("button[value=person]").ClickAsync();
        await Asked(phone, "کوئی شخص یہیں جواب دے گا");
        await Say(phone, "میری درخواست کب مکمل ہوگی؟");
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial("service-centre-operator@tehsil-79");
        await desk.GotoAsync("/en/desk/talk");
        await desk.NoAxeViolations();
        await desk.Picture("talk-8-waiting");
        await desk.Locator("tr[data-row] a").First.ClickAsync();
        await desk.Locator("button:has-text('Take this conversation')").ClickAsync();
        await desk.FillAsync("textarea[name=text]", "آج شام تک۔");
        await desk.NoAxeViolations();
        await desk.Picture("talk-9-desk");
        await desk.Locator("main form:has(textarea) button[type=submit]").ClickAsync();
        // It appears on the phone by itself.
        await Asked(phone, "آج شام تک۔");
        await phone.Picture("talk-10-answered");

        var author = await chromium.Desk(site.Address);
        await author.SignInOfficial((await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'sahulat-administrator@%' limit 1"""))!);
        await author.GotoAsync("/en/desk/talk/try");
        await author.SelectOptionAsync("select[name=channel]", "ussd");
        await author.SelectOptionAsync("select[name=spoken]", "ur");
        await author.Locator("main form button[type=submit]").Last.ClickAsync();
        await author.Locator(".s-talk li").First.WaitForAsync();
        await author.NoAxeViolations();
        await author.Picture("talk-11-try", whole: true);
    }

    private static async Task Say(IPage phone, string text)
    {
        await phone.FillAsync("input[name=text]", text);
        await phone.Locator("[data-send]").ClickAsync();
    }

    private static Task Asked(IPage phone, string words) => phone.Locator(".s-talk").GetByText(words).Last.WaitForAsync();

    [GeneratedRegex("JK26-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")]
    private static partial Regex Reference();
}
