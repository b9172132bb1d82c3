using System.Globalization;
using Sahulat.Office.Intake;
using Sahulat.Office.Keying;
using Sahulat.Office.Papers;
using Sahulat.Office.Plan;
using Sahulat.Office.Scan;

namespace Sahulat.Tests.Office;

/// <summary>Rules of scanning that need no database.</summary>
public sealed class ScanRuleTests
{
    [Fact]
    public void Forecast_FollowsThePace_AndSundaysRest()
    {
        var monday = new DateOnly(2026, 11, 2);
        Assert.Null(ScanProgress.Forecast(100, [], monday));
        Assert.Equal(new DateOnly(2026, 11, 11), ScanProgress.Forecast(1000, [(monday.AddDays(-2), 100), (monday, 100)], monday));
        Assert.Equal(monday, ScanProgress.Forecast(100, [(monday, 120)], monday.AddDays(9)));
        Assert.Equal((0, 500, 1000), (ScanProgress.Due(1000, monday, monday.AddDays(9), monday.AddDays(-1)), ScanProgress.Due(1000, monday, monday.AddDays(9), monday.AddDays(4)), ScanProgress.Due(1000, monday, monday.AddDays(9), monday.AddDays(20))));
        Assert.Equal([(5, 1), (13, 1), (50, 2), (80, 3), (200, 6)], new[] { 5, 100, 400, 1000, 9000 }.Select(ScanProgress.Sample));
    }

    [Fact]
    public void Suggestions_AreFoundInThreeScripts()
    {
        var en = Suggestions.Of(["Order No. TJ/1187/1974 dated 12-03-1974. Khasra No. 4417, 4418/2 in village Gho, Tehsil Jammu. Ghulam Nabi S/o Abdul Rehman applied."]);
        Assert.Equal(["12-03-1974"], en.Dates);
        Assert.Contains("TJ/1187/1974", en.Numbers);
        Assert.Contains("4417, 4418/2", en.Khasras);
        Assert.Contains("Gho", en.Villages);
        Assert.Equal(["Ghulam Nabi", "Abdul Rehman"], en.Names);
        var ur = Suggestions.Of(["موضع گھو تحصیل جموں خسرہ نمبر ۴۴۱۷ مورخہ ۱۲/۰۳/۱۹۷۴ غلام نبی ولد عبدالرحمان"]);
        Assert.Equal(["12/03/1974"], ur.Dates);
        Assert.Equal(["4417"], ur.Khasras);
        Assert.Contains("گھو", ur.Villages);
        Assert.Contains("عبدالرحمان", ur.Names);
        var hi = Suggestions.Of(["ग्राम घो तहसील जम्मू खसरा नंबर ४४१७ दिनांक 12.03.1974 राम लाल पुत्र श्याम लाल"]);
        Assert.Equal(["12.03.1974", "4417"], hi.Dates.Concat(hi.Khasras));
        Assert.Contains("श्याम लाल", hi.Names);
        Assert.Empty(Suggestions.Of([new string('9', 200_000)]).Numbers);
    }

    [Fact]
    public async Task Grey_StraightensTurnsAndKnowsABlankPage()
    {
        var page = await Scans.Drawn("A line of text that is long enough to have a direction");
        foreach (var angle in new[] { -3.0, -0.8, 1.5, 4.0 }) Assert.InRange(page.Straighten(-angle).Skew() - angle, -0.3, 0.3);
        Assert.Equal(0, page.Skew());
        Assert.Equal(page.Points, page.Turn(90).Turn(270).Points);
        Assert.Equal(page.Points, page.Turn(180).Turn(180).Points);
        Assert.Equal(page.Points, Grey.Read(page.Write())!.Points);
        var less = page.TwoThirds();
        Assert.Equal((page.Width / 3 * 2, page.Height / 3 * 2), (less.Width, less.Height));
        Assert.InRange(less.Points.Average(p => p) - page.Points.Average(p => p), -1, 1);
        Assert.Equal([90, 50, 30, 16], new Grey(3, 3, [90, 90, 30, 90, 90, 30, 0, 0, 0]).TwoThirds().Points.Select(p => (int)p));
        Assert.False(page.IsBlank());
        Assert.True(new Grey(100, 100, [.. Enumerable.Repeat((byte)250, 10_000)]).IsBlank());
        // Colours by their brightness; sixteen bits a point, cut off, and larger than any paper are no pages.
        Assert.Equal([76, 149], Grey.Read([.. "P6 # scanner\n2 1\n255\n"u8, 255, 0, 0, 0, 254, 0])!.Points.Select(p => (int)p));
        Assert.Null(Grey.Read("P6\n1 1\n255\nab"u8.ToArray()));
        Assert.Null(Grey.Read("P5\n1 1\n65535\nab"u8.ToArray()));
        Assert.Null(Grey.Read("P5\n99999 99999\n255\n"u8.ToArray()));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90, 270)]
    [InlineData(180, 180)]
    [InlineData(270, 90)]
    public async Task TurnedPage_StandsUprightAgain_AndIsRead(int lies, int turned)
    {
        using var scratch = new Scratch();
        await File.WriteAllBytesAsync(scratch.File("scan"), await Scans.Jpeg((await Scans.Drawn("Demarcation ordered in village Gho")).Turn(lies)));
        var looked = await PageLook.At(scratch.File("scan"), "image/jpeg", 1, "en", TimeSpan.FromSeconds(120), default);
        Assert.Equal(("kept", turned), (looked.Outcome, looked.Turned));
        Assert.Contains("Demarcation ordered in village Gho", looked.Read!.Text, StringComparison.Ordinal);
        Assert.InRange(looked.Read.Sure, 85, 100);
    }

    [Fact]
    public void Judgement_WeighsLetters_AndTellsAPageThatLies()
    {
        string Word(int width, int height, double sure, string text) => string.Create(CultureInfo.InvariantCulture, $"5\t1\t1\t1\t1\t1\t0\t0\t{width}\t{height}\t{sure}\t{text}");
        const string Head = "level\tpage_num";
        Assert.Equal((0, false), Recognition.Judge([Head, "1\t1\t0\t0\t0\t0\t0\t0\t900\t900\t-1\t", Word(90, 20, 95, " ")]));
        Assert.Equal((80, false), Recognition.Judge([Head, Word(90, 20, 90, "abcdef"), Word(30, 20, 50, "ab")]));
        Assert.Equal((90, true), Recognition.Judge([Head, Word(20, 90, 90, "abcdef"), Word(20, 80, 90, "abcde"), Word(90, 20, 90, "abcd"), Word(90, 20, 90, "12")]));
    }

    [Fact]
    public void Places_AreSharesOfThePage_AndReadBack()
    {
        string[] Row(params string[] fields) => fields;
        var places = WordPlaces.Write([Row("1", "1", "0", "0", "0", "0", "0", "0", "2000", "1000", "-1", ""), Row("5", "1", "1", "1", "1", "1", "200", "100", "500", "50", "91.5", "خسرہ نمبر"), Row("5", "1", "1", "1", "1", "2", "0", "0", "1", "1", "10", " "), Row("5")]);
        Assert.Equal([(new Place(1000, 1000, 2500, 500), "خسرہ نمبر")], WordPlaces.Read(WordPlaces.Unpack(WordPlaces.Pack(places))));
        Assert.Empty(WordPlaces.Read("1 2 3\n-1 2 3 4 word\n99999999999 1 1 1 word\n"));
    }
}
