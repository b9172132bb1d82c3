using Sahulat.Tests.Browser;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>The office's inbox in a real browser: dense, accessible, and workable by keyboard.</summary>
[Trait("Category", "Browser")]
public sealed class DeskInOfficeTests(Cluster cluster, Chromium chromium)
{
    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task Inbox_Shows14Rows_IsAccessible_AndFitsAPhone(string lang)
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        await site.Copies(await system.FileIncome(), 8);
        using var patwari = await site.Official(Desks.Patwari);
        for (var i = 0; i < 11; i++)
        {
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            var receipt = await patwari.Diarise(Desks.Patwari, "Mutation of land in the village of Gho, second application of the heirs", more: [("urgency", i % 3 == 0 ? "immediate" : "normal"), .. i % 2 == 0 ? new[] { ("reply_by.day", "4"), ("reply_by.month", "11"), ("reply_by.year", "2026") } : []]);
            await patwari.OpenFile(Desks.Patwari, $"TJ/Mut/{i + 1}", i == 0 ? receipt : null);
        }

        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Desks.Patwari, lang);
        await desk.GotoAsync($"/{lang}/desk/office");
        var visible = await desk.EvaluateAsync<int>("(() => { const end = Math.min(innerHeight, document.querySelector('.s-bar')?.getBoundingClientRect().top ?? innerHeight); return [...document.querySelectorAll('tr[data-row]')].filter(r => r.getBoundingClientRect().bottom <= end).length; })()");
        await desk.Picture($"office-inbox-{lang}");
        Assert.True(visible >= 14, $"{visible} rows are seen at 1366 × 768");
        Assert.Equal(30, await desk.Locator("tr[data-row]").CountAsync());
        await desk.NoAxeViolations();
        await desk.Locator("tr[data-row] input[type=checkbox]").First.CheckAsync();
        await desk.Picture($"office-inbox-ticked-{lang}");
        await desk.NoAxeViolations();
        await desk.ClickAsync(".s-bar button[value=follow]");
        await desk.WaitForURLAsync("**/desk/office/many");
        await desk.NoAxeViolations();
        await desk.Picture($"office-many-{lang}");
        foreach (var path in new[] { "?box=followed", "?box=pinned", "?sort=due&urgency=immediate", "/pendency", $"/pendency/list?by=post&of={Desks.Patwari}&kind=all&age=week&since=here" })
        {
            await desk.GotoAsync($"/{lang}/desk/office{path}");
            await desk.NoAxeViolations();
            await desk.Picture($"office-desk-{path[1..4]}{path.Length}-{lang}");
        }

        await desk.Context.CloseAsync();
        var phone = await chromium.Phone(site.Address, javaScript: false);
        await phone.SignInOfficial(Desks.Patwari, lang);
        foreach (var path in new[] { "", "/pendency", $"/pendency/list?by=post&of={Desks.Patwari}&kind=all" })
        {
            await phone.GotoAsync($"/{lang}/desk/office{path}");
            await phone.SetViewportSizeAsync(360, 740);
            await phone.Picture($"office-desk-{path.Length}-{lang}-phone");
            await phone.FitsNarrow();
        }

        await phone.Context.CloseAsync();
    }

    [Fact]
    public async Task Keyboard_ReachesTheActsOfFileReceiptAndDraft_AndOffIsOff()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Keys/1");
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        var receipt = await clerk.Diarise(Offices.Clerk);
        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Offices.Clerk);
        Task<string> Focus() => desk.EvaluateAsync<string>("document.activeElement.name + ':' + document.activeElement.value");
        async Task Key(string key, string focused)
        {
            await desk.EvaluateAsync("document.activeElement.blur()");
            await desk.Keyboard.PressAsync(key);
            Assert.Equal(focused, await Focus());
        }

        // In the list: j, k and x, then to the bar; Enter opens.
        await desk.GotoAsync("/en/desk/office");
        await desk.Keyboard.PressAsync("j");
        await desk.Keyboard.PressAsync("j");
        await desk.Keyboard.PressAsync("k");
        await desk.Keyboard.PressAsync("x");
        Assert.True(await desk.Locator("tr[data-row]").First.Locator("input[type=checkbox]").IsCheckedAsync());
        await Key("/", "q:");
        await Key("f", "to:");
        await Key("w", "until:");
        await Key("c", "do:close");
        await Key("s", "do:send");
        await desk.EvaluateAsync("document.activeElement.blur()");
        await desk.Keyboard.PressAsync("j");
        await desk.Keyboard.PressAsync("k");
        await desk.Keyboard.PressAsync("Enter");
        await desk.WaitForURLAsync($"**/receipts/{receipt:N}");
        await Key("i", "file:");
        await Key("f", "to:");
        await Key("s", "do:send");
        await Key("c", "do:close");
        await Key("a", "do:acknowledge");
        await desk.Keyboard.PressAsync("Enter");
        await desk.Locator("button[value=acknowledge]").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });

        // A file: written, put away, sent and on to the next, all without the mouse.
        await desk.GotoAsync($"/en/desk/office/files/{file:N}");
        await Key("w", "until.day:");
        await Key("v", "do:save");
        await Key("g", "do:sign");
        await Key("t", "text:");
        await desk.Keyboard.TypeAsync("Seen, with a j and an s in it");
        await Key("f", "to:");
        await desk.SelectOptionAsync("select[name=to]", Desks.Tehsildar);
        await Key("s", "do:send");
        await desk.Keyboard.PressAsync("Enter");
        await desk.WaitForURLAsync($"**/receipts/{receipt:N}");
        using var head = await site.Official(Desks.Tehsildar);
        Assert.Contains("Seen, with a j and an s in it", await head.Page($"/en/desk/office/files/{file:N}"), StringComparison.Ordinal);

        using var written = await head.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "order", ["in"] = "en", ["to"] = "A", ["subject"] = "B", ["body"] = "C" });
        var other = await chromium.Desk(site.Address);
        await desk.Context.CloseAsync();
        desk = other;
        await desk.SignInOfficial(Desks.Tehsildar);
        await desk.GotoAsync($"/en/desk/office/files/{file:N}");
        await Key("r", "do:return");
        await desk.GotoAsync($"/en/desk/office/drafts/{Offices.Id(written):N}");
        await Key("v", "do:save");
        await Key("a", "do:approve");
        await desk.Keyboard.PressAsync("Enter");
        await desk.Locator("button[value=sign]").WaitForAsync();
        await Key("s", "do:sign");
        await desk.Keyboard.PressAsync("Enter");
        await desk.Locator("button[value=dispatch]").WaitForAsync(new() { Timeout = 60_000 });
        await Key("f", "way:");
        await Key("d", "do:dispatch");

        // The list of keys says them; off is off.
        await desk.EvaluateAsync("document.activeElement.blur()");
        await desk.Keyboard.PressAsync("?");
        foreach (var key in new[] { "j", "k", "x", "f", "s", "r", "w", "c", "i", "a", "t", "g", "v", "d" }) Assert.NotEqual(0, await desk.Locator($"#keys kbd:text-is('{key}')").CountAsync());
        await desk.NoAxeViolations();
        await desk.Picture("office-keys-en");
        await desk.Locator("#keys-on").UncheckAsync();
        await desk.Keyboard.PressAsync("Escape");
        foreach (var path in new[] { "", $"/drafts/{Offices.Id(written):N}" })
        {
            await desk.GotoAsync($"/en/desk/office{path}");
            foreach (var key in new[] { "j", "x", "f", "s", "d", "a" }) await desk.Keyboard.PressAsync(key);
            Assert.StartsWith("undefined", await Focus(), StringComparison.Ordinal);
        }

        await desk.Context.CloseAsync();
    }
}
