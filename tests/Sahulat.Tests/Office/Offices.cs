using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Access;
using Sahulat.Office;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>What the tests of the paperless office do again and again.</summary>
internal static partial class Offices
{
    public const string Clerk = "revenue-clerk@tehsil-79";
    public const string Deputy = "deputy-commissioner@district-5";

    /// <summary>A small sound PDF with a line of text on each page.</summary>
    public static byte[] Pdf(params string[] pages)
    {
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        void Object(string body)
        {
            offsets.Add(pdf.Length);
            pdf.Append($"{offsets.Count} 0 obj\n{body}\nendobj\n");
        }

        Object("<< /Type /Catalog /Pages 2 0 R >>");
        Object($"<< /Type /Pages /Kids [{string.Join(' ', pages.Select((_, i) => $"{4 + (2 * i)} 0 R"))}] /Count {pages.Length} >>");
        Object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        foreach (var text in pages)
        {
            var content = text.Length == 0 ? "" : $"BT /F1 24 Tf 60 700 Td ({text}) Tj ET";
            Object($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {offsets.Count + 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
            Object($"<< /Length {content.Length} >>\nstream\n{content}\nendstream");
        }

        var xref = pdf.Length;
        pdf.Append($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) pdf.Append($"{offset:D10} 00000 n \n");
        pdf.Append($"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(pdf.ToString());
    }

    /// <summary>Sends the page's form with these files as one letter.</summary>
    public static Task<HttpResponseMessage> Letter(this HttpClient client, string post, params byte[][] papers) => client.Enter(post, "Mutation of land", papers, []);

    /// <summary>Diarises through the page's own form.</summary>
    /// <returns>The receipt's id.</returns>
    public static async Task<Guid> Diarise(this HttpClient client, string post, string subject = "Mutation of land", byte[]? paper = null, params (string Name, string Value)[] more)
    {
        using var answer = await client.Enter(post, subject, paper is null ? [] : [paper], more);
        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return Id(answer);
    }

    private static async Task<HttpResponseMessage> Enter(this HttpClient client, string post, string subject, byte[][] papers, (string Name, string Value)[] more)
    {
        using var form = new MultipartFormDataContent();
        var fields = new Dictionary<string, string> { ["sender"] = "Ghulam Nabi", ["subject"] = subject, ["lang"] = "en", ["classification"] = "normal", ["urgency"] = "normal", ["post"] = post };
        foreach (var (name, value) in more) fields[name] = value;
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        foreach (var paper in papers)
        {
            var file = new ByteArrayContent(paper);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(file, "paper", "letter.pdf");
        }

        form.Add(new StringContent(WebUtility.HtmlDecode(Token().Match(await client.GetStringAsync("/en/desk/office/receipts/new")).Groups[1].Value)), "_form");
        return await client.PostAsync("/en/desk/office/receipts/new", form);
    }

    public static async Task<Guid> OpenFile(this HttpClient client, string post, string number, Guid? receipt = null, string classification = "normal", string subject = "Mutation in village Gho")
    {
        var path = $"/en/desk/office/files/new{(receipt is { } of ? $"?receipt={of:N}" : "")}";
        using var answer = await client.Form(path, new() { ["do"] = "open", ["subject"] = subject, ["number"] = number, ["classification"] = classification, ["urgency"] = "normal", ["post"] = post });
        Assert.True(answer.StatusCode == HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return Id(answer);
    }

    public static async Task<HttpResponseMessage> OnFile(this TestSite site, HttpClient client, Guid file, string act, params (string Name, string Value)[] more)
    {
        var version = await site.Database.One<long>("select version from office.file where id = @file", new { file });
        return await client.Send($"/en/desk/office/files/{file:N}", [("do", act), ("version", $"{version}"), .. more], $"/en/desk/office/receipts/new");
    }

    public static Guid Id(HttpResponseMessage answer) => Id(answer.Headers.Location!.OriginalString);

    public static Guid Id(string path) => Guid.Parse(IdInPath().Match(path).Value);

    /// <summary>Runs a program and gives what it printed.</summary>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }

    public static Reach Reach(this TestSite site, Guid official, string name = "Official") => site.Services.GetRequiredService<OfficePosts>().Of(new OfficialCaller(official, name));

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex IdInPath();
}
