using System.Net;
using System.Text.RegularExpressions;
using Sahulat.Tests.Feedback;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>The flows of the pack, each played to its end: by keypad in Urdu, in the chat in Hindi.</summary>
[Trait("Category", "Long")]
public sealed partial class ShippedFlowTests(Cluster cluster)
{
    [Fact]
    public async Task ByUssd_InUrdu_EveryFlowEnds()
    {
        const string Mobile = "9419077041";
        await using var site = await TestSite.Start(cluster, settings: GatewayTests.Block("ussd", new() { ["Kind"] = "ussd", ["Channel"] = "ussd", ["Secret"] = "u0", ["Cumulative"] = "false" }));
        using var client = site.Client();
        var step = 0;
        async Task<string> Dial(string text)
        {
            site.Clock.Advance(TimeSpan.FromSeconds(10));
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["sessionId"] = "s1", ["phoneNumber"] = "+91" + Mobile, ["text"] = text, ["step"] = $"{++step}" });
            using var answer = await client.PostAsync("/hooks/talk/ussd?key=u0", form);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }

        // All pages of one answer.
        async Task<string> Key(string text)
        {
            var all = "";
            while (true)
            {
                var page = await Dial(text);
                Assert.True(page.Length <= 4 + (page.Any(c => c > 0x590) ? 80 : 182), page);
                if (!More().IsMatch(page)) return $"{page[..3]} {all}{page[4..]}";
                all += More().Replace(page[4..], "\n");
                text = "0";
            }
        }

        Assert.Contains("Language / زبان", await Key(""), StringComparison.Ordinal);
        await Key("8");
        Assert.Contains("آپ کو کیا چاہیے", await Key("3"), StringComparison.Ordinal);

        Assert.Contains("کس ضلع", await Key("4"), StringComparison.Ordinal);
        Assert.Contains("نہیں ملا", await Key("Atlantis"), StringComparison.Ordinal);
        var holidays = await Key("190001");
        Assert.StartsWith("END", holidays, StringComparison.Ordinal);
        Assert.Contains("دفاتر آگے ان دنوں بند ہیں", holidays, StringComparison.Ordinal);

        await Key("");
        Assert.Contains("تحصیل", await Key("5"), StringComparison.Ordinal);
        var offices = await Key("180001");
        if (offices.StartsWith("CON", StringComparison.Ordinal)) offices = await Key("1");
        Assert.StartsWith("END", offices, StringComparison.Ordinal);
        Assert.Contains("دفتر", offices, StringComparison.Ordinal);

        using var system = await site.System();
        var reference = Sahulat.Cases.Reference.Show(await system.FileIncome(Mobile));
        await Key("");
        var own = await Key("2");
        Assert.Contains("کون سی درخواست", own, StringComparison.Ordinal);
        Assert.Contains(reference, own, StringComparison.Ordinal);
        var status = await Key("1");
        Assert.StartsWith("END", status, StringComparison.Ordinal);
        Assert.Contains("صورتحال:", status, StringComparison.Ordinal);

        var (rated, _) = await site.Answered(Mobile, "ur", system: system);
        await site.Ask();
        await Key("");
        Assert.Contains("کیسی تھی", await Key("6"), StringComparison.Ordinal);
        var thanks = await Key("3");
        Assert.StartsWith("END", thanks, StringComparison.Ordinal);
        Assert.Contains("شکریہ", thanks, StringComparison.Ordinal);
        Assert.Contains("خراب", thanks, StringComparison.Ordinal);
        Assert.Equal("bad", await site.State(rated));
        Assert.Equal("ussd", await site.Database.One<string>("select way from feedback.assessment where case_id = @rated", new { rated }));
        site.Clock.Advance(TimeSpan.FromMinutes(15));
        await Key("");
        await Key("6");
        Assert.Contains("منتظر نہیں", await Key("1"), StringComparison.Ordinal);
        Assert.Contains("شکریہ", await Key("2"), StringComparison.Ordinal);

        await Key("");
        Assert.Contains("کس بارے میں", await Key("3"), StringComparison.Ordinal);
        Assert.Contains("کہاں", await Key("سڑک"), StringComparison.Ordinal);
        var place = await Key("190001");
        if (place.Contains("ان میں سے", StringComparison.Ordinal)) place = await Key("1");
        Assert.Contains("کیا ہوا", place, StringComparison.Ordinal);
        Assert.Contains("درج کریں", await Key("اسکول کے سامنے سڑک تین مہینے سے ٹوٹی ہے، مرمت کریں۔"), StringComparison.Ordinal);
        var filed = await Key("1");
        Assert.StartsWith("END", filed, StringComparison.Ordinal);
        Assert.Contains("شکایت درج ہوئی", filed, StringComparison.Ordinal);
        Assert.Matches(Reference(), filed);
        Assert.Equal(1, await site.Database.One<int>("""select count(*)::int from cases."case" where type = 'grievance'"""));
    }

    [Fact]
    public async Task InTheChat_InHindi_EveryFlowEnds()
    {
        const string Mobile = "9419077042";
        await using var site = await TestSite.Start(cluster);
        using var client = site.Client();
        async Task<string> Say(string text)
        {
            site.Clock.Advance(TimeSpan.FromSeconds(10));
            return Reply().Matches(await TalkTests.Chat(client, text, "hi")).Last().Groups[1].Value;
        }

        Assert.Contains("आपको क्या चाहिए", await Say("मेनू"), StringComparison.Ordinal);
        Assert.Contains("किस ज़िले", await Say("छुट्टी"), StringComparison.Ordinal);
        var holidays = await Say("१९०००१");
        Assert.Contains("कार्यालय आगे इन दिनों बंद हैं", holidays, StringComparison.Ordinal);
        Assert.Contains("मेनू लिखें", holidays, StringComparison.Ordinal);

        await Say("मेनू");
        Assert.Contains("कहाँ?", await Say("कार्यालय"), StringComparison.Ordinal);
        var offices = await Say("180001");
        if (offices.Contains("इनमें से", StringComparison.Ordinal)) offices = await Say("१");
        Assert.Contains("कार्यालय", offices, StringComparison.Ordinal);

        using var system = await site.System();
        var reference = Sahulat.Cases.Reference.Show(await system.FileIncome(Mobile));
        await Say("मेनू");
        Assert.Contains("अपना मोबाइल नंबर लिखें", await Say("मेरा आवेदन"), StringComparison.Ordinal);
        Assert.Contains("छह अंकों का कोड", await Say("९४१९०७७०४२"), StringComparison.Ordinal);
        Assert.Contains("कौन सा अनुरोध", await Say(await TalkTests.Code(client, Mobile)), StringComparison.Ordinal);
        var status = await Say("१");
        Assert.Contains("स्थिति:", status, StringComparison.Ordinal);
        Assert.Contains(reference, status, StringComparison.Ordinal);

        var (rated, _) = await site.Answered(Mobile, "hi", system: system);
        await site.Ask();
        await Say("मेनू");
        Assert.Contains("कैसी थी", await Say("राय"), StringComparison.Ordinal);
        var thanks = await Say("अच्छी");
        Assert.Contains("धन्यवाद", thanks, StringComparison.Ordinal);
        Assert.Equal(("good", "web"), (await site.State(rated), await site.Database.One<string>("select way from feedback.assessment where case_id = @rated", new { rated })));

        await Say("मेनू");
        Assert.Contains("किस बारे में", await Say("शिकायत"), StringComparison.Ordinal);
        Assert.Contains("नहीं मिला", await Say("क्षज्ञक्षज्ञ"), StringComparison.Ordinal);
        Assert.Contains("कहाँ", await Say("सड़क"), StringComparison.Ordinal);
        var place = await Say("190001");
        if (place.Contains("इनमें से", StringComparison.Ordinal)) place = await Say("१");
        Assert.Contains("क्या हुआ", place, StringComparison.Ordinal);
        var check = await Say("स्कूल के सामने की सड़क तीन महीने से टूटी है, मरम्मत करें।");
        Assert.Contains("दर्ज करें", check, StringComparison.Ordinal);
        var filed = await Say("हाँ");
        Assert.Contains("आपकी शिकायत दर्ज हुई", filed, StringComparison.Ordinal);
        Assert.Matches(Reference(), filed);
        Assert.Equal(1, await site.Database.One<int>("""select count(*)::int from cases."case" where type = 'grievance'"""));
    }

    [GeneratedRegex("\n0\\. (?:More|مزید)\\z")]
    private static partial Regex More();

    [GeneratedRegex("JK26-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")]
    private static partial Regex Reference();

    [GeneratedRegex("s-talk__text\">([^<]*)</span>")]
    private static partial Regex Reply();
}
