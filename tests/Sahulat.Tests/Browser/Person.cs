using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sahulat.Access.Demo;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>What a person does in a browser: reads, types, presses the page's own button.</summary>
internal static partial class Person
{
    public static Task Press(this IPage page) => page.Locator("main form button[type=submit]:not([aria-hidden]):not([name=_add]):not([name=_remove])").First.ClickAsync();

    public static async Task SignInCitizen(this IPage page, string mobile, string lang)
    {
        await page.FillAsync("input[name=mobile]", mobile);
        await page.Press();
        await page.WaitForURLAsync("**/sign-in/code**");
        var outbox = await page.Context.NewPageAsync();
        var code = "";
        // Messages go through a queue and those of one instant come in any order: the newest that holds a code, when it has gone out.
        await Eventually.True(async () =>
        {
            await outbox.GotoAsync($"/{lang}/outbox?mobile={mobile}");
            return (code = Six().Match(string.Join('\n', await outbox.Locator("[data-message]").AllInnerTextsAsync())).Value).Length > 0;
        }, "a code in the outbox");
        await outbox.CloseAsync();
        await page.FillAsync("input[name=code]", code);
        await page.Press();
        await page.WaitForURLAsync(new Regex("^(?!.*/sign-in)"));
    }

    public static async Task SignInOfficial(this IPage page, string post, string lang = "en")
    {
        await page.GotoAsync($"/{lang}/desk/sign-in");
        await page.FillAsync("input[name=name]", post);
        await page.FillAsync("input[name=password]", DemoOfficials.Password);
        await page.FillAsync("input[name=code]", SignedIn.Totp(DemoOfficials.Secret));
        await page.Press();
        await page.WaitForURLAsync($"**/{lang}/desk");
    }

    public static async Task Type(this IPage page, params (string Name, string Text)[] fields)
    {
        foreach (var (name, text) in fields) await page.FillAsync($"[name='{name}']", text);
    }

    /// <summary>Chooses by the label, as a finger does.</summary>
    public static async Task Choose(this IPage page, params (string Name, string Value)[] choices)
    {
        foreach (var (name, value) in choices) await page.Locator($"label[for='{await page.Locator($"input[name='{name}'][value='{value}']").GetAttributeAsync("id")}']").ClickAsync();
    }

    /// <summary>A choice may be a list or buttons, by how many there are.</summary>
    public static async Task SelectOrChoose(this IPage page, string name, string value)
    {
        if (await page.Locator($"select[name='{name}']").CountAsync() > 0) await page.SelectOptionAsync($"select[name='{name}']", value);
        else await page.Choose((name, value));
    }

    public static Task Attach(this IPage page, string name, string file, byte[] content) =>
        page.SetInputFilesAsync($"input[type=file][name='{name}']", new FilePayload { Name = file, MimeType = "application/octet-stream", Buffer = content });

    [GeneratedRegex(@"(?<!\d)\d{6}(?!\d)")]
    private static partial Regex Six();
}
