using System.Net;
using System.Text;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Draft;

/// <param name="Post">Who signs, for what post.</param>
internal sealed record Letter(string Kind, string Lang, string Office, string File, string Number, DateOnly On, DraftText Text, string Name, string Post);

/// <summary>Letters, orders, office memoranda and circulars on paper, printed by Chromium in a process of its own.</summary>
internal sealed class LetterPrinter(OfficePosts posts, TextCatalogue texts)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-pdf-header-footer"];

    /// <returns>Null when Chromium could not print.</returns>
    public async Task<byte[]?> Print(Letter letter, CancellationToken ct)
    {
        try
        {
            return await Print(Html(letter), ct);
        }
        catch (SetupException)
        {
            return null;
        }
    }

    /// <returns>Null when Chromium could not print.</returns>
    /// <exception cref="SetupException">Chromium is not installed.</exception>
    public static async Task<byte[]?> Print(string html, CancellationToken ct)
    {
        using var scratch = new Scratch();
        await File.WriteAllTextAsync(scratch.File("letter.html"), html, ct);
        var pdf = scratch.File("letter.pdf");
        await Bounded.Run("chromium", [.. Flags, $"--user-data-dir={scratch.File("home")}", $"--print-to-pdf={pdf}", $"file://{scratch.File("letter.html")}"], Limit, 0, ct);
        return File.Exists(pdf) ? await File.ReadAllBytesAsync(pdf, ct) : null;
    }

    public string Html(Letter letter)
    {
        var lang = Lang.Find(letter.Lang) ?? Lang.En;
        var t = texts.In(lang);
        static string E(string text) => WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal);
        var html = new StringBuilder();
        var font = lang.RightToLeft ? "'Noto Nastaliq Urdu', 'Noto Naskh Arabic'" : "'Noto Sans', 'Noto Sans Devanagari'";
        html.Append($$"""
            <!DOCTYPE html><html lang="{{lang.Code}}" dir="{{lang.Direction}}"><head><meta charset="utf-8"><title>{{E(letter.Number)}}</title><style>
            @page { size: A4; margin: 22mm } body { font: 12pt/{{(lang.RightToLeft ? "2.1" : "1.5")}} {{font}}, sans-serif } h1 { font-size: 15pt; text-align: center; margin: 0 } h2 { font-size: 13pt; text-align: center; text-decoration: underline }
            .top { display: flex; justify-content: space-between; border-top: 1px solid; margin-top: 6mm; padding-top: 2mm } .sign { margin-top: 14mm; text-align: end } p { margin: 4mm 0 } bdi { unicode-bidi: isolate } bdi[dir=ltr] { font-family: 'Noto Sans' }
            </style></head><body><h1>{{E(posts.OfficeName(letter.Office, lang))}}</h1>
            <div class="top"><span>{{E(t["office.print.number"])}} <bdi dir="ltr">{{E(letter.File)}} / {{E(letter.Number)}}</bdi></span><span>{{E(t.Date(letter.On))}}</span></div>
            <h2>{{E(t[$"office.form.{letter.Kind}"])}}</h2>
            """);
        html.Append($"<p>{E(t["office.print.to"])}<br>{E(letter.Text.To)}</p><p><strong>{E(t["office.print.subject"])} {E(letter.Text.Subject)}</strong></p>");
        foreach (var paragraph in letter.Text.Body.Replace("\r\n", "\n", StringComparison.Ordinal).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)) html.Append($"<p>{E(paragraph.Trim())}</p>");
        html.Append($"<div class=\"sign\"><p>{E(letter.Name)}<br>{E(posts.Name(letter.Post, lang))}</p></div></body></html>");
        return html.ToString();
    }
}
