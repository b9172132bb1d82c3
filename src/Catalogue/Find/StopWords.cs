using System.Collections.Frozen;

namespace Sahulat.Catalogue.Find;

/// <summary>Words that say that somebody wants something, not what.</summary>
internal static class StopWords
{
    private const string All = """
        a an the of for to in on my me i we our is are do does how can get make made want need apply application please new online form where what which with and or from by
        banwana banana banvana banwani banani banwane banane banaye banayen banta bante banega banegi banao bana bnwana hai hain h he hay ho hona hoga chahiye chahie chaiye chahye chahiya chahta chahti chahun kaise kese kaisay kaisey kahan kahaan kab kya kia
        mujhe mujhay mujh mera meri mere hamara hamari hame humko mujhko ke ki ka k ko se me mein main mai liye lie liy lye karna karni karne krna krni karwana karwani karvana lena leni lagwana lagwani lagana dena apply karo karen kare wala wali nikalwana nikalna nikalo
        चाहिए चाहिये है हैं हूँ हूं हो का की के को से में लिए लिये मुझे मेरा मेरी मेरे हमें कैसे कहाँ कहां क्या कब बनवाना बनाना बनवानी बनवाने बनाएं बनता करना करनी लेना लगवाना लगवानी और या एक नया नई दा दी दे गी च ऐ आस्तै
        چاہیے چاہئے ہے ہیں ہوں ہو کا کی کے کو سے میں لیے لئے مجھے میرا میری میرے ہمیں کیسے کہاں کیا کب بنوانا بنانا بنوانی کرنا کرنی لینا لگوانا لگوانی اور یا ایک نیا نئی گژھہِ چھُ چھِ خٲطرٕ منٛز
        """;

    private static readonly FrozenSet<string> Words = Spelling.Words(All).ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string word) => Words.Contains(word);
}
