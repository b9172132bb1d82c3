using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using System.Web;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Flows;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>What holds for every conversation: order, once, time, and a line that breaks.</summary>
public sealed class ConversationTests(Cluster cluster)
{
    private const string Flows = """
        flow: echo
        version: 1
        start: a
        begins: { en: [echo], hi: [echo], ur: [echo], ks: [echo], doi: [echo] }
        nodes:
          a: { say: { en: "{said}", hi: "{said}", ur: "{said}", ks: "{said}", doi: "{said}" }, ask: { text: x }, to: a }
        ---
        flow: wait
        version: 1
        start: ask
        begins: { en: [patience], hi: [patience], ur: [patience], ks: [patience], doi: [patience] }
        nodes:
          ask: { say: { en: "Which?", hi: "Which?", ur: "Which?", ks: "Which?", doi: "Which?" }, ask: { text: x, after: { wait: 10m, to: late } }, to: heard }
          late: { say: { en: "Still there?", hi: "Still there?", ur: "Still there?", ks: "Still there?", doi: "Still there?" }, ask: { text: x }, to: heard }
          heard: { say: { en: "Heard {x}", hi: "Heard {x}", ur: "Heard {x}", ks: "Heard {x}", doi: "Heard {x}" }, end: true }
        """;

    private static async Task Load(TestSite site)
    {
        foreach (var body in Flows.Split("---\n")) await site.Database.Execute("insert into messaging.flow (key, version, body, digest) values (@key, 1, @body, '')", new { key = body[6..body.IndexOf('\n', StringComparison.Ordinal)], body });
        await site.Services.GetRequiredService<FlowStore>().Refresh(default);
    }

    [Fact, Trait("Category", "Long")]
    public async Task TwoNodes_OnTheMessagesOfOneContact_AnswerEachOnce_InOrder()
    {
        await using var sms = await Listener.Start(_ => (202, "0: Accepted for delivery", null));
        var settings = GatewayTests.Block("kannel", new() { ["Kind"] = "kannel", ["Channel"] = "sms", ["Url"] = sms.Address, ["User"] = "u", ["Password"] = "p", ["Secret"] = "s", ["Callback"] = "http://127.0.0.1:9" });
        await using var site = await TestSite.Start(cluster, settings: settings);
        await Load(site);
        await using var beside = await site.Beside();
        using var here = site.Client();
        using var there = new HttpClient { BaseAddress = new Uri(beside.Urls.First()) };
        string[] contacts = ["9419000101", "9419000102", "9419000103"];
        // Some are bare digits, which are looked at apart from the many.
        var texts = Enumerable.Range(1, 24).Select(n => n % 3 == 0 ? "2" : $"m{n}").Prepend("echo").ToArray();
        await Task.WhenAll(contacts.Select(async contact =>
        {
            for (var n = 0; n < texts.Length; n++)
            {
                // The operator tells one node, or both at once.
                var told = new List<Task<HttpStatusCode>> { TalkTests.Write(site, n % 2 == 0 ? here : there, contact, texts[n], $"{contact}-{n}") };
                if (n % 5 == 0) told.Add(TalkTests.Write(site, n % 2 == 0 ? there : here, contact, texts[n], $"{contact}-{n}"));
                Assert.All(await Task.WhenAll(told), s => Assert.Equal(HttpStatusCode.OK, s));
            }
        }));
        await site.Quiet();
        foreach (var contact in contacts) Assert.Equal(texts, await TalkTests.Said(site, "+91" + contact));
        await Eventually.True(() => sms.Calls.Count >= contacts.Length * texts.Length, "all answers go out");
        Assert.Equal(contacts.Length * texts.Length, await site.Database.One<int>("select count(*)::int from messaging.message where template = 'conversation'"));
        foreach (var contact in contacts) Assert.Equal(texts.Order(StringComparer.Ordinal), sms.Calls.Select(c => HttpUtility.ParseQueryString(c.Query)).Where(q => q["to"]!.EndsWith(contact, StringComparison.Ordinal)).Select(q => q["text"]!).Order(StringComparer.Ordinal));
        await beside.StopAsync();
    }

