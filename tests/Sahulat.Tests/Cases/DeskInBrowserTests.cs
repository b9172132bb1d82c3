using Sahulat.Cases;
using Sahulat.Tests.Browser;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>The desk in a real browser: accessible, dense, and workable by keyboard.</summary>
[Trait("Category", "Browser")]
public sealed class DeskInBrowserTests(Cluster cluster, Chromium chromium)
{
    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Desk_IsAccessible_Shows14Rows_AndFitsAPhone(string lang)
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        await site.Copies(reference, 30);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Desks.Patwari, lang);
        var visible = await desk.EvaluateAsync<int>("(() => { const end = Math.min(innerHeight, document.querySelector('.s-bar')?.getBoundingClientRect().top ?? innerHeight); return [...document.querySelectorAll('tr[data-row]')].filter(r => r.getBoundingClientRect().bottom <= end).length; })()");
        await desk.Picture($"desk-list-{lang}");
        Assert.True(visible >= 14, $"{visible} rows are seen at 1366 × 768");
        await desk.NoAxeViolations();
        var paper = await site.Database.One<Guid>("""select d.id from cases.document d order by at limit 1""");
        foreach (var (path, name) in new[] { ($"/desk?open={reference}", "split"), ($"/desk/cases/{reference}", "case"), ($"/desk/cases/{reference}/papers/{paper:N}", "paper"), ("/desk?service=domicile-certificate", "empty") })
        {
            await desk.GotoAsync($"/{lang}{path}");
            await desk.WaitForLoadStateAsync(Microsoft.Playwright.LoadState.NetworkIdle);
            await desk.Picture($"desk-{name}-{lang}", whole: name == "case");
            await desk.NoAxeViolations();
            // The viewer itself runs: the browser did not refuse the frame.
            if (name == "paper") Assert.Contains(desk.Frames, f => f.Url.StartsWith("chrome-extension://", StringComparison.Ordinal));
        }

        await desk.GotoAsync($"/{lang}/desk");
        await desk.Locator("tr[data-row] input[type=checkbox]").First.CheckAsync();
        await desk.SelectOptionAsync(".s-bar select[name=to]", "girdawar@tehsil-79");
        await desk.Locator(".s-bar button").ClickAsync();
        await desk.Locator(".s-success").WaitForAsync();
        await desk.NoAxeViolations();
        await desk.Picture($"desk-forwarded-{lang}");
        await desk.Context.CloseAsync();

        var phone = await chromium.Phone(site.Address, javaScript: false);
        await phone.SignInOfficial(Desks.Patwari, lang);
        await phone.Picture($"desk-list-{lang}-phone");
        await phone.FitsNarrow();
        foreach (var path in new[] { $"/desk?open={reference}", $"/desk/cases/{reference}" })
        {
            await phone.GotoAsync($"/{lang}{path}");
            await phone.SetViewportSizeAsync(360, 740);
            await phone.Picture($"desk-{(path.Contains("open", StringComparison.Ordinal) ? "split" : "case")}-{lang}-phone");
            await phone.FitsNarrow();
        }

        await phone.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Counter_IsAccessible_OnEveryPage(string lang)
    {
        await using var site = await Desks.Start(cluster);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial("service-centre-operator@tehsil-79", lang);
        await desk.GotoAsync($"/{lang}/desk/counter");
        await desk.NoAxeViolations();
        await desk.Press();
        await desk.Locator(".govuk-error-summary").WaitForAsync();
        await desk.NoAxeViolations();
        await desk.FillAsync("input[name=mobile]", "9419066666");
        await desk.SelectOptionAsync("select[name=service]", Filed.Service);
        await desk.SelectOptionAsync("select[name=language]", "en");
        await desk.Picture($"counter-1-{lang}");
        await desk.Press();
        await desk.WaitForURLAsync("**/code");
        await desk.NoAxeViolations();
        using var citizensPhone = site.Client();
        var code = "";
        await Eventually.True(async () => (code = System.Text.RegularExpressions.Regex.Match(await citizensPhone.GetStringAsync("/en/outbox?mobile=9419066666"), @"(\d{6}) lets").Groups[1].Value).Length > 0, "the code is on the citizen's phone");
        await desk.FillAsync("input[name=code]", code);
        await desk.Press();
        await desk.WaitForURLAsync("**/start");
        await desk.NoAxeViolations();
        await desk.Press();
        await desk.Locator("input[name=full_name]").WaitForAsync();
        await desk.NoAxeViolations();
        await desk.Picture($"counter-2-{lang}");
        await desk.GotoAsync(desk.Url[..desk.Url.LastIndexOf('/')] + "/check");
        await desk.NoAxeViolations();
        await desk.GotoAsync($"/{lang}/desk/counter");
        await desk.NoAxeViolations();
        await desk.FitsNarrow();
        await desk.Context.CloseAsync();
    }

    [Fact]
    public async Task Keyboard_MovesOpensTicksTurnsAndLeadsToTheActs_AndCanBeSwitchedOff()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        await site.Database.Execute("""update cases."case" set due_on = date '2027-12-31'""");
        await site.Database.Execute("update cases.step set due_on = date '2027-12-31' where due_on is not null");
        var all = await site.Copies(reference, 5);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Desks.Patwari);
        await desk.Keyboard.PressAsync("j");
        await desk.Keyboard.PressAsync("j");
        await desk.Keyboard.PressAsync("x");
        Assert.Equal("1", await desk.Locator("[data-chosen]").InnerTextAsync());
        Assert.True(await desk.Locator("tr[data-row]").Nth(1).Locator("input[type=checkbox]").IsCheckedAsync());
        await desk.Keyboard.PressAsync("k");
        await desk.Keyboard.PressAsync("j");
        await desk.Keyboard.PressAsync("Enter");
        await desk.WaitForURLAsync($"**/desk?open={all[1]}*");
        Assert.True(await desk.Locator(".s-list tr[data-row]").First.IsVisibleAsync());
        Assert.True(await desk.Locator(".s-pane textarea[name=text]").IsVisibleAsync());
        await desk.Keyboard.PressAsync("n");
        await desk.WaitForURLAsync($"**/desk?open={all[2]}*");
        await desk.Keyboard.PressAsync("p");
        await desk.WaitForURLAsync($"**/desk?open={all[1]}*");
        await desk.Keyboard.PressAsync("t");
        await desk.Keyboard.TypeAsync("Seen, and a j in it");
        Assert.Equal("Seen, and a j in it", await desk.InputValueAsync("textarea[name=text]"));
        await desk.EvaluateAsync("document.activeElement.blur()");
        await desk.Keyboard.PressAsync("a");
        await desk.Keyboard.PressAsync("Enter");
        await desk.GetByText($"{Reference.Show(all[1])}: recommended").WaitForAsync();
        await desk.WaitForURLAsync($"**/desk?open={all[2]}*");

        await desk.Keyboard.PressAsync("?");
        await desk.Locator("#keys-on").UncheckAsync();
        await desk.Keyboard.PressAsync("Escape");
        await desk.Keyboard.PressAsync("n");
        Assert.Contains($"open={all[2]}", desk.Url, StringComparison.Ordinal);
        await desk.Context.CloseAsync();
    }
}
