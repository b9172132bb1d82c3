using System.Globalization;
using System.Text;

namespace Sahulat.Office.Intake;

/// <summary>A grey picture of a page, one byte a point, 255 is white. Pure arithmetic: shrink, turn, straighten.</summary>
internal sealed class Grey(int width, int height, byte[] points)
{
    private const double MostSkew = 6;
    private const long MostPoints = 110_000_000;

    /// <summary>Share of dark points below which a page is blank.</summary>
    private const double Blank = 0.0004;

    public int Width => width;

    public int Height => height;

    public byte[] Points => points;

    /// <param name="path">A picture of eight bits a point, grey (P5) or coloured (P6), as poppler and netpbm write it. Null when it is not, or is cut off.</param>
    public static Grey? Load(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file);
    }

    public static Grey? Read(byte[] pnm)
    {
        using var memory = new MemoryStream(pnm, writable: false);
        return Read(memory);
    }

    private static Grey? Read(Stream pnm)
    {
        int Byte() => pnm.ReadByte();
        if (Byte() != 'P') return null;
        var kind = Byte();
        if (kind is not ('5' or '6')) return null;
        Span<int> numbers = stackalloc int[3];
        var next = Byte();
        for (var n = 0; n < 3; n++)
        {
            while (next is ' ' or '\n' or '\r' or '\t' or '#')
            {
                if (next == '#') while (next is not ('\n' or -1)) next = Byte();
                else next = Byte();
            }

            for (; next is >= '0' and <= '9' && numbers[n] < 1_000_000; next = Byte()) numbers[n] = (numbers[n] * 10) + next - '0';
        }

        var (width, height) = (numbers[0], numbers[1]);
        if (width is <= 0 or >= 40_000 || height is <= 0 or >= 40_000 || numbers[2] != 255 || (long)width * height > MostPoints) return null;
        var points = new byte[width * height];
        if (kind == '5') return pnm.ReadAtLeast(points, points.Length, throwOnEndOfStream: false) == points.Length ? new Grey(width, height, points) : null;
        var row = new byte[width * 3];
        for (var y = 0; y < height; y++)
        {
            if (pnm.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length) return null;
            // As the eye weighs red, green and blue (ITU-R BT.601).
            for (int x = 0, at = 0; x < width; x++, at += 3) points[(y * width) + x] = (byte)(((299 * row[at]) + (587 * row[at + 1]) + (114 * row[at + 2]) + 500) / 1000);
        }

        return new Grey(width, height, points);
    }

    public byte[] Write()
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5\n{width} {height}\n255\n"));
        return [.. head, .. points];
    }

    /// <summary>Scanners leave dark edges: the outermost fiftieth is not looked at.</summary>
    public bool IsBlank()
    {
        var (left, top) = (width / 50, height / 50);
        long dark = 0;
        for (var y = top; y < height - top; y++)
            foreach (var point in points.AsSpan((y * width) + left, width - (2 * left))) if (point < 128) dark++;
        return dark < (long)(width - (2 * left)) * (height - (2 * top)) * Blank;
    }

    /// <summary>Each point the mean of a square.</summary>
    public Grey Shrink(int factor)
    {
        if (factor <= 1) return this;
        var (w, h) = (width / factor, height / factor);
        var small = new byte[w * h];
        for (var y = 0; y < h; y++)
            for (var x = 0; x < w; x++)
            {
                var sum = 0;
                for (var dy = 0; dy < factor; dy++)
                    foreach (var point in points.AsSpan((((y * factor) + dy) * width) + (x * factor), factor)) sum += point;
                small[(y * w) + x] = (byte)(sum / (factor * factor));
            }

        return new Grey(w, h, small);
    }

    /// <summary>Two points for three, each way.</summary>
    public Grey TwoThirds()
    {
        var (w, h) = (width / 3 * 2, height / 3 * 2);
        var small = new byte[w * h];
        for (int y = 0, into = 0; into < h; y += 3, into += 2)
        {
            Span<byte> a = points.AsSpan(y * width, width), b = points.AsSpan((y + 1) * width, width), c = points.AsSpan((y + 2) * width, width);
            Span<byte> top = small.AsSpan(into * w, w), bottom = small.AsSpan((into + 1) * w, w);
            for (int x = 0, to = 0; to < w; x += 3, to += 2)
            {
                top[to] = (byte)(((4 * a[x]) + (2 * a[x + 1]) + (2 * b[x]) + b[x + 1]) / 9);
                top[to + 1] = (byte)(((4 * a[x + 2]) + (2 * a[x + 1]) + (2 * b[x + 2]) + b[x + 1]) / 9);
                bottom[to] = (byte)(((4 * c[x]) + (2 * c[x + 1]) + (2 * b[x]) + b[x + 1]) / 9);
                bottom[to + 1] = (byte)(((4 * c[x + 2]) + (2 * c[x + 1]) + (2 * b[x + 2]) + b[x + 1]) / 9);
            }
        }

        return new Grey(w, h, small);
    }

    /// <summary>By quarters, clockwise.</summary>
    public Grey Turn(int degrees)
    {
        if (degrees % 360 == 0) return this;
        var turned = new byte[points.Length];
        var (w, h) = degrees == 180 ? (width, height) : (height, width);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var at = degrees switch { 90 => (x * w) + (height - 1 - y), 180 => ((height - 1 - y) * w) + (width - 1 - x), _ => ((width - 1 - x) * w) + y };
                turned[at] = points[(y * width) + x];
            }

        return new Grey(w, h, turned);
    }

    /// <summary>By how many degrees its lines fall to the right: the angle at which the rows of dark points stand out most.</summary>
    public double Skew()
    {
        var small = Shrink(Math.Max(1, width / 600));
        var dark = new List<(int X, int Y)>();
        for (var y = 0; y < small.Height; y++)
            for (var x = 0; x < small.Width; x++)
                if (small.Points[(y * small.Width) + x] < 150) dark.Add((x, y));
        if (dark.Count < 200) return 0;
        // A dark photograph has no lines; a twentieth of its points tell as much as all.
        if (dark.Count > 60_000) dark = [.. dark.Where((_, i) => i % (dark.Count / 30_000) == 0)];
        var best = Best(dark, small, -MostSkew, MostSkew, 0.5);
        best = Best(dark, small, best - 0.5, best + 0.5, 0.1);
        return Math.Abs(best) < 0.15 ? 0 : Math.Round(best, 2);
    }

    /// <summary>Straightened: turned back by the angle about its middle, white where there was nothing.</summary>
    public Grey Straighten(double skew)
    {
        if (skew == 0) return this;
        var straight = new byte[points.Length];
        var (sin, cos) = Math.SinCos(skew * Math.PI / 180);
        double midX = width / 2.0, midY = height / 2.0;
        for (var y = 0; y < height; y++)
        {
            var (sx, sy) = (midX + (cos * (0 - midX)) - (sin * (y - midY)), midY + (sin * (0 - midX)) + (cos * (y - midY)));
            for (var x = 0; x < width; x++, sx += cos, sy += sin)
            {
                var (ix, iy) = ((int)Math.Floor(sx), (int)Math.Floor(sy));
                if (ix < 0 || iy < 0 || ix >= width - 1 || iy >= height - 1)
                {
                    straight[(y * width) + x] = 255;
                    continue;
                }

                int fx = (int)((sx - ix) * 256), fy = (int)((sy - iy) * 256), at = (iy * width) + ix;
                var top = (points[at] * (256 - fx)) + (points[at + 1] * fx);
                var bottom = (points[at + width] * (256 - fx)) + (points[at + width + 1] * fx);
                straight[(y * width) + x] = (byte)(((top * (256 - fy)) + (bottom * fy)) >> 16);
            }
        }

        return new Grey(width, height, straight);
    }

    private static double Best(List<(int X, int Y)> dark, Grey page, double from, double to, double step)
    {
        var (best, score) = (0.0, -1.0);
        var rows = new int[page.Height + (2 * page.Width / 5) + 2];
        for (var angle = from; angle <= to + 1e-9; angle += step)
        {
            Array.Clear(rows);
            var slope = Math.Tan(angle * Math.PI / 180);
            foreach (var (x, y) in dark)
            {
                var row = (int)(y - (slope * x)) + (page.Width / 5);
                if ((uint)row < (uint)rows.Length) rows[row]++;
            }

            double sum = 0;
            for (var i = 1; i < rows.Length; i++) sum += (double)(rows[i] - rows[i - 1]) * (rows[i] - rows[i - 1]);
            if (sum > score + 1e-9) (best, score) = (angle, sum);
        }

        return best;
    }
}
