using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Intake;
using Sahulat.Office.Keying;
using Sahulat.Office.Plan;
using Sahulat.Office.Scan;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>The paper of the past: planned, scanned, taken apart, judged, keyed.</summary>
public sealed partial class ScanningTests(Cluster cluster)
{
    private const string Path = "/en/desk/office/scanning";

    /// <summary>Nothing runs in the background: the test takes each step.</summary>
    private static readonly Dictionary<string, string?> ByHand = new() { ["Sahulat:PageReading"] = "off" };

    [Fact, Trait("Category", "Long")]
    public async Task ScannedBundle_FromSheetToSearchHit_ThroughACrash_EachPageAccountedFor()
    {
        await using var site = await Desks.Start(cluster, ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Planned(clerk, "1187/1974 | Mutation, village Gho | 3\nJB-1975 | Jamabandi of Gho | 1 | register");
        var codes = await Codes(clerk, site, plan);
        Grey a = await Drawn("Demarcation ordered in village Gho"), b = await Drawn("Second leaf with objections heard"), c = await Drawn("Jamabandi register khasra 4417");
        var white = new Grey(a.Width, a.Height, [.. Enumerable.Repeat((byte)255, a.Points.Length)]);
        var tiff = await Tiff(Sheet(codes[0], a), a, white, b.Turn(180), Sheet(codes[1], a), c.Straighten(-2), c.Straighten(-2));
        Assert.Equal(HttpStatusCode.SeeOther, (await Upload(clerk, plan, tiff)).StatusCode);

        // A node that dies in mid-scan: what it had committed stays, another goes on where it stopped.
        var reader = site.Services.GetRequiredService<IntakeReader>();
        using (var killed = new CancellationTokenSource())
        {
            var dying = Task.Run(() => reader.Next(killed.Token));
            await Eventually.True(() => site.Database.One<bool>("select exists (select from office.intake_page)"), "the first page is done");
            await killed.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying);
        }

        Assert.False(await reader.Next(default));
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True(await reader.Next(default));
        Assert.Equal(["separator", "kept", "blank", "kept", "separator", "kept", "duplicate"], await site.Database.Query<string>("select outcome from office.intake_page order by page"));
        Assert.Equal(180, await site.Database.One<int>("select turned from office.intake_page where page = 4"));
        Assert.InRange(Math.Abs(await site.Database.One<float>("select skew from office.intake_page where page = 6")), 1.5, 2.5);
        var accounted = (await site.Database.Stream($"scan/{plan:N}")).Single(e => e.Kind == ScanAccounted.Kind).As<ScanAccounted>();
        Assert.Equal((3, 1, 2, 1, 0, 0), (accounted.Kept, accounted.Blank, accounted.Separators, accounted.Duplicates, accounted.Unplaced, accounted.Unreadable));
        Assert.Null(await site.Database.FirstBroken($"scan/{plan:N}"));

        // The pages are read; the file is live: it is found by a word inside, and a noting cites its second page.
        var pages = site.Services.GetRequiredService<PageReader>();
        while (await pages.ReadNext(default))
        {
        }

        var found = await clerk.Page("/en/desk/office/search?q=objections");
        Assert.Contains("1187/1974", found, StringComparison.Ordinal);
        var file = await site.Database.One<Guid>("select file_id from office.scan_item where number = '1187/1974'");
        using var sent = await site.OnFile(clerk, file, "send", ("text", "See the old order."), ("cites", "2"), ("to", Desks.Tehsildar));
        Assert.Equal(HttpStatusCode.SeeOther, sent.StatusCode);
        Assert.DoesNotContain("Demarcation", string.Concat((await site.Database.Query<byte[]>("select text from office.page where text is not null")).Select(Encoding.Latin1.GetString)), StringComparison.Ordinal);

        // The same bytes again: known, nothing twice. Another office does not see the plan.
        Assert.EndsWith("did=again", (await Upload(clerk, plan, tiff)).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from office.intake"));
        using var other = await site.Official("tehsildar@tehsil-6805");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{Path}/{plan:N}")).StatusCode);
        using var deputy = await site.Official(Offices.Deputy);
        Assert.Contains("1187/1974", await deputy.GetStringAsync($"{Path}/{plan:N}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Upload(deputy, plan, tiff)).StatusCode);
    }

    [Fact]
    public async Task RejectedBundle_IsWithdrawnAndScannedAgain_AndARegisterIsKeyedTwice()
    {
        await using var site = await Desks.Start(cluster, ByHand);
        using var clerk = await site.Official(Offices.Clerk);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var plan = await Planned(clerk, "JB-1975 | Jamabandi of Gho | 1 | register");
        var item = await site.Database.One<Guid>("select id from office.scan_item");
        var picture = await Jpeg(await Drawn("Jamabandi register khasra 4417"));
        await Upload(clerk, plan, picture, item);
        await All(site);
        var bundle = await site.Database.One<Guid>("select id from office.scan_bundle");
        var sample = $"{Path}/bundles/{bundle:N}";
        // Whoever scanned does not judge.
        Assert.Equal(HttpStatusCode.Conflict, (await clerk.Form(sample, new() { ["do"] = "draw" })).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form(sample, new() { ["do"] = "draw" })).StatusCode);
        var paper = await site.Database.One<Guid>("select paper from office.intake_page where outcome = 'kept'");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await tehsildar.Form(sample, new() { ["bad"] = Guid.NewGuid().ToString() })).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form(sample, new() { ["bad"] = paper.ToString() })).StatusCode);
        Assert.Equal(("rejected", "withdrawn"), (await site.Database.One<string>("select state from office.scan_bundle"), await site.Database.One<string>("select kind from office.correspondence")));
        Assert.DoesNotContain("JB-1975", await clerk.Page("/en/desk/office/search?q=jamabandi+4417"), StringComparison.Ordinal);

