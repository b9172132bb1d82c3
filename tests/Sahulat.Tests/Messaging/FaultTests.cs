using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Messaging.Chat;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Receive;
using Sahulat.Messaging.Sms;
using Sahulat.Messaging.Talk;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>What providers and strangers do wrong: each named, bounded, nothing lost.</summary>
public sealed class FaultTests(Cluster cluster)
{
    private static readonly Sahulat.Messaging.Accept.Step Text = new("sms", "+919419012345", "en", null, "Hello", "gsm-7", 1, ["x"], null, "1101000000000000001", "JKGOVT", "1107000000000000001");

    private static readonly Dictionary<string, string?> Block = new()
    {
        ["Kind"] = "it", ["Channel"] = "sms", ["User"] = "u", ["Password"] = "p", ["Secret"] = "s", ["Callback"] = "http://127.0.0.1:9", ["SenderId"] = "JKGOVT", ["SecureKey"] = "k", ["Pin"] = "p", ["Signature"] = "JKGOVT", ["Token"] = "t", ["AppSecret"] = "a", ["VerifyToken"] = "v",
    };

    private static IProvider Provider(string kind, string url)
    {
        var settings = GatewayTests.Settings("it", new(Block) { ["Url"] = url });
        return kind switch { "kannel" => new Kannel(settings), "mgov" => new MobileSeva(settings), "nic" => new NicGateway(settings), "telegram" => new Telegram(settings), _ => new WhatsApp(settings) };
    }

    public static TheoryData<string> Kinds => ["kannel", "mgov", "nic", "telegram", "whatsapp"];

    /// <summary>Asked to wait is not refused: the message goes out later, when the provider said.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public async Task TooMany_Waits_AsLongAsAsked_ButNotForEver(string kind)
    {
        var asked = "7";
        await using var listener = await Listener.Start(_ => (429, kind == "telegram" ? """{"ok":false,"error_code":429,"parameters":{"retry_after":7}}""" : "<html>slow down</html>", new Dictionary<string, string> { ["Retry-After"] = asked }));
        var provider = Provider(kind, listener.Address);
        var handed = await provider.Send(new(Guid.NewGuid(), 1, "service", "t", null, Text), default);
        Assert.Equal((Hand.Busy, $"{kind}-429", TimeSpan.FromSeconds(7)), (handed.Kind, handed.Reason, handed.After));
        asked = "86400";
        if (kind != "telegram") Assert.Equal(TimeSpan.FromMinutes(5), (await provider.Send(new(Guid.NewGuid(), 1, "service", "t", null, Text), default)).After);
    }

    /// <summary>An answer that nobody understands leaves open whether the message was taken: it is settled with the same provider, and neither lost nor given to another.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public async Task Garbage_Hanging_AndDown_AreSettledLater_AndNothingIsLost(string kind)
    {
        var mode = "garbage";
        using var gone = new CancellationTokenSource();
        await using var listener = await Listener.Start(c =>
        {
            if (mode == "hang") gone.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(4));
            return (mode == "down" ? 502 : 200, mode switch
            {
                "well" => kind switch { "kannel" => "0: Accepted for delivery", "mgov" => "402,MsgID = 15msdgsms", "nic" => "Message Accepted for Request ID=12", "telegram" => """{"ok":true,"result":{"message_id":1}}""", _ => """{"messages":[{"id":"wamid.1"}]}""" },
                _ => "\0<html>\ud83d",
            }, null);
        });
        var channel = kind switch { "telegram" => "telegram", "whatsapp" => "whatsapp", _ => "sms" };
        var settings = GatewayTests.Block("it", new(Block) { ["Kind"] = kind switch { "mgov" => "mobile-seva", var other => other }, ["Channel"] = channel, ["Url"] = listener.Address, ["Timeout"] = "0.5" });
        await using var site = await TestSite.Start(cluster, settings: settings);
        var accept = site.Services.GetRequiredService<Sahulat.Messaging.Accept.AcceptBatch>();
        async Task Given(string wanted)
        {
            mode = wanted;
            var now = site.Clock.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            Assert.True((await accept.Accept(new(id, Sahulat.Messaging.Clients.Client.Own.Service, "live", "service", "t", 0, [Text with { Channel = channel }], [1], false, null, null, null, null, now, null, now.AddHours(2)), default)).Ok);
            // Kannel's status says all; its words are for people.
            var settled = kind == "kannel" && wanted == "garbage";
            await Eventually.True(async () => await site.Database.One<bool>(settled ? "select status = 'sent' from messaging.message where id = @id" : "select not leased and attempt > 0 from messaging.queue where id = @id", new { id }), $"{wanted} is noted");
        }

