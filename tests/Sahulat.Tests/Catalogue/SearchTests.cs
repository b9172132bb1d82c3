using FsCheck;
using FsCheck.Fluent;
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
    [InlineData("bijli ka connection", "power-connection")]
    [InlineData("bijlee ka kanection", "power-connection")]
    [InlineData("بجلی کا کنکشن", "power-connection")]
    [InlineData("बिजली का कनेक्शन", "power-connection")]
    [InlineData("बिजली दा मीटर", "power-connection")]
    [InlineData("naya meter lagwana hai", "power-connection")]
    [InlineData("driving licence renewal", "driving-licence-renewal")]
    [InlineData("licence renew karna hai", "driving-licence-renewal")]
    [InlineData("لرنر لائسنس", "driving-licence")]
    [InlineData("लर्नर लाइसेंस", "driving-licence")]
    [InlineData("driving lisence", "driving-licence-renewal")]
    [InlineData("death certificate", "death-certificate")]
    [InlineData("deth certficate", "death-certificate")]
    [InlineData("maut ka certificate", "death-certificate")]
    [InlineData("mrityu praman patra", "death-certificate")]
    [InlineData("मृत्यु प्रमाण पत्र", "death-certificate")]
    [InlineData("وفات کی سند", "death-certificate")]
    [InlineData("موتٕچ سنَد", "death-certificate")]
    [InlineData("zameen ki fard", "fard")]
    [InlineData("jama bandi", "fard")]
    [InlineData("جمع بندی", "fard")]
    [InlineData("गिरदावरी", "fard")]
    [InlineData("zameen ki paimaish karwani hai", "land-demarcation")]
    [InlineData("nishan dehi", "land-demarcation")]
    [InlineData("حد بندی", "land-demarcation")]
    [InlineData("हदबंदी", "land-demarcation")]
    [InlineData("patakhe bechne ka licence", "cracker-licence")]
    [InlineData("पटाखे", "cracker-licence")]
    [InlineData("petrol pamp", "petroleum-noc")]
    [InlineData("kesar ki nilami", "saffron-e-auction")]
    [InlineData("کونٛگ", "saffron-e-auction")]
    [InlineData("hording lagana hai", "signage-licence")]
    [InlineData("sadak khodne ki ijazat", "road-cutting-permission")]
    [InlineData("सड़क खुदाई", "road-cutting-permission")]
    [InlineData("berojgari", "unemployment-certificate")]
    [InlineData("بے روزگاری کی سند", "unemployment-certificate")]
    [InlineData("dukaan registration", "shop-registration")]
    [InlineData("हट्टी दी रजिस्ट्रेशन", "shop-registration")]
    [InlineData("دکان کا اندراج", "shop-registration")]
    [InlineData("jaati praman patra", "social-caste-certificate")]
    [InlineData("आरक्षित श्रेणी", "reserved-category-certificate")]
    [InlineData("makan banane ki ijazat", "building-permission-water-noc")]
    [InlineData("sinema hall", "cinematograph-licence")]
    [InlineData("makan ki rajistri", "document-registration")]
    [InlineData("بیع نامہ", "document-registration")]
    [InlineData("votar list", "voter-list-copy")]
    [InlineData("altrasound", "pndt-registration")]
    [InlineData("tarazu ki jaanch", "weights-measures-verification")]
    [InlineData("play school kholna hai", "play-school-approval")]
    [InlineData("state subject", "domicile-certificate")]
    public void Find_Words_PutsServiceFirst(string words, string service) =>
        Assert.Equal(service, Index.Value.Find(words).Select(s => s.Code).FirstOrDefault());

    [Theory]
    [InlineData("zzzzqqqq")]
    [InlineData("!!!")]
    [InlineData("\ud800")]
    public void Find_Nonsense_FindsNothing(string words) => Assert.Empty(Index.Value.Find(words));

    [Fact]
    public void Find_Nothing_FindsAll() => Assert.True(Index.Value.Find(" ").Count == 76);

    [Theory]
    [InlineData("domicile", "dmsl")]
    [InlineData("ڈومیسائل", "dmsl")]
    [InlineData("डोमिसाइल", "dmsl")]
    [InlineData("aamdani", "amdn")]
    [InlineData("آمدنی", "amdn")]
    [InlineData("आमदनी", "amdn")]
    public void Skeleton_OfOneWordInThreeScripts_IsOne(string word, string skeleton) =>
        Assert.Equal(skeleton, Spelling.Skeleton(Assert.Single(Spelling.Words(word))));

    [Fact]
    public void Within_RefusesNoWordThatDistanceAccepts() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Spelt.ToArbitrary(), w =>
        Spelling.Distance(w.Word, w.Other, 2) is var slips && (slips > 2 || Spelling.Within(Spelling.Letters(w.Word), Spelling.Letters(w.Other), slips))));

    [Fact]
    public void Trigrams_GivenUpEarly_AreThoseUnderTheLeast() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Spelt.ToArbitrary(), w =>
        Spelling.Trigrams(w.Word, w.Other) is var whole && Spelling.Trigrams(w.Word, w.Other, 0.6) == (whole >= 0.6 ? whole : 0)));

    /// <summary>A word, and what becomes of it by some slips.</summary>
    private static readonly Gen<(string Word, string Other)> Spelt =
        from word in Gen.ArrayOf(Gen.Elements("acdeiostآمدنیसनद".ToCharArray())).Resize(12)
        from slips in Gen.Choose(0, 3)
        from places in Gen.ArrayOf(Gen.Choose(0, 100), slips)
        from letters in Gen.ArrayOf(Gen.Elements("abeक".ToCharArray()), slips)
        select (new string(word), places.Zip(letters).Aggregate(new string(word), (w, p) => p.First % 3 == 0 || w.Length == 0 ? w.Insert(p.First % (w.Length + 1), p.Second.ToString()) : p.First % 3 == 1 ? w.Remove(p.First % w.Length, 1) : w[..(p.First % w.Length)] + p.Second + w[((p.First % w.Length) + 1)..]));
}
