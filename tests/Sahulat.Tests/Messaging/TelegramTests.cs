using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Deliver;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Telegram by long poll and by webhook, and what people send there.</summary>
public sealed class TelegramTests(Cluster cluster)
{
    [Fact]
    public async Task Poll_TakesEachUpdateOnce_RemovesAWebhook_AndAnswersButtons()
    {
        await using var bot = await BotApi.Start();
        bot.Webhook = "https://old.example.in/";
        await using var site = await TestSite.Start(cluster, settings: bot.Settings(("Updates", "poll")));
        Assert.Contains("What do you need?", await bot.Say("hello"), StringComparison.Ordinal);
        Assert.Null(bot.Webhook);
        var keys = bot.Calls.First(c => c.Method == "sendMessage").Body["reply_markup"]!["inline_keyboard"]!.AsArray();
        Assert.Contains(keys, k => (string)k![0]!["callback_data"]! == "holidays");
        bot.Happens($$$$"""{"callback_query":{"id":"press-1","data":"holidays","message":{"message_id":12,"chat":{"id":{{{{BotApi.Chat}}}},"type":"private"} } } }""");
        await Eventually.True(() => bot.Sent.Length == 2, "the button is taken");
        Assert.Contains("Of which district?", bot.Sent[1], StringComparison.Ordinal);
        Assert.Equal("press-1", (string?)bot.Calls.Single(c => c.Method == "answerCallbackQuery").Body["callback_query_id"]);
        // The same update again, a group's talk, and an update of another kind.
        bot.Happens($$$$"""{"message":{"message_id":1,"chat":{"id":{{{{BotApi.Chat}}}},"type":"private"},"text":"hello"}}""", id: 501);
        bot.Happens("""{"message":{"message_id":1,"chat":{"id":-100,"type":"supergroup"},"text":"hello"}}""");
        bot.Happens("""{"poll":{"id":"1"}}""");
        await Eventually.True(() => bot.Waiting == 0, "all are confirmed");
        Assert.Contains("closed on", await bot.Say("190001"), StringComparison.Ordinal);
        Assert.Equal(3, await site.Database.One<int>("select count(*)::int from messaging.incoming"));
        // Another node waits with its poll until this one is gone; nobody can call in a bot's place.
        await using var other = await site.Beside();
        using var client = site.Client();
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/hooks/messaging/tg") { Content = new StringContent("{}") };
        forged.Headers.TryAddWithoutValidation("X-Telegram-Bot-Api-Secret-Token", "");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(forged)).StatusCode);
        await other.StopAsync();
    }

    [Fact]
    public async Task Webhook_IsSetAtTheStart_AndItsAnswerEndsTheTurningOfAButton()
    {
        await using var bot = await BotApi.Start();
        await using var site = await TestSite.Start(cluster, settings: bot.Settings(("Secret", "s0"), ("Callback", "https://sahulat.example.in/")));
        await Eventually.True(() => bot.Webhook is not null, "the webhook is set");
        var set = bot.Calls.First(c => c.Method == "setWebhook").Body;
        Assert.Equal(("https://sahulat.example.in/hooks/messaging/tg", "s0"), ((string)set["url"]!, (string)set["secret_token"]!));
        using var client = site.Client();
        async Task<string> Hook(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/messaging/tg") { Content = new StringContent(body) };
            request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", "s0");
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }

        var told = JsonNode.Parse(await Hook($$$$"""{"update_id":9,"callback_query":{"id":"press-2","data":"find","message":{"chat":{"id":{{{{BotApi.Chat}}}},"type":"private"} } } }"""))!;
        Assert.Equal(("answerCallbackQuery", "press-2"), ((string)told["method"]!, (string)told["callback_query_id"]!));
        Assert.Equal("", await Hook("""{"update_id":10}"""));
        Assert.Equal("", await Hook("not json"));
        await Eventually.True(() => bot.Sent.Length == 1, "the press is answered");
    }

    /// <summary>A paper sent in the chat: too large by what is told and by what comes, of a wrong kind, from a provider that fails, hangs or answers garbage; at last a good one.</summary>
    [Fact, Trait("Category", "Long")]
    public async Task Papers_AreBounded_Checked_AndSurviveAFailingProvider()
    {
        await using var bot = await BotApi.Start();
        await using var site = await TestSite.Start(cluster, settings: bot.Settings(("Updates", "poll"), ("Timeout", "1")));
        using var client = site.Client();
        await bot.Say("menu");
        await bot.Say("income certificate");
        await bot.Say("apply");
        await bot.Say("9419077021");
        await bot.Say(await TalkTests.Code(client, "9419077021"));
        await site.Answer(bot.Say, await bot.Say("Pampore"), "Send a photo or PDF here", "telegram");

        Task Told(HttpContext http, string body, int status = 200)
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body);
        }

        string Path(string id) => $$$$"""{"ok":true,"result":{"file_id":"{{{{id}}}}","file_path":"documents/{{{{id}}}}"}}""";
        bot.Files["large"] = (h => Told(h, """{"ok":true,"result":{"file_id":"large","file_size":99000000,"file_path":"documents/large"}}"""), []);
        bot.Files["swells"] = (h => Told(h, Path("swells")), new byte[11 * 1024 * 1024]);
        bot.Files["climbs"] = (h => Told(h, """{"ok":true,"result":{"file_path":"../../getMe"}}"""), []);
        bot.Files["fails"] = (h => Told(h, "oops", 500), []);
        bot.Files["garbage"] = (h => Told(h, "<html>"), []);
        bot.Files["odd"] = (h => Told(h, """{"ok":true,"result":{"file_size":"many","file_path":"x"}}"""), []);
        bot.Files["hangs"] = (async h => await Task.Delay(TimeSpan.FromSeconds(20), h.RequestAborted).ContinueWith(_ => { }), []);
        bot.Files["program"] = (h => Told(h, Path("program")), "MZ this is a program"u8.ToArray());
        bot.Files["good"] = (h => Told(h, Path("good")), Filed.Pdf("identity"));
        async Task<string> Send(string id)
        {
            site.Clock.Advance(TimeSpan.FromSeconds(20));
            var before = bot.Sent.Length;
            bot.Happens($$$$"""{"message":{"message_id":1,"chat":{"id":{{{{BotApi.Chat}}}},"type":"private"},"document":{"file_id":"{{{{id}}}}","file_name":"{{{{id}}}}.pdf"}}}""");
            await Eventually.True(() => bot.Sent.Length > before, $"an answer to '{id}'");
            return bot.Sent[before];
        }

        foreach (var id in new[] { "large", "swells", "climbs", "fails", "garbage", "odd", "hangs" })
        {
            var answer = await Send(id);
            Assert.True(answer.Contains("could not be fetched", StringComparison.Ordinal) && answer.Contains("Send a photo or PDF here", StringComparison.Ordinal), $"{id}: {answer}");
        }

        Assert.Contains("Send a photo or PDF here", await Send("program"), StringComparison.Ordinal);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from cases.document"));
        var next = await Send("good");
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from cases.document"));
        Assert.DoesNotContain("could not", next, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m-good", 200, """{"url":"{0}file","file_size":5}""", true)]
    [InlineData("m-large", 200, """{"url":"{0}file","file_size":50}""", false)]
    [InlineData("m-swells", 200, """{"url":"{0}long"}""", false)]
    [InlineData("m-elsewhere", 200, """{"url":"http://169.254.169.254/latest","file_size":5}""", false)]
    [InlineData("m-looks-like", 200, """{"url":"https://lookaside.fbsbx.com.example.in/x","file_size":5}""", false)]
    [InlineData("m-none", 200, """{"file_size":5}""", false)]
    [InlineData("m-gone", 404, """{"error":{"code":100}}""", false)]
    [InlineData("m-down", 500, "", false)]
    [InlineData("m-moved", 200, """{"url":"{0}moved","file_size":5}""", false)]
    [InlineData("../m", 200, "{}", false)]
    public async Task WhatsApp_FetchesFromMetaAlone_AndNoMoreThanAgreed(string id, int status, string told, bool had)
    {
        Listener? self = null;
        await using var meta = self = await Listener.Start(c => c.Path switch
        {
            "/file" => (200, "12345", null),
            "/long" => (200, new string('x', 50), null),
            "/moved" => (302, "", new Dictionary<string, string> { ["Location"] = "http://169.254.169.254/" }),
            _ => (status, told.Replace("{0}", self!.Address, StringComparison.Ordinal), null),
        });
        var provider = new Sahulat.Messaging.Chat.WhatsApp(GatewayTests.Settings("wa", new() { ["Kind"] = "whatsapp", ["Channel"] = "whatsapp", ["Url"] = meta.Address + "v23.0/1066", ["Token"] = "t0", ["AppSecret"] = "app", ["VerifyToken"] = "v0" }));
        var content = await ((IMediaSource)provider).Fetch(id.Replace("-", "", StringComparison.Ordinal), 10, default);
        Assert.Equal(had ? "12345" : null, content is null ? null : Encoding.UTF8.GetString(content));
        Assert.All(meta.Calls, c => Assert.Equal("Bearer t0", c.Headers["authorization"]));
    }
}