        foreach (var wanted in new[] { "garbage", "hang", "down" }) await Given(wanted);
        gone.Cancel();
        mode = "well";
        await Eventually.True(async () =>
        {
            // Time goes on only while no message is being handed over: a lease must not run out under a provider that works.
            var (waiting, leased) = await site.Database.One<(int, int)>("select count(*)::int, (count(*) filter (where leased))::int from messaging.queue");
            if (waiting == 0) return true;
            if (leased == 0) site.Clock.Advance(TimeSpan.FromSeconds(5));
            site.Services.GetRequiredService<Dispatcher>().Wake();
            return false;
        }, "all three are given to the provider");
        Assert.Equal(3, await site.Database.One<int>("select count(*)::int from messaging.message where status in ('sent', 'delivered')"));
    }

    [Fact]
    public async Task ForgedCalls_LeaveNothing_UnknownReceiptsAreKeptAndGivenUp_AndABodyIsBounded()
    {
        var settings = TalkTests.Kannel.Concat(GatewayTests.Block("ivr", new() { ["Kind"] = "voice", ["Channel"] = "voice", ["Secret"] = "v0" })).ToDictionary();
        await using var site = await TestSite.Start(cluster, settings: settings);
        using var client = site.Client();
        var (mine, other) = (Guid.NewGuid(), Guid.NewGuid());
        var kannel = (Kannel)site.Services.GetRequiredService<Accounts>().Find("kannel")!.Provider;
        foreach (var path in new[]
        {
            $"/hooks/messaging/kannel/dlr?id={other:N}&k={kannel.Sign(mine)}&type=1&reply=", $"/hooks/messaging/kannel/dlr?id={mine:N}&type=1", $"/hooks/messaging/kannel/dlr?id=x&k={kannel.Sign(mine)}&type=1", $"/hooks/messaging/kannel/mo?k={kannel.Sign(mine)}&from=919419012345&to=1&id=z",
            "/hooks/talk/ivr?key=guess", "/hooks/talk/ivr",
        })
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync(path, JsonContent.Create(new { callId = "c", from = "+919419012345" }))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsync($"/hooks/messaging/kannel/mo?k={kannel.Mo}&from=919419012345&to=1&id=z", new ByteArrayContent(new byte[300 * 1024]))).StatusCode);
        Assert.Equal((0, 0), (await site.Database.One<int>("select count(*)::int from messaging.receipt"), await site.Database.One<int>("select count(*)::int from messaging.incoming")));

        // Signed as ours, but of a message that nobody knows: kept, tried again, given up by name.
        var dlr = $"/hooks/messaging/kannel/dlr?id={mine:N}&k={kannel.Sign(mine)}&type=1&reply=";
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(dlr)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(dlr.Replace("type=1", "type=77", StringComparison.Ordinal))).StatusCode);
        for (var n = 0; n < 20; n++) await site.Services.GetRequiredService<Receipts>().Again(default);
        Assert.Equal(["unmatched", "unreadable"], await site.Database.Query<string>("select outcome from messaging.receipt order by outcome"));
    }

    /// <summary>An action and a room of the worst kind.</summary>
    private sealed class Broken : IDoings, IReplies
    {
        public int Tries;

        public IEnumerable<DoingKind> All =>
        [
            new("test.breaks", [], ["never"], [], [], true, (_, _) =>
            {
                Interlocked.Increment(ref Tries);
                throw new InvalidOperationException("broken");
            }),
        ];

        public bool Could(string text) => text == "2";

        public Task<IReadOnlyCollection<string>> Waits(Work work, IReadOnlyCollection<string> from) => Task.FromResult(from);

        public async Task<string?> Take(Work work, SaidText said)
        {
            await work.Execute("insert into messaging.event (service, kind, subject, status, at) values (gen_random_uuid(), 'test', gen_random_uuid(), 'left behind', now())");
            await work.Execute("select 1 / 0");
            return "";
        }
    }

    [Fact]
    public async Task AnActionThatFails_IsGivenUpAfterThreeTries_ALoopIsEnded_ARoomThatFailsLeavesNothing_AndThePersonIsHeardAgain()
    {
        var broken = new Broken();
        await using var site = await TestSite.Start(cluster, settings: TalkTests.Kannel, replace: s => s.AddSingleton<IDoings>(broken).AddSingleton<IReplies>(broken));
        const string Begins = "begins: {{ en: [{0}], hi: [{0}], ur: [{0}], ks: [{0}], doi: [{0}] }}";
        foreach (var (key, nodes) in new[] { ("breaks", "a: { do: test.breaks, on: { never: b } }\n  b: { end: true }"), ("loops", "a: { to: b }\n  b: { to: a }") })
            await site.Database.Execute("insert into messaging.flow (key, version, body, digest) values (@key, 1, @body, '')", new { key, body = $"flow: {key}\nversion: 1\nstart: a\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, Begins, key)}\nnodes:\n  {nodes}\n" });
        await site.Services.GetRequiredService<FlowStore>().Refresh(default);
        using var client = site.Client();
        await TalkTests.Write(site, client, "9419000301", "breaks", "b-1");
        await TalkTests.Write(site, client, "9419000301", "menu", "b-2");
        await TalkTests.Write(site, client, "9419000302", "menu", "b-3");
        await site.Quiet();
        Assert.Equal(3, broken.Tries);
        Assert.Contains("What do you need?", Assert.Single(await TalkTests.Said(site, "+919419000301")), StringComparison.Ordinal);
        // The room that fails is passed over: the digit is the menu's.
        await TalkTests.Write(site, client, "9419000302", "2", "b-4");
        await site.Quiet();
        Assert.Contains("No request was filed", (await TalkTests.Said(site, "+919419000302"))[1], StringComparison.Ordinal);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.event where status = 'left behind'"));
        await TalkTests.Write(site, client, "9419000303", "loops", "b-5");
        await TalkTests.Write(site, client, "9419000303", "menu", "b-6");
        await site.Quiet();
        var said = await TalkTests.Said(site, "+919419000303");
        Assert.Contains("Something is wrong with this conversation", said[0], StringComparison.Ordinal);
        Assert.Contains("What do you need?", said[1], StringComparison.Ordinal);
    }
}
