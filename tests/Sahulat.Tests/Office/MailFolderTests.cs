using System.Net;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Mail;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Mails written by Python's email package, laid into a post's Maildir.</summary>
public sealed class MailFolderTests(Cluster cluster)
{
    [Fact, Trait("Category", "Browser")]
    public async Task Mails_BecomeReceipts_Once_AndHostileOnes_AreNamed()
    {
        var folder = Directory.CreateTempSubdirectory("sahulat-maildir-").FullName;
        var box = Path.Combine(folder, Offices.Clerk);
        var letter = Path.Combine(folder, "letter.pdf");
        await File.WriteAllBytesAsync(letter, Offices.Pdf("Attached application"));
        Directory.CreateDirectory(Path.Combine(folder, "nobody@nowhere", "new"));
        await File.WriteAllTextAsync(Path.Combine(folder, "nobody@nowhere", "new", "1"), "From: a@example.in\n\nLeft alone");
        Assert.Equal("", await Offices.Run("/usr/bin/python3", Path.Combine(Cluster.RepositoryRoot, "tests", "Sahulat.Tests", "Office", "mails.py"), box, letter));
        await using var site = await Desks.Start(cluster, new Dictionary<string, string?> { ["Sahulat:MailFolder"] = folder });
        using var clerk = await site.Official(Offices.Clerk);
        await Eventually.True(() => Directory.GetFiles(Path.Combine(box, "new")).Length + Directory.GetFiles(Path.Combine(box, "cur")).Length == 0, "every mail is taken in or refused", 120);

        Assert.Equal(6, await site.Database.One<int>("select count(*)::int from office.receipt where mode = 'email' and office = 'tehsil-office@tehsil-79' and holder = @Clerk", new { Offices.Clerk }));
        string[] In(string sub) => [.. Directory.GetFiles(Path.Combine(box, sub, "cur")).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["100.one:2,S", "101.twice:2,S", "102.same-id:2,S", "200.html:2,S", "201.charset:2,S", "202.nested:2,S", "203.kinds:2,FS"], In(".Taken"));
        Assert.Equal(["300.parts:2,FS", "301.deep:2,FS", "302.noise:2,FS", "303.large:2,FS"], In(".Refused"));
        Assert.True(File.Exists(Path.Combine(folder, "nobody@nowhere", "new", "1")));

        async Task<(Guid Id, string Page)> Receipt(string name)
        {
            var id = await site.Database.One<Guid>("select receipt from office.mail where name = @name", new { name });
            return (id, await clerk.Page($"/en/desk/office/receipts/{id:N}"));
        }

        var (urdu, page) = await Receipt("100.one");
        Assert.All(new[] { "Rukhsana Begum <rukhsana@example.in>", "انتقال اراضی", "31 October 2026", "درخواست.pdf", "photo.png" }, said => Assert.Contains(said, page, StringComparison.Ordinal));
        Assert.Equal(("ur", 3, 3), await site.Database.One<(string, int, int)>("select lang, (select count(*)::int from office.paper where item = r.id), (select count(*)::int from office.page where item = r.id and paper is not null) from office.receipt r where id = @urdu", new { urdu }));
        Assert.Contains("انتقال اراضی", await clerk.Page("/en/desk/office/search?q=زعفرانی"), StringComparison.Ordinal);
        var (html, _) = await Receipt("200.html");
        Assert.Contains("Only a page", await clerk.Page("/en/desk/office/search?q=walnuts"), StringComparison.Ordinal);
        foreach (var never in new[] { "stolen", "hidden" }) Assert.DoesNotContain($"{html:N}", await clerk.Page($"/en/desk/office/search?q={never}"), StringComparison.Ordinal);
        Assert.Contains($"{(await Receipt("201.charset")).Id:N}", await clerk.Page("/en/desk/office/search?q=orchard"), StringComparison.Ordinal);
        Assert.Contains("Forwarded", await clerk.Page("/en/desk/office/search?q=apricot"), StringComparison.Ordinal);
        Assert.Contains("inner.pdf", (await Receipt("202.nested")).Page, StringComparison.Ordinal);
        var (_, kinds) = await Receipt("203.kinds");
        Assert.All(new[] { "scan.pdf", "script.pdf</bdi>: The file could not be accepted", "bomb.pdf</bdi>: The file could not be accepted", "letter.zip</bdi>: The file must be", "empty.pdf</bdi>: The file is empty" }, said => Assert.Contains(said, kinds, StringComparison.Ordinal));

        var refused = await clerk.Page("/en/desk/office/mail");
        Assert.All(new[] { "larger than 50 MB", "more parts than any letter", "cannot be read as a mail" }, why => Assert.Contains(why, refused, StringComparison.Ordinal));
        Assert.Contains("Only a page", await clerk.Page("/en/desk/office/diary?kind=email"), StringComparison.Ordinal);
        var journal = string.Concat(await site.Database.Query<string>("select body::text from journal.entry where kind like 'office.%'"));
        Assert.All(new[] { "rukhsana", "انتقال", "apricot" }, secret => Assert.DoesNotContain(secret, journal, StringComparison.Ordinal));
        Assert.Equal(6, (await site.Database.Query<JournalEntry>("select position, stream, version, kind, at, actor, body::text as body, digest from journal.entry where kind = 'office.receipt-diarised'")).Count(e => e.As<ReceiptDiarised>().Mode == "email"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact, Trait("Category", "Browser")]
    public async Task WithoutAnAnswerOfTheVirusScanner_AMailWithAPaper_StaysWhereItIs()
    {
        var folder = Directory.CreateTempSubdirectory("sahulat-maildir-").FullName;
        var box = Directory.CreateDirectory(Path.Combine(folder, Offices.Clerk, "new")).FullName;
        await using var site = await Desks.Start(cluster, new Dictionary<string, string?> { ["Sahulat:MailFolder"] = folder, ["Sahulat:ClamAv"] = "127.0.0.1:1" });
        var pdf = Convert.ToBase64String(Offices.Pdf("Attached"), Base64FormattingOptions.InsertLineBreaks);
        await File.WriteAllTextAsync(Path.Combine(box, "1"), $"From: a@example.in\r\nSubject: With a paper\r\nMIME-Version: 1.0\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{pdf}\r\n");
        await File.WriteAllTextAsync(Path.Combine(box, "2"), "From: a@example.in\r\nSubject: Words alone\r\n\r\nNothing that a scanner could find.\r\n");
        await Eventually.True(() => !File.Exists(Path.Combine(box, "2")), "the mail of words is taken in, whatever lies before it", 60);
        Assert.True(File.Exists(Path.Combine(box, "1")));
        Assert.Equal((1, 0), await site.Database.One<(int, int)>("select (select count(*)::int from office.receipt where mode = 'email'), (select count(*)::int from office.mail where refused is not null)"));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("جناب والا، زمین", "ur")]
    [InlineData("महोदय, भूमि", "hi")]
    [InlineData("Sir, the land (زمین)", "en")]
    [InlineData("", "en")]
    public void Language_IsThatOfMostLetters(string text, string lang) => Assert.Equal(lang, MailReader.LanguageOf(text));

    [Fact]
    public void AnyBytes_AreRead_OrRefused_NeverThrow()
    {
        var random = new Random(7);
        var seed = System.Text.Encoding.Latin1.GetBytes("From: \"A\" <a@example.in>\r\nSubject: =?utf-8?Q?x?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>&#x41;</p>\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nz\r\n--b--\r\n");
        for (var i = 0; i < 3000; i++)
        {
            var bytes = (byte[])seed.Clone();
            for (var n = random.Next(1, 12); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var mail = MailReader.Read(bytes[..random.Next(1, bytes.Length)], out var refused, default);
            Assert.True(mail is null == refused is not null);
            if (mail is not null) Assert.All(new[] { mail.Sender, mail.Subject, mail.Text }, t => Assert.DoesNotContain(t, c => char.IsControl(c) && c is not ('\n' or '\t')));
        }
    }
}
