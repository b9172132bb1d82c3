using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>A form sent by POST with its antiforgery token; the browser's own checks are off, ours answer in the reader's language.</summary>
[HtmlTargetElement("s-form")]
public sealed class FormTag(IAntiforgery antiforgery) : TagHelper
{
    /// <summary>Where to send; without it the page's own address. As it is: <c>T.Url("/sign-out")</c>.</summary>
    public string? Action { get; set; }

    public bool Upload { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "form";
        output.Attributes.SetAttribute("method", "post");
        output.Attributes.SetAttribute(new TagHelperAttribute("novalidate"));
        if (Action is not null) output.Attributes.SetAttribute("action", Action);
        if (Upload) output.Attributes.SetAttribute("enctype", "multipart/form-data");
        output.PreContent.AppendHtml(antiforgery.GetHtml(View.HttpContext));
    }
}

/// <summary>A button that sends the form. Tones: secondary, warning, inverse.</summary>
[HtmlTargetElement("s-button")]
public sealed class ButtonTag : TagHelper
{
    public string? Tone { get; set; }

    public string? Name { get; set; }

    public string? Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "button";
        output.Attributes.SetAttribute("type", "submit");
        output.Attributes.SetAttribute("class", Html.Join("govuk-button", Tone is null ? null : "govuk-button--" + Tone, output.Attributes["class"]?.Value?.ToString()));
        if (Name is not null) output.Attributes.SetAttribute("name", Name);
        if (Value is not null) output.Attributes.SetAttribute("value", Value);
        output.Attributes.SetAttribute("data-once", "");
    }
}

/// <summary>A link inside the site: <c>to="/services"</c> gets the language in front. <c>button="true"</c> draws it as a button.</summary>
[HtmlTargetElement("s-link", Attributes = "to")]
public sealed class LinkTag(Texts texts) : TagHelper
{
    public string To { get; set; } = "";

    public bool Button { get; set; }

    public string? Tone { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "a";
        output.Attributes.SetAttribute("href", texts.Url(To));
        var css = Button ? Html.Join("govuk-button", Tone is null ? null : "govuk-button--" + Tone) : "govuk-link";
        if (Button) output.Attributes.SetAttribute("role", "button");
        output.Attributes.SetAttribute("class", Html.Join(css, output.Attributes["class"]?.Value?.ToString()));
    }
}

/// <summary>Numbers, references, telephone numbers and dates: isolated, left to right. Text that holds right-to-left letters keeps its own direction.</summary>
[HtmlTargetElement("ltr")]
public sealed class LtrTag : TagHelper
{
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "bdi";
        var content = (await output.GetChildContentAsync()).GetContent();
        if (!content.Any(c => c is >= '\u0590' and <= '\u08FF')) output.Attributes.SetAttribute("dir", "ltr");
    }
}

/// <summary>The big box that confirms.</summary>
[HtmlTargetElement("s-panel")]
public sealed class PanelTag : TagHelper
{
    public string Title { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.Write(Html.El("div", "govuk-panel govuk-panel--confirmation", Html.El("h1", "govuk-panel__title", Title), Html.El("div", "govuk-panel__body", content)));
    }
}

/// <summary>A state. Tones: grey, green, red, orange, yellow, blue, purple, teal.</summary>
[HtmlTargetElement("s-tag")]
public sealed class StateTag : TagHelper
{
    public string Tone { get; set; } = "blue";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "strong";
        output.Attributes.SetAttribute("class", Html.Join("govuk-tag", "govuk-tag--" + Tone, output.Attributes["class"]?.Value?.ToString()));
    }
}

/// <summary>A list with nothing in it says so, and what to do.</summary>
[HtmlTargetElement("s-empty")]
public sealed class EmptyTag : TagHelper
{
    public string? Title { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.Write(Html.El("div", "s-empty", Title is null ? null : Html.El("p", "s-empty__title", Title), Html.El("div", "s-empty__body", content)));
    }
}

/// <summary>A notice. Kinds: inset, warning, success.</summary>
[HtmlTargetElement("s-notice")]
public sealed class NoticeTag : TagHelper
{
    public string Kind { get; set; } = "inset";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.Write(Kind switch
        {
            "warning" => Html.El("div", "govuk-warning-text", Html.El("span", "govuk-warning-text__icon", "!").With("aria-hidden", "true"), Html.El("strong", "govuk-warning-text__text", content)),
            "success" => Html.El("div", "s-success", content).With("role", "status"),
            _ => Html.El("div", "govuk-inset-text", content),
        });
    }
}

/// <summary>More for those who want it, folded.</summary>
[HtmlTargetElement("s-details")]
public sealed class DetailsTag : TagHelper
{
    public string Summary { get; set; } = "";

    public bool Open { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.Write(Html.El("details", "govuk-details",
            Html.El("summary", "govuk-details__summary", Html.El("span", "govuk-details__summary-text", Summary)),
            Html.El("div", "govuk-details__text", content)).If(Open, "open"));
    }
}
