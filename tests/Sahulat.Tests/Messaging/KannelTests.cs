using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Sms;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Through the real Kannel.</summary>
public sealed class KannelTests(Cluster cluster)
{
    private const string Template = """
        key: water-bill
        version: 1
        class: service
        variables: [{ name: amount, type: numeric, max: 10 }]
        sms: { en: "Your water bill is Rs {amount}. JKGOVT", ur: "آپ کا پانی کا بل {amount} روپے ہے۔" }
        dlt: { entity: "1101000000000000001", header: JKGOVT, category: service-implicit, templates: { en: "1107000000000000001", ur: "1107000000000000002" } }
        """;

    [Fact]
    public async Task Sms_IsDelivered_WithItsRegistration_AndAnswersComeBack()
    {
        await using var smsc = new SmscSimulator();
        TestSite? site = null;
        // Kannel must know where to call before the site has its address.
        await using var door = await Listener.Start(call =>
        {
            using var client = new HttpClient { BaseAddress = site!.Address };
            var passed = call.Method == "GET" ? client.GetAsync(call.Path + call.Query) : client.PostAsync(call.Path + call.Query, new ByteArrayContent(call.Body));
            return (int)passed.GetAwaiter().GetResult().StatusCode;
        });
        var block = new Dictionary<string, string?> { ["Kind"] = "kannel", ["Channel"] = "sms", ["User"] = "jk", ["Password"] = "labpw", ["Callback"] = door.Address, ["Secret"] = "s3", ["Tlv"] = "true" };
        var mo = new Kannel(new ProviderSettings("kannel", "kannel", "sms", 1, 0, 1, TimeSpan.FromSeconds(1), Section(block))).Mo;
        await using var kannel = await KannelProcess.Start(smsc.Port, $"{door.Address}hooks/messaging/kannel/mo?from=%p&to=%P&id=%I&k={mo}");
        block["Url"] = kannel.Url;
        var settings = GatewayTests.Block("kannel", block);
        settings["Sahulat:Messaging:Dlt"] = "required";
        await using (site = await TestSite.Start(cluster, settings: settings))
        {
            await Publish(site);
            var (client, _) = await site.Department();
            await site.Database.Execute("update messaging.service set number = '56767' where code = 'jal-shakti'");
            await Eventually.True(() => smsc.IsBound, "Kannel is bound to the SMSC");

            var ids = new Dictionary<string, string>();
            foreach (var (mobile, lang) in new[] { ("9419012345", "en"), ("9419054321", "ur"), ("9419010002", "en"), ("9419010001", "en") })
                ids[mobile] = (string)(await (await client.Post(Bill(mobile, lang))).Json())["id"]!;
            await client.Becomes(ids["9419012345"], "delivered");
            await client.Becomes(ids["9419054321"], "delivered");
            await client.Becomes(ids["9419010002"], "permanent-failure");
            await client.Becomes(ids["9419010001"], "permanent-failure");
            var english = smsc.Taken.Single(t => t.To.EndsWith("9419012345", StringComparison.Ordinal));
            Assert.Equal(("JKGOVT", "Your water bill is Rs 450. JKGOVT", "1101000000000000001", "1107000000000000001"), (english.From, Encoding.ASCII.GetString(english.Text), english.Parameters[0x1400], english.Parameters[0x1401]));
            var urdu = smsc.Taken.Single(t => t.To.EndsWith("9419054321", StringComparison.Ordinal));
            Assert.Equal((8, "آپ کا پانی کا بل 450 روپے ہے۔", "1107000000000000002"), (urdu.Coding, Encoding.BigEndianUnicode.GetString(urdu.Text), urdu.Parameters[0x1401]));
            Assert.Equal("err-005", (string?)(await client.Json($"/api/v1/messages/{ids["9419010002"]}"))["reason"]);
            Assert.Equal("smpp-0x0000000b", (string?)(await client.Json($"/api/v1/messages/{ids["9419010001"]}"))["reason"]);

            foreach (var text in new[] { "STATUS", "شکریہ" }) await smsc.Write("919419012345", "56767", text);
            await Eventually.True(async () => (await client.Json("/api/v1/message-events"))["events"]!.AsArray().Count(e => (string)e!["type"]! == "sahulat.incoming.received") == 2, "both texts came in");

            // A stranger cannot say that a message was delivered.
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await client.GetAsync($"/hooks/messaging/kannel/dlr?id={ids["9419010002"].Replace("-", "", StringComparison.Ordinal)}&k=00&type=1")).StatusCode);

            var unregistered = await (await client.Post(Sender.TryOut())).Json();
            Assert.Equal("dlt-not-registered", (string)unregistered["errors"]![0]!["code"]!);
        }
    }

    private static JsonObject Bill(string mobile, string lang) => new() { ["template"] = "water-bill", ["lang"] = lang, ["recipient"] = new JsonObject { ["mobile"] = mobile }, ["personalisation"] = new JsonObject { ["amount"] = "450" } };

    private static async Task Publish(TestSite site)
    {
        var faults = new List<Sahulat.Kernel.PackFault>();
        var template = new Sahulat.Messaging.Templates.TemplateFile("water-bill.yaml", faults).Read(Template);
        Assert.Empty(faults);
        await site.Database.Execute("insert into messaging.template (key, version, body, digest) values ('water-bill', 1, @body::jsonb, '')", new { body = System.Text.Json.JsonSerializer.Serialize(template, Sahulat.Messaging.Templates.Template.Json) });
        await site.Services.GetRequiredService<Sahulat.Messaging.Templates.TemplateStore>().Refresh(default);
    }

    private static Microsoft.Extensions.Configuration.IConfigurationSection Section(Dictionary<string, string?> block)
    {
        var with = new Dictionary<string, string?>(block) { ["Url"] = "http://127.0.0.1:1/" };
        return Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(new Microsoft.Extensions.Configuration.ConfigurationBuilder(), with.ToDictionary(b => "it:" + b.Key, b => b.Value)).Build().GetSection("it");
    }
}
