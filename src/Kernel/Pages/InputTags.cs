using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>A line of text. <c>dir-ltr="true"</c> for numbers, references and addresses, which run left to right in every language.</summary>
[HtmlTargetElement("s-input", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class InputTag(Texts texts) : FieldTag(texts)
{
    public string? Value { get; set; }

    public string Type { get; set; } = "text";

    public string? Autocomplete { get; set; }

    public string? Inputmode { get; set; }

    public bool DirLtr { get; set; }

    /// <summary>Characters: 2, 3, 4, 5, 10, 20; or one-half, two-thirds, full.</summary>
    public string? Width { get; set; }

    public string? Prefix { get; set; }

    public string? Suffix { get; set; }

    public int? Maxlength { get; set; }

    public bool Spellcheck { get; set; } = true;

    /// <summary>Id of a datalist with suggestions.</summary>
    public string? List { get; set; }

    protected override IHtmlContent Build()
    {
        var ltr = DirLtr || Type is "tel" or "email" or "url" or "number" or "password";
        var width = Width is null ? null : int.TryParse(Width, out _) ? "govuk-input--width-" + Width : "govuk-!-width-" + Width;
        var input = Html.Void("input", Html.Join("govuk-input", width, Wrong.Count > 0 ? "govuk-input--error" : null, ltr ? "s-ltr-input" : null))
            .With("id", Id).With("name", Name).With("type", Type).With("value", Type == "password" ? null : Posted(Value))
            .With("autocomplete", Autocomplete).With("list", List).With("inputmode", Inputmode).With("maxlength", Maxlength?.ToString())
            .With("dir", ltr ? "ltr" : null).With("spellcheck", Spellcheck && !ltr ? null : "false")
            .With("aria-describedby", DescribedBy()).With("aria-invalid", Wrong.Count > 0 ? "true" : null);
        IHtmlContent box = Prefix is null && Suffix is null
            ? input
            : Html.El("div", "govuk-input__wrapper", Affix("prefix", Prefix), input, Affix("suffix", Suffix));
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(HintElement() ?? HtmlString.Empty).AppendHtml(ErrorElement() ?? HtmlString.Empty).AppendHtml(box);
    }

    private static TagBuilder? Affix(string kind, string? text) => text is null ? null : Html.El("div", "govuk-input__" + kind, text).With("aria-hidden", "true");
}

/// <summary>Text of several lines. With <c>max</c> it tells how many characters are left; with <c>draft</c> the form's fields are kept in the browser until the server has taken them.</summary>
[HtmlTargetElement("s-textarea", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TextareaTag(Texts texts) : FieldTag(texts)
{
    public string? Value { get; set; }

    public int Rows { get; set; } = 5;

    public int? Max { get; set; }

    public string? Autocomplete { get; set; }

    /// <summary>A key unique to what is being written (a case reference and the action); set for officials' longer texts.</summary>
    public string? Draft { get; set; }

    /// <summary>The language in which it is to be written, where that is not the reader's.</summary>
    public Lang? In { get; set; }

    /// <summary>For what runs left to right in every language, such as YAML.</summary>
    public bool DirLtr { get; set; }

    protected override IHtmlContent Build()
    {
        var area = Html.El("textarea", Html.Join("govuk-textarea", Wrong.Count > 0 ? "govuk-textarea--error" : null), "\n" + Posted(Value))
            .With("id", Id).With("name", Name).With("rows", Rows.ToString()).With("autocomplete", Autocomplete).With("data-draft", Draft)
            .With("lang", In?.Code).With("dir", DirLtr ? "ltr" : In?.Direction)
            .With("aria-describedby", DescribedBy(Max is null ? null : Id + "-info")).With("aria-invalid", Wrong.Count > 0 ? "true" : null)
            .With("data-max", Max?.ToString()).With("data-left", Max is null ? null : T["kernel.now-left"]).With("data-over", Max is null ? null : T["kernel.now-over"]);
        var info = Max is { } max ? Html.El("div", "govuk-hint govuk-character-count__message", T["kernel.characters-left", max]).With("id", Id + "-info") : null;
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(HintElement() ?? HtmlString.Empty).AppendHtml(ErrorElement() ?? HtmlString.Empty)
            .AppendHtml(area).AppendHtml(info is null ? HtmlString.Empty : info);
    }
}

/// <summary>A file to send. The form needs <c>enctype="multipart/form-data"</c> (or <c>&lt;s-form upload="true"&gt;</c>).</summary>
[HtmlTargetElement("s-file", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FileTag(Texts texts) : FieldTag(texts)
{
    public string Accept { get; set; } = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png";

    public bool Multiple { get; set; }

    protected override IHtmlContent Build()
    {
        var input = Html.Void("input", Html.Join("govuk-file-upload", Wrong.Count > 0 ? "govuk-file-upload--error" : null))
            .With("id", Id).With("name", Name).With("type", "file").With("accept", Accept).If(Multiple, "multiple")
            .With("aria-describedby", DescribedBy()).With("aria-invalid", Wrong.Count > 0 ? "true" : null);
        return new HtmlContentBuilder().AppendHtml(LabelElement()).AppendHtml(HintElement() ?? HtmlString.Empty).AppendHtml(ErrorElement() ?? HtmlString.Empty).AppendHtml(input);
    }
}
