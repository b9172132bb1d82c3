using System.Text.RegularExpressions;
using Sahulat.Host;
using Sahulat.Kernel.Language;

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

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
