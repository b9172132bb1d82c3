using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Messaging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

public sealed class OwnNoticeTests(Cluster cluster)
{
    [Theory]
    [InlineData("en", "Your request JK26-1 is received.")]
    [InlineData("ur", "آپ کی درخواست JK26-1 موصول ہوئی")]
    public async Task Notice_GoesOutInThePersonsLanguage_Once(string lang, string text)
    {
        await using var site = await TestSite.Start(cluster);
        var gateway = site.Services.GetRequiredService<IMessageGateway>();
        for (var i = 0; i < 2; i++) await gateway.Send(new OutgoingMessage("case-filed", lang, "9419012345", ["JK26-1", "5 May 2027"], "notice", "case/1"), default);
        using var client = site.Client();
        var page = System.Net.WebUtility.HtmlDecode(await client.GetStringAsync("/en/outbox?mobile=9419012345"));
        Assert.Equal(2, page.Split(text).Length);
        await Eventually.True(async () => await site.Database.One<string>("select status from messaging.message") == "delivered", "the notice is delivered");
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.queue"));
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from messaging.message where provider = 'screen-sms' and sent_at is not null"));
    }

    [Fact]
    public async Task WhatIsSaid_IsNowhereInTheClear()
    {
        await using var site = await TestSite.Start(cluster);
        await site.Services.GetRequiredService<IMessageGateway>().Send(new OutgoingMessage("one-time-code", "en", "9419012345", ["771199"], "otp", "otp/1"), default);
        var rows = await site.Database.Query<string>("select m::text from messaging.message m");
        Assert.All(rows, r => Assert.DoesNotContain("771199", r, StringComparison.Ordinal));
        Assert.All(rows, r => Assert.DoesNotContain("9419012345", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhenItsTimeIsOver_WhatWasSaid_CannotBeReadAnyMore()
    {
        await using var site = await TestSite.Start(cluster);
        await site.Services.GetRequiredService<IMessageGateway>().Send(new OutgoingMessage("one-time-code", "en", "9419012345", ["771199"], "otp", "otp/1"), default);
        await Eventually.True(async () => await site.Database.One<string>("select status from messaging.message") == "delivered", "the code is delivered");
        using var client = site.Client();
        Assert.Contains("771199", await client.GetStringAsync("/en/outbox"), StringComparison.Ordinal);
        site.Clock.Advance(TimeSpan.FromDays(4));
        await site.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Sahulat.Messaging.Accept.Forgetting>().Single().Once(default);
        Assert.DoesNotContain("771199", await client.GetStringAsync("/en/outbox"), StringComparison.Ordinal);
        Assert.Equal("delivered", await site.Database.One<string>("select status from messaging.message"));
        Assert.Null(await site.Services.GetRequiredService<Sahulat.Kernel.Vault.Vault>().Open(Sahulat.Messaging.Accept.DayKeys.Of("otp", new DateOnly(2026, 11, 2)), "message", [], "", default));
    }
}
