using System.Globalization;
using Sahulat.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Draft;

/// <summary>A service as the YAML tree it is written in. The screen changes this tree and nothing else, so that file and screen are one thing.</summary>
internal sealed class ServiceDocument
{
    /// <summary>Characters.</summary>
    public const int Most = 400_000;

    private const int MostNodes = 40_000, Deepest = 24;

    private ServiceDocument(YamlMappingNode root) => Root = root;

    public YamlMappingNode Root { get; }

    public string Code => Root.Scalar("code") ?? "";

    /// <summary>Refused where it is no YAML, too large, or uses what a service never needs: anchors, aliases, tags, several documents.</summary>
    public static Result<ServiceDocument> Parse(string yaml)
    {
        if (yaml.Length > Most) return Problem.Invalid([new Fault("yaml", "too-long", Most)]);
        try
        {
            if (Hostile(yaml)) return Problem.Invalid([new Fault("yaml", "yaml-not-plain")]);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? new ServiceDocument(root) : Problem.Invalid([new Fault("yaml", "yaml-not-plain")]);
        }
        catch (YamlException e)
        {
            return Problem.Invalid([new Fault("yaml", "yaml-broken", (int)e.Start.Line, (int)e.Start.Column)]);
        }
    }

    /// <summary>What is stored was read before, by a load or by <see cref="Parse"/>.</summary>
    public static ServiceDocument Stored(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return new ServiceDocument((YamlMappingNode)stream.Documents[0].RootNode);
    }

    public string Text()
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(Root)).Save(new Emitter(writer, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 128)), assignAnchors: false);
        var text = writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n', '.');
        return text + "\n";
    }

    /// <summary>The node at a path such as <c>form/pages/0/fields/2</c>; the root for an empty one.</summary>
    public YamlNode? At(string path)
    {
        YamlNode? node = Root;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node switch
            {
                YamlMappingNode map => map.Child(step),
                YamlSequenceNode list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Children.Count => list.Children[i],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>Looked at event by event first: a tree of aliases or of endless depth is never built.</summary>
    private static bool Hostile(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var (depth, nodes, documents) = (0, 0, 0);
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case AnchorAlias or NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false }:
                    return true;
                case DocumentStart:
                    documents++;
                    break;
                case MappingStart or SequenceStart:
                    depth++;
                    break;
                case MappingEnd or SequenceEnd:
                    depth--;
                    break;
            }

            if (depth > Deepest || ++nodes > MostNodes || documents > 1) return true;
        }

        return false;
    }
}

/// <summary>Reading and changing a YAML tree by dotted keys. What does not change keeps its node, and with it its place and its quotes.</summary>
internal static class Yaml
{
    public static YamlNode? Child(this YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    public static YamlNode? Find(this YamlMappingNode map, string dotted)
    {
        YamlNode? node = map;
        foreach (var key in dotted.Split('.')) node = (node as YamlMappingNode)?.Child(key);
        return node;
    }

    public static string? Scalar(this YamlMappingNode map, string dotted) => (map.Find(dotted) as YamlScalarNode)?.Value;

    public static IReadOnlyList<YamlMappingNode> Maps(this YamlMappingNode map, string dotted) => map.Find(dotted) is YamlSequenceNode list ? [.. list.OfType<YamlMappingNode>()] : [];

    public static IReadOnlyList<string> Words(this YamlMappingNode map, string dotted) => map.Find(dotted) is YamlSequenceNode list ? [.. list.OfType<YamlScalarNode>().Select(w => w.Value ?? "")] : [];

    public static YamlSequenceNode List(this YamlMappingNode map, string dotted)
    {
        if (map.Find(dotted) is YamlSequenceNode list) return list;
        var made = new YamlSequenceNode();
        map.Put(dotted, made);
        return made;
    }

    /// <summary>Puts a scalar; null or empty takes the key away, and a mapping that is left empty with it.</summary>
    public static void Put(this YamlMappingNode map, string dotted, string? value, bool word = false)
    {
        if (map.Find(dotted) is YamlScalarNode there && there.Value == value) return;
        map.Put(dotted, string.IsNullOrEmpty(value) ? null : Node(value, word));
    }

    public static void Put(this YamlMappingNode map, string dotted, YamlNode? value)
    {
        var keys = dotted.Split('.');
        var way = new List<YamlMappingNode> { map };
        foreach (var key in keys[..^1])
        {
            if (way[^1].Child(key) is not YamlMappingNode next)
            {
                if (value is null) return;
                way[^1].Children[new YamlScalarNode(key)] = next = [];
            }

            way.Add(next);
        }

        if (value is not null)
        {
            way[^1].Children[new YamlScalarNode(keys[^1])] = value;
            return;
        }

        for (var i = keys.Length - 1; i >= 0; i--)
        {
            way[i].Children.Remove(new YamlScalarNode(keys[i]));
            if (way[i].Children.Count > 0) break;
        }
    }

    /// <summary>Bare where every reader of YAML takes it for what it is (codes, numbers, dates, true and false of a flag), else in quotes.</summary>
    public static YamlScalarNode Node(string value, bool word) =>
        new(value) { Style = word && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && value.ToLowerInvariant() is not ("yes" or "no" or "on" or "off" or "y" or "n" or "null") ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted };

    /// <summary>A text as a code: what is left of its English in lower-case letters and digits, told apart from those that are taken.</summary>
    public static string Slug(string? text, char join, string otherwise, IReadOnlySet<string> taken)
    {
        var plain = string.Concat((text ?? "").ToLowerInvariant().Where(c => c is not ('\'' or '’')).Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : join));
        plain = string.Join(join, plain.Split(join, StringSplitOptions.RemoveEmptyEntries).SkipWhile(p => !char.IsAsciiLetter(p[0])).Take(5));
        if (plain.Length == 0) plain = otherwise;
        if (plain.Length > 40) plain = plain[..40].TrimEnd(join);
        var free = plain;
        for (var i = 2; taken.Contains(free); i++) free = $"{plain}{join}{i}";
        return free;
    }
}
