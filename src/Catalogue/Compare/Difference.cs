using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Compare;

/// <summary>One step from the root to a value: a key of a mapping, or an item of a list by its own code.</summary>
/// <param name="Key">The mapping's key, or the list's key when <paramref name="Item"/> is given.</param>
/// <param name="Item">The item's <c>code</c>, <c>id</c> or <c>name</c>; else its number.</param>
internal sealed record FieldStep(string Key, string? Item = null)
{
    public override string ToString() => Item is null ? Key : $"{Key}[{Item}]";
}

/// <summary>A value that differs. <paramref name="Before"/> is null where it was not there, <paramref name="After"/> where it is gone.</summary>
internal sealed record FieldChange(IReadOnlyList<FieldStep> Path, string? Before, string? After)
{
    /// <summary>As <c>workflow.steps[verify].within</c>.</summary>
    public string Name => string.Join('.', Path);
}

/// <summary>What differs between two laws or services, value by value. Items of lists are matched by their codes, so that a step put in between changes no other.</summary>
internal static class Difference
{
    /// <summary>The step that tells of another order of the items that both sides have.</summary>
    public const string Order = "_order";

    private static readonly string[] Identities = ["code", "id", "name"];

    /// <param name="before">Empty: nothing was there before.</param>
    /// <exception cref="YamlException">One of the two is no YAML.</exception>
    public static IReadOnlyList<FieldChange> Between(string before, string after)
    {
        var changes = new List<FieldChange>();
        Compare([], Root(before), Root(after), changes);
        return changes;
    }

    /// <summary>Every mapping of a text with the way to it, the text's own included.</summary>
    public static IEnumerable<(IReadOnlyList<FieldStep> Path, YamlMappingNode Map)> Mappings(YamlMappingNode root) => Mappings([], root);

    private static IEnumerable<(IReadOnlyList<FieldStep> Path, YamlMappingNode Map)> Mappings(FieldStep[] path, YamlMappingNode map)
    {
        yield return (path, map);
        foreach (var (key, value) in map.Children)
        {
            var below = value switch
            {
                YamlMappingNode inner => Mappings([.. path, new FieldStep(key.ToString())], inner),
                YamlSequenceNode list => Items(list).SelectMany(i => i.Node is YamlMappingNode item ? Mappings([.. path, new FieldStep(key.ToString(), i.Id)], item) : []),
                _ => [],
            };
            foreach (var found in below) yield return found;
        }
    }

    private static YamlMappingNode? Root(string yaml)
    {
        if (string.IsNullOrWhiteSpace(yaml)) return null;
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : null;
    }

    private static void Compare(FieldStep[] path, YamlNode? before, YamlNode? after, List<FieldChange> changes)
    {
        if (Is<YamlMappingNode>(before, after)) Mappings(path, before as YamlMappingNode, after as YamlMappingNode, changes);
        else if (Is<YamlSequenceNode>(before, after) && IsOfMappings(before) && IsOfMappings(after)) Lists(path, before as YamlSequenceNode, after as YamlSequenceNode, changes);
        else if (Plain(before) is var was && Plain(after) is var now && was != now) changes.Add(new FieldChange(path, was, now));
    }

    private static void Mappings(FieldStep[] path, YamlMappingNode? before, YamlMappingNode? after, List<FieldChange> changes)
    {
        foreach (var key in Keys(before).Union(Keys(after), StringComparer.Ordinal))
            Compare([.. path, new FieldStep(key)], Child(before, key), Child(after, key), changes);
    }

    private static void Lists(FieldStep[] path, YamlSequenceNode? before, YamlSequenceNode? after, List<FieldChange> changes)
    {
        var (was, now) = (Items(before), Items(after));
        foreach (var item in was.Select(i => i.Id).Union(now.Select(i => i.Id), StringComparer.Ordinal))
            Compare([.. path[..^1], path[^1] with { Item = item }], was.FirstOrDefault(i => i.Id == item).Node, now.FirstOrDefault(i => i.Id == item).Node, changes);
        string[] stayed = [.. was.Select(i => i.Id).Intersect(now.Select(i => i.Id), StringComparer.Ordinal)], order = [.. now.Select(i => i.Id).Where(stayed.Contains)];
        if (!stayed.SequenceEqual(order)) changes.Add(new FieldChange([.. path, new FieldStep(Order)], string.Join(", ", stayed), string.Join(", ", order)));
    }

    /// <summary>Both are of the kind, or one is and the other is not there.</summary>
    private static bool Is<T>(YamlNode? before, YamlNode? after) where T : YamlNode => (before is T || after is T) && before is T or null && after is T or null;

    private static bool IsOfMappings(YamlNode? node) => node is null || node is YamlSequenceNode { Children: { Count: > 0 } items } && items.All(i => i is YamlMappingNode);

    private static (string Id, YamlNode? Node)[] Items(YamlSequenceNode? list)
    {
        if (list is null) return [];
        var used = new HashSet<string>(StringComparer.Ordinal);
        return [.. list.Children.Select((item, i) =>
        {
            var id = Identities.Select(k => Child(item as YamlMappingNode, k)).OfType<YamlScalarNode>().FirstOrDefault()?.Value ?? $"{i + 1}";
            while (!used.Add(id)) id += "'";
            return (id, (YamlNode?)item);
        })];
    }

    private static IEnumerable<string> Keys(YamlMappingNode? map) => map?.Children.Keys.Select(k => k.ToString()) ?? [];

    private static YamlNode? Child(YamlMappingNode? map, string key) => map is not null && map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static string? Plain(YamlNode? node) => node switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode list => string.Join(", ", list.Select(Plain)),
        YamlMappingNode map => string.Join(", ", map.Children.Select(c => $"{c.Key}: {Plain(c.Value)}")),
        _ => node.ToString(),
    };
}
