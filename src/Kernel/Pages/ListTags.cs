using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>Questions and answers in rows (<see cref="SummaryRowTag"/>). <c>plain="true"</c> leaves the lines out.</summary>
[HtmlTargetElement("s-summary")]
public sealed class SummaryTag : TagHelper
{
    public bool Plain { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "dl";
        output.Attributes.SetAttribute("class", Html.Join("govuk-summary-list", Plain ? "govuk-summary-list--no-border" : null, output.Attributes["class"]?.Value?.ToString()));
    }
}

/// <summary>One row; <c>change</c> is the path of the page that changes it (language is put in front).</summary>
[HtmlTargetElement("s-row", ParentTag = "s-summary")]
public sealed class SummaryRowTag(Texts texts) : TagHelper
{
    public string Key { get; set; } = "";

    public string? Change { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        var action = Change is null
            ? null
            : Html.El("dd", "govuk-summary-list__actions",
                Html.El("a", "govuk-link", texts["kernel.change"], Html.El("span", "govuk-visually-hidden", " " + Key)).With("href", texts.Url(Change)));
        output.Write(Html.El("div", Html.Join("govuk-summary-list__row", Change is null ? "govuk-summary-list__row--no-actions" : null),
            Html.El("dt", "govuk-summary-list__key", Key), Html.El("dd", "govuk-summary-list__value", content), action));
    }
}

/// <summary>Links to the pages of a list: the present address with another <c>page</c>. Pages are counted from 1.</summary>
[HtmlTargetElement("s-pager", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PagerTag(Texts texts) : TagHelper
{
    public int Page { get; set; } = 1;

    public int Pages { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Pages <= 1)
        {
            output.SuppressOutput();
            return;
        }

        output.Write(Html.El("nav", "s-pager",
            Page > 1 ? Link(Page - 1, "prev", texts["kernel.previous"]) : Html.El("span", null),
            Html.El("span", "s-pager__place", texts["kernel.page-of", Page, Pages]),
            Page < Pages ? Link(Page + 1, "next", texts["kernel.next"]) : Html.El("span", null)).With("aria-label", texts["kernel.pages"]));
    }

    private TagBuilder Link(int page, string rel, string text)
    {
        var query = new QueryBuilder(View.HttpContext.Request.Query.Where(q => q.Key != "page").SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v ?? "")))
        {
            { "page", page.ToString(CultureInfo.InvariantCulture) },
        };
        return Html.El("a", "govuk-link s-pager__" + rel, text).With("href", View.HttpContext.Request.Path + query.ToString()).With("rel", rel);
    }
}

/// <summary>The way back; the layout has a place for it: <c>ViewData["Back"]</c>.</summary>
[HtmlTargetElement("s-back", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class BackTag(Texts texts) : TagHelper
{
    public string To { get; set; } = "/";

    public override void Process(TagHelperContext context, TagHelperOutput output) =>
        output.Write(Html.El("a", "govuk-back-link", texts["kernel.back"]).With("href", texts.Url(To)));
}
