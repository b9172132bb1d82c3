using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Office.Archive;
using Sahulat.Office.Scan;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Scanned pages as PDF/A with their text behind them, looked at with programs that are not ours.</summary>
public sealed partial class ArchiveTests(Cluster cluster)
{
    /// <summary>A letter in each script, as the scanner brings it.</summary>
    private static readonly (string Lang, string Text)[] Letters =
    [
        ("en", "Demarcation of khasra 4417 was ordered in village Gho"),
        ("hi", "भूमि राजस्व अभिलेख तहसील आदेश आवेदक"),
        ("ur", "زمین مال ریکارڈ انتقال موضع تحصیل حکم خسرہ درخواست رپورٹ"),
    ];

    [Fact, Trait("Category", "Browser")]
    public async Task Correspondence_InThreeScripts_IsPdfA_WithItsWords_AndEveryPage()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var file = await Filed(site, clerk, [.. (await Pictures()).Zip(Letters, (p, l) => (l.Lang, p)), ("en", Offices.Pdf("Typed order", "Second page of it"))]);
        var path = $"/en/desk/office/files/{file:N}";
        Assert.Contains($"{path}/pdfa?from=4&to=5", await clerk.Page(path), StringComparison.Ordinal);

        // Not before all pages are read.
        using var early = await clerk.Form($"{path}/pdfa", new() { ["from"] = "1", ["to"] = "5" });
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Contains("wait to be read", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Read(site);
        Assert.Equal(5, await site.Database.One<int>("select count(*)::int from office.page where layer is not null"));
        Assert.DoesNotContain("%PDF", string.Concat((await site.Database.Query<byte[]>("select layer from office.page where layer is not null")).Select(System.Text.Encoding.Latin1.GetString)), StringComparison.Ordinal);

        foreach (var (from, to) in new[] { ("0", "5"), ("1", "6"), ("3", "2"), ("", "") })
        {
            using var wrong = await clerk.Form($"{path}/pdfa", new() { ["from"] = from, ["to"] = to });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        }

        // Read before layers were kept: it is read once more, and kept.
        await site.Database.Execute("update office.page set layer = null where lang = 'ur'");
        var pdf = await Made(site, clerk, path, 1, 5);
        var text = await Offices.Run("pdftotext", pdf, "-");
        Assert.All(Letters.SelectMany(l => l.Text.Split(' ')).Where(w => w.Length > 2), word => Assert.Contains(word, text, StringComparison.Ordinal));
        Assert.Contains("Typed order", text, StringComparison.Ordinal);
        // Each word once: a page with a text of its own gets no second one.
        Assert.Single(Regex.Matches(text, "Typed order"));
        Assert.Equal(["1", "2", "3", "4", "5"], await Task.WhenAll(Enumerable.Range(1, 5).Select(async n => (await Offices.Run("pdftotext", "-f", $"{n}", "-l", $"{n}", pdf, "-")).Trim().Length > 5 ? $"{n}" : "empty")));
        Assert.Equal(5, await site.Database.One<int>("select count(*)::int from office.page where layer is not null"));
        await IsPdfA(pdf, 5);
        // The pictures are those that were scanned, at 300 points to the inch.
        Assert.Equal(3, Regex.Matches(await Offices.Run("pdfimages", "-list", pdf), @"jpeg\s+no\s+.*\s30[01]\s+30[01]\s").Count);

        // Asked for again it is there already; a part of it is made of the same.
        using var again = await clerk.Form($"{path}/pdfa", new() { ["from"] = "1", ["to"] = "5" });
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.False(await site.Services.GetRequiredService<ArchiveMaker>().Next(default));
        var part = await Made(site, clerk, path, 2, 4);
        await IsPdfA(part, 3);
        Assert.DoesNotContain("Second page", await Offices.Run("pdftotext", part, "-"), StringComparison.Ordinal);

        // Sealed where it lies, and only for who may see the file.
        var id = await site.Database.One<Guid>("select id from office.archive where page_to = 5");
        using var other = await site.Official("tehsildar@tehsil-6805");
        foreach (var address in new[] { $"{path}/pdfa", $"/en/desk/office/archives/{id:N}/content" }) Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(address)).StatusCode);
        using var anyone = site.Client();
        Assert.NotEqual(HttpStatusCode.OK, (await anyone.GetAsync($"/en/desk/office/archives/{id:N}/content")).StatusCode);
    }

    [Fact]
    public async Task Receipt_IsMadeAsWell_BrokenPapersAreNamed_AndANodeThatDiesIsFollowedByAnother()
    {
        await using var site = await Desks.Start(cluster, Scans.ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var receipt = await clerk.Diarise(Offices.Clerk, paper: Offices.Pdf("Letter of the sarpanch", ""));
        await Read(site);
        var path = $"/en/desk/office/receipts/{receipt:N}";
        var maker = site.Services.GetRequiredService<ArchiveMaker>();
        using var asked = await clerk.Form($"{path}/pdfa", new() { ["from"] = "1", ["to"] = "2" });
        Assert.Contains("being made", await clerk.Page($"{path}/pdfa"), StringComparison.Ordinal);
        // A node took it and died.
        await site.Database.Execute("update office.archive set lease = @until, tries = 1", new { until = site.Clock.GetUtcNow().AddMinutes(5) });
        Assert.False(await maker.Next(default));
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        await IsPdfA(await Made(site, clerk, path, 1, 2), 2);
        // In a file it is the file's: who sees the receipt alone has it no longer.
        var made = $"/en/desk/office/archives/{await site.Database.One<Guid>("select id from office.archive"):N}/content";
        Assert.Equal(HttpStatusCode.OK, (await clerk.GetAsync(made)).StatusCode);
        await clerk.OpenFile(Offices.Clerk, "TJ/Arch/2", receipt);
        foreach (var address in new[] { made, $"{path}/pdfa" }) Assert.Equal(HttpStatusCode.NotFound, (await clerk.GetAsync(address)).StatusCode);

        // A transparent picture is laid on white.
        var drawn = await clerk.Diarise(Offices.Clerk, "Drawn", Transparent());
        await Read(site);
        await IsPdfA(await Made(site, clerk, $"/en/desk/office/receipts/{drawn:N}", 1, 1), 1);

        var second = await clerk.Diarise(Offices.Clerk, "Gone", Offices.Pdf("Never seen again"));
        await Read(site);
        await site.Database.Execute("update office.paper set blob = repeat('0', 64) where item = @second", new { second });
        using var lost = await clerk.Form($"/en/desk/office/receipts/{second:N}/pdfa", new() { ["from"] = "1", ["to"] = "1" });
        Assert.True(await maker.Next(default));
        Assert.Equal("gone", await site.Database.One<string>("select fault from office.archive where item = @second and state = 'failed'", new { second }));
        Assert.Contains("Could not be made", await clerk.Page($"/en/desk/office/receipts/{second:N}/pdfa"), StringComparison.Ordinal);
        // A failed one may be asked for again.
        using var once = await clerk.Form($"/en/desk/office/receipts/{second:N}/pdfa", new() { ["from"] = "1", ["to"] = "1" });
        Assert.Equal("waiting", await site.Database.One<string>("select state from office.archive where item = @second", new { second }));
    }

    private async Task<string> Made(TestSite site, HttpClient clerk, string path, int from, int to)
    {
        using var asked = await clerk.Form($"{path}/pdfa", new() { ["from"] = $"{from}", ["to"] = $"{to}" });
        Assert.True(asked.StatusCode == HttpStatusCode.SeeOther, await asked.Content.ReadAsStringAsync());
        while (await site.Services.GetRequiredService<ArchiveMaker>().Next(default))
        {
        }

        var page = await clerk.Page($"{path}/pdfa");
        var link = Link().Matches(page).FirstOrDefault(m => m.Value.Contains($"Pages {from} to {to}", StringComparison.Ordinal));
        Assert.True(link is not null, await site.Database.One<string>("select string_agg(state || ' ' || coalesce(fault, ''), ', ') from office.archive"));
        using var answer = await clerk.GetAsync(link.Groups[1].Value);
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith($"-{from}-{to}.pdf", answer.Content.Headers.ContentDisposition!.FileName, StringComparison.Ordinal);
        var pdf = Path.Combine(cluster.Folder, $"{Guid.NewGuid():N}.pdf");
        await File.WriteAllBytesAsync(pdf, await answer.Content.ReadAsByteArrayAsync());
        return pdf;
    }

    private static async Task IsPdfA(string pdf, int pages)
    {
        Assert.Matches($@"Pages:\s+{pages}\n", await Offices.Run("pdfinfo", pdf));
        var metadata = await Offices.Run("pdfinfo", "-meta", pdf);
        Assert.Matches("pdfaid:part[=>]\"?2", metadata);
        Assert.Matches("pdfaid:conformance[=>]\"?B", metadata);
        Assert.Contains("No syntax or stream encoding errors found", await Offices.Run("qpdf", "--check", pdf), StringComparison.Ordinal);
        Assert.Contains("GTS_PDFA1", await Offices.Run("qpdf", "--qdf", "--object-streams=disable", pdf, "-"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^\S+.*\sno\s+(no|yes)\s+(no|yes)\s+\d+\s+\d+$", await Offices.Run("pdffonts", pdf));
    }

    private static async Task Read(TestSite site)
    {
        while (await site.Services.GetRequiredService<PageReader>().ReadNext(default))
        {
        }
    }

    /// <summary>Letters diarised one by one and put in one file.</summary>
    private static async Task<Guid> Filed(TestSite site, HttpClient clerk, IReadOnlyList<(string Lang, byte[] Paper)> letters)
    {
        var file = Guid.Empty;
        foreach (var (lang, paper) in letters)
        {
            var receipt = await clerk.Diarise(Offices.Clerk, paper: paper, more: ("lang", lang));
            if (file == Guid.Empty) file = await clerk.OpenFile(Offices.Clerk, "TJ/Arch/1", receipt);
            else (await clerk.Form($"/en/desk/office/receipts/{receipt:N}", new() { ["do"] = "file", ["file"] = $"{file}", ["version"] = $"{await site.Database.One<long>("select version from office.receipt where id = @receipt", new { receipt })}" })).Dispose();
        }

        return file;
    }

    private static byte[] Transparent()
    {
        var mask = Path.GetTempFileName();
        File.WriteAllBytes(mask, Scans.Run("pgmramp", "-lr", "60", "90"));
        var png = Scans.Run("sh", "-c", $"pgmmake 0.2 60 90 | pnmtopng -quiet -force -alpha={mask}");
        File.Delete(mask);
        return png;
    }

    private async Task<byte[][]> Pictures()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var html = string.Concat(Letters.Select(l => $"<p lang=\"{l.Lang}\" dir=\"{(l.Lang == "ur" ? "rtl" : "ltr")}\" style=\"break-after: page; font: 16pt 'Noto Sans', 'Noto Naskh Arabic', 'Noto Sans Devanagari'\">{l.Text}</p>"));
        await File.WriteAllTextAsync($"{folder}/letters.html", $"<!DOCTYPE html><meta charset=\"utf-8\">{html}");
        await Offices.Run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", $"--user-data-dir={folder}/home", "--no-pdf-header-footer", $"--print-to-pdf={folder}/letters.pdf", $"file://{folder}/letters.html");
        await Offices.Run("pdftoppm", "-r", "300", "-jpeg", $"{folder}/letters.pdf", $"{folder}/letter");
        var pictures = Directory.GetFiles(folder, "letter-*.jpg").Order(StringComparer.Ordinal).Take(Letters.Length).Select(File.ReadAllBytes).ToArray();
        Directory.Delete(folder, recursive: true);
        return pictures;
    }

    [GeneratedRegex("<a [^>]*href=\"([^\"]*archives/[^\"]*)\"[^>]*>[^<]*</a>")]
    private static partial Regex Link();
}
