using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Deliver;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>HTTP providers, each against answers as they are documented.</summary>
public sealed class GatewayTests(Cluster cluster)
{
    private static readonly Sahulat.Messaging.Accept.Step Text = new("sms", "+919419012345", "en", null, "Hello", "gsm-7", 1, ["x"], null, "1101000000000000001", "JKGOVT", "1107000000000000001");

    [Theory]
    [InlineData("402,MsgID = 150620221655msdgsms", 200, "Accepted", "150620221655msdgsms")]
    [InlineData("401,Credentials Error", 200, "Refused", null)]
    [InlineData("<html>busy</html>", 200, "Unknown", null)]
    [InlineData("", 503, "Down", null)]
    public async Task MobileSeva_AnswersAsDocumented(string body, int status, string hand, string? reference)
    {
        await using var seva = await Listener.Start(_ => (status, body, null));
        var provider = await Provider(new() { ["Kind"] = "mobile-seva", ["Url"] = seva.Address + "esms/sendsmsrequestDLT", ["User"] = "jk", ["Password"] = "secret", ["SenderId"] = "JKGOVT", ["SecureKey"] = "k-1" });
        var handed = await provider.Send(Outgoing(Text), default);
        Assert.Equal((hand, reference), (handed.Kind.ToString(), handed.Ref));
        var form = HttpUtility.ParseQueryString(seva.Calls.Single().Text);
        Assert.Equal(("Hello", "singlemsg", "9419012345", "1107000000000000001"), (form["content"], form["smsservicetype"], form["mobileno"], form["templateid"]));
        Assert.Equal(Convert.ToHexStringLower(SHA1.HashData("secret"u8)), form["password"]);
        Assert.Equal(Convert.ToHexStringLower(SHA512.HashData("jkJKGOVTHellok-1"u8)), form["key"]);
    }

    [Fact]
    public async Task MobileSeva_UnicodeGoesAsEntities_AndUnregisteredTextsNowhere()
    {
        await using var seva = await Listener.Start(_ => (200, "402,MsgID = 1msdgsms", null));
        var provider = await Provider(new() { ["Kind"] = "mobile-seva", ["Url"] = seva.Address, ["User"] = "jk", ["Password"] = "s", ["SenderId"] = "JKGOVT", ["SecureKey"] = "k" });
        await provider.Send(Outgoing(Text with { Text = "नम😀", Encoding = "ucs-2" }), default);
        var form = HttpUtility.ParseQueryString(seva.Calls.Single().Text);
        Assert.Equal(("&#2344;&#2350;&#128512;", "unicodemsg"), (form["content"], form["smsservicetype"]));
        Assert.Equal(Hand.Refused, (await provider.Send(Outgoing(Text with { DltTemplate = null }), default)).Kind);
        Assert.Single(seva.Calls);
    }

    [Theory]
    [InlineData("Message Accepted for Request ID=1234567890~code=API000 & info=Platform accepted", 200, "Accepted", "1234567890")]
    [InlineData("Invalid PIN", 200, "Refused", null)]
    [InlineData("", 502, "Down", null)]
    public async Task Nic_AnswersAsDocumented(string body, int status, string hand, string? reference)
    {
        await using var nic = await Listener.Start(_ => (status, body, null));
        var provider = await Provider(new() { ["Kind"] = "nic", ["Url"] = nic.Address + "failsafe/MLink", ["User"] = "jk.sms", ["Pin"] = "p", ["Signature"] = "JKGOVT" });
        var handed = await provider.Send(Outgoing(Text with { Text = "سلام", Encoding = "ucs-2" }), default);
        Assert.Equal((hand, reference), (handed.Kind.ToString(), handed.Ref));
        var call = nic.Calls.Single();
        var form = HttpUtility.ParseQueryString(call.Text);
        Assert.Equal(("FEFF0633064406270645", "UC", "919419012345", "1101000000000000001"), (form["message"], form["msgType"], form["mnumber"], form["dlt_entity_id"]));
        Assert.Equal("", call.Query);
    }

