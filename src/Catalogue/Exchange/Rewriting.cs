using System.Globalization;
using System.Text;
using Sahulat.Catalogue.Load;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Exchange;

/// <summary>What a law or service names that a government must have. Kinds: law, department, designation, level.</summary>
internal readonly record struct NamedThing(string Kind, string Code);

/// <summary>Finds what a text names, and puts other codes in their place; everything else stays letter for letter.</summary>
internal static class Rewriting
{
    public const string Law = "law", Department = "department", Designation = "designation", Level = "level";

    public static IEnumerable<NamedThing> Names(string yaml) => Scalars(yaml).Where(s => s.Thing.Kind.Length > 0).Select(s => s.Thing).Distinct();

    /// <summary>The text with the day from which it counts, and with the codes that stand here for those that stand there.</summary>
    public static string Apply(string yaml, DateOnly from, IReadOnlyDictionary<NamedThing, string> mapping)
    {
        var text = new StringBuilder(yaml);
        foreach (var (thing, scalar) in Scalars(yaml).OrderByDescending(s => s.Scalar.Start.Index))
        {
            var now = thing.Kind.Length == 0 ? from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : mapping.GetValueOrDefault(thing);
            if (now is null || now == scalar.Value) continue;
            var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
            text.Remove(start, end - start).Insert(start, now);
        }

        return text.ToString();
    }

    /// <summary>The first day has no kind of its own.</summary>
    private static IEnumerable<(NamedThing Thing, YamlScalarNode Scalar)> Scalars(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }]) yield break;
        foreach (var (key, value) in root.Children)
        {
            if (value is not YamlScalarNode { Value: { } text } scalar) continue;
            if (key.ToString() == "valid_from") yield return (new NamedThing("", text), scalar);
            else if (key.ToString() is "law" or "department") yield return (new NamedThing(key.ToString(), text), scalar);
            else if (key.ToString() == "place") yield return (new NamedThing(Level, text), scalar);
        }

        foreach (var found in Within(root)) yield return found;
    }

    private static IEnumerable<(NamedThing, YamlScalarNode)> Within(YamlNode node)
    {
        if (node is YamlSequenceNode list) return list.SelectMany(Within);
        if (node is not YamlMappingNode map) return [];
        return map.Children.SelectMany(c => c is { Key: YamlScalarNode { Value: Designation or Level }, Value: YamlScalarNode { Value: { } text } scalar } && (c.Key.ToString() == Designation || PackFacts.Levels.Contains(text))
            ? [(new NamedThing(c.Key.ToString(), text), scalar)] : Within(c.Value));
    }
}
