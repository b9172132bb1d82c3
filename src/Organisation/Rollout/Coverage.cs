namespace Sahulat.Organisation.Rollout;

/// <summary>Arithmetic of coverage. Pure.</summary>
internal static class Coverage
{
    /// <summary>The whole number of which <paramref name="count"/> is <paramref name="percent"/> to two places; null when there is none.</summary>
    public static int? Target(int count, decimal percent)
    {
        var target = (int)Math.Round(count / (percent / 100), MidpointRounding.AwayFromZero);
        return target > 0 && Percent(count, target) == percent ? target : null;
    }

    /// <summary>To two places, halves away from zero, as it is published.</summary>
    public static decimal Percent(int count, int target) => Math.Round(count * 100m / target, 2, MidpointRounding.AwayFromZero);

    /// <summary>Shares of a whole by weight whose sum is the whole (largest remainder; equal remainders in the order given).</summary>
    public static int[] Apportion(int whole, IReadOnlyList<int> weights)
    {
        var sum = weights.Sum(w => (long)w);
        if (sum == 0) return new int[weights.Count];
        var shares = weights.Select(w => (int)(whole * (long)w / sum)).ToArray();
        var left = whole - shares.Sum();
        foreach (var i in Enumerable.Range(0, weights.Count).OrderByDescending(i => whole * (long)weights[i] % sum).Take(left)) shares[i]++;
        return shares;
    }
}
