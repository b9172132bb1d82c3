using System.Text.RegularExpressions;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Office;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>A letter on its way, as the office sees it at the desk and the person on a telephone.</summary>
[Trait("Category", "Browser")]
public sealed partial class PostPagesTests(Cluster cluster, Chromium chromium)
{
    [Theory]
    [InlineData("en")]
    [InlineData("ur")]
    public async Task LetterOnItsWay_IsAccessible_AtTheDeskAndOnATelephone(string lang)
    {
        await using var site = await Desks.Start(cluster);
        using var officer = await site.Official(Desks.Tehsildar);
        await officer.Diarise(Desks.Tehsildar, "Demarcation of land", more: ("mobile", "9419012345"));
        var sent = await DispatchTests.Signed(officer, await officer.OpenFile(Desks.Tehsildar, "TJ/Post/1"), "ur", "رخسانہ بیگم، موضع گھو");
        await DispatchTests.Dispatch(officer, sent, "message", "9419012345");
        var post = await DispatchTests.Signed(officer, await officer.OpenFile(Desks.Tehsildar, "TJ/Post/2"), "en", "The Secretary to Government, Revenue Department");
        await DispatchTests.Dispatch(officer, post, "post", "RL 4417");
        var lost = await DispatchTests.Signed(officer, await officer.OpenFile(Desks.Tehsildar, "TJ/Post/3"), "en", "Mohan Lal");
        await DispatchTests.Dispatch(officer, lost, "email", "mohan@example.in");
        await Eventually.True(() => site.Database.One<bool>("select not exists (select from office.dispatch where delivery = 'waiting')"), "all are told of");
        await site.Database.Execute("update office.dispatch set delivery = 'failed', reason = 'smtp-5.1.1' where way = 'email'");
        await site.Database.Execute("insert into office.mail (id, post, mail, refused, name, at) values (gen_random_uuid(), @Tehsildar, 'x', 'mail-too-large', '1794640000.M1P2.mx', now())", new { Desks.Tehsildar });

        var desk = await chromium.Desk(site.Address);
        await desk.SignInOfficial(Desks.Tehsildar, lang);
        foreach (var path in new[] { "/dispatched", "/dispatched?as=print", "/diary", "/diary?kind=email", "/mail", lost[("/en/desk/office".Length)..] })
        {
            await desk.SetViewportSizeAsync(1366, 768);
            Assert.True((await desk.GotoAsync($"/{lang}/desk/office{path}"))!.Ok, path);
            await desk.NoAxeViolations();
            await desk.Picture($"post-{Name().Replace(path, "-").Trim('-')}-{lang}", whole: true);
            await desk.FitsNarrow();
        }

        var phone = await chromium.Phone(site.Address);
        await phone.GotoAsync("/en/outbox?mobile=9419012345");
        var code = Code().Match(await phone.ContentAsync()).Groups[1].Value;
        foreach (var path in new[] { $"/{lang}/d/{code}", "/en/outbox" })
        {
            Assert.True((await phone.GotoAsync(path))!.Ok, path);
            await phone.NoAxeViolations();
            await phone.Picture(path.Contains("/d/", StringComparison.Ordinal) ? $"post-link-{lang}" : $"post-outbox-{lang}", whole: true);
        }
    }

    [GeneratedRegex("/d/([0-9a-z]{20})")]
    private static partial Regex Code();

    [GeneratedRegex("[0-9a-f]{32}|[^a-z0-9]+")]
    private static partial Regex Name();
}
