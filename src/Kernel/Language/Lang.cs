namespace Sahulat.Kernel.Language;

/// <summary>One of the five official languages (J&amp;K Official Languages Act 2020).</summary>
public sealed record Lang(string Code, string NativeName, string Direction, string Script)
{
    public static readonly Lang En = new("en", "English", "ltr", "Latn");
    public static readonly Lang Hi = new("hi", "हिन्दी", "ltr", "Deva");
    public static readonly Lang Ur = new("ur", "اردو", "rtl", "Arab");
    public static readonly Lang Ks = new("ks", "کٲشُر", "rtl", "Arab");
    public static readonly Lang Doi = new("doi", "डोगरी", "ltr", "Deva");

    public static readonly IReadOnlyList<Lang> All = [Ks, Doi, Ur, Hi, En];

    public bool RightToLeft => Direction == "rtl";

    public static Lang? Find(string? code) => All.FirstOrDefault(l => l.Code == code);
}

/// <summary>A name or sentence in data, by language code. English is always there.</summary>
public sealed class LocalText : Dictionary<string, string>
{
    public LocalText() : base(StringComparer.Ordinal)
    {
    }

    public LocalText(IEnumerable<KeyValuePair<string, string>> texts) : base(texts, StringComparer.Ordinal)
    {
    }

    public string In(Lang lang) => TryGetValue(lang.Code, out var text) && text.Length > 0 ? text : (TryGetValue("en", out var english) ? english : "");
}
