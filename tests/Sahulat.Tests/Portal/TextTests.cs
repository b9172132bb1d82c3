using System.Text.RegularExpressions;
using Sahulat.Host;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Portal;

public sealed partial class TextTests
{
    internal static readonly TextCatalogue Catalogue = new([.. Rooms.Assemblies, typeof(Rooms).Assembly]);

    public static TheoryData<string> Languages => [.. Lang.All.Select(l => l.Code)];

    [Theory, MemberData(nameof(Languages))]
    public void EveryText_IsThereInEveryLanguage(string code)
    {
        var here = Catalogue.Keys(Lang.Find(code)!).ToHashSet();
        var everywhere = Lang.All.SelectMany(Catalogue.Keys).ToHashSet();
        Assert.Empty(everywhere.Except(here).Order());
    }

    [Theory, MemberData(nameof(Languages))]
    public void EveryText_HasTheSamePlaces(string code)
    {
        var lang = Lang.Find(code)!;
        var different = Catalogue.Keys(lang).Where(k => !Places(Catalogue.Find(lang, k)!).SetEquals(Places(Catalogue.Find(Lang.En, k) ?? ""))).Order();
        Assert.Empty(different);
    }

    [Theory]
    [InlineData(1, "1 day left")]
    [InlineData(2, "2 days left")]
    [InlineData(120000, "1,20,000 days left")]
    public void Counted_IsNamedAsMany(int days, string said) => Assert.Equal(said, Catalogue.In(Lang.En)["cases.desk.days-left", days]);

    [Theory, MemberData(nameof(Languages))]
    public void NoText_IsEmptyOrLeftInEnglish(string code)
    {
        var lang = Lang.Find(code)!;
        Assert.DoesNotContain(Catalogue.Keys(lang), k => string.IsNullOrWhiteSpace(Catalogue.Find(lang, k)));
        if (lang == Lang.En) return;
        var copied = Catalogue.Keys(lang).Where(k => Catalogue.Find(lang, k) is { Length: > 24 } text && text == Catalogue.Find(Lang.En, k));
        Assert.Empty(copied.Order());
    }

    [Fact]
    public void KeysNamedInSource_AreTexts()
    {
        var missing = Sources().SelectMany(f => KeysIn(f.Text).Select(key => (f.Path, Key: key))).Where(k => Catalogue.Find(Lang.En, k.Key) is null).Select(k => $"{k.Key} in {k.Path}").Distinct().Order();
        Assert.Equal("", string.Join('\n', missing));
    }

    [Fact]
    public void MachineMade_IsToldUntilAReaderConfirms()
    {
        var texts = Catalogue.In(Lang.Ks);
        Assert.False(texts.MachineMadeShown);
        _ = texts["host.name"];
        Assert.True(texts.MachineMadeShown);
        var hindi = Catalogue.In(Lang.Hi);
        _ = hindi["host.name"];
        Assert.False(hindi.MachineMadeShown);
    }

    [Fact]
    public void Arguments_AreIsolatedInRightToLeftText()
    {
        Assert.Contains("\u20685\u2069", Catalogue.In(Lang.Ur)["fault.too-long", 5], StringComparison.Ordinal);
        Assert.Equal("Use at most 5 characters", Catalogue.In(Lang.En)["fault.too-long", 5]);
    }

    [Theory]
    [InlineData("مثلاً 94190 00000", "مثلاً \u206694190 00000\u2069")]
    [InlineData("فون +91 194 250", "فون \u2066+91 194 250\u2069")]
    [InlineData("5 دن", "5 دن")]
    [InlineData("\u206694190 00000\u2069", "\u206694190 00000\u2069")]
    public void GroupsOfDigits_KeepTheirOrderInRightToLeftText(string text, string shown)
    {
        Assert.Equal(shown, Bidi.Isolate(Lang.Ur, text));
        Assert.Equal(text, Bidi.Isolate(Lang.Hi, text));
    }

    [Theory]
    [InlineData("en", "24 November 2026", "₹12,34,567", "₹0.50")]
    [InlineData("hi", "24 नवंबर 2026", "₹12,34,567", "₹0.50")]
    [InlineData("ur", "24 نومبر، 2026", "\u2066₹12,34,567\u2069", "\u2066₹0.50\u2069")]
    [InlineData("ks", "24 نومبر، 2026", "\u2066₹12,34,567\u2069", "\u2066₹0.50\u2069")]
    [InlineData("doi", "24 नवंबर 2026", "₹12,34,567", "₹0.50")]
    public void DatesAndMoney_AreWrittenAsTheLanguageWritesThem(string code, string date, string lakhs, string paise)
    {
        var texts = Catalogue.In(Lang.Find(code)!);
        Assert.Equal(date, texts.Date(new DateOnly(2026, 11, 24)));
        Assert.Equal(lakhs, texts.Money(1234567m));
        Assert.Equal(paise, texts.Money(0.5m));
    }

    [Fact]
    public void DateTime_IsIndianTime() =>
        Assert.Equal("1 January 2027, 12:15 am", Catalogue.In(Lang.En).DateTime(new DateTimeOffset(2026, 12, 31, 18, 45, 0, TimeSpan.Zero)));

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(m => m.Value)];

    private static IEnumerable<string> KeysIn(string source) =>
        TextKey().Matches(source).Select(m => m.Groups[1].Value)
            .Concat(ProblemCode().Matches(source).Select(m => "problem." + m.Groups[1].Value))
            .Concat(FaultCode().Matches(source).Select(m => "fault." + m.Groups[1].Value));

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        var root = Path.Combine(Cluster.RepositoryRoot, "src");
        return Directory.EnumerateDirectories(root).Where(room => Directory.Exists(Path.Combine(room, "Texts"))).SelectMany(room => Directory.EnumerateFiles(room, "*.cs*", SearchOption.AllDirectories))
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/node_modules/", StringComparison.Ordinal))
            .Select(f => (Path.GetRelativePath(root, f), File.ReadAllText(f)));
    }

    [GeneratedRegex(@"(?<=\{)\d+(?=(?::[a-z]+\|[a-z]+)?\})")]
    private static partial Regex Place();

    [GeneratedRegex(@"\b(?:T|texts)\[""([a-z0-9.\-]+)""[,\]]")]
    private static partial Regex TextKey();

    [GeneratedRegex(@"\bProblem\w*\s*(?:\w+\s*=\s*new)?\(""([a-z0-9\-]+)"", [45]\d\d")]
    private static partial Regex ProblemCode();

    [GeneratedRegex(@"\bnew Fault\([^,()]+, ""([a-z0-9\-]+)""")]
    private static partial Regex FaultCode();
}
