using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sahulat.Cases;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Office;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Office;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Browser;

/// <summary>A tehsil's day: a request and a scanned Urdu application become a receipt, a file, a noting, a signed order and the citizen's certificate. The pictures are those of docs/office.md.</summary>
[Trait("Category", "Browser"), Trait("Category", "Long")]
public sealed partial class TehsilDayTests(Cluster cluster, Chromium chromium)
{
    /// <summary>Only in the scan: nobody keys it.</summary>
    private const string Word = "اخروٹ";

    private static readonly string[] Application =
    [
        "بخدمت جناب تحصیلدار صاحب", "مضمون: آمدنی سرٹیفکیٹ کے لیے درخواست", "جناب عالی", "گزارش ہے کہ میں موضع لال نگر کی رہنے والی ہوں اور درزی کا کام کرتی ہوں۔",
        "میرے والد کے پاس اخروٹ کے چار درخت ہیں جن سے سالانہ آمدنی دو ہزار روپے ہے۔", "اس کے علاوہ کوئی زمین یا جائیداد نہیں ہے۔ پٹواری حلقہ نے موقع دیکھا ہے۔", "التماس ہے کہ سرٹیفکیٹ جاری کیا جائے۔", "رخسانہ احمد بٹ",
    ];

    [Fact]
    public async Task ScannedApplication_BecomesReceipt_File_Order_AndCertificate_AndIsFoundByAWordInside()
    {
        await using var site = await Desks.Start(cluster);
        var phone = await chromium.Phone(site.Address);
        var reference = await StoryTests.Apply(phone, "ur", pictures: false);
        await site.CatchUp();

        // The patwari has the citizen's paper application scanned; from the request it goes into the diary.
        var patwari = await chromium.Desk(site.Address);
        await patwari.SignInOfficial(Desks.Patwari);
        await patwari.GotoAsync($"/en/desk/cases/{reference}");
        await patwari.Locator("a[href*='/receipts/new?case=']").ClickAsync();
        Assert.Equal("رخسانہ احمد بٹ", await patwari.InputValueAsync("input[name=sender]"));
        await patwari.FillAsync("input[name=subject]", "آمدنی سرٹیفکیٹ کے لیے درخواست");
        await patwari.Attach("paper", "درخواست.jpg", await Scan());
        await patwari.NoAxeViolations();
        await patwari.Picture("office-1-diarise");
        await patwari.Press();
        
        await patwari.WaitForURLAsync(new Regex("/receipts/[0-9a-f]{32}$"));
        var receipt = Id(patwari.Url);
        await patwari.NoAxeViolations();
        await patwari.Picture("office-2-receipt");

        await patwari.Locator($"a[href$='/files/new?receipt={receipt:N}']").ClickAsync();
        await patwari.FillAsync("input[name=number]", "TJ/Income/412");
        await patwari.Picture("office-3-new-file");
        await patwari.Locator("button[name=do][value=open]").ClickAsync();
        await patwari.WaitForURLAsync(new Regex("/files/[0-9a-f]{32}"));
        var file = Id(patwari.Url);
        await Eventually.True(() => site.Database.One<bool>("select not exists (select from office.page where state = 'waiting')"), "the scan is read", 120);
        var paper = await site.Database.One<Guid>("select paper from office.page where paper is not null");

        // A noting that cites the page, and on to the tehsildar.
        await patwari.ReloadAsync();
        await patwari.Type(("text", "The applicant's land was seen on the spot: four walnut trees, no other property. The application at page 1 is correct."), ("cites", "1"));
        await patwari.SelectOptionAsync("select[name=to]", Desks.Tehsildar);
        await patwari.NoAxeViolations();
        await patwari.Picture("office-4-noting");
        await patwari.Locator("button[name=do][value=send]").ClickAsync();
        await patwari.WaitForURLAsync(u => !u.Contains($"{file:N}", StringComparison.Ordinal));
        foreach (var post in new[] { Desks.Patwari, Desks.Naib })
        {
            var officer = post == Desks.Patwari ? patwari : await chromium.Desk(site.Address);
            if (officer != patwari) await officer.SignInOfficial(post);
            await officer.GotoAsync($"/en/desk/cases/{reference}");
            await officer.FillAsync("textarea[name=text]", "Seen and found right.");
            await officer.Locator("button[name=action][value=recommend]").ClickAsync();
            await officer.WaitForLoadStateAsync();
        }

        // The tehsildar reads the cited page beside the noting, writes, approves and signs the order, and sends it with the request.
        var tehsildar = await chromium.Desk(site.Address);
        await tehsildar.SignInOfficial(Desks.Tehsildar);
        await tehsildar.GotoAsync("/en/desk/office");
        await tehsildar.NoAxeViolations();
        await tehsildar.Picture("office-5-inbox");
        await tehsildar.Locator($"a[href$='/files/{file:N}']").First.ClickAsync();
        await tehsildar.Locator(".s-notes a", new() { HasText = "1" }).First.ClickAsync();
        await tehsildar.Locator("img.s-paper").WaitForAsync();
        await tehsildar.NoAxeViolations();
        await tehsildar.Picture("office-6-file");
        await tehsildar.Locator($"a[href$='/files/{file:N}/draft']").ClickAsync();
        await tehsildar.Locator("a[href*='kind=order']").First.ClickAsync();
        await tehsildar.Locator("main a[href*='kind=order'][lang=ur]").ClickAsync();
        await tehsildar.Type(("to", "رخسانہ احمد بٹ\nلال نگر"), ("subject", "آمدنی سرٹیفکیٹ کا اجرا"), ("body", "پٹواری حلقہ کی رپورٹ اور درخواست کے صفحہ 1 کی بنا پر حکم دیا جاتا ہے کہ درخواست گزار کو آمدنی کا سرٹیفکیٹ جاری کیا جائے۔"));
        await tehsildar.NoAxeViolations();
        await tehsildar.Picture("office-7-draft");
        await tehsildar.Locator("button[name=do][value=save]").ClickAsync();
        foreach (var act in new[] { "approve", "sign" })
        {
            await tehsildar.Locator($"button[name=do][value={act}]").ClickAsync();
        }

        await tehsildar.Locator("select[name=way]").WaitForAsync(new() { Timeout = 60_000 });
        await tehsildar.NoAxeViolations();
        // The reader inside the frame draws by itself: until two pictures in a row are the same.
        byte[] drawn = [];
        await Eventually.True(async () =>
        {
            var before = drawn;
            drawn = await tehsildar.ScreenshotAsync();
            return drawn.AsSpan().SequenceEqual(before);
        }, "the order is drawn");
        await tehsildar.Picture("office-8-signed");
        Assert.Equal("case", await tehsildar.InputValueAsync("select[name=way]"));
        await tehsildar.Locator("button[name=do][value=dispatch]").ClickAsync();
        await tehsildar.WaitForURLAsync($"**/files/{file:N}");
        var order = await site.Database.One<Guid>("select paper from office.draft");
        var pdf = Path.Combine(cluster.Folder, $"{order:N}.pdf");
        await File.WriteAllBytesAsync(pdf, await (await tehsildar.Context.APIRequest.GetAsync($"{site.Address}en/desk/office/papers/{order:N}/content")).BodyAsync());
        Assert.Contains("Signature is Valid.", await Offices.Run("pdfsig", pdf), StringComparison.Ordinal);

        // From the file to the request, which is granted by that order.
        await tehsildar.Locator($"a[href$='/desk/cases/{reference}']").ClickAsync();
        await tehsildar.GetByText("TJ/Income/412 / 2026-00001").First.WaitForAsync();
        await tehsildar.NoAxeViolations();
        await tehsildar.Picture("office-9-case");
        await tehsildar.Locator("button[name=action][value=approve]").ClickAsync();
        await tehsildar.WaitForLoadStateAsync();
        await site.CatchUp();

        // The citizen has order and certificate.
        await Eventually.True(async () =>
        {
            await phone.GotoAsync($"/ur/requests/{reference}");
            return await phone.Locator("a[href$='/certificate']").CountAsync() == 1;
        }, "the certificate is printed", 60);
        await phone.NoAxeViolations();
        await phone.Locator("a[href*='/orders/']").EvaluateAsync("link => link.closest('ul').previousElementSibling.scrollIntoView()");
        await phone.Picture("office-10-citizen");
        var own = await phone.Context.APIRequest.GetAsync(new Uri(site.Address, await phone.Locator("a[href*='/orders/']").GetAttributeAsync("href")).ToString());
        Assert.Equal(await File.ReadAllBytesAsync(pdf), await own.BodyAsync());
        var certificate = await phone.Context.APIRequest.GetAsync(new Uri(site.Address, await phone.Locator("a[href$='/certificate']").GetAttributeAsync("href")).ToString());
        Assert.StartsWith("%PDF", await certificate.TextAsync(), StringComparison.Ordinal);

        // The Deputy Commissioner finds the application by a word that stands only in the scan.
        var deputy = await chromium.Desk(site.Address);
        await deputy.SignInOfficial(Offices.Deputy);
        await deputy.GotoAsync("/en/desk/office/search");
        await deputy.FillAsync("input[name=q]", Word);
        await deputy.Locator("form[role=search] button").Last.ClickAsync();
        await deputy.Locator("mark", new() { HasText = Word }).First.WaitForAsync();
        await deputy.NoAxeViolations();
        await deputy.Picture("office-11-found");
        await deputy.Locator(".s-hit a").First.ClickAsync();
        await deputy.Locator("img.s-paper").WaitForAsync();
        await deputy.Locator("mark", new() { HasText = Word }).First.WaitForAsync();
        await deputy.NoAxeViolations();
        await deputy.Picture("office-12-page");

        await Proof(site, reference, file, receipt, paper);
    }

