using Sahulat.Messaging.Wording;

namespace Sahulat.Tests.Messaging;

public sealed class WordingTests
{
    public static TheoryData<string, string, int, int> Lengths => new()
    {
        { "", "gsm-7", 0, 1 },
        { new string('a', 160), "gsm-7", 160, 1 },
        { new string('a', 161), "gsm-7", 161, 2 },
        { new string('a', 306), "gsm-7", 306, 2 },
        { new string('a', 307), "gsm-7", 307, 3 },
        { new string('a', 158) + "€", "gsm-7", 160, 1 },
        { new string('a', 159) + "€", "gsm-7", 161, 2 },
        // 152 letters and the escape of a bracket would end the first part: the bracket goes to the second.
        { new string('a', 152) + "[" + new string('a', 152), "gsm-7", 306, 3 },
        { new string('a', 151) + "[" + new string('a', 153), "gsm-7", 306, 2 },
        { "^{}\\[~]|€\f", "gsm-7", 20, 1 },
        { "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r", "gsm-7", 44, 1 },
        { "ç", "ucs-2", 1, 1 },
        { "`", "ucs-2", 1, 1 },
        { "₹5", "ucs-2", 2, 1 },
        { new string('ا', 70), "ucs-2", 70, 1 },
        { new string('ا', 71), "ucs-2", 71, 2 },
        { new string('ا', 134), "ucs-2", 134, 2 },
        { new string('ا', 135), "ucs-2", 135, 3 },
        { new string('क', 66) + "😀" + new string('क', 66), "ucs-2", 134, 3 },
        { new string('क', 65) + "😀" + new string('क', 67), "ucs-2", 134, 2 },
    };

    [Theory, MemberData(nameof(Lengths))]
    public void Sms_IsMeasuredAsItTravels(string text, string encoding, int length, int parts) => Assert.Equal(new Segmented(encoding, length, parts), Gsm7.Measure(text));

    [Theory]
    [InlineData("“It’s” – ₹500…", "\"It's\" - Rs 500...")]
    [InlineData("a\u00a0b\u200bc", "a bc")]
    public void TypographicSigns_BecomePlain(string text, string plain)
    {
        Assert.Equal(plain, Gsm7.Plain(text));
        Assert.True(Gsm7.Holds(Gsm7.Plain(text)));
    }

    [Theory]
    [InlineData("9419012345", "+919419012345")]
    [InlineData("+91 94190-12345", "+919419012345")]
    [InlineData("0 94190 12345", "+919419012345")]
    [InlineData("919419012345", "+919419012345")]
    [InlineData("00919419012345", "+919419012345")]
    [InlineData("٠٩٤١٩٠١٢٣٤٥", "+919419012345")]
    [InlineData("९४१९०१२३४५", "+919419012345")]
    [InlineData("+971501234567", "+971501234567")]
    [InlineData("+44 7911 123456", "+447911123456")]
    [InlineData("+12025550123", "+12025550123")]
    [InlineData("07700900001", "+447700900001")]
    [InlineData("+910000000002", "+910000000002")]
    [InlineData("5419012345", null)]
    [InlineData("+91541901234", null)]
    [InlineData("+91941901234", null)]
    [InlineData("+9194190123456", null)]
    [InlineData("+447911", null)]
    [InlineData("+999123456789", null)]
    [InlineData("12345", null)]
    [InlineData("94190x2345", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Numbers_AreE164ByTheirPlan(string? written, string? expected) => Assert.Equal(expected, Phone.Normalise(written));

    [Theory]
    [InlineData("Code {#numeric#} for {#alphanumeric#}. JKGOVT", "Code 123 for you. JKGOVT", null)]
    [InlineData("Code {#numeric#} for {#alphanumeric#}. JKGOVT", "Code 12a for you. JKGOVT", 5)]
    [InlineData("Code {#numeric#} for {#alphanumeric#}. JKGOVT", "Code 123 for you. JKGOVT ", 24)]
    [InlineData("Code {#numeric#} for {#alphanumeric#}. JKGOVT", "code 123 for you. JKGOVT", 0)]
    [InlineData("See {#url#} now", "See https://jk.gov.in/x now", null)]
    [InlineData("Dear {#var#}{#var#}, come", "Dear aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, come", null)]
    [InlineData("Dear {#var#}, come", "Dear aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, come", 5)]
    [InlineData("آپ کی درخواست {#var#} موصول", "آپ کی درخواست JK26 موصول", null)]
    public void Text_IsComparedWithTheRegisteredTemplate(string registered, string text, int? position) => Assert.Equal(position, Dlt.Compare(registered, text)?.Position);

    [Theory]
    [InlineData("promotional", "2026-11-02T04:00:00Z", "2026-11-02T04:30:00Z")]
    [InlineData("promotional", "2026-11-02T05:00:00Z", "2026-11-02T05:00:00Z")]
    [InlineData("service-explicit", "2026-11-02T16:00:00Z", "2026-11-03T04:30:00Z")]
    [InlineData("service-implicit", "2026-11-02T20:00:00Z", "2026-11-02T20:00:00Z")]
    public void Promotion_GoesOutByDay(string category, string at, string allowed) =>
        Assert.Equal(DateTimeOffset.Parse(allowed, System.Globalization.CultureInfo.InvariantCulture), Dlt.Allowed(category, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));
}
