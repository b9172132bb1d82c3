using Microsoft.AspNetCore.Mvc;
using Sahulat.Kernel.Pages;

namespace Sahulat.Host.Pages;

/// <summary>A page of text: <c>host.{topic}.title</c>, <c>.lead</c>, then sections <c>host.{topic}.1.title</c>, <c>.text</c> and so on.</summary>
internal sealed class AboutModel : SahulatPage
{
    [FromRoute]
    public string Topic { get; set; } = "";
}
