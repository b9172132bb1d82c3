using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sahulat.Contracts.Office;
using Sahulat.Host.Verbs;
using Sahulat.Kernel.Data;
using Spectre.Console;

namespace Sahulat.Host.Bench;

/// <summary>Pages through the whole intake (drawn, looked at, turned, straightened, sealed, put in their file, read, made findable) beside tesseract alone on pictures of the same pages, two at a time, in the same run.</summary>
internal static class ScanBench
{
    public sealed record Options(int Pages, string? Pack);

    private const string Post = "revenue-clerk@tehsil-79";
    private const int Scans = 4;

    private static readonly string[] Words = "the of and land revenue record mutation village tehsil order dated khasra number applicant petition heard report patwari field book entry attested possession share heirs deceased boundary demarcation north south road canal irrigated kanal marla inspection compensation certificate issued under section rules accordingly forwarded necessary action file noting signed office district".Split(' ');

    public static async Task<int> Run(Options options, CancellationToken ct)
    {
        await using var home = await BenchHome.Open(ct);
        var folder = Directory.CreateDirectory(Path.Combine(home.Folder, "pages")).FullName;
        var random = new Random(20110810);
        var perScan = Math.Max(1, options.Pages / Scans);
        var pdfs = Enumerable.Range(0, Scans).Select(_ => Pdf(perScan, random)).ToArray();
        for (var i = 0; i < Scans; i++)
        {
            await File.WriteAllBytesAsync($"{folder}/{i}.pdf", pdfs[i], ct);
            await Program("pdftoppm", ["-r", "300", "-gray", $"{folder}/{i}.pdf", $"{folder}/{i}"], ct);
        }

        var pictures = Directory.GetFiles(folder, "*.pgm");
        var bare = await Terminal.Progress($"tesseract alone, {pictures.Length} pages", progress => Bare(pictures, progress, ct));

        double whole;
        await using (var app = await home.Site("scan", BenchHome.Pack(options.Pack), ["http://127.0.0.1:0"], ct))
        {
            await BenchHome.HoldPosts(app.Services.GetRequiredService<Database>(), ct);
            await app.StartAsync(ct);
            var scanning = app.Services.GetRequiredService<IScanning>();
            var (plan, items) = await scanning.Plan(Post, Guid.NewGuid(), "bench", "en", [.. Enumerable.Range(1, Scans).Select(i => $"BENCH/{i}")], ct);
            whole = await Terminal.Progress($"the whole intake, {pictures.Length} pages", async progress =>
            {
                var watch = Stopwatch.StartNew();
                for (var i = 0; i < Scans; i++) await scanning.Take(plan, items[i], pdfs[i], ct);
                using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
                while (await pulse.WaitForNextTickAsync(ct))
                {
                    var (_, read) = await scanning.Count(plan, ct);
                    progress.Report((double)read / pictures.Length);
                    if (read == pictures.Length) break;
                }

                return watch.Elapsed.TotalSeconds;
            });
            await app.StopAsync(ct);
        }

        var (bareRate, rate) = (pictures.Length * 60 / bare, pictures.Length * 60 / whole);
        AnsiConsole.Write(new Table().AddColumns("", "pages a minute").AddRow("the whole intake", $"{rate:N1}").AddRow("tesseract alone, two at a time", $"{bareRate:N1}").AddRow("ratio", $"{rate / bareRate:N2}"));
        Console.WriteLine(JsonSerializer.Serialize(new { bench = "scan", pages = pictures.Length, pages_per_min = Math.Round(rate, 1), tesseract_per_min = Math.Round(bareRate, 1), ratio = Math.Round(rate / bareRate, 2) }));
        return 0;
    }

    private static async Task<double> Bare(string[] pictures, IProgress<double> progress, CancellationToken ct)
    {
        var waiting = new ConcurrentQueue<string>(pictures);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            while (waiting.TryDequeue(out var picture))
            {
                await Program("tesseract", [picture, "stdout", "-l", "eng", "--oem", "1"], ct);
                progress.Report(1 - ((double)waiting.Count / pictures.Length));
            }
        }));
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task Program(string name, string[] arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        await output;
        if (process.ExitCode != 0) throw new SetupException($"{name}: {await errors}");
    }

    /// <summary>Pages of thirty lines of words, A4.</summary>
    private static byte[] Pdf(int pages, Random random)
    {
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        void Object(string body)
        {
            offsets.Add(pdf.Length);
            pdf.Append(CultureInfo.InvariantCulture, $"{offsets.Count} 0 obj\n{body}\nendobj\n");
        }

        Object("<< /Type /Catalog /Pages 2 0 R >>");
        Object($"<< /Type /Pages /Kids [{string.Join(' ', Enumerable.Range(0, pages).Select(i => $"{4 + (2 * i)} 0 R"))}] /Count {pages} >>");
        Object("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>");
        for (var page = 0; page < pages; page++)
        {
            var lines = string.Join('\n', Enumerable.Range(0, 30).Select(i => $"1 0 0 1 60 {770 - (i * 24)} Tm ({string.Join(' ', Enumerable.Range(0, 10).Select(_ => Words[random.Next(Words.Length)]))} {random.Next(10_000)}) Tj"));
            var content = $"BT /F1 12 Tf\n{lines}\nET";
            Object($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {offsets.Count + 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
            Object($"<< /Length {content.Length} >>\nstream\n{content}\nendstream");
        }

        var xref = pdf.Length;
        pdf.Append(CultureInfo.InvariantCulture, $"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) pdf.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        pdf.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(pdf.ToString());
    }
}
