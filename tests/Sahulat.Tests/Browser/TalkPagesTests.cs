using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sahulat.Tests.Messaging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>The pages around conversations, on a desk and on a phone, from left and from right.</summary>
[Trait("Category", "Browser")]
public sealed partial class TalkPagesTests(Cluster cluster, Chromium chromium)
{
    private const string Operator = "service-centre-operator@tehsil-79";

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task TheDesk_TheSimulator_AndThePaperPage_AreFitForUse(string lang)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Operator);
        await Look(desk, $"/{lang}/desk/talk", $"talk-desk-none-{lang}");

        using var citizen = site.Client();
        await TalkTests.Chat(citizen, "مینو", "ur");
        await TalkTests.Chat(citizen, "person", "ur");
        await TalkTests.Chat(citizen, "میری درخواست JK26-7F3K-9QXM-4 کب مکمل ہوگی؟ تین ہفتے گزر گئے ہیں اور کسی دفتر سے کوئی جواب نہیں آیا۔ https://example.in/a/very/long/address/that/does/not/break/anywhere/at/all", "ur");
        using var second = site.Client();
        await TalkTests.Chat(second, "menu");
        await TalkTests.Chat(second, "person");
        await Look(desk, $"/{lang}/desk/talk", $"talk-desk-list-{lang}");
        await desk.Locator("tr[data-row] a").First.ClickAsync();
        await desk.Locator(".s-talk").WaitForAsync();
        var one = new Uri(desk.Url).PathAndQuery;
        await Look(desk, one, $"talk-desk-case-{lang}");
        await desk.Locator("main form button[type=submit]").First.ClickAsync();
        await desk.Locator("textarea[name=text]").WaitForAsync();
        await desk.Locator("details summary").First.ClickAsync();
        await Looked(desk, $"talk-desk-own-{lang}");
        await desk.Locator("details a").First.ClickAsync();
        await desk.Locator("main form:has(textarea) button[type=submit]").ClickAsync();
        await desk.Locator(".s-talk__by").WaitForAsync();
        await Looked(desk, $"talk-desk-answered-{lang}");
        await Look(desk, $"/{lang}/desk/talk?box=mine", $"talk-desk-mine-{lang}");

        var author = await chromium.Desk(site.Address);
        await author.SignInOfficial((await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'sahulat-administrator@%' limit 1"""))!);
        await Look(author, $"/{lang}/desk/talk/try", $"talk-try-start-{lang}");
        await author.SelectOptionAsync("select[name=flow]", "grievance");
        await author.SelectOptionAsync("select[name=channel]", "ussd");
        await author.SelectOptionAsync("select[name=spoken]", lang == "ur" ? "hi" : "ur");
        await author.Locator("main form button[type=submit]").Last.ClickAsync();
        await author.Locator(".s-talk li").First.WaitForAsync();
        await author.FillAsync("input[name=text]", "सड़क");
        await author.Locator("button[name=act][value=say]").ClickAsync();
        await author.Locator(".s-talk__said").First.WaitForAsync();
        await Looked(author, $"talk-try-begun-{lang}");
        await Look(author, $"/{lang}/desk/talk/try", null);
        await author.SelectOptionAsync("select[name=flow]", "track");
        await author.Locator("main form button[type=submit]").Last.ClickAsync();
        await author.Locator("input[name=text]").FillAsync("9419012345");
        await author.Locator("button[name=act][value=say]").ClickAsync();
        await author.Locator("button[value='end:sent']").WaitForAsync();
        await Looked(author, $"talk-try-doing-{lang}");
        await Look(author, $"/{lang}/desk/talk/try", null);
        await author.FillAsync("textarea[name=yaml]", "flow: x\nversion: 1\nstart: a\nnodes:\n  a: { to: b }\n  c: { say: { en: \"Hello {nobody}\" }, to: a }\n");
        await author.Locator("main form button[type=submit]").Last.ClickAsync();
        await author.Locator(".govuk-error-summary").WaitForAsync();
        await Looked(author, $"talk-try-faulty-{lang}");

        // The paper's page, as the chat gives its address.
        using var applicant = site.Client();
        await TalkTests.Chat(applicant, "menu", lang);
        await TalkTests.Chat(applicant, "income certificate", lang);
        await TalkTests.Chat(applicant, "apply", lang);
        await TalkTests.Chat(applicant, "9419077051", lang);
        await TalkTests.Chat(applicant, await TalkTests.Code(applicant, "9419077051"), lang);
        var asked = await TalkTests.Chat(applicant, "Pampore", lang);
        var page = "";
        await site.Answer(async said => page = await TalkTests.Chat(applicant, said, lang), asked, "/papers/");
        var phone = await chromium.Phone(site.Address);
        await Look(phone, Paper().Match(WebUtility.HtmlDecode(page)).Value, $"talk-paper-{lang}");
        await phone.Locator("main form button[type=submit]").ClickAsync();
        await phone.Locator(".govuk-error-summary").WaitForAsync();
        await Looked(phone, $"talk-paper-none-{lang}");
        await phone.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "identity.pdf", MimeType = "application/pdf", Buffer = Filed.Pdf("identity") });
        await phone.Locator("main form button[type=submit]").ClickAsync();
        await phone.Locator("form[enctype]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Looked(phone, $"talk-paper-sent-{lang}");
        await Look(phone, $"/{lang}/papers/0000000000000000/identity_proof", null, 404);
    }

    private static async Task Look(IPage page, string path, string? name, int status = 200)
    {
        var answer = await page.GotoAsync(path);
        Assert.Equal(status, answer!.Status);
        if (name is not null) await Looked(page, name);
    }

    /// <summary>Accessible, kept as a picture in both widths, and no wider than a phone.</summary>
    private static async Task Looked(IPage page, string name)
    {
        var before = page.ViewportSize!;
        await page.SetViewportSizeAsync(1366, 768);
        await page.NoAxeViolations();
        await page.Picture(name + "-desk", whole: true);
        await page.SetViewportSizeAsync(360, 740);
        await page.NoAxeViolations();
        await page.Picture(name + "-phone", whole: true);
        await page.FitsNarrow();
        await page.SetViewportSizeAsync(before.Width, before.Height);
    }

    [GeneratedRegex("/[a-z]+/papers/[A-Za-z0-9_.-]+/[a-z_]+")]
    private static partial Regex Paper();
}
