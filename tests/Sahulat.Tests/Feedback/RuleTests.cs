using Sahulat.Feedback;
using Sahulat.Feedback.Publish;
using Sahulat.Feedback.Questions;
using Sahulat.Feedback.Rate;
using Sahulat.Kernel;

namespace Sahulat.Tests.Feedback;

public sealed class RuleTests
{
    [Theory]
    [InlineData("1", "good")]
    [InlineData(" २ ", "average")]
    [InlineData("۳", "bad")]
    [InlineData("٣.", "bad")]
    [InlineData("\u20681\u2069", "good")]
    [InlineData("1)", "good")]
    [InlineData("1️⃣", "good")]
    [InlineData("4", null)]
    [InlineData("0", null)]
    [InlineData("11", null)]
    [InlineData("1 2", null)]
    [InlineData("-1", null)]
    [InlineData("1 please", null)]
    [InlineData("", null)]
    [InlineData("STATUS", null)]
    public void Keypad_TakesOneDigitInAnyScript(string text, string? score) => Assert.Equal(score, Keypad.Score(text));

    /// <summary>Wilson's interval as tables give it.</summary>
    [Theory]
    [InlineData(8, 10, 80, 49.0, 94.3)]
    [InlineData(10, 10, 100, 72.2, 100)]
    [InlineData(0, 10, 0, 0, 27.8)]
    [InlineData(720, 1000, 72, 69.1, 74.7)]
    public void Share_HasWilsonsInterval(long good, long answers, double percent, double low, double high)
    {
        var share = Share.Of(good, answers)!;
        Assert.Equal((percent, low, high), (share.Percent, Math.Round(share.Low, 1), Math.Round(share.High, 1)));
        Assert.Equal((share.High - share.Low) / 2, share.Margin, 6);
    }

    [Fact]
    public void Share_OfFewerThanTen_IsNotTold() => Assert.Null(Share.Of(9, 9));

    [Theory]
    [InlineData("Rukhsana Ahmad Bhat", "R••• A••• B•••")]
    [InlineData("رخسانہ احمد", "ر••• ا•••")]
    [InlineData("किरण देवी", "कि••• दे•••")]
    [InlineData("  ", null)]
    [InlineData("(demo) 12", null)]
    public void Name_IsMasked(string name, string? masked) => Assert.Equal(masked, Seals.Mask(name));

    [Fact]
    public void QuestionFile_TellsEveryFaultWithItsLine()
    {
        var faults = new List<PackFault>();
        var read = new QuestionReading("feedback/questions.yaml", new HashSet<string> { "income-certificate" }, new HashSet<string> { "land" }, faults).Read("""
            expires_days: 0
            remind_after_hours: 24
            remember: 1
            questions:
              - { code: polite, text: { en: "Polite?", hi: "क", ur: "ک", ks: "ک", doi: "क" } }
              - { code: Bad Code, text: { en: "?" } }
            sets:
              - { ask: [polite, unknown] }
              - { services: [no-such-service], ask: [] }
            """);
        Assert.Null(read);
        Assert.Contains(faults, f => f is { Line: 1 } && f.Text.StartsWith("expires_days", StringComparison.Ordinal));
        Assert.Contains(faults, f => f is { Line: 3 } && f.Text.Contains("remember", StringComparison.Ordinal));
        Assert.Equal(5, faults.Count(f => f.Line == 6));
        Assert.Contains(faults, f => f is { Line: 8 } && f.Text.Contains("unknown", StringComparison.Ordinal));
        Assert.Equal(2, faults.Count(f => f.Line == 9));
    }

    [Theory]
    [InlineData("income-certificate", "certificates", "everybody")]
    [InlineData("fard", "land", "land")]
    [InlineData("driving-licence", "land", "licence")]
    public void Questions_AreChosenByServiceThenCategory(string service, string category, string chosen)
    {
        var text = new Sahulat.Kernel.Language.LocalText { ["en"] = "?" };
        var file = new QuestionFile(30, 24, [new("everybody", text), new("land", text), new("licence", text)], [new([], [], ["everybody"]), new([], ["land"], ["land"]), new(["driving-licence"], [], ["licence"])]);
        Assert.Equal(chosen, Assert.Single(file.For(service, category)).Code);
    }
}