    [Fact]
    public async Task WhatsApp_SendsTheApprovedTemplate_AndReadsSignedWebhooksInAnyOrder()
    {
        await using var meta = await Listener.Start(c => c.Text.Contains("\"919419099999\"", StringComparison.Ordinal)
            ? (400, """{"error":{"message":"(#131026) Message undeliverable","type":"OAuthException","code":131026,"error_data":{"messaging_product":"whatsapp","details":"x"},"fbtrace_id":"A"}}""", null)
            : (200, """{"messaging_product":"whatsapp","contacts":[{"input":"919419012345","wa_id":"919419012345"}],"messages":[{"id":"wamid.HBg1"}]}""", null));
        await using var site = await TestSite.Start(cluster, settings: Block("wa", new() { ["Kind"] = "whatsapp", ["Channel"] = "whatsapp", ["Url"] = meta.Address + "v23.0/1066", ["Token"] = "t0", ["AppSecret"] = "app", ["VerifyToken"] = "v0" }));
        var (client, _) = await site.Department();
        var body = Sender.TryOut(lang: "ur");
        body["channels"] = new JsonArray("whatsapp");
        var id = (string)(await (await client.Post(body)).Json())["id"]!;
        await client.Becomes(id, "sent");
        var sent = JsonNode.Parse(meta.Calls.Single().Text)!;
        Assert.Equal(("template", "try_out", "ur", "Rukhsana", "919419012345"), ((string)sent["type"]!, (string)sent["template"]!["name"]!, (string)sent["template"]!["language"]!["code"]!, (string)sent["template"]!["components"]![0]!["parameters"]![0]!["text"]!, (string)sent["to"]!));
        Assert.Equal("Bearer t0", meta.Calls.Single().Headers["authorization"]);

        string Hook(string status) => $$"""{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"911942500000","phone_number_id":"1066"},"statuses":[{"id":"wamid.HBg1","status":"{{status}}","timestamp":"1700000000","recipient_id":"919419012345"}]},"field":"messages"}]}]}""";
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await Signed(client, Hook("delivered"), "wrong")).StatusCode);
        foreach (var status in new[] { "read", "delivered", "sent", "read" }) Assert.True((await Signed(client, Hook(status), "app")).IsSuccessStatusCode);
        await client.Becomes(id, "read");
        Assert.Equal("c-77", await client.GetStringAsync("/hooks/messaging/wa?hub.mode=subscribe&hub.verify_token=v0&hub.challenge=c-77"));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await client.GetAsync("/hooks/messaging/wa?hub.mode=subscribe&hub.verify_token=x&hub.challenge=c")).StatusCode);

        body["recipient"] = new JsonObject { ["mobile"] = "9419099999" };
        var refused = (string)(await (await client.Post(body)).Json())["id"]!;
        await client.Becomes(refused, "permanent-failure");
        Assert.Equal("whatsapp-131026", (string?)(await client.Json($"/api/v1/messages/{refused}"))["reason"]);

        const string Said = """{"entry":[{"changes":[{"value":{"metadata":{"display_phone_number":"911942500000"},"messages":[{"from":"919419012345","id":"wamid.in1","timestamp":"1700000000","type":"text","text":{"body":"سلام"}}]}}]}]}""";
        await site.Database.Execute("update messaging.service set number = '+911942500000' where code = 'jal-shakti'");
        for (var i = 0; i < 2; i++) await Signed(client, Said, "app");
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from messaging.incoming where service is not null"));
    }

    [Fact]
    public async Task Telegram_Sends_WaitsWhenAsked_AndTakesUpdates()
    {
        var calls = 0;
        await using var telegram = await Listener.Start(c => c.Text.Contains("\"403\"", StringComparison.Ordinal) ? (403, """{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}""", null)
            : Interlocked.Increment(ref calls) == 1 ? (429, """{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}""", null) : (200, """{"ok":true,"result":{"message_id":12}}""", null));
        await using var site = await TestSite.Start(cluster, settings: Block("tg", new() { ["Kind"] = "telegram", ["Channel"] = "telegram", ["Url"] = telegram.Address, ["Token"] = "1:a", ["Secret"] = "s0" }));
        var (client, _) = await site.Department();
        var body = Sender.TryOut();
        body["recipient"] = new JsonObject { ["telegram"] = "778899" };
        var id = (string)(await (await client.Post(body)).Json())["id"]!;
        await Eventually.True(async () => await site.Database.One<DateTimeOffset>("select due_at from messaging.queue") == site.Clock.GetUtcNow().AddSeconds(7), "it waits as long as asked");
        site.Clock.Advance(TimeSpan.FromSeconds(8));
        await client.Becomes(id, "delivered");
        Assert.All(telegram.Calls, c => Assert.Equal("/bot1:a/sendMessage", c.Path));
        body["recipient"] = new JsonObject { ["telegram"] = "403" };
        await client.Becomes((string)(await (await client.Post(body)).Json())["id"]!, "permanent-failure");
        using var update = new HttpRequestMessage(HttpMethod.Post, "/hooks/messaging/tg") { Content = new StringContent("""{"update_id":5,"message":{"message_id":1,"chat":{"id":778899},"text":"STATUS"}}""") };
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await client.PostAsync("/hooks/messaging/tg", new StringContent("{}"))).StatusCode);
        update.Headers.Add("X-Telegram-Bot-Api-Secret-Token", "s0");
        Assert.True((await client.SendAsync(update)).IsSuccessStatusCode);
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from messaging.incoming where external = '5'"));
    }

    private static async Task<HttpResponseMessage> Signed(HttpClient client, string body, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/messaging/wa") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body))));
        return await client.SendAsync(request);
    }

    private static Outgoing Outgoing(Sahulat.Messaging.Accept.Step step) => new(Guid.NewGuid(), 1, "service", "try-out", null, step);

    public static Dictionary<string, string?> Block(string name, Dictionary<string, string?> block) => block.ToDictionary(b => $"Sahulat:Messaging:Providers:{name}:{b.Key}", b => b.Value);

    /// <summary>A settings block as a provider is given it.</summary>
    internal static ProviderSettings Settings(string name, Dictionary<string, string?> block) =>
        ProviderSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(Block(name, block)).Build().GetSection($"Sahulat:Messaging:Providers:{name}"));

    private async Task<IProvider> Provider(Dictionary<string, string?> block)
    {
        block["Channel"] = "sms";
        var site = await TestSite.Start(cluster, settings: Block("it", block));
        await using (site) return site.Services.GetRequiredService<Accounts>().Find("it")!.Provider;
    }
}
