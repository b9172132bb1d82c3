using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Office.Intake;
using Sahulat.Office.Scan;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>What the tests of scanning do again and again.</summary>
internal static partial class Scans
{
    public const string Path = "/en/desk/office/scanning";

    /// <summary>Nothing runs in the background: the test takes each step.</summary>
    public static readonly Dictionary<string, string?> ByHand = new() { ["Sahulat:PageReading"] = "off" };

    public static async Task<Guid> Planned(HttpClient clerk, string list)
    {
        var made = await clerk.Form(Path, new() { ["name"] = "Record room", ["lang"] = "en", ["pages"] = "100", ["keep"] = "90", ["post"] = Offices.Clerk, ["starts.day"] = "2", ["starts.month"] = "11", ["starts.year"] = "2026", ["due.day"] = "30", ["due.month"] = "11", ["due.year"] = "2026" });
        Assert.True(made.StatusCode == HttpStatusCode.SeeOther, await made.Content.ReadAsStringAsync());
        var plan = Offices.Id(made);
        Assert.Equal(HttpStatusCode.SeeOther, (await Bundle(clerk, plan, list)).StatusCode);
        return plan;
    }

    public static Task<HttpResponseMessage> Bundle(HttpClient clerk, Guid plan, string list) =>
        clerk.Form($"{Path}/{plan:N}", new() { ["do"] = "bundle", ["shelf"] = "Shelf 3", ["team"] = "Team A", ["list"] = list, ["target.day"] = "20", ["target.month"] = "11", ["target.year"] = "2026" });

    public static async Task All(TestSite site)
    {
        while (await site.Services.GetRequiredService<IntakeReader>().Next(default))
        {
        }

        while (await site.Services.GetRequiredService<PageReader>().ReadNext(default))
        {
        }
    }

    public static async Task<HttpResponseMessage> Upload(HttpClient client, Guid plan, byte[] content, Guid? item = null)
    {
        var token = WebUtility.HtmlDecode(Token().Match(await client.GetStringAsync("/en/desk/office/receipts/new")).Groups[1].Value);
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { new StringContent(token), "_form" }, { new StringContent("scan"), "do" }, { new StringContent(item?.ToString() ?? ""), "item" }, { file, "scans", "scan" } };
        return await client.PostAsync($"{Path}/{plan:N}", form);
    }

    /// <summary>The codes on the sheets, which are printed as pictures that a reader of barcodes knows.</summary>
    public static async Task<string[]> Codes(HttpClient clerk, TestSite site, Guid plan)
    {
        var bundle = await site.Database.One<Guid>("select id from office.scan_bundle");
        var sheets = await clerk.GetStringAsync($"{Path}/{plan:N}/sheets?bundle={bundle:N}");
        return [.. Picture().Matches(sheets).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];
    }

    /// <summary>A sheet as it comes back from the scanner: the printed code on white.</summary>
    public static Grey Sheet(string png, Grey like)
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

    public static async Task<Grey> Drawn(string text)
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

    public static async Task<byte[]> Tiff(params Grey[] pages)
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

    public static async Task<byte[]> Jpeg(Grey page)
    {
        var file = System.IO.Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, page.Write());
        var jpeg = Run("pnmtojpeg", "-quality=90", file);
        File.Delete(file);
        return jpeg;
    }

    public static byte[] Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.Result}");
        return output.ToArray();
    }

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("src=\"data:image/png;base64,([^\"]+)\"")]
    private static partial Regex Picture();
}
