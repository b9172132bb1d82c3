using FsCheck;
using FsCheck.Fluent;
using Sahulat.Insight.Publish;

namespace Sahulat.Tests.Insight;

/// <summary>Small cells against a reader who knows every shown count and every sum.</summary>
public sealed class SuppressionTests
{
    [Fact]
    public void OneSmallCell_TakesOthersWithIt_UntilSubtractionSaysNothing()
    {
        // 30 = 3 + 12 + 15: the 12 is held back too, or 3 would be 30 - 27.
        Assert.Equal([Shown.Number, Shown.Small, Shown.Hidden, Shown.Number], Hide([30, 3, 12, 15]));
        // Two ones that would be known to add up to 2.
        Assert.Equal([Shown.Number, Shown.Small, Shown.Small, Shown.Hidden], Hide([7, 1, 1, 5]));
        // Three that add up to less than five are one each or nearly: their whole is not even called small.
        Assert.Equal([Shown.Hidden, Shown.Small, Shown.Small, Shown.Small], Hide([3, 1, 1, 1]));
        // All four ways remain open by themselves.
        Assert.Equal([Shown.Number, Shown.Small, Shown.Small], Hide([5, 1, 4]));
        Assert.Equal([Shown.Number, Shown.Number, Shown.Number], Hide([20, 20, 0]));
        Assert.Equal([Shown.Small, Shown.Small], Hide([3, 3]));
    }

    private sealed record Month(long[][] Offices, long[] Rest);

    private static readonly Gen<Month> Months =
        from offices in Gen.Choose(0, 9).Select(i => (long)i).ArrayOf(3).ArrayOf(2)
        from rest in Gen.Choose(0, 3).Select(i => (long)i).ArrayOf(2)
        select new Month(offices, rest);

    /// <summary>Districts with their offices, and something that belongs to no office: whatever fits what is shown, each of 1 to 4 remains possible for each small cell.</summary>
    [Fact]
    public void AnyMonth_LeavesEverySmallCellOpen() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Months.ToArbitrary(), month =>
    {
        var cells = new List<long> { 0 };
        var listed = new List<bool> { true };
        var sums = new List<Sum>();
        var districts = new List<int>();
        for (var d = 0; d < month.Offices.Length; d++)
        {
            var whole = Add(month.Offices[d].Sum() + month.Rest[d], true);
            districts.Add(whole);
            var parts = month.Offices[d].Select(o => Add(o, true)).ToList();
            if (month.Rest[d] > 0) parts.Add(Add(month.Rest[d], false));
            sums.Add(new Sum(whole, parts));
        }

        cells[0] = districts.Sum(d => cells[d]);
        sums.Add(new Sum(0, districts));
        var shown = Suppression.Hide(cells, listed, sums);
        return Enumerable.Range(0, cells.Count).Where(i => shown[i] == Shown.Small).All(i => Enumerable.Range(1, 4).All(v => Fits(i, v, cells, listed, sums, shown)));

        int Add(long value, bool public_)
        {
            cells.Add(value);
            listed.Add(public_);
            return cells.Count - 1;
        }
    }));

    /// <summary>Whether some month that looks the same has this value there: by trying.</summary>
    private static bool Fits(int cell, long value, List<long> cells, List<bool> listed, List<Sum> sums, Shown[] shown)
    {
        const long most = 60;
        (long, long) Range(int i) => i == cell ? (value, value) : !listed[i] ? (0, most) : shown[i] switch { Shown.Small => (1, 4), Shown.Hidden => (1, most), _ => (cells[i], cells[i]) };
        // From the leaves up: what a district can be, then whether the whole fits. A sum of ranges is a range.
        var districts = sums[..^1].ToDictionary(s => s.Whole, s =>
        {
            var (low, high) = (s.Parts.Sum(p => Range(p).Item1), s.Parts.Sum(p => Range(p).Item2));
            var own = Range(s.Whole);
            return (Math.Max(low, own.Item1), Math.Min(high, own.Item2));
        });
        if (districts.Values.Any(r => r.Item1 > r.Item2)) return false;
        var (least, greatest) = (districts.Values.Sum(r => r.Item1), districts.Values.Sum(r => r.Item2));
        var all = Range(0);
        return Math.Max(least, all.Item1) <= Math.Min(greatest, all.Item2);
    }

    private static Shown[] Hide(long[] cells) => Suppression.Hide(cells, [.. cells.Select(_ => true)], [new Sum(0, [.. Enumerable.Range(1, cells.Length - 1)])]);
}
