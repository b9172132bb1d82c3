using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Intake;
using Sahulat.Office.Papers;
using Sahulat.Office.Scan;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;
using Scratch = Sahulat.Office.Papers.Scratch;

namespace Sahulat.Tests.Office;

/// <summary>Paper that makes programs fail, hang or swell; and paper that is merely large.</summary>
public sealed class HostilePaperTests(Cluster cluster)
{
    [Fact]
    public async Task RecognitionThatHangsOrSwells_IsEnded_ThePageWaits_AndIsNamedInTheEnd()
    {
        using var fake = new Scratch();
        await using var site = await Desks.Start(cluster, new Dictionary<string, string?>(Scans.ByHand) { ["Sahulat:ReadSeconds"] = "1" });
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1/1974 | x | 2");
        var item = await site.Database.One<Guid>("select id from office.scan_item");
        Bounded.Programs.Value = fake.Folder;
        await Scans.Upload(clerk, plan, Offices.Pdf("Objections heard"), item);
        foreach (var (what, fault) in new[] { ("exec sleep 600", "timeout"), ("exec python3 -c \"x = bytearray(8 << 30)\"", "failed") })
        {
            await File.WriteAllTextAsync(fake.File("tesseract"), $"#!/bin/sh\n{what}\n");
            File.SetUnixFileMode(fake.File("tesseract"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            while (await site.Services.GetRequiredService<IntakeReader>().Next(default))
            {
            }

            // The page is in its file all the same, and waits to be read.
            Assert.Equal(("kept", "waiting"), await site.Database.One<(string, string)>("select p.outcome, r.state from office.intake_page p join office.page r on r.paper = p.paper"));
            Assert.True(await site.Services.GetRequiredService<PageReader>().ReadNext(default));
            Assert.Equal(("waiting", fault), await site.Database.One<(string, string)>("select state, fault from office.page where paper is not null"));
        }

        Assert.True(await site.Services.GetRequiredService<PageReader>().ReadNext(default));
        Assert.False(await site.Services.GetRequiredService<PageReader>().ReadNext(default));
        var (state, why, paper) = await site.Database.One<(string, string, Guid)>("select state, fault, paper from office.page where paper is not null");
        Assert.Equal(("unreadable", "failed"), (state, why));
        Assert.Equal(1, (await site.Database.Stream($"paper/{paper:N}")).Single().As<PagesAccounted>().Unreadable);
        Assert.Equal(HttpStatusCode.OK, (await clerk.GetAsync($"/en/desk/office/papers/{paper}/content")).StatusCode);
    }

    [Fact]
    public async Task LargeLockedAndCutOffPaper_IsTakenOrNamed()
    {
        using var scratch = new Scratch();
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1/1974 | x | 2");
        var item = await site.Database.One<Guid>("select id from office.scan_item");
        async Task<HttpStatusCode> Upload(byte[] content) => (await Scans.Upload(clerk, plan, content, item)).StatusCode;

        // More pages than a scan may have, and a TIFF file that a scanner left in mid-page.
        Assert.Equal(HttpStatusCode.SeeOther, await Upload(Offices.Pdf([.. Enumerable.Repeat("", 2001)])));
        var page = await Scans.Drawn("Demarcation ordered");
        var tiff = await Scans.Tiff(page, page.Turn(180));
        foreach (var end in new[] { 6, tiff.Length / 2, tiff.Length - 100 }) Assert.Equal(HttpStatusCode.UnprocessableEntity, await Upload(tiff[..end]));
        await Scans.All(site);
        Assert.Equal(["too-many-pages"], await site.Database.Query<string>("select fault from office.intake where state = 'refused'"));
        Assert.Contains("more than 2,000 pages", await clerk.Page($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);

        // Locked by a real program.
        await File.WriteAllBytesAsync(scratch.File("open.pdf"), Offices.Pdf("secret"));
        Scans.Run("qpdf", "--encrypt", "user", "owner", "256", "--", scratch.File("open.pdf"), scratch.File("locked.pdf"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Upload(await File.ReadAllBytesAsync(scratch.File("locked.pdf"))));

        // Coloured, of 600 points an inch: 104 MB once it is unpacked, and kept at 300.
        await File.WriteAllBytesAsync(scratch.File("letter.pdf"), Offices.Pdf("Demarcation of khasra 4417 ordered"));
        Scans.Run("pdftoppm", "-r", "600", "-png", "-singlefile", scratch.File("letter.pdf"), scratch.File("large"));
        var large = await File.ReadAllBytesAsync(scratch.File("large.png"));
        Assert.Equal(HttpStatusCode.SeeOther, await Upload(large));
        await Scans.All(site);
        var paper = await site.Database.One<Guid>("select paper from office.intake_page where outcome = 'kept'");
        await File.WriteAllBytesAsync(scratch.File("kept.jpg"), await clerk.GetByteArrayAsync($"/en/desk/office/papers/{paper}/content"));
        var kept = Grey.Read(Scans.Run("jpegtopnm", "-quiet", scratch.File("kept.jpg")))!;
        Assert.InRange(kept.Width, 2470, 2490);
        Assert.Contains("1/1974", await clerk.Page("/en/desk/office/search?q=demarcation+4417"), StringComparison.Ordinal);

        // A fax of one bit a point is read as well.
        await File.WriteAllBytesAsync(scratch.File("grey.pgm"), page.Write());
        var fax = Scans.Run("sh", "-c", $"pgmtopbm -threshold {scratch.File("grey.pgm")} | pnmtopng");
        Assert.Equal(HttpStatusCode.SeeOther, await Upload(fax));
        await Scans.All(site);
        Assert.Equal(2, await site.Database.One<int>("select count(*)::int from office.intake_page where outcome = 'kept'"));
    }

    [Fact]
    public async Task LetterOfSeveralScans_IsDiarisedWithEach_TiffAmongThem()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var page = await Scans.Drawn("Demarcation ordered");
        using var letter = await clerk.Letter(Offices.Clerk, await Scans.Tiff(page, page), await Scans.Jpeg(page), Offices.Pdf("Enclosure"));
        Assert.True(letter.StatusCode == HttpStatusCode.SeeOther, await letter.Content.ReadAsStringAsync());
        Assert.Equal([("application/pdf", 2), ("image/jpeg", 1), ("application/pdf", 1)], await site.Database.Query<(string, int)>("select type, pages from office.paper order by at, pages desc, type desc"));
        Assert.Equal("scan", await site.Database.One<string>("select mode from office.receipt"));
        while (await site.Services.GetRequiredService<PageReader>().ReadNext(default))
        {
        }

        Assert.Equal(4, await site.Database.One<int>("select count(*)::int from office.page where paper is not null and state = 'read'"));
        using var many = await clerk.Letter(Offices.Clerk, [.. Enumerable.Repeat(Offices.Pdf("x"), PapersIn.Most + 1)]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, many.StatusCode);
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from office.receipt"));
    }
}
