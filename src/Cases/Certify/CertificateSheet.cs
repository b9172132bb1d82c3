using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using QRCoder;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Certify;

/// <summary>The certificate as one page of HTML that needs nothing from outside: in the applicant's language with English beside it, every value escaped and isolated.</summary>
internal sealed class CertificateSheet(TextCatalogue texts, Assets assets, Certificates certificates, IForms forms, IOrganisation organisation, SiteAddress site)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly Lazy<string> style = new(() => Style(assets));

    /// <summary>The names that the certificate is about: the applicant's own, else those it speaks of other than parents', else whatever it names first.</summary>
    public string Holder(CertificateRow c, JsonObject answers)
    {
        var service = certificates.ServiceOf(c)!;
        var named = CertificateText.Names(service.Certificate!.Body.In(Lang.En)).ToArray();
        var chosen = named.Contains("full_name") ? ["full_name"] : named.Where(n => n.EndsWith("_name", StringComparison.Ordinal) && n is not ("father_name" or "mother_name")).ToArray();
        if (chosen.Length == 0) chosen = [.. named.Take(1)];
        return string.Join(", ", chosen.Select(Text(c, service, answers, Lang.En).Value).Where(v => v.Length > 0));
    }

    public string Html(CertificateRow c, JsonObject answers)
    {
        var service = certificates.ServiceOf(c)!;
        var template = service.Certificate!;
        var lang = LangOf(c, template);
        Lang[] langs = lang == Lang.En ? [lang] : [lang, Lang.En];
        var address = site.Of($"/{lang.Code}/verify/{c.Token}");
        var html = new StringBuilder(400_000);
        html.Append($"""
            <!DOCTYPE html><html lang="{lang.Code}" dir="{lang.Direction}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; font-src data:; style-src 'unsafe-inline'">
            <title>{E(template.Title.In(lang))} {Reference.Show(c.Number)}</title><style>{style.Value}</style></head><body><div class="frame"></div><div class="sheet">
            """);
        html.Append("<header>");
        foreach (var l in langs) html.Append(Part("div", l, l == lang ? "of" : "of second", string.Join("<br>", Heads(c, service, l).Select(E))));
        html.Append("</header>");
        foreach (var l in langs) html.Append(Part(l == lang ? "h1" : "p", l, l == lang ? "title" : "title second", E(template.Title.In(l))));
        foreach (var l in langs) html.Append(Part("p", l, l == lang ? "words" : "words second", Text(c, service, answers, l).Fill(template.Body.In(l), E)));
        html.Append("<dl>");
        foreach (var (key, value) in Facts(c)) html.Append($"<div><dt>{string.Join(" <i>·</i> ", langs.Select(l => Part("span", l, null, E(texts.In(l)[key]))))}</dt><dd>{string.Join("<br>", langs.DistinctBy(value).Select(l => Part("span", l, null, value(l))))}</dd></div>");
        html.Append("</dl><footer>").Append(Qr(address)).Append("<div>");
        foreach (var l in langs)
        {
            var t = texts.In(l);
            html.Append(Part("p", l, l == lang ? null : "second", $"{E(t["cases.sheet.signed"])} {E(t["cases.sheet.verify"])}{(c.Replaces is { } old ? $" {E(t["cases.sheet.replaces", Reference.Show(old)])}" : "")}"));
        }

        html.Append($"<p class=\"address\" lang=\"en\" dir=\"ltr\">{E(address)}</p></div></footer></div></body></html>");
        return html.ToString();
    }

    /// <summary>Kashmiri falls back to Urdu and Dogri to Hindi where a service has no text in them.</summary>
    internal static Lang LangOf(CertificateRow c, CertificateTemplate template)
    {
        var lang = Lang.Find(c.Lang) ?? Lang.En;
        if (template.Body.ContainsKey(lang.Code)) return lang;
        var near = lang == Lang.Ks ? Lang.Ur : lang == Lang.Doi ? Lang.Hi : Lang.En;
        return template.Body.ContainsKey(near.Code) ? near : Lang.En;
    }

    private CertificateText Text(CertificateRow c, ServiceVersion service, JsonObject answers, Lang lang) =>
        new(forms.For(service).Summary(answers, lang), organisation.Place(c.Place)?.Name.In(lang) ?? c.Place, Reference.Show(c.Reference), lang);

    private IEnumerable<string> Heads(CertificateRow c, ServiceVersion service, Lang lang)
    {
        yield return organisation.Place(organisation.PlaceAndAncestors(c.Place)[^1])?.Name.In(lang) ?? "";
        yield return organisation.Department(service.Department).In(lang);
        if (certificates.OfficeOf(c) is { } office) yield return office.Name.In(lang);
    }

    private IEnumerable<(string Key, Func<Lang, string> Value)> Facts(CertificateRow c)
    {
        yield return ("cases.sheet.number", _ => Ltr(Reference.Show(c.Number)));
        yield return ("cases.sheet.reference", _ => Ltr(Reference.Show(c.Reference)));
        yield return ("cases.sheet.issued-on", l => E(texts.In(l).Date(c.IssuedOn)));
        yield return ("cases.sheet.valid-until", l => E(c.ExpiresOn is { } until ? texts.In(l).Date(until) : texts.In(l)["cases.sheet.no-end"]));
        if (c.Post is { } post && organisation.Post(post) is { } p) yield return ("cases.sheet.issued-by", l => E(p.Name.In(l)));
    }

    private static string Part(string tag, Lang lang, string? css, string inner) => $"<{tag} lang=\"{lang.Code}\" dir=\"{lang.Direction}\"{(css is null ? "" : $" class=\"{css}\"")}>{inner}</{tag}>";

    private static string Ltr(string text) => $"<bdi dir=\"ltr\">{E(text)}</bdi>";

    private static string E(string text) => Encoder.Encode(text);

    /// <summary>Drawn as one path, so that it stays sharp at any size.</summary>
    private static string Qr(string address)
    {
        using var code = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        var (size, path) = (code.ModuleMatrix.Count, new StringBuilder());
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                if (code.ModuleMatrix[y][x]) path.Append($"M{x} {y}h1v1h-1z");
        return $"<svg role=\"img\" aria-label=\"{E(address)}\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>";
    }

    /// <summary>The portal's own fonts, inside the page; the machine's Noto fonts for letters that they leave out.</summary>
    private static string Style(Assets assets)
    {
        string Face(string family, string file, int weight, string range) =>
            $"@font-face{{font-family:\"{family}\";font-weight:{weight};src:url(data:font/woff2;base64,{Convert.ToBase64String(assets.Content($"assets/fonts/{file}.woff2").Span)});unicode-range:{range}}}";
        const string arabic = "U+0600-06FF,U+200C-200D,U+FDF2,U+FDFA", devanagari = "U+0900-097F,U+1CD0-1CF9,U+200C-200D,U+A8E0-A8F9";
        return Face("S Nastaliq", "nastaliq-400", 400, arabic) + Face("S Naskh", "naskh-400", 400, arabic) + Face("S Deva", "deva-400", 400, devanagari) + Face("S Deva", "deva-700", 700, devanagari) + """
            @page{size:A4;margin:9mm}
            *{box-sizing:border-box;margin:0}
            html{font-synthesis:none}
            body{color:#16202a;font:11pt/1.5 "Noto Sans",sans-serif;-webkit-print-color-adjust:exact;overflow-wrap:anywhere}
            .frame{position:fixed;inset:0;border:.5mm solid #0d4663}.frame::after{content:"";position:absolute;inset:.9mm;border:.2mm solid #0d4663}
            .sheet{display:flex;flex-direction:column;min-height:274mm;padding:11mm 12mm;-webkit-box-decoration-break:clone;box-decoration-break:clone}
            [lang=ur],[lang=ks]{font-family:"S Nastaliq","Noto Sans","Noto Nastaliq Urdu",sans-serif;line-height:2.1}
            [lang=en]{font-family:"Noto Sans","S Naskh","Noto Naskh Arabic","S Deva","Noto Sans Devanagari",sans-serif;line-height:1.5}
            [lang=hi],[lang=doi]{font-family:"Noto Sans","S Deva","Noto Sans Devanagari","S Naskh","Noto Naskh Arabic",sans-serif;line-height:1.6}
            header{display:flex;justify-content:space-between;gap:10mm;font-size:10.5pt;padding-bottom:4mm;border-bottom:.3mm solid #0d4663}
            header .of{flex:1;text-align:start}header .of[lang=ur],header .of[lang=ks]{line-height:1.9}header .second{font-size:9.5pt;text-align:right}[dir=rtl]>body header .second{text-align:left}header .of:only-child{text-align:center}
            .title{text-align:center;color:#0d4663;font-weight:700;font-size:20pt;margin-top:9mm;line-height:1.35;text-wrap:balance}
            .title[lang=ur],.title[lang=ks]{font-weight:400;font-size:21pt;line-height:2;margin-top:5mm}
            .title.second{font-size:12.5pt;margin-top:1mm}
            .words{font-size:13pt;margin-top:8mm;text-align:start}
            .words[lang=ur],.words[lang=ks]{font-size:14pt;margin-top:5mm}
            .words.second{font-size:11pt;margin-top:6mm;padding-top:5mm;border-top:.2mm solid #c9d8e0}
            .words b{font-weight:700;color:#0d3349}.words .n{white-space:nowrap}.words[lang=ur] b,.words[lang=ks] b{font-weight:400;color:#0d4663}
            dl{display:grid;grid-template-columns:1fr 1fr;gap:4mm 10mm;margin:8mm 0;padding-top:5mm;border-top:.2mm solid #c9d8e0}
            dl>div{break-inside:avoid}dt{color:#41525f;font-size:9pt}dt i{font-style:normal;color:#8fa1ad}dt [lang]{line-height:1.6}dd{font-size:11pt}dd [lang]{line-height:1.5}dd [lang=ur],dd [lang=ks],dt [lang=ur],dt [lang=ks]{line-height:1.9}dd [lang=en]{font-size:10pt}dd bdi{font-weight:700;font-family:"Noto Sans",sans-serif;font-size:11pt}
            footer{display:flex;gap:7mm;align-items:center;margin-top:auto;padding-top:5mm;border-top:.2mm solid #c9d8e0;break-inside:avoid;font-size:9pt;color:#2b3a46}
            footer svg{width:38mm;height:38mm;flex:none;margin:-3mm}
            footer .second{margin-top:1mm}footer [lang=ur],footer [lang=ks]{line-height:1.9}
            .address{margin-top:1.5mm;font-size:8pt;color:#41525f;word-break:break-all}[dir=rtl] .address{text-align:right}
            """;
    }
}
