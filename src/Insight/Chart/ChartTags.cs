using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Sahulat.Insight.Count;
using Sahulat.Insight.Show;
using Sahulat.Kernel.Language;

namespace Sahulat.Insight.Chart;

/// <summary>A chart of the months that the table below it lists. Two series differ by tone and by pattern or shape, never by colour alone.</summary>
public abstract class ChartTag(Texts texts) : TagHelper
{
    public string Title { get; set; } = "";

    public string First { get; set; } = "";

    public string Second { get; set; } = "";

    [HtmlAttributeName("months")]
    public object Data { get; set; } = Array.Empty<object>();

    internal Texts T => texts;

    internal IReadOnlyList<(DateOnly Month, Totals Totals)> Months => (IReadOnlyList<(DateOnly, Totals)>)Data;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        if (Months.Count == 0) return;
        var key = $"<ul class=\"s-key\" aria-hidden=\"true\"><li><svg class=\"s-key__mark\" viewBox=\"0 0 16 16\">{FirstMark}</svg>{E(First)}</li><li><svg class=\"s-key__mark\" viewBox=\"0 0 16 16\">{SecondMark}</svg>{E(Second)}</li></ul>";
        output.Content.SetHtmlContent($"<figure class=\"s-figure\"><figcaption>{E(Title)}</figcaption>{key}<div class=\"s-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{E(Title)}\">{Draw()}</div></figure>");
    }

    private protected abstract string FirstMark { get; }

    private protected abstract string SecondMark { get; }

    private protected abstract string Draw();

    private protected string Label => $"{Title}. {T["insight.chart.table"]}";

    private static string E(string text) => HtmlEncoder.Default.Encode(text);
}

/// <summary>Bars: in time, and late on top, hatched. A count that is not shown is drawn by its lowest value, in outline.</summary>
[HtmlTargetElement("s-bars", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class BarsTag(Texts texts) : ChartTag(texts)
{
    private const string Hatch = "<defs><pattern id=\"s-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"s-chart__late\" width=\"6\" height=\"6\"/><rect class=\"s-chart__stripe\" width=\"2\" height=\"6\"/></pattern></defs>";

    private protected override string FirstMark => "<rect class=\"s-chart__good\" width=\"16\" height=\"16\"/>";

    private protected override string SecondMark => "<rect class=\"s-chart__hatch\" fill=\"url(#s-hatch)\" width=\"16\" height=\"16\"/>";

    private protected override string Draw()
    {
        var svg = new Svg(T, [.. Months.Select(m => m.Month)], Math.Max(4, Months.Max(m => m.Totals.InTime.Low + m.Totals.Late.Low)));
        for (var i = 0; i < Months.Count; i++)
        {
            var (inTime, late) = (Months[i].Totals.InTime, Months[i].Totals.Late);
            svg.Bar(inTime.Exact ? "s-chart__good" : "s-chart__unknown", i, 0, inTime.Low);
            svg.Bar(late.Exact ? Svg.Hatched : "s-chart__unknown", i, inTime.Low, inTime.Low + late.Low);
        }

        return svg.Close(Label, Hatch);
    }
}

/// <summary>Days to the answer: a dot for half of the answers, a diamond for nine tenths, joined.</summary>
[HtmlTargetElement("s-spans", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SpansTag(Texts texts) : ChartTag(texts)
{
    private protected override string FirstMark => "<circle class=\"s-chart__good\" cx=\"8\" cy=\"8\" r=\"6\"/>";

    private protected override string SecondMark => "<path class=\"s-chart__late\" d=\"M8 1L15 8L8 15L1 8Z\"/>";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        base.Process(context, output);
        if (Months.All(m => m.Totals.Median is null)) output.SuppressOutput();
    }

    private protected override string Draw()
    {
        var svg = new Svg(T, [.. Months.Select(m => m.Month)], Math.Clamp(Months.Max(m => m.Totals.Ninth ?? 0), 4, Tally.Longest));
        for (var i = 0; i < Months.Count; i++)
        {
            if (Months[i].Totals is not { Median: { } median, Ninth: { } ninth }) continue;
            svg.Line("s-chart__join", svg.Middle(i), svg.Y(median), svg.Middle(i), svg.Y(ninth));
            svg.Diamond("s-chart__late", i, ninth);
            svg.Dot("s-chart__good", i, median);
        }

        return svg.Close(Label);
    }
}
