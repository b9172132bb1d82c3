using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>Every fault of the refused input, linked to its field. The layout puts it at the top of every page, after the page knows its labels.</summary>
[HtmlTargetElement("error-summary", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ErrorSummaryTag(Texts texts) : TagHelper
{
    private static readonly object Shown = new();

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var http = View.HttpContext;
        // A status page tells the refusal in its heading.
        if (Refusal.Of(http) is not { } problem || http.Features.Get<IStatusPageFeature>() is not null || !http.Items.TryAdd(Shown, Shown))
        {
            output.SuppressOutput();
            return;
        }

        var labels = FieldLabels.Of(http);
        var body = Html.El("div", "govuk-error-summary__body");
        if (problem.Faults.Count == 0) body.Add(Html.El("p", null, texts.Problem(problem)));
        var list = Html.El("ul", "govuk-list govuk-error-summary__list");
        foreach (var fault in problem.Faults.DistinctBy(f => (f.Pointer, texts.Fault(f))))
        {
            var field = labels.Keys.FirstOrDefault(name => Refusal.Matches(fault.Pointer, name));
            var text = texts.Fault(fault);
            list.Add(Html.El("li", null, field is null
                ? text
                : Html.El("a", null, labels[field].Length > 0 ? $"{labels[field]}: " : null, text).With("href", "#" + FieldTag.IdOf(field))));
        }

        if (problem.Faults.Count > 0) body.Add(list);
        output.Write(Html.El("div", "govuk-error-summary",
            Html.El("div", null, Html.El("h2", "govuk-error-summary__title", texts["kernel.error-summary"]).With("id", "error-summary-title"), body).With("role", "alert"))
            .With("tabindex", "-1").With("aria-labelledby", "error-summary-title").With("data-focus", ""));
    }
}
