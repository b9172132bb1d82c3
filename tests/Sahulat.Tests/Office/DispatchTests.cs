using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Office;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Office.Fetch;
using Sahulat.Office.Sign;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Messaging;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Signed letters on every way out of the office, and what becomes of them.</summary>
public sealed partial class DispatchTests(Cluster cluster)
{
    [Fact, Trait("Category", "Browser")]
    public async Task Letter_GoesByMail_AsItWasSigned_AndAFailedOne_AnotherWay()
    {
        await using var server = await MailServer.Start();
        await using var site = await Desks.Start(cluster, server.Settings);
        using var officer = await site.Official(Desks.Tehsildar);
        var urdu = await Signed(officer, "TJ/Mail/1", "ur", "رخسانہ بیگم");
        await Refused(officer, urdu, "email", "rukhsana", HttpStatusCode.UnprocessableEntity);
        await site.Database.Execute("update office.paper set size = 6000000");
        Assert.Contains("larger than 5 MB", await Refused(officer, urdu, "email", "rukhsana@example.in", HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
        await site.Database.Execute("update office.paper set size = 40000");
        await Dispatch(officer, urdu, "email", "rukhsana@example.in");
        await Eventually.True(async () => await Delivery(site, urdu) == "sent", "the mail server has it");

        var mail = Assert.Single(server.Mails);
        Assert.Equal((0, true, true), ((int)mail["defects"]!, (bool)mail["dkim"]!, (int)mail["longest"]! < 998));
        var file = Assert.Single(mail["files"]!.AsArray())!;
        var number = await site.Database.One<string>("select number from office.draft");
        Assert.Equal(("application/pdf", $"حکم نامہ {number}.pdf"), ((string)file["type"]!, (string)file["name"]!));
        var came = Convert.FromBase64String((string)file["content"]!);
        var paper = await site.Database.One<Guid>("select paper from office.draft");
        Assert.Equal(await officer.GetByteArrayAsync($"/en/desk/office/papers/{paper:N}/content"), came);
        var path = Path.Combine(cluster.Folder, $"{paper:N}.pdf");
        await File.WriteAllBytesAsync(path, came);
        Assert.Contains("Signature is Valid.", await Offices.Run("pdfsig", path), StringComparison.Ordinal);
        var office = site.Services.GetRequiredService<IOrganisation>().Office("tehsil-office@tehsil-79")!.Name;
        Assert.Contains(office.In(Lang.Find("ur")!), (string)mail["subject"]!, StringComparison.Ordinal);
        Assert.All(new[] { $"TJ/Mail/1 / {number}", "2 نومبر، 2026", "/ur/d/" }, said => Assert.Contains(said, (string)mail["plain"]!, StringComparison.Ordinal));
        Assert.Contains("<a href=\"http://", (string)mail["html"]!, StringComparison.Ordinal);
        Assert.Contains("Sent", await officer.Page(urdu), StringComparison.Ordinal);
        await Refused(officer, urdu, "post", "RL 1", HttpStatusCode.Conflict);

        // One that nobody has is sent again another way, with the same number and the same pages.
        var lost = await Signed(officer, "TJ/Mail/2", "en", "Nobody");
        await Dispatch(officer, lost, "email", "nobody@example.in");
        await Eventually.True(async () => await Delivery(site, lost) == "failed", "the mail server refuses it");
        var shown = await officer.Page(lost);
        Assert.Contains("smtp-5.1.1", shown, StringComparison.Ordinal);
        Assert.Contains("Send it another way", shown, StringComparison.Ordinal);
        Assert.Contains("1 letter did not arrive", await officer.Page("/en/desk/office/dispatched"), StringComparison.Ordinal);
        await Dispatch(officer, lost, "message", "94190 12345");
        await Eventually.True(async () => await Delivery(site, lost) == "delivered", "the message is there");
        await Refused(officer, lost, "post", "RL 1", HttpStatusCode.Conflict);
        var book = await officer.Page("/en/desk/office/dispatched");
        Assert.Contains("sent again", book, StringComparison.Ordinal);
        Assert.DoesNotContain("did not arrive:", book, StringComparison.Ordinal);
        Assert.DoesNotContain("smtp-5.1.1", await officer.Page("/en/desk/office/dispatched?state=failed"), StringComparison.Ordinal);
        var id = Offices.Id(lost);
        Assert.Equal(["email failed smtp-5.1.1 nobody", "message delivered  "], (await site.Database.Query<string>("select way || ' ' || delivery || ' ' || coalesce(reason, '') || case when way = 'email' then ' nobody' else ' ' end from office.dispatch where draft_id = @id order by instead_of nulls first", new { id })).Select(r => r));
        Assert.Equal((1, 1), await site.Database.One<(int, int)>("select (select count(*)::int from office.correspondence where draft_id = @id), (select count(distinct number)::int from office.dispatch where draft_id = @id)", new { id }));
        Assert.Single(await site.Database.Query<string>("select kind from journal.entry where kind = 'office.draft-sent-again'"));

        // A follower that begins anew tells nobody twice; one that was killed before it told goes on.
        await site.Database.Execute("update journal.cursor set xid = '0', position = 0 where follower = 'office.send-out'; update office.dispatch set delivery = 'waiting'");
        await site.CatchUp();
        Assert.Equal(2, server.Mails.Length + await site.Database.One<int>("select count(*)::int from messaging.message where template = 'office-issued'"));
        var journal = string.Concat(await site.Database.Query<string>("select body::text from journal.entry"));
        Assert.All(new[] { "rukhsana", "nobody@", "9419012345", "Nobody" }, said => Assert.DoesNotContain(said, journal, StringComparison.Ordinal));
    }

    [Fact, Trait("Category", "Browser")]
    public async Task Link_OpensTheLetter_AndNothingElse_UntilItsTimeIsOver()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        using var deputy = await site.Official(Offices.Deputy);
        // The file is the tehsil's; who sends the letter sits in another office.
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Link/1", subject: "Saffron fields");
        using var sent = await site.OnFile(clerk, file, "send", ("text", "For orders."), ("to", Offices.Deputy));
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        var draft = await Signed(deputy, file, "ur", "رخسانہ بیگم");
        await Dispatch(deputy, draft, "message", "9419012345");
        await Eventually.True(async () => await Delivery(site, draft) == "delivered", "the message is there");
        using var phone = site.Client();
        var box = WebUtility.HtmlDecode(await phone.GetStringAsync("/en/outbox?mobile=9419012345"));
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        var name = organisation.Office("tehsil-office@tehsil-79")!.Name;
        Assert.Contains(name.In(Lang.Find("ur")!), box, StringComparison.Ordinal);
        var code = Code().Match(box).Groups[1].Value;
        Assert.Equal(20, code.Length);

        using var bare = await phone.GetAsync($"/d/{code}");
        Assert.Equal($"/en/d/{code}", bare.Headers.Location!.OriginalString);
        foreach (var lang in Lang.All)
        {
            using var answer = await phone.GetAsync($"/{lang.Code}/d/{code}");
            Assert.Equal((HttpStatusCode.OK, "noindex, nofollow, noarchive", "no-store"), (answer.StatusCode, answer.Headers.GetValues("X-Robots-Tag").Single(), answer.Headers.CacheControl!.ToString()));
            var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            Assert.All(new[] { "TJ/Link/1", "2026-00001", name.In(lang), "govuk-tag--green" }, said => Assert.Contains(said, page, StringComparison.Ordinal));
            Assert.All(new[] { "Saffron", "رخسانہ", "9419012345" }, secret => Assert.DoesNotContain(secret, page, StringComparison.Ordinal));
        }

        var paper = await site.Database.One<Guid>("select paper from office.draft");
        var fetched = await phone.GetByteArrayAsync($"/ur/d/{code}/file");
        Assert.Equal(await deputy.GetByteArrayAsync($"/en/desk/office/papers/{paper:N}/content"), fetched);
        Assert.True(SignatureCheck.Of(fetched)!.Holds);
        Assert.DoesNotContain(code, string.Concat(await site.Database.Query<string>("select d::text from office.dispatch d union all select body::text from journal.entry")), StringComparison.Ordinal);

        foreach (var wrong in new[] { code[..^1] + (code[^1] == '0' ? '1' : '0'), "x", "%27", code.ToUpperInvariant() + "0" })
            Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync($"/en/d/{wrong}")).StatusCode);
        await site.Database.Execute("update office.attempt set count = @PerHour", new { LetterLinks.PerHour });
        foreach (var path in new[] { $"/en/d/{code}", $"/en/d/{code}/file" }) Assert.Equal(HttpStatusCode.TooManyRequests, (await phone.GetAsync(path)).StatusCode);
        site.Clock.Advance(TimeSpan.FromDays(59));
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync($"/en/d/{code}")).StatusCode);
        site.Clock.Advance(TimeSpan.FromDays(2));
        foreach (var path in new[] { $"/en/d/{code}", $"/en/d/{code}/file" }) Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync(path)).StatusCode);
    }

    [Fact, Trait("Category", "Browser")]
    public async Task Letter_GoesByPostAndByHand_AndASecretOne_NotByWire()
    {
        await using var site = await Desks.Start(cluster);
        using var officer = await site.Official(Desks.Tehsildar);
        var post = await Signed(officer, "TJ/Post/1", "en", "The Secretary");
        await Refused(officer, post, "post", "", HttpStatusCode.UnprocessableEntity);
        await Refused(officer, post, "post", new string('7', 41), HttpStatusCode.UnprocessableEntity);
        await Refused(officer, post, "pigeon", "x", HttpStatusCode.UnprocessableEntity);
        await Refused(officer, post, "case", "", HttpStatusCode.UnprocessableEntity);
        await Dispatch(officer, post, "post", "RL 4417");
        var hand = await Signed(officer, "TJ/Hand/1", "en", "The Secretary", "secret");
        foreach (var (way, to) in new[] { ("message", "9419012345"), ("email", "a@example.in") })
            Assert.Contains("secret file", await Refused(officer, hand, way, to, HttpStatusCode.Conflict), StringComparison.Ordinal);
        await Dispatch(officer, hand, "hand", "Mohan Lal, peon");

        Assert.Equal([("hand", null, null), ("post", "RL 4417", null)], await site.Database.Query<(string, string?, string?)>("select way, register, delivery from office.dispatch order by way"));
        Assert.Contains("RL 4417", await officer.Page(post), StringComparison.Ordinal);
        Assert.Contains("Mohan Lal, peon", await officer.Page(hand), StringComparison.Ordinal);
        Assert.DoesNotContain("Mohan", string.Concat(await site.Database.Query<string>("select d::text from office.dispatch d union all select body::text from journal.entry")), StringComparison.Ordinal);
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from journal.entry where kind = 'office.draft-dispatched'"));
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.message"));
    }

    [Fact]
    public async Task Acknowledgement_FollowsTheJournal_AndAFailedOne_GoesAnotherWay()
    {
        await using var server = await MailServer.Start();
        await using var site = await Desks.Start(cluster, server.Settings);
        using var clerk = await site.Official(Offices.Clerk);
        var told = await clerk.Diarise(Offices.Clerk, more: ("mobile", "9419012345"));
        var unknown = await clerk.Diarise(Offices.Clerk);
        async Task<HttpStatusCode> Acknowledge(Guid id, string to = "") =>
            (await clerk.Form($"/en/desk/office/receipts/{id:N}", new() { ["do"] = "acknowledge", ["ack_to"] = to, ["version"] = $"{await site.Database.One<long>("select version from office.receipt where id = @id", new { id })}" })).StatusCode;
        Task<string?> State(Guid id) => site.Database.One<string>("select acknowledgement from office.receipt where id = @id", new { id });

        Assert.Equal(HttpStatusCode.SeeOther, await Acknowledge(told));
        Assert.Equal(HttpStatusCode.SeeOther, await Acknowledge(unknown));
        await Eventually.True(async () => await State(told) == "delivered", "the sender is told");
        Assert.Null(await State(unknown));
        Assert.Equal(HttpStatusCode.Conflict, await Acknowledge(told));
        Assert.Contains("Delivered", await clerk.Page($"/en/desk/office/receipts/{told:N}"), StringComparison.Ordinal);

        await site.Database.Execute("update office.receipt set acknowledgement = 'failed', acknowledgement_reason = 'undelivered' where id = @told", new { told });
        Assert.Contains("undelivered", await clerk.Page($"/en/desk/office/receipts/{told:N}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Acknowledge(told, "who@where"));
        Assert.Equal(HttpStatusCode.SeeOther, await Acknowledge(told, "ghulam@example.in"));
        await Eventually.True(async () => await State(told) == "sent", "the mail is out");
        var number = await site.Database.One<string>("select number from office.receipt where id = @told", new { told });
        Assert.Equal($"Letter received: {number}", (string)Assert.Single(server.Mails)["subject"]!);
    }

    [Fact]
    public async Task File_ThatIsTooLarge_IsRefusedByName()
    {
        await using var site = await TestSite.Start(cluster);
        var gateway = site.Services.GetRequiredService<IMessageGateway>();
        foreach (var size in new[] { 5 * 1024 * 1024, (5 * 1024 * 1024) + 1 })
            await gateway.Send(new OutgoingMessage("office-letter", "en", null, ["1", "Office", "today", "https://x.example", "later"], "notice", $"file/{size}") { Email = "a@example.in", Channels = ["email"], Tell = true, File = new MailFile("a.pdf", "application/pdf", new byte[size]) }, default);
        await Eventually.True(async () => await site.Database.One<int>("select count(*)::int from journal.entry where kind = 'messaging.told'") == 2, "both are told of");
        Assert.Equal(["delivered ", "failed file-too-large"], (await site.Database.Query<JournalEntry>("select position, stream, version, kind, at, actor, body::text as body, digest from journal.entry where kind = 'messaging.told'")).Select(e => e.As<MessageTold>()).Select(t => $"{t.Status} {t.Reason}").Order(StringComparer.Ordinal));
        using var client = site.Client();
        Assert.Contains("a.pdf, 5,120 kB", await client.GetStringAsync("/en/outbox"), StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_IsSeen_AndEveryChange()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Ghulam Nabi", key, HashAlgorithmName.SHA256).CreateSelfSigned(TestSite.Begins.AddDays(-1), TestSite.Begins.AddDays(365));
        var prepared = PdfSignature.Prepare(Offices.Pdf("An order"), "Ghulam Nabi", TestSite.Begins);
        var signed = prepared.Embed(PdfSignature.Cms(prepared, certificate));
        Assert.Equal(new SignatureSeen(true, "Ghulam Nabi"), SignatureCheck.Of(signed));
        foreach (var at in new[] { 100, prepared.Gap - 40, signed.Length - 10 })
        {
            var changed = (byte[])signed.Clone();
            changed[at] ^= 1;
            Assert.False(SignatureCheck.Of(changed)?.Holds ?? false);
        }

        Assert.False(SignatureCheck.Of([.. signed, .. "more"u8])!.Holds);
        Assert.Null(SignatureCheck.Of(Offices.Pdf("Nothing signed")));
    }

    private static async Task<string> Signed(HttpClient officer, string number, string lang, string to, string classification = "normal") =>
        await Signed(officer, await officer.OpenFile(Desks.Tehsildar, number, classification: classification), lang, to);

    /// <returns>The address of the signed draft.</returns>
    internal static async Task<string> Signed(HttpClient officer, Guid file, string lang, string to)
    {
        using var written = await officer.Form($"/en/desk/office/files/{file:N}/draft", new() { ["do"] = "save", ["form"] = "order", ["in"] = lang, ["to"] = to, ["subject"] = "B", ["body"] = "C" });
        Assert.True(written.StatusCode == HttpStatusCode.SeeOther, await written.Content.ReadAsStringAsync());
        var draft = $"/en/desk/office/drafts/{Offices.Id(written):N}";
        using var approved = await officer.Form(draft, new() { ["do"] = "approve", ["version"] = "1" });
        using var signed = await officer.Form(draft, new() { ["do"] = "sign" });
        Assert.True(signed.StatusCode == HttpStatusCode.SeeOther, await signed.Content.ReadAsStringAsync());
        return draft;
    }

    internal static async Task Dispatch(HttpClient officer, string draft, string way, string to)
    {
        using var done = await officer.Form(draft, new() { ["do"] = "dispatch", ["way"] = way, ["way_to"] = to });
        Assert.True(done.StatusCode == HttpStatusCode.SeeOther, await done.Content.ReadAsStringAsync());
    }

    private static async Task<string> Refused(HttpClient officer, string draft, string way, string to, HttpStatusCode status)
    {
        using var refused = await officer.Form(draft, new() { ["do"] = "dispatch", ["way"] = way, ["way_to"] = to });
        Assert.Equal(status, refused.StatusCode);
        return await refused.Content.ReadAsStringAsync();
    }

    private static Task<string?> Delivery(TestSite site, string draft) => site.Database.One<string>("select delivery from office.dispatch d where draft_id = @id and not exists (select from office.dispatch n where n.instead_of = d.id)", new { id = Offices.Id(draft) });

    [GeneratedRegex("/ur/d/([0-9a-z]+)")]
    private static partial Regex Code();
}
