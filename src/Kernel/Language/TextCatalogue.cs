using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Kernel.Language;

/// <summary>The texts of all rooms in all languages, read once from the files <c>texts/{lang}.yaml</c> and <c>texts/{part}-{lang}.yaml</c> inside their assemblies.</summary>
public sealed class TextCatalogue
{
    /// <summary>An assembly's files never change: each is read once a process, also for several nodes in one.</summary>
    private static readonly ConcurrentDictionary<(Assembly Assembly, string Name), IReadOnlyList<(string Key, Text Text)>> Files = new();

    private readonly FrozenDictionary<string, FrozenDictionary<string, Text>> byLanguage;

    public TextCatalogue(IEnumerable<Assembly> assemblies)
    {
        var read = Lang.All.ToDictionary(l => l.Code, _ => new Dictionary<string, Text>(StringComparer.Ordinal));
        foreach (var assembly in assemblies.Append(typeof(TextCatalogue).Assembly).Distinct())
        {
            foreach (var lang in Lang.All)
            {
                foreach (var name in assembly.GetManifestResourceNames().Where(n => n == $"texts/{lang.Code}.yaml" || (n.StartsWith("texts/", StringComparison.Ordinal) && n.EndsWith($"-{lang.Code}.yaml", StringComparison.Ordinal))))
                {
                    foreach (var (key, text) in Files.GetOrAdd((assembly, name), _ => Read(assembly, name, lang)))
                        if (!read[lang.Code].TryAdd(key, text)) throw new InvalidOperationException($"{assembly.GetName().Name}/{name}: {key} is already the key of another text");
                }
            }
        }

        byLanguage = read.ToFrozenDictionary(p => p.Key, p => p.Value.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Kashmiri and Dogri texts are made by machine until a reader of the language confirms them.</summary>
    public static bool StartsMachineMade(Lang lang) => lang == Lang.Ks || lang == Lang.Doi;

    public IEnumerable<string> Keys(Lang lang) => byLanguage[lang.Code].Keys;

    public string? Find(Lang lang, string key) => byLanguage[lang.Code].TryGetValue(key, out var text) ? text.Value : null;

    public bool IsConfirmed(Lang lang, string key) =>
        !StartsMachineMade(lang) || (byLanguage[lang.Code].TryGetValue(key, out var text) && text.Confirmed);

    /// <summary>Texts outside a request: a message to a person in that person's language.</summary>
    public Texts In(Lang lang) => new(this) { Lang = lang };

    private static IReadOnlyList<(string Key, Text Text)> Read(Assembly assembly, string name, Lang lang)
    {
        using var file = assembly.GetManifestResourceStream(name)!;
        var yaml = new YamlStream();
        using var reader = new StreamReader(file);
        yaml.Load(reader);
        if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode root) return [];
        var confirmed = root.Children.TryGetValue("confirmed", out var list) && list is YamlSequenceNode keys
            ? keys.Select(k => k.ToString()).ToHashSet(StringComparer.Ordinal)
            : [];
        var texts = new List<(string, Text)>(root.Children.Count);
        foreach (var (keyNode, valueNode) in root.Children)
        {
            var key = keyNode.ToString();
            if (key == "confirmed" && valueNode is YamlSequenceNode) continue;
            if (valueNode is not YamlScalarNode { Value: { } value }) throw new InvalidOperationException($"{assembly.GetName().Name}/{name}:{valueNode.Start.Line}: {key} is not a text");
            texts.Add((key, new Text(Bidi.Isolate(lang, value), confirmed.Contains(key))));
        }

        return texts;
    }

    private sealed record Text(string Value, bool Confirmed);
}
