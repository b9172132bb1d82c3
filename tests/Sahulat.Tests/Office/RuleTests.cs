using Sahulat.Office.Draft;
using Sahulat.Office.Find;
using Sahulat.Office.Note;
using Sahulat.Office.Record;

namespace Sahulat.Tests.Office;

/// <summary>Rules of the office that need no database.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("C-3", "2005-06-15", "2009-01-01")]
    [InlineData("C-10", "2026-12-31", "2037-01-01")]
    [InlineData("E", "2026-11-02", "2027-11-02")]
    [InlineData("A", "2026-11-02", null)]
    public void Weeding_IsDue(string retention, string closed, string? due) => Assert.Equal(due is null ? null : DateOnly.Parse(due, System.Globalization.CultureInfo.InvariantCulture), Closing.WeedOn(retention, DateOnly.Parse(closed, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("3, 5-7", new[] { 3, 5, 6, 7 })]
    [InlineData("۳، ۵", new[] { 3, 5 })]
    [InlineData("", new int[0])]
    [InlineData("9", null)]
    [InlineData("0", null)]
    [InlineData("7-5", null)]
    [InlineData("x", null)]
    public void CitedPages_AreRead(string written, int[]? pages) => Assert.Equal(pages, Notings.Pages(written, 8));

    [Theory]
    [InlineData("١١٨٧/٢٠٢٤", "1187/2024")]
    [InlineData("११८७/२०२४", "1187/2024")]
    [InlineData("كتابي", "کتابی")]
    [InlineData("Tehsil", "tehsil")]
    [InlineData("क़ानून", "कानून")]
    public void Words_AreFolded(string written, string folded) => Assert.Equal(folded, Words.Fold(written));

    [Fact]
    public void Number_IsAWordOfItsOwn() => Assert.Equal(["1187", "2024", "1187/2024"], Words.Split("(1187/2024)"));

    [Fact]
    public void Skeleton_ForgivesDots() => Assert.Equal(Words.Skeleton("انتقال"), Words.Skeleton("ابتفال"));

    [Fact]
    public void Compare_TellsWhatChanged() => Assert.Equal([new Change(' ', "the"), new Change('-', "old"), new Change('+', "new"), new Change(' ', "order")], Compare.Words("the old order", "the new order"));
}
