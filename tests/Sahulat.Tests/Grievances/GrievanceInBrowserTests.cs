using Sahulat.Cases;
using Sahulat.Tests.Browser;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Grievances;

/// <summary>A grievance as people live it: lodged in Urdu on a phone, sent on, put off with a date, answered.</summary>
[Trait("Category", "Browser")]
public sealed class GrievanceInBrowserTests(Cluster cluster, Chromium chromium)
{
    private const string Mobile = "9419066666";

    [Fact]
    public async Task Lodged_Transferred_InterimReply_Answered()
    {
        await using var site = await Desks.Start(cluster);
        var phone = await chromium.Phone(site.Address);
        await phone.GotoAsync("/ur/complain");
        await phone.Picture("grievance-1-subjects-ur", whole: true);
        await phone.NoAxeViolations();
        await phone.FitsNarrow();
        await phone.SetViewportSizeAsync(360, 740);
        await phone.FillAsync("input[name=q]", "نل پانی نہیں");
        await phone.Locator("main form button").First.ClickAsync();
        await phone.Locator("a[href$='/complain/water-supply']").First.ClickAsync();
        await phone.Picture("grievance-2-subject-ur", whole: true);
        await phone.NoAxeViolations();
        await phone.Locator("a[href$='/apply/water-supply']").ClickAsync();
        await phone.SignInCitizen(Mobile, "ur");
        await phone.SelectOptionAsync("select[name=place]", "tehsil-79");
        await phone.Picture("grievance-3-place-ur");
        await phone.NoAxeViolations();
        await phone.Press();
        await phone.FillAsync("textarea[name=happened]", "پائپ ڈالنے کے لیے سڑک کھودی گئی اور کھلی چھوڑ دی گئی۔");
        await phone.Picture("grievance-4-happened-ur");
        await phone.NoAxeViolations();
        await phone.Press();
        await phone.Type(("address", "لال نگر، اسکول کے پاس"), ("location", "32.7266, 74.8570"));
        await phone.Press();
        await phone.Picture("grievance-5-papers-ur");
        await phone.NoAxeViolations();
        await phone.Press();
        await phone.FillAsync("input[name=full_name]", "رخسانہ بٹ");
        await phone.Press();
        await phone.Picture("grievance-6-check-ur", whole: true);
        await phone.NoAxeViolations();
        await phone.Press();
        await phone.Locator(".govuk-panel--confirmation").WaitForAsync();
        await phone.Picture("grievance-7-receipt-ur", whole: true);
        await phone.NoAxeViolations();
        var reference = await site.Database.One<string>("""select reference from cases."case" where type = 'grievance'""") ?? "";

        var twin = await site.Lodge("water-supply", "tehsil-79", "پائپ ڈالنے کے لیے سڑک کھودی گئی اور کھلی چھوڑ دی گئی۔ بچے گر رہے ہیں۔", "9419066667");
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Lodging.Engineer);
        await desk.GotoAsync($"/en/desk/cases/{reference}");
        await desk.Locator($"input[name=with][value={twin}]").WaitForAsync();
        await desk.Picture("grievance-8-desk", whole: true);
        await desk.NoAxeViolations();
        // The officer tries to be rid of it, and is led to the transfer.
        await desk.FillAsync("textarea[name=text]", "یہ سڑک محکمہ تعمیرات کی ہے۔");
        await desk.Choose(("reasons", "does-not-pertain"));
        await desk.Locator("button[name=action][value=dispose]").ClickAsync();
        await desk.SelectOptionAsync("select[name=subject]", "road-repair");
        await desk.Picture("grievance-9-transfer", whole: true);
        await desk.NoAxeViolations();
        await desk.Locator("button[name=action][value=transfer]").ClickAsync();
        await desk.Locator(".s-success").WaitForAsync();
        await desk.Context.CloseAsync();

        foreach (var (action, text, lang) in new[] { ("interim", "مال آ رہا ہے، یکم دسمبر کے بعد کام ہوگا۔", "ur"), ("dispose", "گڑھا بھر کر سڑک پختہ کر دی گئی۔", "ur") })
        {
            var works = await chromium.Desk(site.Address);
            await works.SignInOfficial("executive-engineer-public-works@district-5", lang);
            await works.GotoAsync($"/{lang}/desk/cases/{reference}");
            // Its likes are those of the new subject: there are none.
            Assert.Equal(0, await works.Locator("input[name=with]").CountAsync());
            await works.FillAsync("textarea[name=text]", text);
            if (action == "interim")
            {
                await works.Locator("details:has(input[name='until.day']) summary").ClickAsync();
                await works.Type(("until.day", "2"), ("until.month", "12"), ("until.year", "2026"));
            }
            else
            {
                await works.Choose(("reasons", "done"));
            }

            await works.Picture($"grievance-10-{action}-ur", whole: true);
            await works.NoAxeViolations();
            await works.Locator($"button[name=action][value={action}]").ClickAsync();
            await works.Locator(".s-success").WaitForAsync();
            await works.Context.CloseAsync();
        }

        await site.CatchUp();
        await phone.GotoAsync($"/ur/requests/{reference}");
        foreach (var told in new[] { "یہ سڑک محکمہ تعمیرات کی ہے۔", "مال آ رہا ہے، یکم دسمبر کے بعد کام ہوگا۔", "گڑھا بھر کر سڑک پختہ کر دی گئی۔", "جو مانگا گیا تھا، کر دیا گیا" }) await phone.GetByText(told).First.WaitForAsync();
        await phone.Picture("grievance-11-answered-ur", whole: true);
        await phone.NoAxeViolations();
        await phone.FitsNarrow();

        await phone.SetViewportSizeAsync(360, 740);
        await phone.GotoAsync("/ur/complain/corruption/anonymous");
        await phone.Picture("grievance-12-anonymous-ur", whole: true);
        await phone.NoAxeViolations();
        await phone.Context.CloseAsync();
        var head = await chromium.Desk(site.Address);
        await head.SignInOfficial("deputy-commissioner@district-5");
        await head.GotoAsync("/en/desk/grievances");
        await head.Picture("grievance-13-pendency");
        await head.NoAxeViolations();
    }
}
