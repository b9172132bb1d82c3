namespace Sahulat.Insight.Publish;

internal enum Shown
{
    Number,

    /// <summary>One to four.</summary>
    Small,

    /// <summary>Not nothing, held back so that nobody finds a small count by subtraction.</summary>
    Hidden,
}

/// <summary>A whole that is the sum of its parts, by their places in the list of cells.</summary>
internal sealed record Sum(int Whole, IReadOnlyList<int> Parts);

/// <summary>
/// Small cells: a count of one to four is not shown. A reader who knows every shown count and every sum must still find each of 1, 2, 3 and 4 possible for it;
/// as long as he does not, the smallest shown count beside it is held back too. What he can find is computed as he would: from the bounds of the cells of each sum, again and again until nothing narrows.
/// </summary>
internal static class Suppression
{
    public const long Smallest = 5;

    private const double Any = double.PositiveInfinity;

    /// <param name="listed">False for what no page shows: the rest of a whole that belongs to no part.</param>
    public static Shown[] Hide(IReadOnlyList<long> cells, IReadOnlyList<bool> listed, IReadOnlyList<Sum> sums)
    {
        var shown = cells.Select((c, i) => listed[i] && c is > 0 and < Smallest ? Shown.Small : Shown.Number).ToArray();
        var of = new List<int>[cells.Count];
        for (var i = 0; i < of.Length; i++) of[i] = [];
        for (var s = 0; s < sums.Count; s++)
            foreach (var cell in sums[s].Parts.Append(sums[s].Whole)) of[cell].Add(s);
        while (Narrowed(cells, listed, sums, shown) is { } exposed && Beside(exposed, cells, listed, sums, of, shown) is { } more) shown[more] = Shown.Hidden;
        return shown;
    }

    /// <summary>A small cell for which a reader can rule out one of 1 to 4.</summary>
    private static int? Narrowed(IReadOnlyList<long> cells, IReadOnlyList<bool> listed, IReadOnlyList<Sum> sums, Shown[] shown)
    {
        var (low, high) = Bounds(cells, listed, sums, shown);
        for (var i = 0; i < cells.Count; i++)
            if (shown[i] == Shown.Small && (low[i] > 1 || high[i] < Smallest - 1)) return i;
        return null;
    }

    /// <summary>What a reader can find of each cell. To publish it tells him nothing.</summary>
    public static (double[] Low, double[] High) Bounds(IReadOnlyList<long> cells, IReadOnlyList<bool> listed, IReadOnlyList<Sum> sums, IReadOnlyList<Shown> shown)
    {
        var (low, high) = (new double[cells.Count], new double[cells.Count]);
        for (var i = 0; i < cells.Count; i++)
            (low[i], high[i]) = listed[i] ? shown[i] switch { Shown.Small => (1d, Smallest - 1d), Shown.Hidden => (1d, Any), _ => (cells[i], (double)cells[i]) } : (0d, Any);
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var sum in sums) moved |= Tighten(sum, low, high);
        }

        return (low, high);
    }

    private static bool Tighten(Sum sum, double[] low, double[] high)
    {
        var (lows, highs, open) = (0d, 0d, 0);
        foreach (var part in sum.Parts)
        {
            lows += low[part];
            if (double.IsInfinity(high[part])) open++;
            else highs += high[part];
        }

        var moved = Set(sum.Whole, lows, open > 0 ? Any : highs, low, high);
        foreach (var part in sum.Parts)
        {
            var others = open - (double.IsInfinity(high[part]) ? 1 : 0);
            var most = high[sum.Whole] - (lows - low[part]);
            var least = others > 0 ? 0 : low[sum.Whole] - (highs - (double.IsInfinity(high[part]) ? 0 : high[part]));
            var (was, wasHigh) = (low[part], high[part]);
            if (!Set(part, least, most, low, high)) continue;
            moved = true;
            lows += low[part] - was;
            if (double.IsInfinity(wasHigh) && !double.IsInfinity(high[part])) (open, highs) = (open - 1, highs + high[part]);
            else if (!double.IsInfinity(wasHigh)) highs += high[part] - wasHigh;
        }

        return moved;
    }

    private static bool Set(int cell, double least, double most, double[] low, double[] high)
    {
        var moved = false;
        if (least > low[cell]) (low[cell], moved) = (least, true);
        if (most < high[cell]) (high[cell], moved) = (most, true);
        return moved;
    }

    /// <summary>The smallest shown count in the nearest sum, going on from sum to sum over cells that are not shown; where there is none, a whole that says too much by being called small.</summary>
    private static int? Beside(int exposed, IReadOnlyList<long> cells, IReadOnlyList<bool> listed, IReadOnlyList<Sum> sums, List<int>[] of, Shown[] shown)
    {
        var seen = new HashSet<int>();
        var edge = new List<int> { exposed };
        while (edge.Count > 0)
        {
            var near = edge.SelectMany(c => of[c]).Where(seen.Add).ToArray();
            var candidates = near.SelectMany(s => sums[s].Parts).Where(Open).ToArray();
            if (candidates.Length == 0) candidates = [.. near.Select(s => sums[s].Whole).Where(Open)];
            if (candidates.Length > 0) return candidates.MinBy(c => (cells[c], c));
            edge = [.. near.SelectMany(s => sums[s].Parts.Append(sums[s].Whole)).Distinct()];
        }

        return of[exposed].Select(s => (int?)sums[s].Whole).FirstOrDefault(w => shown[w!.Value] == Shown.Small);
        bool Open(int cell) => listed[cell] && shown[cell] == Shown.Number && cells[cell] > 0;
    }
}
