namespace Sahulat.Feedback.Publish;

/// <summary>A share of answers with its margin of error: Wilson's 95 % interval (1927), in per cent. It tells how far chance alone may lead, not what those who did not answer think: hence the response rate always stands beside it.</summary>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="Margin">Half the interval's width.</param>
internal sealed record Share(double Percent, double Low, double High, double Margin)
{
    /// <summary>The standard normal's 97.5 % point.</summary>
    private const double Z = 1.959964;

    /// <summary>No share is told of fewer answers: chance would speak, and neighbours would know who said what.</summary>
    public const int Least = 10;

    public static Share? Of(long part, long answers)
    {
        if (answers < Least) return null;
        double n = answers, p = part / n, z2 = Z * Z;
        var centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = Z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n))) / (1 + (z2 / n));
        return new(100 * p, 100 * Math.Max(0, centre - half), 100 * Math.Min(1, centre + half), 100 * half);
    }
}
