using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Sahulat.Kernel.Language;

namespace Sahulat.Insight.Chart;

/// <summary>A drawing by months: a scale at the beginning side, the months along the bottom in reading direction. Styled by classes alone.</summary>
internal sealed class Svg
{
    public const int Top = 14, Bottom = 40, Side = 56, Width = 720, Height = 260;

    /// <summary>Filled by the pattern that the drawing defines: a style sheet cannot name it.</summary>
    public const string Hatched = "s-chart__hatch";

    private readonly StringBuilder body = new();
    private readonly bool mirrored;
    private readonly int count;

    public Svg(Texts texts, IReadOnlyList<DateOnly> months, long highest)
    {
        (mirrored, count, Scale) = (texts.Lang.RightToLeft, months.Count, Nice(highest));
        foreach (var line in new[] { 0, Scale / 2, Scale }.Distinct())
        {
            Line("s-chart__grid", mirrored ? 8 : Side, Y(line), mirrored ? Width - Side : Width - 8, Y(line));
            Text("s-chart__text", mirrored ? Width - Side + 8 : Side - 8, Y(line) + 5, mirrored ? "start" : "end", texts.Number(line));
        }

        // So many names fit beside each other.
        var every = Math.Max(1, (int)Math.Ceiling(months.Count / 12.0));
        for (var i = 0; i < months.Count; i += every)
        {
            Text("s-chart__text", Middle(i), Height - Bottom + 16, "middle", texts[$"kernel.month-short.{months[i].Month}"]);
            if (i == 0 || months[i].Year != months[i - every].Year) Text("s-chart__text s-chart__text--year", Middle(i), Height - 6, "middle", months[i].Year.ToString(CultureInfo.InvariantCulture));
        }
    }

    public long Scale { get; }

    /// <summary>Room for one month.</summary>
    public double Step => (Width - Side - 8.0) / Math.Max(1, count);

    public double Middle(int month) => mirrored ? Width - Side - ((month + 0.5) * Step) : Side + ((month + 0.5) * Step);

    public double Y(double value) => Top + ((Height - Top - Bottom) * (1 - (value / Scale)));

    public void Bar(string css, int month, double from, double to)
    {
        if (to <= from) return;
        var width = Math.Min(36, Step * 0.7);
        Add($"<rect class=\"{css}\"{(css == Hatched ? " fill=\"url(#s-hatch)\"" : "")} x=\"{N(Middle(month) - (width / 2))}\" y=\"{N(Y(to))}\" width=\"{N(width)}\" height=\"{N(Y(from) - Y(to))}\"/>");
    }

    public void Dot(string css, int month, double value) => Add($"<circle class=\"{css}\" cx=\"{N(Middle(month))}\" cy=\"{N(Y(value))}\" r=\"5\"/>");

    public void Diamond(string css, int month, double value)
    {
        var (x, y) = (Middle(month), Y(value));
        Add($"<path class=\"{css}\" d=\"M{N(x)} {N(y - 6)}L{N(x + 6)} {N(y)}L{N(x)} {N(y + 6)}L{N(x - 6)} {N(y)}Z\"/>");
    }

    public void Line(string css, double x1, double y1, double x2, double y2) => Add($"<line class=\"{css}\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"/>");

    /// <param name="defs">Patterns that the drawing uses.</param>
    public string Close(string label, string defs = "") =>
        $"<svg class=\"s-chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{HtmlEncoder.Default.Encode(label)}\">{defs}{body}</svg>";

    private void Text(string css, double x, double y, string anchor, string text) =>
        Add($"<text class=\"{css}\" x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\" direction=\"ltr\">{HtmlEncoder.Default.Encode(text)}</text>");

    private void Add(string element) => body.Append(element);

    private static string N(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>The next of 2, 4, 10, 20, 40, 100…</summary>
    private static long Nice(long highest)
    {
        for (var power = 1L; ; power *= 10)
            foreach (var step in new[] { 2L, 4L, 10L })
                if (step * power >= highest) return step * power;
    }
}
