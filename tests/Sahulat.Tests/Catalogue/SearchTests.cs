using Sahulat.Catalogue.Find;
using Sahulat.Catalogue.Load;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

public sealed class SearchTests
{
    private static readonly Lazy<SearchIndex> Index = new(() =>
    {
        var folder = Path.Combine(Cluster.RepositoryRoot, "data", "jk", "services");
        var facts = new PackFacts(null, null, null);
        return new SearchIndex([.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(f => PackReading.One(f, File.ReadAllText(f), [], m => ServiceFile.Read(m, facts))!)]);
    });

    [Theory]
    [InlineData("domicile banwana hai", "domicile-certificate")]
    [InlineData("domicile", "domicile-certificate")]
    [InlineData("domisile", "domicile-certificate")]
    [InlineData("domecile certificate", "domicile-certificate")]
    [InlineData("domcile", "domicile-certificate")]
    [InlineData("domicle", "domicile-certificate")]
    [InlineData("DOMICILE", "domicile-certificate")]
    [InlineData("ڈومیسائل", "domicile-certificate")]
    [InlineData("ڈومیسائل سند کیسے بنوانا ہے", "domicile-certificate")]
    [InlineData("ڈوميسائل", "domicile-certificate")]
    [InlineData("डोमिसाइल", "domicile-certificate")]
    [InlineData("डोमीसाईल", "domicile-certificate")]
    [InlineData("अधिवास प्रमाण पत्र", "domicile-certificate")]
    [InlineData("mujhe niwas praman patra chahiye", "domicile-certificate")]
    [InlineData("rihaishi sanad", "domicile-certificate")]
    [InlineData("aamdani", "income-certificate")]
    [InlineData("amdani praman patra", "income-certificate")]
    [InlineData("aay praman patra", "income-certificate")]
    [InlineData("income certificate", "income-certificate")]
    [InlineData("incom certficate", "income-certificate")]
    [InlineData("آمدنی", "income-certificate")]
    [InlineData("आमदनी", "income-certificate")]
    [InlineData("आय प्रमाण पत्र", "income-certificate")]
    [InlineData("character certificate", "character-certificate")]
    [InlineData("charactor certificate", "character-certificate")]
    [InlineData("charitra praman patra", "character-certificate")]
    [InlineData("चरित्र प्रमाण पत्र", "character-certificate")]
    [InlineData("legal heir", "legal-heir-certificate")]
    [InlineData("waris", "legal-heir-certificate")]
    [InlineData("وارث", "legal-heir-certificate")]
    [InlineData("water connection", "drinking-water-connection")]
    [InlineData("pani ka connection lagwana hai", "drinking-water-connection")]
    [InlineData("paani ka kanekshan", "drinking-water-connection")]
    [InlineData("پانی کا کنکشن", "drinking-water-connection")]
    [InlineData("पानी का कनेक्शन", "drinking-water-connection")]
    [InlineData("ration card", "ration-card-application")]
    [InlineData("rashan kard banana hai", "ration-card-application")]
    [InlineData("राशन कार्ड", "ration-card-application")]
    [InlineData("راشن کارڈ", "ration-card-application")]
    [InlineData("birth certificate", "birth-certificate-municipal-corporation")]
    [InlineData("janam praman patra", "birth-certificate-municipal-corporation")]
    [InlineData("जन्म प्रमाण पत्र", "birth-certificate-municipal-corporation")]
    [InlineData("پیدائش سند", "birth-certificate-municipal-corporation")]
    [InlineData("shaadi ka certificate", "marriage-certificate-special")]
    [InlineData("marriage", "marriage-certificate-special")]
    [InlineData("विवाह", "marriage-certificate-special")]
    [InlineData("شادی", "marriage-certificate-special")]
    [InlineData("film shooting", "film-shooting-permission")]
    [InlineData("flim shuting", "film-shooting-permission")]
    [InlineData("فلم شوٹنگ", "film-shooting-permission")]
    [InlineData("fitness certificate vehicle", "vehicle-fitness-certificate")]
    [InlineData("gaadi ki fitness", "vehicle-fitness-certificate")]
    [InlineData("गाड़ी की फिटनेस", "vehicle-fitness-certificate")]
    [InlineData("job card", "job-card")]
    [InlineData("جاب کارڈ", "job-card")]
    public void Find_Words_PutsServiceFirst(string words, string service) =>
        Assert.Equal(service, Index.Value.Find(words).Select(s => s.Code).FirstOrDefault());

    [Theory]
    [InlineData("zzzzqqqq")]
    [InlineData("!!!")]
    [InlineData("\ud800")]
    public void Find_Nonsense_FindsNothing(string words) => Assert.Empty(Index.Value.Find(words));

    [Fact]
    public void Find_Nothing_FindsAll() => Assert.True(Index.Value.Find(" ").Count >= 12);

    [Theory]
    [InlineData("domicile", "dmsl")]
    [InlineData("ڈومیسائل", "dmsl")]
    [InlineData("डोमिसाइल", "dmsl")]
    [InlineData("aamdani", "amdn")]
    [InlineData("آمدنی", "amdn")]
    [InlineData("आमदनी", "amdn")]
    public void Skeleton_OfOneWordInThreeScripts_IsOne(string word, string skeleton) =>
        Assert.Equal(skeleton, Spelling.Skeleton(Assert.Single(Spelling.Words(word))));
}
