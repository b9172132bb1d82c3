using Microsoft.Playwright;
using Sahulat.Access.Demo;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>An official's own ways in, with Chromium's virtual authenticator in place of a fingerprint reader.</summary>
[Trait("Category", "Browser")]
public sealed class PasskeyTests(Cluster cluster, Chromium chromium)
{
    private const string Post = "tehsildar@tehsil-79";

    [Fact]
    public async Task Official_AddsPasskey_SignsInWithIt_AndRemovesIt()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var page = await Page(site);
        await page.SignInOfficial(Post);
        await page.GotoAsync("/en/desk/account");
        await page.NoAxeViolations();
        await page.FillAsync("form[data-passkey=create] input[name=name]", "Office computer");
        await page.ClickAsync("form[data-passkey=create] button");
        await page.WaitForURLAsync("**/desk/account?did=added");
        Assert.Contains("Office computer", await page.InnerTextAsync("table"), StringComparison.Ordinal);
        await page.NoAxeViolations();
        await page.Picture("account", whole: true);

        await page.ClickAsync("form[data-sign-out] button");
        await page.WaitForURLAsync("**/en");
        await page.GotoAsync("/en/desk/sign-in");
        await page.NoAxeViolations();
        await page.ClickAsync("form[data-passkey=get] button");
        await page.WaitForURLAsync("**/en/desk");

        await page.GotoAsync("/en/desk/account");
        await page.ClickAsync("table button");
        await page.WaitForURLAsync("**/desk/account?did=removed");
        await page.ClickAsync("form[data-sign-out] button");
        await page.WaitForURLAsync("**/en");
        await page.GotoAsync("/en/desk/sign-in");
        await page.ClickAsync("form[data-passkey=get] button");
        await page.WaitForSelectorAsync(".govuk-error-summary");
    }

    [Fact]
    public async Task RecoveryCode_OpensOnce_AndSecretsLieSealed()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var page = await Page(site);
        await page.SignInOfficial(Post);
        await page.GotoAsync("/en/desk/account");
        await page.ClickAsync("button[name=do][value=codes]");
        var code = (await page.Locator("[data-codes] li").First.InnerTextAsync()).Trim();
        foreach (var value in await site.Database.Query<string>("select \"Value\" from access.official_token"))
        {
            Assert.DoesNotContain(DemoOfficials.Secret, value, StringComparison.Ordinal);
            Assert.DoesNotContain(code, value, StringComparison.Ordinal);
        }

        foreach (var opens in new[] { true, false })
        {
            await page.Context.ClearCookiesAsync();
            await page.GotoAsync("/en/desk/sign-in");
            await page.FillAsync("input[name=name]", Post);
            await page.FillAsync("input[name=password]", DemoOfficials.Password);
            await page.FillAsync("input[name=code]", code);
            await page.Press();
            if (opens) await page.WaitForURLAsync("**/en/desk");
            else await page.WaitForSelectorAsync(".govuk-error-summary");
        }
    }

    /// <summary>A passkey belongs to a name, never to a bare address.</summary>
    private async Task<IPage> Page(TestSite site)
    {
        var page = await chromium.Desk(new UriBuilder(site.Address) { Host = "localhost" }.Uri);
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object> { ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true },
        });
        return page;
    }
}
