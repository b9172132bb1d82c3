using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sahulat.Cases;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>The main job as people live it: a citizen in Urdu on a phone, officials at their desks. The pictures are the README's.</summary>
[Trait("Category", "Browser")]
public sealed partial class StoryTests(Cluster cluster, Chromium chromium)
{
    internal const string Mobile = "9419077777";

    [Fact]
    public async Task Citizen_AppliesInUrduOnAPhone_IsAsked_Answers_AndIsApproved()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var phone = await chromium.Phone(site.Address);
        var reference = await Apply(phone, "ur", pictures: true);

        // The patwari asks; the applicant reads it in a message and answers.
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(await Post(site, reference));
        await desk.Picture("story-5-desk");
        await desk.NoAxeViolations();
        await desk.Locator($"a:has-text('{Reference.Show(reference)}')").First.ClickAsync();
        await desk.FillAsync("textarea[name=text]", "آپ کی زمین کس گاؤں میں ہے؟");
        await desk.Picture("story-6-case");
        await desk.NoAxeViolations();
        await desk.Locator("button[name=action][value=query]").ClickAsync();
        await desk.WaitForLoadStateAsync();
        await site.CatchUp();
        await phone.GotoAsync($"/ur/outbox?mobile={Mobile}");
        await phone.GetByText(Reference.Show(reference)).First.WaitForAsync();
        await phone.GotoAsync($"/ur/requests/{reference}");
        await phone.GetByText("آپ کی زمین کس گاؤں میں ہے؟").WaitForAsync();
        await phone.NoAxeViolations();
        await phone.Locator("textarea[name=answer]").ScrollIntoViewIfNeededAsync();
        await phone.Picture("story-7-query");
        await phone.FillAsync("textarea[name=answer]", "لال نگر");
        await phone.Locator("button[name=do][value=answer]").ClickAsync();
        await phone.WaitForLoadStateAsync();
        Assert.Equal("open", await State(site, reference));

        foreach (var action in new[] { "recommend", "recommend", "approve" })
        {
            var officer = await chromium.Desk(site.Address);
            await officer.SignInOfficial(await Post(site, reference));
            await officer.GotoAsync($"/en/desk/cases/{reference}");
            await officer.GetByText("لال نگر").First.WaitForAsync();
            await officer.FillAsync("textarea[name=text]", action == "approve" ? "" : "Seen and found right.");
            await officer.Locator($"button[name=action][value={action}]").ClickAsync();
            await officer.WaitForLoadStateAsync();
            await officer.Context.CloseAsync();
        }