        await Upload(clerk, plan, picture, item);
        await All(site);
        await tehsildar.Form(sample, new() { ["do"] = "draw" });
        Assert.EndsWith("did=accepted", (await tehsildar.Form(sample, [])).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["kept", "rejected"], await site.Database.Query<string>("select outcome from office.intake_page order by outcome"));

        var key = $"{Path}/items/{item:N}";
        Assert.Contains("4417", await clerk.GetStringAsync(key), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await clerk.Form(key, new() { ["number"] = "JB/1975", ["khasra"] = "4417", ["village"] = "Gho" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await clerk.Form(key, new() { ["number"] = "JB/1975", ["khasra"] = "4417", ["village"] = "Gho" })).StatusCode);
        Assert.DoesNotContain("value=\"JB/1975\"", await tehsildar.GetStringAsync(key), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form(key, new() { ["number"] = "JB/1975", ["khasra"] = "4471", ["village"] = "Gho" })).StatusCode);
        Assert.DoesNotContain("JB-1975", await clerk.Page("/en/desk/office/search?q=gho+4471"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await tehsildar.Form(key, new() { ["number"] = "JB/1975", ["khasra"] = "4417", ["village"] = "Gho Manhasan" })).StatusCode);
        Assert.Contains("JB-1975", await clerk.Page("/en/desk/office/search?q=manhasan"), StringComparison.Ordinal);
        Assert.Equal(3, await site.Database.One<int>("select count(*)::int from office.scan_keyed"));
        Assert.DoesNotContain("Manhasan", string.Concat((await site.Database.Stream($"scan/{plan:N}")).Select(e => e.Body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenHostileAndInfectedScans_AreNamed_AndFoldersAreTakenOnce()
    {
        using var clamd = await Clamd.Start();
        var folder = Directory.CreateTempSubdirectory("sahulat-scans-").FullName;
        await using var site = await Desks.Start(cluster, new Dictionary<string, string?>(ByHand) { ["Sahulat:ClamAv"] = $"127.0.0.1:{clamd.Port}", ["Sahulat:ScanFolder"] = folder });
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Planned(clerk, "1 A | x | 1");
        async Task Refused(byte[] content, string said) => Assert.Contains(said, await (await Upload(clerk, plan, content)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Refused("not a scan"u8.ToArray(), "must be a PDF, TIFF, JPEG or PNG");
        await Refused(Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj << /Encrypt 2 0 R >> endobj\n%%EOF"), "damaged or unsafe");
        await Refused(Encoding.Latin1.GetBytes("%PDF-1.4\nSAHULAT-TEST-SIGNATURE\n%%EOF"), "something harmful");
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from office.intake"));
        Assert.Contains("Make the plan", await (await clerk.Form(Path, new() { ["name"] = "", ["pages"] = "-1" })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Line 2", await (await Bundle(clerk, plan, "2 A | x | 1\nnonsense")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A scanner's folder: a broken file is refused by name, a sound one is taken once, what still grows is left.
        var place = Directory.CreateDirectory(System.IO.Path.Combine(folder, $"{plan:N}")).FullName;
        await File.WriteAllBytesAsync(System.IO.Path.Combine(place, "broken.tif"), [.. "II*\0"u8, .. new byte[200]]);
        await File.WriteAllBytesAsync(System.IO.Path.Combine(place, "sound.pdf"), Offices.Pdf("Old order"));
        foreach (var file in Directory.GetFiles(place)) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        await File.WriteAllBytesAsync(System.IO.Path.Combine(place, "growing.pdf"), Offices.Pdf("Half"));
        var work = site.Services.GetServices<IHostedService>().OfType<IntakeWork>().Single();
        while (await work.TakeNext(default))
        {
        }

        Assert.Equal("growing.pdf", System.IO.Path.GetFileName(Directory.GetFiles(place).Single()));
        await All(site);
        Assert.Equal(["done", "refused"], (await site.Database.Query<string>("select state from office.intake")).Order());
        Assert.Equal("unreadable", await site.Database.One<string>("select fault from office.intake where state = 'refused'"));
        // Without a separator sheet its page belongs to no file, and says so.
        Assert.Equal("unplaced", await site.Database.One<string>("select outcome from office.intake_page"));
        Assert.Contains("it cannot be opened", await clerk.GetStringAsync($"{Path}/{plan:N}"), StringComparison.Ordinal);
        clamd.Dispose();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Upload(clerk, plan, Offices.Pdf("later"))).StatusCode);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Forecast_FollowsThePace_AndSundaysRest()
    {
        var monday = new DateOnly(2026, 11, 2);
        Assert.Null(ScanProgress.Forecast(100, [], monday));
        Assert.Equal(new DateOnly(2026, 11, 11), ScanProgress.Forecast(1000, [(monday.AddDays(-2), 100), (monday, 100)], monday));
        Assert.Equal(monday, ScanProgress.Forecast(100, [(monday, 120)], monday.AddDays(9)));
        Assert.Equal((0, 500, 1000), (ScanProgress.Due(1000, monday, monday.AddDays(9), monday.AddDays(-1)), ScanProgress.Due(1000, monday, monday.AddDays(9), monday.AddDays(4)), ScanProgress.Due(1000, monday, monday.AddDays(9), monday.AddDays(20))));
        Assert.Equal([(5, 1), (13, 1), (50, 2), (80, 3), (200, 6)], new[] { 5, 100, 400, 1000, 9000 }.Select(ScanProgress.Sample));
    }

    [Fact]
    public void Suggestions_AreFoundInThreeScripts()
    {
        var en = Suggestions.Of(["Order No. TJ/1187/1974 dated 12-03-1974. Khasra No. 4417, 4418/2 in village Gho, Tehsil Jammu. Ghulam Nabi S/o Abdul Rehman applied."]);
        Assert.Equal(["12-03-1974"], en.Dates);
        Assert.Contains("TJ/1187/1974", en.Numbers);
        Assert.Contains("4417, 4418/2", en.Khasras);
        Assert.Contains("Gho", en.Villages);
        Assert.Equal(["Ghulam Nabi", "Abdul Rehman"], en.Names);
        var ur = Suggestions.Of(["موضع گھو تحصیل جموں خسرہ نمبر ۴۴۱۷ مورخہ ۱۲/۰۳/۱۹۷۴ غلام نبی ولد عبدالرحمان"]);
        Assert.Equal(["12/03/1974"], ur.Dates);
        Assert.Equal(["4417"], ur.Khasras);
        Assert.Contains("گھو", ur.Villages);
        Assert.Contains("عبدالرحمان", ur.Names);
        var hi = Suggestions.Of(["ग्राम घो तहसील जम्मू खसरा नंबर ४४१७ दिनांक 12.03.1974 राम लाल पुत्र श्याम लाल"]);
        Assert.Equal(["12.03.1974", "4417"], hi.Dates.Concat(hi.Khasras));
        Assert.Contains("श्याम लाल", hi.Names);
        Assert.Empty(Suggestions.Of([new string('9', 200_000)]).Numbers);
    }

    [Fact]
    public async Task Grey_StraightensTurnsAndKnowsABlankPage()
    {
        var page = await Drawn("A line of text that is long enough to have a direction");
        foreach (var angle in new[] { -3.0, -0.8, 1.5, 4.0 }) Assert.InRange(page.Straighten(-angle).Skew() - angle, -0.3, 0.3);
        Assert.Equal(0, page.Skew());
        Assert.Equal(page.Points, page.Turn(90).Turn(270).Points);
        Assert.Equal(page.Points, page.Turn(180).Turn(180).Points);
        Assert.Equal(page.Points, Grey.Read(page.Write())!.Points);
        Assert.False(page.IsBlank());
        Assert.True(new Grey(100, 100, [.. Enumerable.Repeat((byte)250, 10_000)]).IsBlank());
        Assert.Null(Grey.Read("P6\n1 1\n255\nabc"u8.ToArray()));
        Assert.Null(Grey.Read("P5\n99999 99999\n255\n"u8.ToArray()));
    }

    internal static async Task<Guid> Planned(HttpClient clerk, string list)
    {
        var made = await clerk.Form(Path, new() { ["name"] = "Record room", ["lang"] = "en", ["pages"] = "100", ["post"] = Offices.Clerk, ["starts.day"] = "2", ["starts.month"] = "11", ["starts.year"] = "2026", ["due.day"] = "30", ["due.month"] = "11", ["due.year"] = "2026" });
        Assert.True(made.StatusCode == HttpStatusCode.SeeOther, await made.Content.ReadAsStringAsync());
        var plan = Offices.Id(made);
        Assert.Equal(HttpStatusCode.SeeOther, (await Bundle(clerk, plan, list)).StatusCode);
        return plan;
    }

    private static Task<HttpResponseMessage> Bundle(HttpClient clerk, Guid plan, string list) =>
        clerk.Form($"{Path}/{plan:N}", new() { ["do"] = "bundle", ["shelf"] = "Shelf 3", ["team"] = "Team A", ["list"] = list, ["target.day"] = "20", ["target.month"] = "11", ["target.year"] = "2026" });

    private static async Task All(TestSite site)
    {
        while (await site.Services.GetRequiredService<IntakeReader>().Next(default))
        {
        }

        while (await site.Services.GetRequiredService<PageReader>().ReadNext(default))
        {
        }
    }

    internal static async Task<HttpResponseMessage> Upload(HttpClient client, Guid plan, byte[] content, Guid? item = null)
    {
        var token = WebUtility.HtmlDecode(Token().Match(await client.GetStringAsync("/en/desk/office/receipts/new")).Groups[1].Value);
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { new StringContent(token), "_form" }, { new StringContent("scan"), "do" }, { new StringContent(item?.ToString() ?? ""), "item" }, { file, "scans", "scan" } };
        return await client.PostAsync($"{Path}/{plan:N}", form);
    }

    /// <summary>The codes on the sheets, which are printed as pictures that a reader of barcodes knows.</summary>
    private static async Task<string[]> Codes(HttpClient clerk, TestSite site, Guid plan)
    {
        var bundle = await site.Database.One<Guid>("select id from office.scan_bundle");
        var sheets = await clerk.GetStringAsync($"{Path}/{plan:N}/sheets?bundle={bundle:N}");
        return [.. Picture().Matches(sheets).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];
    }

    /// <summary>A sheet as it comes back from the scanner: the printed code on white.</summary>
    private static Grey Sheet(string png, Grey like)
    {
        var file = System.IO.Path.GetTempFileName();
        File.WriteAllBytes(file, Convert.FromBase64String(png));
        var code = Grey.Read(Run("sh", "-c", $"pngtopnm -quiet {file} | ppmtopgm -quiet | pamdepth 255"))!;
        File.Delete(file);
        var points = Enumerable.Repeat((byte)255, like.Points.Length).ToArray();
        for (var y = 0; y < code.Height * 2; y++)
            for (var x = 0; x < code.Width * 2; x++) points[((y + 300) * like.Width) + x + 300] = code.Points[(y / 2 * code.Width) + (x / 2)];
        return new Grey(like.Width, like.Height, points);
    }

    private static async Task<Grey> Drawn(string text)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllBytesAsync(System.IO.Path.Combine(folder, "in.pdf"), Lines(text));
        Run("pdftoppm", "-r", "150", "-gray", "-singlefile", System.IO.Path.Combine(folder, "in.pdf"), System.IO.Path.Combine(folder, "page"));
        var page = Grey.Read(await File.ReadAllBytesAsync(System.IO.Path.Combine(folder, "page.pgm")))!;
        Directory.Delete(folder, recursive: true);
        return page;
    }

    /// <summary>A page with twelve lines, so that it has a direction.</summary>
    private static byte[] Lines(string text)
    {
        var lines = string.Join(" ", Enumerable.Range(0, 12).Select(i => $"1 0 0 1 60 {760 - (i * 40)} Tm ({text} {i}) Tj"));
        return Offices.Pdf($") Tj /F1 16 Tf {lines} (");
    }

    private static async Task<byte[]> Tiff(params Grey[] pages)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        for (var i = 0; i < pages.Length; i++)
        {
            await File.WriteAllBytesAsync($"{folder}/{i}.pgm", pages[i].Write());
            await File.WriteAllBytesAsync($"{folder}/{i}.tif", Run("pnmtotiff", "-quiet", "-xresolution", "150", "-yresolution", "150", $"{folder}/{i}.pgm"));
        }

        Run("tiffcp", [.. Enumerable.Range(0, pages.Length).Select(i => $"{folder}/{i}.tif"), $"{folder}/all.tif"]);
        var tiff = await File.ReadAllBytesAsync($"{folder}/all.tif");
        Directory.Delete(folder, recursive: true);
        return tiff;
    }

    private static async Task<byte[]> Jpeg(Grey page)
    {
        var file = System.IO.Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, page.Write());
        var jpeg = Run("pnmtojpeg", "-quality=90", file);
        File.Delete(file);
        return jpeg;
    }

    private static byte[] Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.Result}");
        return output.ToArray();
    }

    /// <summary>The real scanner with a signature of the test's own.</summary>
    private sealed class Clamd : IDisposable
    {
        private readonly Process process;
        private readonly string folder;

        private Clamd(Process process, string folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

        public int Port { get; }

        public static async Task<Clamd> Start()
        {
            var folder = Directory.CreateTempSubdirectory("sahulat-clam-").FullName;
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            await File.WriteAllTextAsync($"{folder}/test.ndb", $"Sahulat.Test:0:*:{Convert.ToHexStringLower("SAHULAT-TEST-SIGNATURE"u8)}\n");
            await File.WriteAllTextAsync($"{folder}/clamd.conf", $"Foreground yes\nDatabaseDirectory {folder}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nUser root\nLogFile {folder}/log\n");
            var clamd = new Clamd(Process.Start(new ProcessStartInfo("/usr/sbin/clamd", ["--config-file", $"{folder}/clamd.conf"]) { RedirectStandardOutput = true, RedirectStandardError = true })!, folder, port);
            await Eventually.True(async () =>
            {
                try
                {
                    using var socket = new TcpClient();
                    await socket.ConnectAsync(IPAddress.Loopback, port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            }, "clamd answers");
            return clamd;
        }

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("src=\"data:image/png;base64,([^\"]+)\"")]
    private static partial Regex Picture();
}
