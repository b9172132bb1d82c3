using Microsoft.Playwright;
using Sahulat.Tests.Browser;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>What an official wrote is there again after an outage, whatever else the page shows, and goes when the server has taken it.</summary>
[Trait("Category", "Browser")]
public sealed class KeptDraftTests(Cluster cluster, Chromium chromium)
{
    private const string Note = "textarea[name=text]", Body = "textarea[name=body]";

    [Fact]
    public async Task NotingAndDraft_OutliveADeadServerAndAnExpiredSession_AndGoWhenTaken()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var receipt = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("One", "Two"));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Kept/1", receipt);
        var page = await chromium.Desk(site.Address);
        await page.SignInOfficial(Offices.Clerk);

        // The server is gone at the moment of sending.
        await page.GotoAsync($"/en/desk/office/files/{file:N}");
        await page.Type(("text", "The letter asks for a mutation."), ("cites", "1-2"));
        await page.SelectOptionAsync("select[name=to]", Desks.Tehsildar);
        await Lost(page, "button[value=send]");
        await page.GotoAsync("/en/desk");
        await page.Locator("[data-unsent] summary").ClickAsync();
        Assert.Contains("The letter asks for a mutation.", await page.Locator("[data-unsent]").InnerTextAsync(), StringComparison.Ordinal);
        await page.NoAxeViolations();
        await page.Locator("[data-unsent] a").ClickAsync();
        await page.WaitForURLAsync($"**/files/{file:N}");
        Assert.Equal("The letter asks for a mutation.", await page.InputValueAsync(Note));
        Assert.Equal("1-2", await page.InputValueAsync("input[name=cites]"));
        Assert.Equal(Desks.Tehsildar, await page.InputValueAsync("select[name=to]"));

        // A new draft shows its template: what is kept is offered beside it.
        await page.GotoAsync($"/en/desk/office/files/{file:N}/draft?kind=order&of=en");
        await page.Type(("to", "Ghulam Nabi"), ("subject", "Mutation"), ("body", "Whereas the land was sold"));
        await Lost(page, "button[value=save]");
        await page.GotoAsync($"/en/desk/office/files/{file:N}/draft?kind=order&of=en");
        Assert.StartsWith("Whereas ", await page.InputValueAsync(Body), StringComparison.Ordinal);
        Assert.NotEqual("Whereas the land was sold", await page.InputValueAsync(Body));
        await page.NoAxeViolations();
        await page.Picture("kept-offer-en");
        await page.Locator(".s-draft--offer button").First.ClickAsync();
        Assert.Equal("Whereas the land was sold", await page.InputValueAsync(Body));
        Assert.Equal("Ghulam Nabi", await page.InputValueAsync("textarea[name=to]"));
        Assert.Equal("Mutation", await page.InputValueAsync("input[name=subject]"));
        await page.Type(("body", "Whereas the land was sold and paid for"));

        // The session has ended meanwhile: the server asks for a sign-in instead of taking it.
        site.Clock.Advance(TimeSpan.FromHours(10));
        await page.ClickAsync("button[value=save]");
        await page.WaitForURLAsync("**/desk/sign-in**");
        await page.SignInOfficial(Offices.Clerk);
        Assert.Equal(2, await page.Locator("[data-unsent] details").CountAsync());
        await page.GotoAsync($"/en/desk/office/files/{file:N}/draft?kind=order&of=en");
        await page.Locator(".s-draft--offer button").First.ClickAsync();
        Assert.Equal("Whereas the land was sold and paid for", await page.InputValueAsync(Body));

        // Refused is not taken: what was written is on the page, and still kept.
        await page.Type(("subject", ""));
        await page.ClickAsync("button[value=save]");
        await page.Locator(".govuk-error-summary").WaitForAsync();
        Assert.Equal(2, await Kept(page));
        await page.Type(("subject", "Mutation of land"));
        await page.ClickAsync("button[value=save]");
        await page.WaitForURLAsync("**/desk/office/drafts/**");
        Assert.Equal(1, await Kept(page));

        // Changed once more and lost again: the version that is saved stands on the page, the other is offered.
        await page.Type(("body", "Whereas the land was given away"));
        await Lost(page, "button[value=save]");
        await page.GotoAsync("/en/desk/office");
        await page.Locator("[data-unsent] summary").First.ClickAsync();
        await page.Locator("[data-unsent] a").First.ClickAsync();
        await page.WaitForURLAsync("**/desk/office/drafts/**");
        Assert.Equal("Whereas the land was sold and paid for", await page.InputValueAsync(Body));
        await page.Locator(".s-draft--offer button").Last.ClickAsync();
        Assert.Equal(0, await page.Locator(".s-draft--offer").CountAsync());
        Assert.Equal(1, await Kept(page));

        // Signing out would delete what is not sent: it asks first.
        await page.ClickAsync("form[data-sign-out] button");
        Assert.Equal(1, await Kept(page));
        await page.GotoAsync($"/en/desk/office/files/{file:N}");
        await page.ClickAsync("button[value=sign]");
        await page.WaitForURLAsync($"**/files/{file:N}");
        await page.Locator(".s-notes li").WaitForAsync();
        Assert.Equal(0, await Kept(page));
        Assert.Equal("", await page.InputValueAsync(Note));
        Assert.Equal(1, await site.Database.One<int>("select notes from office.file where id = @file", new { file }));
        await page.Context.CloseAsync();
    }

    /// <summary>The form is sent, and nobody answers.</summary>
    private static async Task Lost(IPage page, string button)
    {
        var gone = page.WaitForRequestFailed();
        await page.RouteAsync("**/*", route => route.Request.Method == "POST" ? route.AbortAsync("connectionrefused") : route.ContinueAsync());
        await page.ClickAsync(button);
        await gone;
        await page.UnrouteAllAsync();
    }

    private static Task<int> Kept(IPage page) => page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => key.startsWith('draft:')).reduce((sum, key) => sum + JSON.parse(localStorage[key]).length, 0)");
}

internal static class Failing
{
    public static async Task WaitForRequestFailed(this IPage page)
    {
        var failed = new TaskCompletionSource();
        page.RequestFailed += (_, request) =>
        {
            if (request.Method == "POST") failed.TrySetResult();
        };
        await failed.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
