using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Feedback.Rate;

/// <summary>The answers that the page offers, in the reader's language.</summary>
internal static class RateChoices
{
    public static Choice[] Scores(Texts t) => [.. Rating.Scores.Select(s => new Choice(s, t[$"feedback.score.{s}"]))];

    public static Choice[] YesNo(Texts t) => [new("yes", t["feedback.yes"]), new("no", t["feedback.no"])];

    public static Choice[] Me(Texts t) => [new("yes", t["feedback.me.yes"]), new("no", t["feedback.me.no"])];
}
