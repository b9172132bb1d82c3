using Sahulat.Catalogue.Compare;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Portal;

namespace Sahulat.Tests.Catalogue;

public sealed class DifferenceTests
{
    private const string Before = """
        code: a
        valid_from: 2026-01-01
        name: { en: A, hi: अ }
        limit: { days: 15, confirmed: false }
        keywords: { en: [one, two] }
        workflow:
          steps:
            - { code: verify, within: 7, officer: { designation: patwari } }
            - { code: decide, officer: { designation: tehsildar } }
        """;

    [Fact]
    public void SameMeaning_OtherSpelling_IsNoDifference() =>
        Assert.Empty(Difference.Between(Before, Before.Replace("{ en: A, hi: अ }", "\n  hi: \"अ\"\n  en: 'A'", StringComparison.Ordinal).Replace("code: a\n", "# a comment\ncode: a\n", StringComparison.Ordinal)));

    [Theory]
    [InlineData("days: 15", "days: 30", "limit.days", "15", "30")]
    [InlineData(", confirmed: false", "", "limit.confirmed", "false", null)]
    [InlineData("[one, two]", "[one, three]", "keywords.en", "one, two", "one, three")]
    [InlineData("keywords: { en: [one, two] }", "keywords: { en: [one, two] }\nonline: true", "online", null, "true")]
    [InlineData("- { code: verify, within: 7,", "- { code: verify, within: 8,", "workflow.steps[verify].within", "7", "8")]
    public void OneValue_IsOneChange(string was, string now, string path, string? before, string? after)
    {
        var change = Assert.Single(Difference.Between(Before, Before.Replace(was, now, StringComparison.Ordinal)));
        Assert.Equal((path, before, after), (change.Name, change.Before, change.After));
    }

    [Fact]
    public void StepPutBetween_ChangesNoOther_AndSwappedStepsAreTold()
    {
        const string decide = "    - { code: decide, officer: { designation: tehsildar } }";
        var added = Difference.Between(Before, Before.Replace(decide, "    - { code: inspect, within: 3 }\n" + decide, StringComparison.Ordinal));
        Assert.Equal(["workflow.steps[inspect].code", "workflow.steps[inspect].within"], added.Select(c => c.Name));
        const string verify = "    - { code: verify, within: 7, officer: { designation: patwari } }";
        var swapped = Assert.Single(Difference.Between(Before, Before.Replace(verify, "%", StringComparison.Ordinal).Replace(decide, verify, StringComparison.Ordinal).Replace("%", decide, StringComparison.Ordinal)));
        Assert.Equal(("workflow.steps._order", "verify, decide", "decide, verify"), (swapped.Name, swapped.Before, swapped.After));
        Assert.Equal("Handling › Step › Order", DifferenceWriting.Label(swapped, TextTests.Catalogue.In(Lang.En)));
    }

    [Fact]
    public void NothingBefore_EverythingIsNew() => Assert.All(Difference.Between("", Before), c => Assert.Null(c.Before));
}
