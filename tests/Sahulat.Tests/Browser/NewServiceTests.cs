using Microsoft.Playwright;
using Sahulat.Access.Demo;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>A service made in the browser from nothing, in English and Urdu, until a citizen has his answer.</summary>
[Trait("Category", "Browser")]
public sealed class NewServiceTests(Cluster cluster, Chromium chromium)
{
    private const string Mobile = "9419088888";

    [Fact]
    public async Task NewService_MadeReviewedAndPublished_IsAppliedForInUrdu_AndAnswered()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(DemoOfficials.Administrator);
        await desk.ClickAsync("nav a[href='/en/desk/catalogue']");
        await Look(desk, "design-1-list");
        await desk.ClickAsync("a[href='/en/desk/catalogue/new']");
        await desk.FillAsync("input[name=name]", "Water tanker for a wedding");
        await Look(desk, "design-2-new");
        await desk.ClickAsync("button[value=begin]");
        await desk.WaitForURLAsync("**/drafts/*");
        var draft = desk.Url;
        await Look(desk, "design-3-draft", whole: true);

        // An empty screen saved says what is missing, in its place.
        await Open("texts");
        await Choose("languages", "en", "ur");
        await Save();
        await desk.WaitForSelectorAsync(".govuk-error-summary");
        await Look(desk, "design-4-missing", whole: true);
        await Fill(("name.ur", "شادی کے لیے پانی کا ٹینکر"), ("summary.en", "A tanker of drinking water 🚰 for a wedding: at home."), ("summary.ur", "گھر پر شادی کے لیے پینے کے پانی کا ٹینکر۔"));
        await Save();
        await Open("facts");
        await desk.SelectOptionAsync("[name=department]", "jal-shakti");
        await desk.SelectOptionAsync("[name=category]", "utilities");
        await desk.SelectOptionAsync("[name=place]", "tehsil");
        await desk.SelectOptionAsync("[name=law]", "jk-psga");
        await Fill(("limit.days", "3"), ("fee.rupees", "500"));
        await Look(desk, "design-5-facts", whole: true);
        await Save();
        await Open("officers");
        await Officer("officers.designated", "tehsildar", "tehsil");
        await Officer("officers.first_appellate", "deputy-commissioner", "district");
        await Officer("officers.second_appellate", "divisional-commissioner", "division");
        await Save();

        await Open("form");
        await Add("form.pages");
        await Fill(("title.en", "The wedding"), ("title.ur", "شادی"));
        await Add("fields", "text");
        await Fill(("label.en", "Name of the family"), ("label.ur", "خاندان کا نام"));
        await Save();
        await Add("fields", "choice");
        await Fill(("label.en", "Is there a road to the house?"), ("label.ur", "کیا گھر تک سڑک ہے؟"), ("options.0.label.en", "Yes"), ("options.0.label.ur", "ہاں"), ("options.1.label.en", "No"), ("options.1.label.ur", "نہیں"));
        await Look(desk, "design-6-question", whole: true);
        await Save();
        await Add("fields", "date");
        await Fill(("label.en", "Day of the wedding"), ("label.ur", "شادی کا دن"), ("min", "today"), ("max", "today+1y"));
        await Save();
        await Add("fields", "text");
        await Fill(("label.en", "Where shall the tanker stop?"), ("label.ur", "ٹینکر کہاں رکے؟"));
        await desk.Locator("details:has(input[name=when]) summary").ClickAsync();
        await Choose("when", "is_there_a_road_to=no");
        await Save();
        await Look(desk, "design-7-page", whole: true);

        // Out of order, and taken out by mistake: both are put right.
        await desk.ClickAsync("button[value='up:fields:3']");
        await desk.ClickAsync("button[value='down:fields:2']");
        await desk.ClickAsync("button[value='remove:fields:0']");
        await desk.ClickAsync("button[value=back]");
        await desk.Locator(".s-parts li").Nth(3).WaitForAsync();

        await Open("steps");
        await Add("workflow.steps");
        await Fill(("name.en", "Decide"), ("name.ur", "فیصلہ"));
        await Officer("officer", "tehsildar", "tehsil");
        await Choose("actions", "query", "approve", "reject");
        await Save();
        await Open("reasons");
        await desk.ClickAsync("button[value='add:reject_reasons']");
        await Fill(("reject_reasons.0.text.en", "No tanker is free on that day"), ("reject_reasons.0.text.ur", "اس دن کوئی ٹینکر خالی نہیں"));
        await Save();
        await Open("certificate");
        await Fill(("certificate.title.en", "Tanker permit"), ("certificate.title.ur", "ٹینکر اجازت نامہ"), ("certificate.body.en", "A tanker comes to {name_of_the_family} on {day_of_the_wedding}."), ("certificate.body.ur", "{name_of_the_family} کے لیے {day_of_the_wedding} کو ٹینکر آئے گا۔"));
        await Look(desk, "design-8-certificate", whole: true);
        await Save();
        await Open("keywords");
        await Fill(("keywords.en", "tanker\nwedding water"), ("keywords.ur", "ٹینکر"), ("keywords.roman", "paani ka tanker\nshaadi ka paani"));
        await Save();

