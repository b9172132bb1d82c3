using System.Globalization;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Organisation.Load;

/// <summary>A word of offices.yaml and where it stands.</summary>
internal sealed record Word(string Text, int Line, int Column)
{
    public PackFault Fault(string text) => new(OfficePatterns.File, Line, Column, text);
}

/// <summary>One pattern: an office of this kind for each place it names. The first post heads it.</summary>
internal sealed record OfficePattern(Word Kind, Word Department, Word? Per, IReadOnlyList<Word> At, Word? Parent, LocalText Name, IReadOnlyList<(Word Designation, int Count)> Posts);

/// <summary>Reads offices.yaml. Anything it does not know is a fault, so that a slip of the pen does not silently make no office.</summary>
internal sealed class OfficePatterns(ICollection<PackFault> faults)
{
    public const string File = "offices.yaml";

    private static readonly string[] Known = ["kind", "department", "per", "at", "parent", "name", "posts"];

    public static IReadOnlyList<OfficePattern> Read(string path, ICollection<PackFault> faults)
    {
        var reading = new OfficePatterns(faults);
        if (!System.IO.File.Exists(path)) return reading.Nothing(1, 1, "is missing");
        var stream = new YamlStream();
        try
        {
            using var reader = new StreamReader(path);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            return reading.Nothing(e.Start.Line, e.Start.Column, e.Message);
        }

        if (stream.Documents is not [{ RootNode: YamlSequenceNode list }]) return reading.Nothing(1, 1, "must be a list of office patterns");
        return [.. list.Select(reading.Pattern).OfType<OfficePattern>()];
    }

    private IReadOnlyList<OfficePattern> Nothing(long line, long column, string text)
    {
        faults.Add(new PackFault(File, (int)line, (int)column, text));
        return [];
    }

    private OfficePattern? Pattern(YamlNode node)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, "must be a mapping");
            return null;
        }

        foreach (var key in map.Children.Keys.Where(k => !Known.Contains(k.ToString()))) Fault(key, $"unknown key {key}");
        var before = faults.Count;
        var kind = Required(map, "kind");
        var department = Required(map, "department");
        var per = Optional(map, "per");
        var at = Child(map, "at") switch { null => [], YamlSequenceNode places => places.Select(p => Scalar(p, "at")).OfType<Word>().ToArray(), var other => Wrong(other, "at must be a list of places") };
        if ((per is null) == (at.Length == 0)) Fault(map, "needs either per or at");
        var parent = Optional(map, "parent");
        var name = Name(map);
        var posts = Posts(map);
        return faults.Count == before ? new OfficePattern(kind!, department!, per, at, parent, name, posts) : null;
    }

    private LocalText Name(YamlMappingNode map)
    {
        var name = new LocalText();
        if (Child(map, "name") is YamlMappingNode names)
            foreach (var (lang, text) in names.Children)
            {
                if (Lang.Find(lang.ToString()) is null) Fault(lang, $"{lang} is no language of the pack");
                else name[lang.ToString()] = Scalar(text, "name")?.Text ?? "";
            }

        foreach (var lang in Lang.All.Where(l => !name.ContainsKey(l.Code))) Fault(Child(map, "name") ?? map, $"name has no {lang.Code}");
        return name;
    }

    private List<(Word, int)> Posts(YamlMappingNode map)
    {
        var posts = new List<(Word, int)>();
        foreach (var node in (Child(map, "posts") as YamlSequenceNode)?.Children ?? [])
        {
            if (node is not YamlMappingNode post)
            {
                Fault(node, "a post must be a mapping with its designation");
                continue;
            }

            foreach (var key in post.Children.Keys.Where(k => k.ToString() is not ("designation" or "count"))) Fault(key, $"unknown key {key}");
            var count = 1;
            if (Optional(post, "count") is { } written && (!int.TryParse(written.Text, CultureInfo.InvariantCulture, out count) || count is < 1 or > 200)) faults.Add(written.Fault("count must be from 1 to 200"));
            if (Required(post, "designation") is { } designation) posts.Add((designation, count));
        }

        if (Child(map, "posts") is not YamlSequenceNode { Children.Count: > 0 }) Fault(Child(map, "posts") ?? map, "posts are missing");
        return posts;
    }

    private static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(key, out var child) ? child : null;

    private Word? Required(YamlMappingNode map, string key)
    {
        if (Child(map, key) is { } child) return Scalar(child, key);
        Fault(map, $"{key} is missing");
        return null;
    }

    private Word? Optional(YamlMappingNode map, string key) => Child(map, key) is { } child ? Scalar(child, key) : null;

    private Word? Scalar(YamlNode node, string key)
    {
        if (node is YamlScalarNode { Value.Length: > 0 } scalar) return new Word(scalar.Value, (int)node.Start.Line, (int)node.Start.Column);
        Fault(node, $"{key} must be a word");
        return null;
    }

    private Word[] Wrong(YamlNode node, string text)
    {
        Fault(node, text);
        return [];
    }

    private void Fault(YamlNode at, string text) => faults.Add(new PackFault(File, (int)at.Start.Line, (int)at.Start.Column, text));
}
