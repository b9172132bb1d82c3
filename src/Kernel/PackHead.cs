using Sahulat.Kernel.Language;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Kernel;

/// <summary>Who a data pack speaks for: the head of its <c>pack.yaml</c>. Several packs stand in one database; each row belongs to the pack that names it.</summary>
/// <param name="Code">Names the government: jk, hr.</param>
/// <param name="Root">The place that holds all others of the pack; null where it has none.</param>
/// <param name="Title">What the government calls itself, by language; empty where the pack does not say.</param>
/// <param name="Mark">Two capital letters that its references begin with.</param>
public sealed record PackHead(string Code, string? Root, LocalText Title, string Mark)
{
    public static readonly PackHead None = new("", null, [], "");

    public const string File = "pack.yaml";

    private static readonly string[] Known = ["code", "name", "title", "mark", "root", "languages", "sources"];

    /// <param name="faults">Receives what is wrong with the file. A folder without the file is named by the folder.</param>
    public static PackHead Read(string folder, ICollection<PackFault> faults)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
        {
            var named = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            return new PackHead(named, null, [], MarkOf(named));
        }

        try
        {
            var stream = new YamlStream();
            using var reader = new StreamReader(path);
            stream.Load(reader);
            if (stream.Documents is [{ RootNode: YamlMappingNode map }]) return Of(map, faults);
            faults.Add(new PackFault(File, 1, 1, "one mapping belongs here"));
        }
        catch (YamlException e)
        {
            faults.Add(new PackFault(File, (int)e.Start.Line, (int)e.Start.Column, e.Message));
        }

        return None;
    }

    private static PackHead Of(YamlMappingNode map, ICollection<PackFault> faults)
    {
        foreach (var key in map.Children.Keys.Where(k => !Known.Contains(k.ToString()))) faults.Add(At(key, $"unknown key '{key}'"));
        var code = map.Children.TryGetValue("code", out var written) ? written.ToString() : "";
        if (code.Length is 0 or > 20 || !code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) faults.Add(At(written ?? map, "code: lower-case letters, digits and hyphens belong here, at most 20"));
        var mark = map.Children.TryGetValue("mark", out var own) ? own.ToString() : MarkOf(code);
        // The second letter of a certificate's number is C: no reference may look like one.
        if (mark is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z' and not 'C']) faults.Add(At(own ?? map, "mark: two capital letters belong here, of which the second is not C"));
        LocalText title = [];
        if (map.Children.TryGetValue("title", out var texts))
        {
            if (texts is YamlMappingNode by && by.Children.All(t => Lang.Find(t.Key.ToString()) is not null && t.Value is YamlScalarNode)) title = new LocalText(by.Children.Select(t => KeyValuePair.Create(t.Key.ToString(), t.Value.ToString())));
            else faults.Add(At(texts, "title: a text for each language belongs here"));
        }

        return new PackHead(code, map.Children.TryGetValue("root", out var root) ? root.ToString() : null, title, mark);
    }

    private static string MarkOf(string code) => code.Length < 2 ? "" : code[..2].ToUpperInvariant();

    private static PackFault At(YamlNode node, string text) => new(File, (int)node.Start.Line, (int)node.Start.Column, text);
}
