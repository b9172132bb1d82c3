using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Host.Pages;

/// <summary>What the layouts ask about the present request.</summary>
internal static class Frame
{
    /// <summary>When the texts of the frame and of the pages of text were last reviewed.</summary>
    public static readonly DateOnly Reviewed = new(2026, 11, 23);

    public static string StyleSheet(Assets assets, Lang lang) => assets[lang.Script switch { "Arab" => "css/citizen-nastaliq.css", "Deva" => "css/citizen-deva.css", _ => "css/citizen.css" }];

    public static string DeskStyleSheet(Assets assets, Lang lang) => assets[lang.Script switch { "Arab" => "css/desk-naskh.css", "Deva" => "css/desk-deva.css", _ => "css/desk.css" }];

    /// <summary>The present page in another language, with its query; the page asked for when this is a status page.</summary>
    public static string InLanguage(HttpContext http, Lang lang)
    {
        var address = http.Features.Get<IStatusPageFeature>()?.Address ?? http.Request.PathBase + http.Request.Path + http.Request.QueryString;
        var rest = address.TrimStart('/');
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var first = end < 0 ? rest : rest[..end];
        return "/" + lang.Code + (Lang.Find(first) is null ? "" : rest[first.Length..]);
    }

    /// <summary>The governments whose packs are loaded, as they call themselves.</summary>
    public static string Owners(HttpContext http, Texts texts) => string.Join(" · ", http.RequestServices.GetRequiredService<IOrganisation>().Governments.Select(g => g.Title.In(texts.Lang)).Where(t => t.Length > 0));

    public static string Title(HttpContext http, ViewDataDictionary data, Texts texts)
    {
        var title = data["Title"] is string own ? $"{own} - {texts["host.name"]}" : texts["host.name"];
        return Refusal.Of(http) is null || http.Features.Get<IStatusPageFeature>() is not null ? title : $"{texts["kernel.error"]}: {title}";
    }

    /// <summary>The entry of the menu that the present page belongs to.</summary>
    public static string? Current(HttpContext http, Texts texts, string path) =>
        http.Request.Path.StartsWithSegments(texts.Url(path)) ? (http.Request.Path == texts.Url(path) ? "page" : "true") : null;
}
