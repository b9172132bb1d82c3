using System.Text.Json.Nodes;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Through a real mail server, whose own library judges the signature.</summary>
public sealed class MailTests(Cluster cluster)
{
    [Fact]
    public async Task Mail_IsEncrypted_Signed_AndReadsRightToLeft()
    {
        await using var server = await MailServer.Start();
        await using var site = await TestSite.Start(cluster, settings: server.Settings);
        var (client, _) = await site.Department();
        var ids = new Dictionary<string, string>();
        foreach (var (to, lang) in new[] { ("rukhsana@example.in", "ur"), ("mohan@example.in", "en"), ("nobody@example.in", "en"), ("later@example.in", "en") })
        {
            var body = Sender.TryOut(lang: lang);
            body["recipient"] = new JsonObject { ["email"] = to };
            ids[to] = (string)(await (await client.Post(body)).Json())["id"]!;
        }

        await client.Becomes(ids["rukhsana@example.in"], "sent");
        await client.Becomes(ids["mohan@example.in"], "sent");
        await client.Becomes(ids["nobody@example.in"], "permanent-failure");
        Assert.Equal("smtp-5.1.1", (string?)(await client.Json($"/api/v1/messages/{ids["nobody@example.in"]}"))["reason"]);
        await Eventually.True(async () => await site.Database.One<int>("select count(*)::int from messaging.queue where not leased and attempt = 1") == 1, "the greylisted one waits");

        var mails = server.Mails;
        Assert.All(mails, m => Assert.Equal((true, true, "jk", "noreply@sahulat.example"), ((bool)m["tls"]!, (bool)m["dkim"]!, (string)m["user"]!, (string)m["from"]!)));
        Assert.All(mails, m => Assert.True((int)m["longest"]! < 998));
        var urdu = mails.Single(m => (string)m["to"]![0]! == "rukhsana@example.in");
        Assert.Equal(("آزمانے کے لیے ایک پیغام", "ur"), ((string)urdu["subject"]!, (string)urdu["language"]!));
        Assert.Contains("dir=\"rtl\"", (string)urdu["html"]!, StringComparison.Ordinal);
        Assert.Contains("\u2068Rukhsana\u2069", (string)urdu["plain"]!, StringComparison.Ordinal);
        Assert.Contains("سہولت", (string)urdu["sender"]!, StringComparison.Ordinal);

        // What comes back later: from Postfix, in the form of RFC 3464.
        var mohan = ids["mohan@example.in"];
        string Returned(string action, string status) => $"""
            From: MAILER-DAEMON@mx.example.in
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.in

            Final-Recipient: rfc822; mohan@example.in
            Action: {action}
            Status: {status}

            --b
            Content-Type: text/rfc822-headers

            Message-ID: <{mohan.Replace("-", "", StringComparison.Ordinal)}@sahulat.example>
            --b--
            """;
        Task<HttpResponseMessage> Bounce(string body, string key) => client.PostAsync($"/hooks/messaging/mail/bounce?k={key}", new StringContent(body));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await Bounce(Returned("failed", "5.2.2"), "guess")).StatusCode);
        Assert.True((await Bounce(Returned("delayed", "4.4.1"), "b0")).IsSuccessStatusCode);
        Assert.Equal("sent", (string?)(await client.Json($"/api/v1/messages/{mohan}"))["status"]);
        Assert.True((await Bounce(Returned("failed", "5.2.2"), "b0")).IsSuccessStatusCode);
        await client.Becomes(mohan, "permanent-failure");
        Assert.Equal("smtp-5.2.2", (string?)(await client.Json($"/api/v1/messages/{mohan}"))["reason"]);
    }
}
