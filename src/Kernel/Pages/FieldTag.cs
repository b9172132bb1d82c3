using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>A question: label, hint, faults by name and what the reader typed before the refusal.</summary>
public abstract class FieldTag(Texts texts) : TagHelper
{
    public string Name { get; set; } = "";

    public string Label { get; set; } = "";

    public string? Hint { get; set; }

    /// <summary>The label is the heading of the page (one question a page).</summary>
    public bool Heading { get; set; }

    /// <summary>The label is for screen readers only.</summary>
    public bool HideLabel { get; set; }

    public bool Optional { get; set; }

    [ViewContext, HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    protected Texts T => texts;

    protected HttpContext Http => View.HttpContext;

    /// <summary>The name as an element id: what the error summary links to.</summary>
    protected string Id => IdOf(Name);

    protected IReadOnlyList<string> Wrong { get; private set; } = [];

    public static string IdOf(string name) => "f-" + name.Trim('/').Replace('/', '-').Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal);

    public sealed override void Process(TagHelperContext context, TagHelperOutput output)
    {
        (Label, Hint) = (Bidi.Isolate(texts.Lang, Label), Hint is null ? null : Bidi.Isolate(texts.Lang, Hint));
        Wrong = [.. Refusal.For(Http, Name).Select(texts.Fault).Distinct()];
        FieldLabels.Of(Http)[Name] = Label;
        var extra = output.Attributes.Where(a => a.Name.StartsWith("data-", StringComparison.Ordinal)).ToDictionary(a => a.Name, a => a.Value?.ToString());
        var group = Html.El("div", Html.Join("govuk-form-group", Wrong.Count > 0 ? "govuk-form-group--error" : null), Build());
        foreach (var (name, value) in extra) group.With(name, value);
        output.Write(group);
    }

    protected abstract IHtmlContent Build();

    /// <summary>What was posted, else the value given.</summary>
    protected string? Posted(string? value) => Posted(Name, value);

    protected string? Posted(string name, string? value) =>
        Refusal.Of(Http) is not null && Http.Request.HasFormContentType && Http.Request.Form.TryGetValue(name, out var typed) ? typed.ToString() : value;

    protected string Question => Optional ? texts["kernel.optional", Label] : Label;

    protected IHtmlContent LabelElement()
    {
        var label = Html.El("label", Html.Join("govuk-label", Heading ? "govuk-label--l" : null, HideLabel ? "govuk-visually-hidden" : null), Question).With("for", Id);
        return Heading ? Html.El("h1", "govuk-label-wrapper", label) : label;
    }

    protected IHtmlContent Legend() =>
        Html.El("legend", Html.Join("govuk-fieldset__legend", Heading ? "govuk-fieldset__legend--l" : null, HideLabel ? "govuk-visually-hidden" : null),
            Heading ? Html.El("h1", "govuk-fieldset__heading", Question) : Question);

    protected IHtmlContent? HintElement() => string.IsNullOrEmpty(Hint) ? null : Html.El("div", "govuk-hint", Hint).With("id", Id + "-hint");

    protected IHtmlContent? ErrorElement() => Wrong.Count == 0
        ? null
        : Html.El("p", "govuk-error-message", Html.El("span", "govuk-visually-hidden", texts["kernel.error"] + ": "), string.Join(" ", Wrong)).With("id", Id + "-error");

    protected string? DescribedBy(string? also = null)
    {
        var ids = Html.Join(string.IsNullOrEmpty(Hint) ? null : Id + "-hint", also, Wrong.Count == 0 ? null : Id + "-error");
        return ids.Length == 0 ? null : ids;
    }
}

/// <summary>The labels of the fields on the page, so that the error summary can say which answer it means.</summary>
public static class FieldLabels
{
    private static readonly object Key = new();

    public static Dictionary<string, string> Of(HttpContext http)
    {
        if (http.Items[Key] is Dictionary<string, string> labels) return labels;
        labels = new(StringComparer.Ordinal);
        http.Items[Key] = labels;
        return labels;
    }
}
