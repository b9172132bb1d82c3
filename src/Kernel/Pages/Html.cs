using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Sahulat.Kernel.Pages;

/// <summary>Builds elements; every text and attribute value is escaped.</summary>
internal static class Html
{
    public static TagBuilder El(string name, string? css, params object?[] children)
    {
        var tag = new TagBuilder(name);
        if (!string.IsNullOrEmpty(css)) tag.Attributes["class"] = css;
        return tag.Add(children);
    }

    public static TagBuilder Add(this TagBuilder tag, params object?[] children)
    {
        foreach (var child in children)
        {
            if (child is IHtmlContent html) tag.InnerHtml.AppendHtml(html);
            else if (child is not null) tag.InnerHtml.Append(child.ToString()!);
        }

        return tag;
    }

    /// <summary>Sets the attribute unless the value is null.</summary>
    public static TagBuilder With(this TagBuilder tag, string name, string? value)
    {
        if (value is not null) tag.Attributes[name] = value;
        return tag;
    }

    public static TagBuilder If(this TagBuilder tag, bool set, string attribute)
    {
        if (set) tag.Attributes[attribute] = "";
        return tag;
    }

    public static TagBuilder Void(string name, string? css)
    {
        var tag = El(name, css);
        tag.TagRenderMode = TagRenderMode.SelfClosing;
        return tag;
    }

    /// <summary>Writes the element in place of the tag helper's own tag.</summary>
    public static void Write(this TagHelperOutput output, params IHtmlContent?[] content)
    {
        output.TagName = null;
        output.Content.Clear();
        foreach (var part in content)
        {
            if (part is not null) output.Content.AppendHtml(part);
        }
    }

    public static string Join(params string?[] classes) => string.Join(' ', classes.Where(c => !string.IsNullOrEmpty(c)));
}