    [Fact]
    public async Task ATimeOut_ComesOnce_OnAnyNumberOfNodes_AndNotToWhoAnswered()
    {
        await using var site = await TestSite.Start(cluster, settings: TalkTests.Kannel);
        await Load(site);
        await using var beside = await site.Beside();
        using var client = site.Client();
        await TalkTests.Write(site, client, "9419000201", "patience", "t-1");
        await TalkTests.Write(site, client, "9419000202", "patience", "t-2");
        await site.Quiet();
        async Task Late() => await Task.WhenAll(new[] { site.Services, beside.Services }.SelectMany(s => Enumerable.Range(0, 3).Select(_ => s.GetRequiredService<Conversations>().Late(default))));
        site.Clock.Advance(TimeSpan.FromMinutes(9));
        await TalkTests.Write(site, client, "9419000202", "this", "t-3");
        await site.Quiet();
        await Late();
        Assert.Equal(["Which?"], await TalkTests.Said(site, "+919419000201"));
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        await Late();
        site.Clock.Advance(TimeSpan.FromMinutes(15));
        await Late();
        Assert.Equal(["Which?", "Still there?"], await TalkTests.Said(site, "+919419000201"));
        await TalkTests.Write(site, client, "9419000201", "here", "t-4");
        await site.Quiet();
        Assert.Equal(["Which?", "Still there?", "Heard here"], await TalkTests.Said(site, "+919419000201"));
        Assert.Equal(["Which?", "Heard this"], await TalkTests.Said(site, "+919419000202"));
        await beside.StopAsync();
    }

    [Fact]
    public async Task WebChat_CarriedOnByAnotherNode_IsToldBeforeTheNextBeat()
    {
        await using var site = await TestSite.Start(cluster);
        await using var beside = await site.Beside();
        await Eventually.True(() => site.Database.One<bool>("select count(*) = 2 from pg_stat_activity where datname = current_database() and query = 'listen talk'"), "both nodes listen");
        using var client = site.Client();
        await TalkTests.Chat(client, "menu");
        Task<long> Newest() => site.Database.One<long>("select max(position) from messaging.line");
        using var line = await Line.Open(client, await Newest(), beside.Urls.First());
        await TalkTests.Chat(client, "help");
        Assert.Equal(await Newest(), await line.Next().WaitAsync(TimeSpan.FromSeconds(10)));
        await beside.StopAsync();
    }

    [Fact]
    public async Task WebChat_AfterACut_IsToldWhatItMissed_AndNothingTwice()
    {
        await using var site = await TestSite.Start(cluster);
        using var client = site.Client();
        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync("/en/talk/stream")).StatusCode);
        await TalkTests.Chat(client, "menu");
        Task<long> Newest() => site.Database.One<long>("select max(position) from messaging.line");
        var first = await Newest();
        using (var line = await Line.Open(client, null)) Assert.Equal(first, await line.Next());
        // The line breaks, the conversation goes on, the browser comes again with what it saw last.
        await TalkTests.Chat(client, "1");
        await TalkTests.Chat(client, "help");
        using (var line = await Line.Open(client, first)) Assert.Equal(await Newest(), await line.Next());
        using (var line = await Line.Open(client, await Newest()))
        {
            var next = line.Next();
            Assert.False(next.IsCompleted);
            await TalkTests.Chat(client, "menu");
            Assert.Equal(await Newest(), await next);
        }

        // What another browser sends names nothing here, and a number that is none is taken as nothing seen.
        using (var stranger = site.Client()) Assert.Equal(HttpStatusCode.NoContent, (await stranger.GetAsync("/en/talk/stream?after=0")).StatusCode);
        using var odd = new HttpRequestMessage(HttpMethod.Get, "/en/talk/stream");
        odd.Headers.TryAddWithoutValidation("Last-Event-ID", "nothing");
        using var answer = await client.SendAsync(odd, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(("text/event-stream", "no-store"), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.ToString()));
    }

    /// <summary>A stream of server-sent events, as a browser opens it.</summary>
    private sealed class Line(HttpResponseMessage answer, StreamReader reader) : IDisposable
    {
        public static async Task<Line> Open(HttpClient client, long? last, string node = "")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, node + "/en/talk/stream?after=0");
            if (last is { } seen) request.Headers.Add("Last-Event-ID", $"{seen}");
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return new Line(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        }

        /// <summary>The id of the next event.</summary>
        public async Task<long> Next()
        {
            while (true)
                if (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) is { } line && line.StartsWith("id: ", StringComparison.Ordinal)) return long.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture);
        }

        public void Dispose()
        {
            reader.Dispose();
            answer.Dispose();
        }
    }
}
