using System.Text;
using System.Text.RegularExpressions;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Sms;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Feedback;
using Sahulat.Tests.Messaging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>A delivered request is rated from the link in the SMS that its applicant gets, through the real Kannel.</summary>
[Trait("Category", "Browser")]
public sealed partial class RatingTests(Cluster cluster, Chromium chromium)
{
    private const string Mobile = "9419077781";

    [Fact]
    public async Task Applicant_OpensTheLinkOfTheSms_Rates_AndThePublicPageCountsIt()
    {
        await using var smsc = new SmscSimulator();
        TestSite? site = null;
        await using var door = await Listener.Start(call =>
        {
            using var client = new HttpClient { BaseAddress = site!.Address };
            var passed = call.Method == "GET" ? client.GetAsync(call.Path + call.Query) : client.PostAsync(call.Path + call.Query, new ByteArrayContent(call.Body));
            return (int)passed.GetAwaiter().GetResult().StatusCode;
        });
        var block = new Dictionary<string, string?> { ["Kind"] = "kannel", ["Channel"] = "sms", ["User"] = "jk", ["Password"] = "labpw", ["Callback"] = door.Address, ["Secret"] = "s3" };
        await using var kannel = await KannelProcess.Start(smsc.Port, $"{door.Address}hooks/messaging/kannel/mo?from=%p&to=%P&id=%I&k=00");
        block["Url"] = kannel.Url;
        await using (site = await TestSite.Start(cluster, Cluster.Staffed, settings: GatewayTests.Block("kannel", block)))
        {
            await Eventually.True(() => smsc.IsBound, "Kannel is bound to the SMSC");
            var reference = await site.Approve(Mobile, "ur", new() { ["full_name"] = "رخسانہ احمد بٹ" });
            await site.Ask();
            var link = "";
            await Eventually.True(() => (link = Link().Match(Received(smsc)).Value).Length > 0, "the message arrives at the SMSC", 60);

            var phone = await chromium.Phone(site.Address);
            await phone.GotoAsync(link);
            await phone.GetByText(Sahulat.Cases.Reference.Show(reference)).WaitForAsync();
            await phone.NoAxeViolations();
            await phone.Picture("rating-1-question", whole: true);
            await phone.Press();
            await phone.Locator(".govuk-error-summary").WaitForAsync();
            await phone.NoAxeViolations();
            await phone.FitsNarrow();

            // The rating itself without JavaScript, as on some phones.
            var plain = await chromium.Phone(site.Address, javaScript: false);
            await plain.GotoAsync(link);
            await plain.Choose(("score", "good"), ("q.only-the-fee", "yes"), ("q.polite", "yes"), ("q.within-time", "no"), ("me", "yes"));
            await plain.FillAsync("textarea[name=comment]", "جلدی کام ہوا");
            await plain.Press();
            await plain.WaitForURLAsync("**?thanks");
            await plain.Picture("rating-2-thanks");
            await phone.SetViewportSizeAsync(360, 740);
            await phone.GotoAsync(link + "?thanks");
            await phone.NoAxeViolations();
            await phone.GotoAsync(link);
            await phone.GetByText("اس کا جواب دیا جا چکا ہے").First.WaitForAsync();
            await phone.NoAxeViolations();

            await Fill(site);
            await site.CatchUp();
            await phone.GotoAsync("/ur/ratings");
            await phone.NoAxeViolations();
            await phone.FitsNarrow();
            await phone.SetViewportSizeAsync(360, 740);
            await phone.Picture("rating-3-public-urdu", whole: true);
            var desk = await chromium.Desk(site.Address);
            await desk.GotoAsync("/en/ratings/service/income-certificate");
            Assert.Equal(["10", "10", "10"], (await desk.Locator(".govuk-summary-list").First.Locator("dd").AllInnerTextsAsync()).Take(3));
            await desk.NoAxeViolations();
            await desk.GotoAsync("/en/ratings");
            await desk.NoAxeViolations();
            await desk.Picture("rating-4-public");
            await desk.SignInOfficial("tehsildar@tehsil-79");
            await desk.GotoAsync("/en/desk/ratings");
            await desk.GetByText("جلدی کام ہوا").WaitForAsync();
            await desk.NoAxeViolations();
            await desk.Picture("rating-5-desk");
        }
    }

    /// <summary>Nine more answers, so that there is a score.</summary>
    private static async Task Fill(TestSite site)
    {
        for (var i = 0; i < 9; i++)
        {
            var (id, _) = await site.Answered($"941907780{i}");
            await site.Ask();
            using var client = site.Client();
            using var done = await client.Rate(await site.Token(id), new() { ["score"] = i < 6 ? "good" : i < 8 ? "average" : "bad", ["q.polite"] = i == 8 ? "no" : "yes", ["me"] = "yes" });
            Assert.Equal(System.Net.HttpStatusCode.SeeOther, done.StatusCode);
        }
    }

    /// <summary>All that reached the number, its parts joined (3GPP TS 23.040: a header of six bytes before each part).</summary>
    private static string Received(SmscSimulator smsc) => string.Concat(smsc.Taken.Where(t => t.To.EndsWith(Mobile, StringComparison.Ordinal)).Select(t => t.Text is [5, 0, ..] ? (t.Coding, t.Text[6..]) : (t.Coding, t.Text)).Select(t => t.Coding == 8 ? Encoding.BigEndianUnicode.GetString(t.Item2) : Encoding.ASCII.GetString(t.Item2)));

    [GeneratedRegex(@"http://[0-9.:]+/ur/rate/[0-9a-z]{20}")]
    private static partial Regex Link();
}