    /// <summary>The journal has the chain from request to certificate without a gap, and the public log proves the page.</summary>
    private static async Task Proof(TestSite site, string reference, Guid file, Guid receipt, Guid paper)
    {
        var asked = await site.Database.One<Guid>("""select id from cases."case" where reference = @reference""", new { reference });
        var diarised = (await site.Database.Stream($"receipt/{receipt:N}")).First().As<ReceiptDiarised>();
        Assert.Equal(reference, diarised.Case);
        var acts = await site.Database.Stream($"file/{file:N}");
        Assert.Equal([FileOpened.Kind, ReceiptPutInFile.Kind, NotingSigned.Kind, OfficeItemMoved.Kind, DraftWritten.Kind, DraftApproved.Kind, DraftSigned.Kind, DraftDispatched.Kind], acts.Select(e => e.Kind));
        Assert.Equal([1], acts[2].As<NotingSigned>().Cites);
        var sent = acts[^1].As<DraftDispatched>();
        Assert.Equal((reference, "case"), (sent.Case, sent.Way));
        var answer = await site.Database.Stream($"case/{asked:N}");
        Assert.Equal($"TJ/Income/412 / {sent.Number}", answer.Single(e => e.Kind == CaseDecided.Kind).As<CaseDecided>().Order);
        Assert.Contains(CertificateIssued.Kind, answer.Select(e => e.Kind));
        var page = (await site.Database.Stream($"paper/{paper:N}")).Single();
        Assert.Equal((1, 0, 0), (page.As<PagesAccounted>().Read, page.As<PagesAccounted>().Blank, page.As<PagesAccounted>().Unreadable));
        await site.CatchUp();
        var receipts = site.Services.GetRequiredService<IReceipts>();
        foreach (var stream in new[] { $"receipt/{receipt:N}", $"file/{file:N}", $"case/{asked:N}", $"paper/{paper:N}" }) Assert.Null(await site.Database.FirstBroken(stream));
        var proof = (await receipts.Prove($"paper/{paper:N}", page.Version, default))!;
        Assert.Equal(PagesAccounted.Kind, proof.Kind);
        Assert.Null(ReceiptCheck.Fault(proof, LogKey.Parse(proof.Key)!));
        Assert.DoesNotContain("رخسانہ", string.Concat(await site.Database.Query<string>("select body::text from journal.entry")), StringComparison.Ordinal);
    }

    /// <summary>The application as the scanner gives it: a grey picture of a page typed in Naskh.</summary>
    private async Task<byte[]> Scan()
    {
        var page = await chromium.Desk(new Uri("about:blank"));
        await page.SetContentAsync($"<body dir=rtl style=\"font: 22px/2 'Noto Naskh Arabic'; margin: 60px\">{string.Concat(Application.Select(l => $"<p>{l}</p>"))}</body>");
        var stem = Path.Combine(cluster.Folder, $"scan-{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync($"{stem}.pdf", await page.PdfAsync(new() { Format = "A4" }));
        await page.Context.CloseAsync();
        await Offices.Run("pdftoppm", "-r", "200", "-gray", "-jpeg", "-singlefile", $"{stem}.pdf", stem);
        return await File.ReadAllBytesAsync($"{stem}.jpg");
    }

    private static Guid Id(string url) => Guid.Parse(IdIn().Match(url).Value);

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex IdIn();
}