        // As the citizen will see it, tried out and not filed.
        await desk.GotoAsync(draft + "/preview?in=ur");
        var phone = desk.FrameLocator("iframe");
        await phone.GetByText("شادی کے لیے پانی کا ٹینکر").First.WaitForAsync();
        await phone.Locator("a.govuk-button").ClickAsync();
        await phone.Locator("main button[type=submit]:not([aria-hidden])").ClickAsync();
        await phone.Locator(".govuk-error-summary").WaitForAsync();
        await Look(desk, "design-9-preview", whole: true);
        await phone.Locator("[name=name_of_the_family]").FillAsync("بٹ");
        await phone.GetByText("ہاں", new() { Exact = true }).ClickAsync();
        foreach (var (part, value) in new[] { ("day", "20"), ("month", "12"), ("year", "2026") }) await phone.Locator($"[name='day_of_the_wedding.{part}']").FillAsync(value);
        await phone.Locator("main button[type=submit]:not([aria-hidden])").ClickAsync();
        await phone.Locator("dl.govuk-summary-list").WaitForAsync();
        Assert.Equal(0, await site.Database.One<long>("""select (select count(*) from cases."case") + (select count(*) from cases.draft)"""));

        await desk.GotoAsync(draft);
        await desk.FillAsync("textarea[name=words]", "New service, asked for by the Deputy Commissioner.");
        await desk.ClickAsync("button[value=submit]");
        await desk.WaitForSelectorAsync(".s-success");

        var second = await chromium.Desk(site.Address);
        await second.SignInOfficial(DemoOfficials.SecondAdministrator, "ur");
        await second.GotoAsync("/ur/desk/catalogue");
        await second.Locator(".govuk-inset-text a").ClickAsync();
        await Look(second, "design-10-review-ur", whole: true);
        await second.ClickAsync("button[value=approve]");
        await second.WaitForSelectorAsync(".s-success");
        await Look(second, "design-11-published-ur");

        await Answer(site, await Apply(site));

        Task Open(string section) => desk.GotoAsync($"{draft}/edit?at={section}");

        async Task Fill(params (string Name, string Text)[] fields)
        {
            foreach (var (name, text) in fields) await desk.FillAsync($"[name='{name}']", text);
        }

        async Task Choose(string name, params string[] values)
        {
            foreach (var value in values) await desk.ClickAsync($"label[for='{await desk.Locator($"input[name='{name}'][value='{value}']").GetAttributeAsync("id")}']");
        }

        async Task Officer(string name, string designation, string level)
        {
            await desk.SelectOptionAsync($"[name='{name}.designation']", designation);
            await desk.SelectOptionAsync($"[name='{name}.level']", level);
        }

        async Task Add(string list, string? type = null)
        {
            if (type is not null) await desk.SelectOptionAsync("select[name=_type]", type);
            await desk.ClickAsync($"button[value='add:{list}']");
            await desk.WaitForSelectorAsync("button[value=save]");
        }

        async Task Save()
        {
            await desk.ClickAsync("button[value=save]");
            await desk.WaitForSelectorAsync(".s-success");
        }
    }

    private async Task<string> Apply(TestSite site)
    {
        var phone = await chromium.Phone(site.Address);
        await phone.GotoAsync("/ur/services?q=tanker");
        await phone.Locator(".s-card a").First.ClickAsync();
        await phone.Locator("main a.govuk-button").ClickAsync();
        await phone.SignInCitizen(Mobile, "ur");
        await phone.WaitForURLAsync("**/ur/apply/**");
        await phone.SelectOptionAsync("select[name=place]", "tehsil-79");
        await phone.Press();
        await phone.GetByText("خاندان کا نام").First.WaitForAsync();
        await phone.NoAxeViolations();
        await phone.Picture("design-12-citizen-ur", whole: true);
        await phone.Type(("name_of_the_family", "بٹ"), ("day_of_the_wedding.day", "20"), ("day_of_the_wedding.month", "12"), ("day_of_the_wedding.year", "2026"));
        await phone.GetByText("ہاں", new() { Exact = true }).ClickAsync();
        await phone.Press();
        await phone.WaitForURLAsync("**/check");
        await phone.Press();
        await phone.WaitForURLAsync("**/requests/**");
        return phone.Url.Split('/')[^1].Split('?')[0];
    }

    private async Task Answer(TestSite site, string reference)
    {
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial("tehsildar@tehsil-79");
        await desk.GotoAsync($"/en/desk/cases/{reference}");
        await desk.FillAsync("textarea[name=text]", "A tanker is free.");
        await desk.ClickAsync("button[name=action][value=approve]");
        await Eventually.True(async () => await site.Database.One<string>("""select state from cases."case" where reference = @reference""", new { reference }) == "approved", "an answer");
    }

    private static async Task Look(IPage page, string name, bool whole = false)
    {
        await page.NoAxeViolations();
        await page.Picture(name, whole);
    }
}
