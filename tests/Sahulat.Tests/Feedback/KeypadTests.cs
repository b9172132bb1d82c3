using System.Net;
using System.Text;
using System.Web;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Journal;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Sms;
using Sahulat.Tests.Messaging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Feedback;

/// <summary>Answers by keypad, as Kannel brings them.</summary>
public sealed class KeypadTests(Cluster cluster)
{
    private const string Mobile = "9419055701";

    /// <summary>Kannel's settings, and the key that its calls bring.</summary>
    private static (Dictionary<string, string?> Settings, string Key) Kannel(string url)
    {
        var block = new Dictionary<string, string?> { ["Kind"] = "kannel", ["Channel"] = "sms", ["User"] = "jk", ["Password"] = "p", ["Callback"] = "http://127.0.0.1:1/", ["Secret"] = "s3", ["Url"] = url };
        var section = Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(new Microsoft.Extensions.Configuration.ConfigurationBuilder(), block.ToDictionary(b => "it:" + b.Key, b => b.Value)).Build().GetSection("it");
        var settings = GatewayTests.Block("kannel", block);
        settings["Sahulat:Feedback:ReplyTo"] = "56767";
        return (settings, new Kannel(new ProviderSettings("kannel", "kannel", "sms", 1, 0, 1, TimeSpan.FromSeconds(1), section)).Mo);
    }

    [Fact]
    public async Task Digit_RatesTheLastAsked_Once_AndSaysWhich()
    {
        await using var sms = await Listener.Start(_ => (202, "0: Accepted for delivery", null));
        var (settings, key) = Kannel(sms.Address);
        await using var site = await TestSite.Start(cluster, settings: settings);
        using var system = await site.System();
        using var client = site.Client();
        var n = 0;
        async Task<HttpStatusCode> Write(string text, string from = Mobile, string? id = null, string? k = null)
        {
            using var answer = await client.PostAsync($"/hooks/messaging/kannel/mo?from={Uri.EscapeDataString("+91" + from)}&to=56767&id={id ?? $"mo-{++n}"}&k={k ?? key}", new ByteArrayContent(Encoding.UTF8.GetBytes(text)));
            return answer.StatusCode;
        }

        // Words begin a conversation; what is asked after that comes before its menu.
        Assert.Equal(HttpStatusCode.OK, await Write("BAD"));
        await site.Quiet();
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        var (first, _) = await site.Answered(Mobile, system: system);
        await site.Ask();
        site.Clock.Advance(TimeSpan.FromMinutes(30));
        var (second, reference) = await site.Answered(Mobile, "ur", system: system);
        await site.Ask();
        await Eventually.True(() => sms.Calls.Any(c => Text(c).Contains("56767", StringComparison.Ordinal)), "the number to reply to is in the message");

        // A stranger cannot write for the operator, and words are for others.
        Assert.Equal(HttpStatusCode.Forbidden, await Write("3", k: "00"));
        Assert.Equal(HttpStatusCode.OK, await Write("3", from: "9419055702"));
        await site.Quiet();
        Assert.Equal(("open", "open"), (await site.State(first), await site.State(second)));

        // The last asked; told again by the operator, or pressed twice, it is still one answer.
        Assert.Equal(HttpStatusCode.OK, await Write("۳", id: "mo-a"));
        Assert.Equal(HttpStatusCode.OK, await Write("۳", id: "mo-a"));
        Assert.Equal(HttpStatusCode.OK, await Write("1", id: "mo-b"));
        await site.Quiet();
        Assert.Equal(("open", "bad"), (await site.State(first), await site.State(second)));
        Assert.Single(await site.Database.Stream($"rating/{second:N}"));
        await site.Ask();
        await Eventually.True(() => sms.Calls.Any(c => Text(c).Contains("خراب۔", StringComparison.Ordinal) && Text(c).Contains("شکریہ", StringComparison.Ordinal) && Text(c).Contains(Sahulat.Cases.Reference.Show(reference), StringComparison.Ordinal)), "thanks say which request");

        // Later a digit is for the other one.
        site.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, await Write("१"));
        await site.Quiet();
        Assert.Equal("good", await site.State(first));

