using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Organisation.Load;

/// <summary>One pattern of offices.yaml: an office of this kind for each place it names.</summary>
internal sealed record OfficePattern(string Kind, string Department, string? Per, IReadOnlyList<string> At, string? Parent, LocalText Name, IReadOnlyList<(string Designation, int Count)> Posts, int Line);

internal static class OfficePatterns
{
    private static readonly string[] Known = ["kind", "department", "per", "at", "parent", "name", "posts"];

    public static IReadOnlyList<OfficePattern> Read(string path, ICollection<PackFault> faults)
    {
        const string file = "offices.yaml";
        var patterns = new List<OfficePattern>();
        if (!File.Exists(path))
        {
            faults.Add(new PackFault(file, 1, 1, "is missing"));
            return patterns;
        }

        var stream = new YamlStream();
        try
        {
            using var reader = new StreamReader(path);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            faults.Add(new PackFault(file, (int)e.Start.Line, (int)e.Start.Column, e.Message));
            return patterns;
        }

        if (stream.Documents is not [{ RootNode: YamlSequenceNode list }])
        {
            faults.Add(new PackFault(file, 1, 1, "must be a list of office patterns"));
            return patterns;
        }

        foreach (var node in list)
        {
            if (node is YamlMappingNode map) Pattern(map);
            else Fault(node, "must be a mapping");
        }

        return patterns;

        void Fault(YamlNode at, string text) => faults.Add(new PackFault(file, (int)at.Start.Line, (int)at.Start.Column, text));

        string Scalar(YamlMappingNode map, string key)
        {
            if (map.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value.Length: > 0 } scalar) return scalar.Value;
            Fault(map, $"{key} is missing");
            return "";
        }

        void Pattern(YamlMappingNode map)
        {
            foreach (var key in map.Children.Keys.Cast<YamlScalarNode>().Where(k => !Known.Contains(k.Value))) Fault(key, $"unknown key {key.Value}");
            var per = map.Children.TryGetValue("per", out var p) ? ((YamlScalarNode)p).Value : null;
            var at = map.Children.TryGetValue("at", out var a) && a is YamlSequenceNode places ? places.Select(x => x.ToString()).ToArray() : [];
            if ((per is null) == (at.Length == 0)) Fault(map, "needs either per or at");
            var name = new LocalText();
            if (map.Children.TryGetValue("name", out var n) && n is YamlMappingNode names)
                foreach (var (lang, text) in names.Children) name[lang.ToString()] = text.ToString();
            foreach (var lang in Lang.All.Where(l => !name.ContainsKey(l.Code))) Fault(map, $"name has no {lang.Code}");
            var posts = new List<(string, int)>();
            if (map.Children.TryGetValue("posts", out var ps) && ps is YamlSequenceNode postList)
            {
                foreach (var post in postList.OfType<YamlMappingNode>())
                {
                    var count = post.Children.TryGetValue("count", out var c) && int.TryParse(c.ToString(), out var number) ? number : 1;
                    if (count is < 1 or > 200) Fault(post, "count must be from 1 to 200");
                    posts.Add((Scalar(post, "designation"), count));
                }
            }

            if (posts.Count == 0) Fault(map, "posts are missing");
            patterns.Add(new OfficePattern(Scalar(map, "kind"), Scalar(map, "department"), per, at, map.Children.TryGetValue("parent", out var parent) ? parent.ToString() : null, name, posts, (int)map.Start.Line));
        }
    }
}
