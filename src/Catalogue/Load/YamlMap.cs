using System.Globalization;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Load;

/// <summary>The faults of one file, with line and column.</summary>
internal sealed class FileFaults(string file, List<PackFault> all)
{
    public static readonly string[] Five = ["en", "hi", "ur", "ks", "doi"];

    /// <summary>The languages in which every text must be there.</summary>
    public IReadOnlyList<string> Languages { get; set; } = Five;

    public void Add(YamlNode node, string text) => Add(node, text, text, []);

    public void Add(YamlNode node, Sentence sentence) => Add(node, sentence.Text, sentence.Format, sentence.Args);

    public void Add(int line, int column, string text) => all.Add(new PackFault(file, Math.Max(line, 1), Math.Max(column, 1), text));

    private void Add(YamlNode node, string text, string format, IReadOnlyList<string> args) =>
        all.Add(new PackFault(file, Math.Max((int)node.Start.Line, 1), Math.Max((int)node.Start.Column, 1), text) { Format = format, Args = args });
}

/// <summary>A mapping that notes every fault instead of stopping at the first, and knows which keys were asked for.</summary>
internal sealed class YamlMap(YamlMappingNode node, FileFaults faults)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public YamlMappingNode Node { get; } = node;

    public FileFaults Faults { get; } = faults;

    public bool Has(string key)
    {
        known.Add(key);
        return Find(key) is not null;
    }

    public YamlNode? Find(string key)
    {
        known.Add(key);
        return Node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    public YamlNode At(string key) => Find(key) ?? Node;

    public string? Optional(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value is YamlScalarNode { Value: { Length: > 0 } text }) return text;
        Faults.Add(value, $"{key}: a text belongs here");
        return null;
    }

    public string Text(string key) => Optional(key) ?? Missing(key, "");

    public string OneOf(string key, IReadOnlyCollection<string> allowed, string? otherwise = null)
    {
        var text = otherwise is null ? Text(key) : Optional(key) ?? otherwise;
        if (text.Length > 0 && !allowed.Contains(text)) Faults.Add(At(key), $"{key}: '{text}' is not one of {string.Join(", ", allowed)}");
        return text;
    }

    public decimal? Number(string key)
    {
        if (Optional(key) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return number;
        Faults.Add(At(key), $"{key}: '{text}' is not a number");
        return null;
    }

    public int? Whole(string key, int least = 0)
    {
        if (Number(key) is not { } number) return null;
        if (number == Math.Truncate(number) && number >= least && number <= int.MaxValue) return (int)number;
        Faults.Add(At(key), $"{key}: a whole number of {least} or more belongs here");
        return null;
    }

    public bool Flag(string key, bool otherwise)
    {
        var text = Optional(key);
        if (text is "true" or "false") return text == "true";
        if (text is not null) Faults.Add(At(key), $"{key}: true or false belongs here");
        return otherwise;
    }

    public DateOnly? Date(string key)
    {
        if (Optional(key) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        Faults.Add(At(key), $"{key}: '{text}' is not a date like 2026-01-31");
        return null;
    }

    public T Enum<T>(string key, T otherwise) where T : struct, Enum
    {
        if (Optional(key) is not { } text) return otherwise;
        if (System.Enum.TryParse<T>(text, out var value) && System.Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])) return value;
        Faults.Add(At(key), $"{key}: '{text}' is not one of {string.Join(", ", System.Enum.GetNames<T>())}");
        return otherwise;
    }

    /// <summary>A text in several languages; every one of <paramref name="languages"/> (the file's own if not given) must be there.</summary>
    public LocalText? OptionalLocal(string key, params string[] languages)
    {
        if (Find(key) is not { } value) return null;
        if (value is not YamlMappingNode map)
        {
            Faults.Add(value, $"{key}: a text in each language belongs here");
            return [];
        }

        var texts = new LocalText();
        foreach (var (name, text) in map.Children)
        {
            if (!FileFaults.Five.Contains(name.ToString())) Faults.Add(name, $"{key}: '{name}' is not a language");
            else if (text is YamlScalarNode { Value: { } s } && s.Trim().Length > 0) texts[name.ToString()] = s;
            else Faults.Add(text, $"{key}.{name}: a text belongs here");
        }

        var missing = Faults.Languages.Where(l => (languages.Length == 0 || languages.Contains(l)) && !map.Children.ContainsKey(new YamlScalarNode(l))).ToArray();
        if (missing.Length > 0) Faults.Add(map, $"{key}: missing in {string.Join(", ", missing)}");
        return texts;
    }

    public LocalText Local(string key, params string[] languages) => OptionalLocal(key, languages) ?? Missing(key, new LocalText());

    public YamlMap? OptionalMap(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value is YamlMappingNode map) return new YamlMap(map, Faults);
        Faults.Add(value, $"{key}: a mapping belongs here");
        return null;
    }

    public IReadOnlyList<YamlMap> Maps(string key)
    {
        if (Find(key) is not { } value) return [];
        if (value is not YamlSequenceNode list)
        {
            Faults.Add(value, $"{key}: a list belongs here");
            return [];
        }

        foreach (var wrong in list.Where(n => n is not YamlMappingNode)) Faults.Add(wrong, $"{key}: a mapping belongs here");
        return [.. list.OfType<YamlMappingNode>().Select(n => new YamlMap(n, Faults))];
    }

    public IReadOnlyList<string> Words(string key, IReadOnlyCollection<string>? allowed = null)
    {
        if (Find(key) is not { } value) return [];
        if (value is not YamlSequenceNode list)
        {
            Faults.Add(value, $"{key}: a list belongs here");
            return [];
        }

        var words = new List<string>();
        foreach (var node in list)
        {
            if (node is not YamlScalarNode { Value: { Length: > 0 } word }) Faults.Add(node, $"{key}: a text belongs here");
            else if (allowed is not null && !allowed.Contains(word)) Faults.Add(node, $"{key}: '{word}' is not one of {string.Join(", ", allowed)}");
            else words.Add(word);
        }

        return words;
    }

    /// <summary>Call last: a key nobody asked for is a fault.</summary>
    public void Done()
    {
        foreach (var key in Node.Children.Keys.Where(k => !known.Contains(k.ToString()))) Faults.Add(key, $"unknown key '{key}'");
    }

    private T Missing<T>(string key, T value)
    {
        if (Find(key) is null) Faults.Add(Node, $"'{key}' is missing");
        return value;
    }
}