        Assert.Equal("approved", await State(site, reference));
        await site.CatchUp();
        await phone.GotoAsync("/ur/track");
        await phone.Type(("reference", Reference.Show(reference).ToLowerInvariant()), ("mobile", Mobile));
        await phone.Press();
        await phone.GetByText("منظور").First.WaitForAsync();
        await phone.NoAxeViolations();
        await phone.FitsNarrow();
        await Certificate(phone, reference);
    }

    /// <summary>The certificate is printed, taken home, and checked by a stranger: by its link, and by the file itself.</summary>
    private async Task Certificate(IPage phone, string reference)
    {
        await Eventually.True(async () =>
        {
            await phone.GotoAsync($"/ur/requests/{reference}");
            return await phone.Locator("a[href$='/certificate']").CountAsync() == 1;
        }, "the certificate is printed", 60);
        await phone.SetViewportSizeAsync(360, 740);
        await phone.NoAxeViolations();
        await phone.Picture("story-8-approved");
        var pdf = await phone.Context.APIRequest.GetAsync(new Uri(new Uri(phone.Url), await phone.Locator("a[href$='/certificate']").GetAttributeAsync("href")).ToString());
        var file = Path.Combine(cluster.Folder, reference + ".pdf");
        await File.WriteAllBytesAsync(file, await pdf.BodyAsync());
        await Approved.Read("pdftoppm", "-r", "60", "-png", "-singlefile", file, Path.Combine(Cluster.RepositoryRoot, "artifacts", "pictures", "story-8-certificate"));
        var link = await phone.Locator("a[href*='/verify/']").GetAttributeAsync("href");

        var stranger = await chromium.Desk(new Uri(new Uri(phone.Url), "/"));
        await stranger.GotoAsync(link!.Replace("/ur/", "/en/", StringComparison.Ordinal));
        await stranger.GetByText("Genuine and valid").First.WaitForAsync();
        await stranger.NoAxeViolations();
        await stranger.Picture("story-8-verify");
        await stranger.GotoAsync("/en/verify");
        await stranger.SetInputFilesAsync("input[name=file]", file);
        await stranger.Press();
        await stranger.GetByText("Genuine and valid").First.WaitForAsync();
        await stranger.NoAxeViolations();
    }

    [Fact]
    public async Task Date_Passes_AppealIsSeenByCitizenAndAuthority()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        // Without JavaScript: all of the citizen's part works.
        var phone = await chromium.Phone(site.Address, javaScript: false);
        var reference = await Apply(phone, "hi", pictures: false);
        await site.CatchUp();
        site.Clock.Advance(TimeSpan.FromDays(80));
        await site.Services.GetRequiredService<Sahulat.Guarantee.AppealOnLapse.Sweep>().Run(DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime));
        await site.CatchUp();
        var appeal = await site.Database.One<string>("""select a.reference from cases."case" a join cases."case" p on p.id = a.parent where p.reference = @reference""", new { reference });

        await phone.GotoAsync("/hi/sign-in");
        await phone.SignInCitizen(Mobile, "hi");
        await phone.WaitForURLAsync("**/hi/requests");
        await phone.GotoAsync($"/hi/requests/{reference}");
        await phone.Locator($"a:has-text('{Reference.Show(appeal!)}')").ClickAsync();
        await phone.Locator("h1").WaitForAsync();
        await phone.Picture("story-9-appeal");

        var authority = await chromium.Desk(site.Address);
        await authority.SignInOfficial("deputy-commissioner@district-5");
        await authority.Locator($"a:has-text('{Reference.Show(appeal!)}')").First.ClickAsync();
        await authority.Locator("button[name=action][value=allowed]").WaitForAsync();
        await authority.Picture("story-10-authority");
    }

    /// <summary>From the search to the acknowledgement.</summary>
    internal static async Task<string> Apply(IPage phone, string lang, bool pictures)
    {
        async Task Look(string name, bool whole = false)
        {
            if (!pictures) return;
            await phone.NoAxeViolations();
            await phone.Picture(name);
            if (whole) await phone.Picture(name + "-whole", whole: true);
        }

        await phone.GotoAsync($"/{lang}");
        await Look("story-1-home");
        await phone.GotoAsync($"/{lang}/services");
        await phone.FillAsync("input[name=q]", "aamdani certificate");
        await phone.Locator("main form button[type=submit]").First.ClickAsync();
        await phone.Locator("a[href$='/services/income-certificate']").First.ClickAsync();
        await phone.Locator($"a[href='/{lang}/apply/income-certificate']").First.ClickAsync();
        await phone.SignInCitizen(Mobile, lang);
        await phone.WaitForURLAsync($"**/{lang}/apply/income-certificate");
        await phone.SelectOptionAsync("select[name=place]", "tehsil-79");
        await phone.Press();
        await phone.Type(("full_name", "رخسانہ احمد بٹ"), ("father_name", "غلام احمد بٹ"), ("mother_name", "حسینہ بانو"), ("born_on.day", "21"), ("born_on.month", "۶"), ("born_on.year", "1994"));
        await phone.Choose(("gender", "female"), ("marital_status", "unmarried"));
        await Look("story-2-question", whole: true);
        await phone.Press();
        await phone.Type(("mobile", Mobile));
        await phone.Press();
        await phone.Type(("address", "مکان 14، گلی 3، لال نگر"), ("pin", "180001"));
        await phone.Press();
        await phone.Choose(("other_category", "none"));
        await phone.Press();
        await phone.Type(("members.0.member_name", "رخسانہ احمد بٹ"), ("members.0.member_age", "32"), ("members.0.member_work", "درزی"), ("members.0.member_income", "96,000"));
        await phone.SelectOrChoose("members.0.member_relation", "self");
        await phone.Locator("button[name=_add]").ClickAsync();
        await phone.Type(("members.1.member_name", "غلام احمد بٹ"), ("members.1.member_age", "61"), ("members.1.member_income", "0"));
        await phone.SelectOrChoose("members.1.member_relation", "father");
        await phone.Press();
        await phone.Type(("financial_year", "2025-26"), ("family_income", "96000"));
        await phone.SelectOrChoose("main_source", "wages");
        await phone.Press();
        await phone.Type(("land_kanal", "0"));
        await phone.Choose(("has_house", "no"), ("has_plot", "no"));
        await phone.Press();
        await phone.Attach("identity_proof", "شناخت.pdf", Filed.Pdf("identity"));
        await phone.Attach("affidavit", "affidavit.pdf", Filed.Pdf("affidavit"));
        await phone.Press();
        await phone.WaitForURLAsync("**/check");
        await Look("story-3-check", whole: true);
        await phone.Press();
        await phone.WaitForURLAsync("**/requests/**");
        await Look("story-4-receipt", whole: true);
        return ReferenceIn().Match(phone.Url).Groups[1].Value;
    }

    private static async Task<string> Post(TestSite site, string reference) =>
        await site.Database.One<string>("""select s.post from cases.step s join cases."case" c on c.id = s.case_id where c.reference = @reference and s.state = 'open'""", new { reference }) ?? "";

    private static Task<string?> State(TestSite site, string reference) => site.Database.One<string>("""select state from cases."case" where reference = @reference""", new { reference });

    [GeneratedRegex("/requests/([^?]+)")]
    private static partial Regex ReferenceIn();
}
