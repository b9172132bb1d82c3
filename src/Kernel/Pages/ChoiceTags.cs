using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>One answer out of a few.</summary>
[HtmlTargetElement("s-radios", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class RadiosTag(Texts texts) : ChoicesTag(texts, "radios", "radio")
{
    public string? Value { get; set; }

    protected override bool IsChosen(string value) => Posted(Value) == value;
}

/// <summary>Any of a few answers. A single box is one item with an empty label of its own.</summary>
[HtmlTargetElement("s-checkboxes", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CheckboxesTag(Texts texts) : ChoicesTag(texts, "checkboxes", "checkbox")
{
    public IReadOnlyCollection<string> Values { get; set; } = [];

    protected override bool IsChosen(string value) =>
        Refusal.Of(Http) is not null && Http.Request.HasFormContentType ? Http.Request.Form[Name].Contains(value) : Values.Contains(value);
}

public abstract class ChoicesTag(Texts texts, string component, string type) : FieldTag(texts)
{
    public IEnumerable<Choice> Items { get; set; } = [];

    /// <summary>Side by side, for two short answers.</summary>
    public bool Inline { get; set; }

    public bool Small { get; set; }

    protected abstract bool IsChosen(string value);

    protected override IHtmlContent Build()
    {
        var list = Html.El("div", Html.Join("govuk-" + component, Inline ? $"govuk-{component}--inline" : null, Small ? $"govuk-{component}--small" : null));
        var number = 0;
        foreach (var item in Items)
        {
            // The first box carries the plain id: the error summary links to it.
            var id = number == 0 ? Id : $"{Id}-{number + 1}";
            number++;
            var hint = item.Hint is null ? null : Html.El("div", $"govuk-hint govuk-{component}__hint", item.Hint).With("id", id + "-item-hint");
            list.Add(Html.El("div", $"govuk-{component}__item",
                Html.Void("input", $"govuk-{component}__input").With("id", id).With("name", Name).With("type", type).With("value", item.Value)
                    .With("aria-describedby", hint is null ? null : id + "-item-hint").If(IsChosen(item.Value), "checked"),
                Html.El("label", $"govuk-label govuk-{component}__label", item.Label).With("for", id),
                hint));
        }

        return Html.El("fieldset", "govuk-fieldset", Legend(), HintElement(), ErrorElement(), list).With("aria-describedby", DescribedBy());
    }
}

/// <summary>One answer out of many.</summary>
[HtmlTargetElement("s-select", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SelectTag(Texts texts) : FieldTag(texts)
{
    public string? Value { get; set; }

    public IEnumerable<Choice> Items { get; set; } = [];

    public string? Autocomplete { get; set; }

    /// <summary>Text of the empty first answer; without it "Choose".</summary>
    public string? Empty { get; set; }

    protected override IHtmlContent Build()
    {
        var chosen = Posted(Value) ?? "";
        var select = Html.El("select", Html.Join("govuk-select", Wrong.Count > 0 ? "govuk-select--error" : null), Html.El("option", null, Empty ?? T["kernel.choose"]).With("value", ""))
            .With("id", Id).With("name", Name).With("autocomplete", Autocomplete)
            .With("aria-describedby", DescribedBy()).With("aria-invalid", Wrong.Count > 0 ? "true" : null);
        foreach (var item in Items) select.Add(Html.El("option", null, item.Label).With("value", item.Value).If(item.Value == chosen && chosen != "", "selected"));
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(HintElement() ?? HtmlString.Empty).AppendHtml(ErrorElement() ?? HtmlString.Empty).AppendHtml(select);
    }
}

/// <summary>A date in three boxes, posted as name.day, name.month, name.year; read it with <see cref="DateBoxes.Read"/>.</summary>
[HtmlTargetElement("s-date", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class DateTag(Texts texts) : FieldTag(texts)
{
    public DateOnly? Value { get; set; }

    /// <summary>True for the reader's own date of birth.</summary>
    public bool Birthday { get; set; }

    protected override IHtmlContent Build() =>
        Html.El("fieldset", "govuk-fieldset", Legend(), HintElement(), ErrorElement(),
            Html.El("div", "govuk-date-input", Box("day", 2, Value?.Day), Box("month", 2, Value?.Month), Box("year", 4, Value?.Year)).With("dir", T.Lang.Direction))
            .With("role", "group").With("aria-describedby", DescribedBy());

    private TagBuilder Box(string part, int width, int? value)
    {
        var id = part == "day" ? Id : $"{Id}-{part}";
        return Html.El("div", "govuk-date-input__item",
            Html.El("label", "govuk-label govuk-date-input__label", T["kernel." + part]).With("for", id),
            Html.Void("input", Html.Join("govuk-input govuk-date-input__input s-ltr-input", $"govuk-input--width-{width}", Wrong.Count > 0 ? "govuk-input--error" : null))
                .With("id", id).With("name", $"{Name}.{part}").With("type", "text").With("inputmode", "numeric").With("dir", "ltr").With("maxlength", width.ToString())
                .With("value", Posted($"{Name}.{part}", value?.ToString())).With("autocomplete", Birthday ? "bday-" + part : null));
    }
}
