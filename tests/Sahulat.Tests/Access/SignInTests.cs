using System.Net;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Access;

public sealed class SignInTests(Cluster cluster, SharedLoadedSite shared) : IClassFixture<SharedLoadedSite>
{
    [Fact]
    public async Task Citizen_WithCode_ComesIn_AndTheCodeWorksOnce()
    {
        await using var site = await TestSite.Start(cluster);
        using var client = await site.Citizen("9419000001");
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from access.citizen"));
        using var again = await site.Citizen("9419000001");
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from access.citizen"));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from access.one_time_code where tries < 99"));
    }

    [Theory]
    [InlineData("", "fault.required")]
    [InlineData("12345", "not-a-mobile")]
    [InlineData("94190 0000x", "not-a-mobile")]
    public async Task Mobile_Wrong_IsRefused(string mobile, string code)
    {
        var site = shared.Site;
        using var client = site.Client();
        var refused = await client.Form("/en/sign-in", new() { ["mobile"] = mobile });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("error-summary", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(code);
    }

    [Fact]
    public async Task Code_ThreeWrongTries_EndIt_EvenForTheRightOne()
    {
        await using var site = await TestSite.Start(cluster);
        using var client = site.Client();
        var sent = await client.Form("/en/sign-in", new() { ["mobile"] = "9419000002" });
        var challenge = sent.Headers.Location!.OriginalString.Split("challenge=")[1][..32];
        var outbox = WebUtility.HtmlDecode(await client.GetStringAsync("/en/outbox?mobile=9419000002"));
        var right = System.Text.RegularExpressions.Regex.Match(outbox[outbox.IndexOf("data-message", StringComparison.Ordinal)..], @"(?<!\d)(\d{6})(?!\d)").Value;
        var wrong = right == "000000" ? "000001" : "000000";
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.Form("/en/sign-in/code", new() { ["challenge"] = challenge, ["code"] = wrong })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.Form("/en/sign-in/code", new() { ["challenge"] = challenge, ["code"] = right })).StatusCode);
    }

    [Fact]
    public async Task Code_AfterFiveMinutes_IsRefused_AndTheSixthInAnHourIsNotSent()
    {
        await using var site = await TestSite.Start(cluster);
        using var client = site.Client();
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.SeeOther, (await client.Form("/en/sign-in", new() { ["mobile"] = "9419000003" })).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.Form("/en/sign-in", new() { ["mobile"] = "9419000003" })).StatusCode);
        site.Clock.Advance(TimeSpan.FromMinutes(61));
        var sent = await client.Form("/en/sign-in", new() { ["mobile"] = "9419000003" });
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        var outbox = WebUtility.HtmlDecode(await client.GetStringAsync("/en/outbox?mobile=9419000003"));
        var right = System.Text.RegularExpressions.Regex.Match(outbox[outbox.IndexOf("data-message", StringComparison.Ordinal)..], @"(?<!\d)(\d{6})(?!\d)").Value;
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.Form("/en/sign-in/code", new() { ["challenge"] = sent.Headers.Location!.OriginalString.Split("challenge=")[1][..32], ["code"] = right })).StatusCode);
    }

    [Fact]
    public async Task Official_NeedsPasswordAndCode()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var client = await site.Official("tehsildar@tehsil-79");
        using var stranger = site.Client();
        foreach (var (name, password, code) in new[] { ("tehsildar@tehsil-79", "wrong", SignedIn.Totp(Sahulat.Access.Demo.DemoOfficials.Secret)), ("tehsildar@tehsil-79", Sahulat.Access.Demo.DemoOfficials.Password, "000000"), ("nobody", "x", "") })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.Form("/en/desk/sign-in", new() { ["name"] = name, ["password"] = password, ["code"] = code })).StatusCode);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task Back_ToAnotherSite_IsIgnored(string back)
    {
        var site = shared.Site;
        using var client = site.Client();
        Assert.Contains("name=\"back\" value=\"\"", await client.GetStringAsync("/en/sign-in?back=" + Uri.EscapeDataString(back)), StringComparison.Ordinal);
    }
}
