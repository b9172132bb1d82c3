using Sahulat.Kernel.Language;

namespace Sahulat.Insight.Show;

/// <summary>A published count, or a sum of such. What is not shown lies between two bounds that everybody could find; a sum of months is the sum of their bounds, so a window tells nothing that its months do not.</summary>
/// <param name="High">Null where there is no upper bound.</param>
internal readonly record struct Band(long Low, long? High)
{
    public static readonly Band Zero = new(0, 0);

    public bool Exact => Low == High;

    public static Band operator +(Band a, Band b) => new(a.Low + b.Low, a.High + b.High);

    public string Text(Texts t) => this switch
    {
        { Exact: true } => t.Number(Low),
        { High: null } => "≥ " + t.Number(Low),
        { Low: 1, High: 4 } => "<5",
        _ => $"{t.Number(Low)}–{t.Number(High.Value)}",
    };

    /// <summary>What share of both together, in whole per cent; from the least to the most that the bounds allow. Null where nobody can say.</summary>
    public static (int Low, int High)? Share(Band part, Band rest)
    {
        if (part.High is not { } most || rest.High is not { } restMost || most + restMost == 0) return null;
        var low = part.Low + restMost == 0 ? 0 : 100.0 * part.Low / (part.Low + restMost);
        var high = most + rest.Low == 0 ? 100 : 100.0 * most / (most + rest.Low);
        // Never rounded up to everybody while somebody waited.
        return ((int)Math.Floor(low), (int)Math.Floor(high));
    }
}