        // After the link was used a digit changes nothing, and is told so.
        var (third, shown) = await site.Answered("9419055703", system: system);
        await site.Ask();
        using (var done = await client.Rate(await site.Token(third), new() { ["score"] = "good", ["me"] = "yes" })) Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        site.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(HttpStatusCode.OK, await Write("3", from: "9419055703"));
        await site.Quiet();
        Assert.Equal("good", await site.State(third));
        await Eventually.True(() => sms.Calls.Any(c => Text(c).Contains($"{Sahulat.Cases.Reference.Show(shown)} has been rated already", StringComparison.Ordinal)), "the person is told");
        Assert.Equal(6, await site.Database.One<int>("select count(*)::int from messaging.incoming"));
    }

    /// <summary>A digit belongs to what the person was asked last.</summary>
    [Fact]
    public async Task Digit_AnswersTheMenuThatStandsOpen_UntilItIsLeft()
    {
        await using var sms = await Listener.Start(_ => (202, "0: Accepted for delivery", null));
        var (settings, key) = Kannel(sms.Address);
        await using var site = await TestSite.Start(cluster, settings: settings);
        using var client = site.Client();
        async Task<string> Write(string text)
        {
            site.Clock.Advance(TimeSpan.FromSeconds(20));
            using var answer = await client.PostAsync($"/hooks/messaging/kannel/mo?from=%2B91{Mobile}&to=56767&id={Guid.NewGuid():N}&k={key}", new StringContent(text));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await site.Quiet();
            return (await TalkTests.Said(site, "+91" + Mobile)).Last();
        }

        var (asked, _) = await site.Answered(Mobile);
        await site.Ask();
        Assert.Contains("2. Track my request", await Write("menu"), StringComparison.Ordinal);
        Assert.Contains("Which request?", await Write("2"), StringComparison.Ordinal);
        Assert.Equal("open", await site.State(asked));
        // The rating of another request is asked for meanwhile: the digit is for that, and the question of the conversation still stands.
        site.Clock.Advance(TimeSpan.FromMinutes(5));
        var (later, _) = await site.Answered(Mobile);
        await site.Ask();
        await Write("2");
        Assert.Equal(("open", "average"), (await site.State(asked), await site.State(later)));
        site.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("State:", await Write("1"), StringComparison.Ordinal);
        Assert.Equal("open", await site.State(asked));
        // The conversation has ended: nothing else waits for a digit.
        await Write("3");
        Assert.Equal("bad", await site.State(asked));
    }

    /// <summary>What the sender is told of its message, and nobody else's.</summary>
    [Fact]
    public async Task WhatBecomesOfAMessage_IsJournaledForWhoAsked()
    {
        await using var sms = await Listener.Start(call => call.Query.Contains("9419055712", StringComparison.Ordinal) ? (400, "no", null) : (202, "0: Accepted for delivery", null));
        var (settings, _) = Kannel(sms.Address);
        await using var site = await TestSite.Start(cluster, settings: settings);
        using var system = await site.System();
        var (reached, _) = await site.Answered("9419055711", system: system);
        var (lost, _) = await site.Answered("9419055712", system: system);
        await site.Ask();
        async Task<string[]> Told(Guid id) => [.. (await site.Database.Query<JournalEntry>("select position, stream, version, kind, at, actor, body::text as body, digest from journal.entry where kind = 'messaging.told' order by position")).Select(e => e.As<MessageTold>()).Where(t => t.Reference == $"rating/{id:N}").Select(t => $"{t.Status} {t.Channel} {t.Reason}".Trim())];
        var (ours, theirs) = (await site.Database.One<Guid>("select id from feedback.assessment where case_id = @reached", new { reached }), await site.Database.One<Guid>("select id from feedback.assessment where case_id = @lost", new { lost }));
        await Eventually.True(async () => await Told(ours) is ["sent sms"] && await Told(theirs) is ["failed sms kannel-refused"], "both outcomes are journaled");
        // The notices of filing and deciding did not ask.
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from journal.entry where kind = 'messaging.told'"));
        await site.CatchUp();
        Assert.Equal("true false ", await site.Database.One<string>("select concat_ws(' ', sent::text, delivered::text, coalesce(failed, '')) from feedback.assessment where id = @ours", new { ours }));
        Assert.Equal("false false kannel-refused", await site.Database.One<string>("select concat_ws(' ', sent::text, delivered::text, failed) from feedback.assessment where id = @theirs", new { theirs }));
        Assert.Equal((1L, 0L), await site.Database.One<(long, long)>("select sent, delivered from feedback.tally where dimension = 'all'"));
    }

    private static string Text(Listener.Call call) => HttpUtility.ParseQueryString(call.Query)["text"] ?? "";
}
