using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Sms;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Conversations on a whole node, each channel by its own door.</summary>
public sealed partial class TalkTests(Cluster cluster)
{
    [Fact]
    public async Task Sms_IsAnsweredOnce_InOrder_AndAFloodIsBoundedAndToldOnce()
    {
        await using var site = await TestSite.Start(cluster, settings: Kannel);
        using var client = site.Client();
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await Write(site, client, "9419012345", "hello", "m-1"));
        await Answers(site, "+919419012345", 1);
        foreach (var (text, n) in new[] { ("۱", 2), ("cert\0ificate\u202e", 3), ("१", 4) })
        {
            await Write(site, client, "9419012345", text, $"n-{n}");
            await Answers(site, "+919419012345", n);
        }

        var said = await Said(site, "+919419012345");
        Assert.Contains("1. Find a service", said[0], StringComparison.Ordinal);
        Assert.Contains("Which service?", said[1], StringComparison.Ordinal);
        Assert.Contains("Which of these?", said[2], StringComparison.Ordinal);
        Assert.Contains("1. ", said[2], StringComparison.Ordinal);
        Assert.DoesNotContain("Which of these?", said[3], StringComparison.Ordinal);
        // A sender of letters is nobody to talk with; a forged call is refused.
        Assert.Equal(HttpStatusCode.OK, await Write(site, client, "VM-BANK", "Win a prize", "x-1", raw: true));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/hooks/messaging/kannel/mo?k=guess&from=919419012345&to=1&id=z", new StringContent("menu"))).StatusCode);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Write(site, client, "9419054321", $"x {i}", $"f-{i}")));
        await Eventually.True(async () => await site.Database.One<long>("select count(*) from messaging.inbox") == 0, "the inbox is empty", 60);
        var flood = await Said(site, "+919419054321");
        Assert.InRange(flood.Length, 2, Answering.MostInMinute + 1);
        Assert.Single(flood, t => t.Contains("faster than we can answer", StringComparison.Ordinal));
        Assert.Equal(1000, await site.Database.One<int>("select count(*)::int from messaging.incoming where external like 'f-%'"));
        // Next minute he is heard again.
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        await Write(site, client, "9419054321", "menu", "g-1");
        await Answers(site, "+919419054321", flood.Length + 1);
    }

    [Fact]
    public async Task WhatsApp_ShowsAList_TakesItsKey_AndExpiryBeginsAnewByName()
    {
        await using var meta = await Listener.Start(_ => (200, """{"messages":[{"id":"wamid.1"}]}""", null));
        await using var site = await TestSite.Start(cluster, settings: GatewayTests.Block("wa", new() { ["Kind"] = "whatsapp", ["Channel"] = "whatsapp", ["Url"] = meta.Address + "v23.0/1066", ["Token"] = "t0", ["AppSecret"] = "app", ["VerifyToken"] = "v0" }));
        using var client = site.Client();
        await Hook(client, """{"id":"w-1","from":"919419012345","type":"text","text":{"body":"سلام"}}""");
        await Eventually.True(() => meta.Calls.Count == 1, "the menu goes out");
        var list = JsonNode.Parse(meta.Calls.Single().Text)!;
        Assert.Equal(("interactive", "list"), ((string)list["type"]!, (string)list["interactive"]!["type"]!));
        var rows = list["interactive"]!["action"]!["sections"]![0]!["rows"]!.AsArray();
        Assert.Contains(rows, r => (string)r!["id"]! == "find" && (string)r["title"]! == "خدمت تلاش کریں");
        Assert.All(rows, r => Assert.True(((string)r!["title"]!).Length <= 24));
        await Hook(client, """{"id":"w-2","from":"919419012345","type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"find","title":"x"}}}""");
        await Eventually.True(() => meta.Calls.Count == 2, "the question goes out");
        site.Clock.Advance(TimeSpan.FromHours(3));
        await Hook(client, """{"id":"w-3","from":"919419012345","type":"text","text":{"body":"آمدنی"}}""");
        await Eventually.True(() => meta.Calls.Count == 3, "a new conversation");
        Assert.Contains("پچھلی بات چیت ختم ہو چکی تھی", (string)JsonNode.Parse(meta.Calls.Last().Text)!["interactive"]!["body"]!["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ussd_Pages_AndTheSameStepAgainGetsTheSameAnswer_AndVoiceSpeaksVxml()
    {
        var settings = GatewayTests.Block("ussd", new() { ["Kind"] = "ussd", ["Channel"] = "ussd", ["Secret"] = "u0" }).Concat(GatewayTests.Block("ivr", new() { ["Kind"] = "voice", ["Channel"] = "voice", ["Secret"] = "v0" })).ToDictionary();
        await using var site = await TestSite.Start(cluster, settings: settings);
        using var client = site.Client();
        async Task<string> Dial(string text) => await (await client.PostAsync("/hooks/talk/ussd?key=u0", new FormUrlEncodedContent(new Dictionary<string, string> { ["sessionId"] = "s1", ["phoneNumber"] = "+919419012345", ["serviceCode"] = "*99#", ["text"] = text }))).Content.ReadAsStringAsync();
        var first = await Dial("");
        Assert.StartsWith("CON Sahulat", first, StringComparison.Ordinal);
        Assert.EndsWith("0. More", first, StringComparison.Ordinal);
        Assert.Equal(first, await Dial(""));
        Assert.Contains("Holidays", await Dial("0") + await Dial("0*0"), StringComparison.Ordinal);
        Assert.Equal("CON Of which district? Write its name or your PIN code.", await Dial("0*0*4"));
        var holidays = await Dial("0*0*4*190001");
        Assert.Contains("closed on", holidays, StringComparison.Ordinal);
        Assert.True(holidays.Length <= 186);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/hooks/talk/ussd?key=guess", new StringContent(""))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/hooks/talk/ussd?key=u0", JsonContent.Create(new { sessionId = "s", phoneNumber = "nobody" }))).StatusCode);

        async Task<string> Call(string step, string said) => await (await client.PostAsync("/hooks/talk/ivr?key=v0", JsonContent.Create(new { callId = "c1", from = "+919419099999", step, said }))).Content.ReadAsStringAsync();
        var spoken = System.Xml.Linq.XDocument.Parse(await Call("0", ""));
        Assert.Equal("en-IN", spoken.Root!.Attribute(System.Xml.Linq.XNamespace.Xml + "lang")!.Value);
        Assert.Contains("1: Find a service", spoken.Root.Value, StringComparison.Ordinal);
        Assert.Contains("Which service?", await Call("1", "1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APersonAtTheDesk_TakesIt_Answers_AndGivesItBack_AndNobodyElseMay()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var citizen = site.Client();
        using var agent = await site.Official("service-centre-operator@tehsil-79");
        using var clerk = await site.Official("revenue-clerk@tehsil-79");
        await Chat(citizen, "menu");
        await Chat(citizen, "person");
        await Chat(citizen, "Where is my certificate?\u202e");
        Assert.Equal(HttpStatusCode.Forbidden, (await clerk.GetAsync("/en/desk/talk")).StatusCode);
        var link = Conversation().Match(await agent.GetStringAsync("/en/desk/talk")).Groups[1].Value;
        Assert.Contains("Where is my certificate?", await agent.GetStringAsync(link), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.Form(link, new() { ["act"] = "reply", ["text"] = "too early" })).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await agent.Form(link, new() { ["act"] = "take" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await agent.Form(link, new() { ["act"] = "take" })).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await agent.Form(link, new() { ["act"] = "reply", ["text"] = "It is signed today." })).StatusCode);
        Assert.Contains("It is signed today.", await citizen.GetStringAsync("/en/talk"), StringComparison.Ordinal);
        await Chat(citizen, "1");
        Assert.Equal(HttpStatusCode.SeeOther, (await agent.Form(link, new() { ["act"] = "flow" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync(link)).StatusCode);
        Assert.Contains("You are talking with the program again.", await citizen.GetStringAsync("/en/talk"), StringComparison.Ordinal);
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from journal.entry where kind like 'messaging.talk-%'"));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from journal.entry where body::text like '%certificate?%'"));
    }

    [Fact]
    public async Task AnAuthor_TriesAFlow_WithoutEffect_AndReadsEveryFaultOfAPastedOne()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var admin = await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'sahulat-administrator@%' limit 1""");
        using var author = await site.Official(admin!);
        async Task<string> Try(Dictionary<string, string> fields, string? before)
        {
            if (before is not null) fields["state"] = WebUtility.HtmlDecode(State().Match(before).Groups[1].Value);
            return WebUtility.HtmlDecode(await (await author.Form("/en/desk/talk/try", fields)).Content.ReadAsStringAsync());
        }

        var begun = await Try(new() { ["act"] = "begin", ["flow"] = "track", ["channel"] = "web", ["spoken"] = "en" }, null);
        Assert.Contains("Write your mobile number", begun, StringComparison.Ordinal);
        var sending = await Try(new() { ["act"] = "say", ["text"] = "९४१९०१२३४५" }, begun);
        Assert.Contains("code.send", sending, StringComparison.Ordinal);
        var asked = await Try(new() { ["act"] = "end:sent" }, sending);
        Assert.Contains("code of six digits", asked, StringComparison.Ordinal);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from access.one_time_code"));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.conversation"));
        var faulty = await Try(new() { ["act"] = "begin", ["yaml"] = "flow: x\nversion: 1\nstart: a\nnodes:\n  a: { to: b }\n", ["channel"] = "ussd", ["spoken"] = "ur" }, null);
        Assert.Contains("flow:5:3: a: there is no node 'b'", faulty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebChat_AsPlainForms_AppliesEndToEnd_AndTracks()
    {
        await using var site = await TestSite.Start(cluster);
        using var client = site.Client();
        await Chat(client, "menu");
        var page = await Chat(client, "income certificate");
        Assert.Contains("Apply now", page, StringComparison.Ordinal);
        page = await Chat(client, "apply");
        Assert.Contains("Write your mobile number", page, StringComparison.Ordinal);
        page = await Chat(client, "९४१९०७७००१");
        Assert.Contains("code of six digits", page, StringComparison.Ordinal);
        var code = await Code(client, "9419077001");
        page = await Chat(client, code == "000000" ? "111111" : "000000");
        Assert.Contains("wrong or too old", page, StringComparison.Ordinal);
        await Chat(client, "again");
        page = await Chat(client, code);
        Assert.DoesNotContain(code, page, StringComparison.Ordinal);
        Assert.Contains("Where do you apply?", page, StringComparison.Ordinal);
        page = await Chat(client, "Pampore");
        await site.Answer(said => Chat(client, said), page, "Is everything right?");
        page = await Chat(client, "send");
        var reference = Reference().Match(page).Value;
        Assert.NotEqual("", reference);
        Assert.Equal(1, await site.Database.One<int>("""select count(*)::int from cases."case" where service = 'income-certificate'"""));
        page = await Chat(client, "status");
        Assert.Contains(reference, page, StringComparison.Ordinal);
        page = await Chat(client, "1");
        Assert.Contains("State:", page, StringComparison.Ordinal);
        // Another browser is another conversation; the same form sent twice is one message.
        using var other = site.Client();
        Assert.DoesNotContain(reference, await other.GetStringAsync("/en/talk"), StringComparison.Ordinal);
        var once = Guid.NewGuid().ToString();
        var lines = await site.Database.One<long>("select count(*) from messaging.line");
        for (var i = 0; i < 2; i++) await client.Form("/en/talk", new() { ["text"] = "help", ["once"] = once });
        Assert.Equal(lines + 1, await site.Database.One<long>("select count(*) from messaging.line"));
    }

    internal static readonly Dictionary<string, string?> Kannel = GatewayTests.Block("kannel", new() { ["Kind"] = "kannel", ["Channel"] = "push", ["Url"] = "http://127.0.0.1:9/", ["User"] = "u", ["Password"] = "p", ["Secret"] = "s", ["Callback"] = "http://127.0.0.1:9" });

    internal static async Task<HttpStatusCode> Write(TestSite site, HttpClient client, string from, string text, string id, bool raw = false)
    {
        var key = ((Kannel)site.Services.GetRequiredService<Accounts>().Find("kannel")!.Provider).Mo;
        return (await client.PostAsync($"/hooks/messaging/kannel/mo?k={key}&from={(raw ? from : "91" + from)}&to=9900&id={id}", new StringContent(text))).StatusCode;
    }

    internal static async Task<string[]> Said(TestSite site, string to)
    {
        var id = Sahulat.Messaging.Converse.Conversation.IdOf(site.Services.GetRequiredService<Sahulat.Kernel.Vault.Vault>(), "sms", to);
        return [.. (await site.Services.GetRequiredService<ConversationStore>().Lines(site.Database, id, 2000, default)).Where(l => l.Turn.Reply is not null).Select(l => Saying.For("sms", l.Turn.Reply!).Text)];
    }

    internal static async Task Answers(TestSite site, string to, int count)
    {
        await Eventually.True(async () => (await Said(site, to)).Length == count, $"{count} answers to {to}");
        Assert.Equal(count, (await Said(site, to)).Length);
    }

    private static async Task Hook(HttpClient client, string message)
    {
        var body = """{"entry":[{"changes":[{"value":{"metadata":{"display_phone_number":"911942500000"},"messages":[""" + message + "]}}]}]}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/messaging/wa") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("app"u8, Encoding.UTF8.GetBytes(body))));
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request)).StatusCode);
    }

    /// <summary>Sends the form of the page and reads the page after it.</summary>
    internal static async Task<string> Chat(HttpClient client, string say, string lang = "en")
    {
        var sent = await client.Form($"/{lang}/talk", new() { ["text"] = say, ["once"] = Guid.NewGuid().ToString() });
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        return WebUtility.HtmlDecode(await client.GetStringAsync($"/{lang}/talk"));
    }

    internal static async Task<string> Code(HttpClient client, string mobile)
    {
        var code = "";
        await Eventually.True(async () => (code = Six().Match(WebUtility.HtmlDecode(await client.GetStringAsync($"/en/outbox?mobile={mobile}"))).Value).Length == 6, "the code goes out");
        return code;
    }

    [GeneratedRegex("href=\"(/en/desk/talk/[0-9a-f-]{36})\"")]
    private static partial Regex Conversation();

    [GeneratedRegex("name=\"state\" value=\"([^\"]+)\"")]
    private static partial Regex State();

    [GeneratedRegex(@"(?<![\d-])\d{6}(?![\d-])")]
    private static partial Regex Six();

    [GeneratedRegex("JK26-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")]
    private static partial Regex Reference();
}
