using System.Text.RegularExpressions;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Messaging.Templates;

/// <summary>Reads one template file. Every fault is told with its line.</summary>
internal sealed partial class TemplateFile(string file, List<PackFault> faults)
{
    private static readonly string[] Known = ["key", "version", "class", "name", "variables", "dlt", .. Channel.All];
    private static readonly string[] Types = ["text", "numeric", "alphanumeric", "url", "cbn", "email"];
    private static readonly string[] Categories = ["transactional", "service-implicit", "service-explicit", "promotional", "government"];

    public Template? Read(string yaml)
    {
        var before = faults.Count;
        YamlMappingNode root;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode map) return Fault(1, 1, "a mapping belongs here");
            root = map;
        }
        catch (YamlException e)
        {
            return Fault((int)e.Start.Line, (int)e.Start.Column, e.Message);
        }

        foreach (var (key, _) in root.Children)
            if (!Known.Contains(key.ToString())) Fault(key, $"unknown key '{key}'");
        var code = Text(root, "key") ?? "";
        if (!Code().IsMatch(code)) Fault(root, $"key: '{code}' is not small letters, digits and dashes");
        if (!int.TryParse(Text(root, "version"), out var version) || version < 1) Fault(root, "version: a whole number of 1 or more belongs here");
        var cls = Text(root, "class") ?? "";
        if (!Template.Classes.Contains(cls)) Fault(root, $"class: '{cls}' is not one of {string.Join(", ", Template.Classes)}");
        var variables = Variables(root);
        var channels = new Dictionary<string, Wordings>(StringComparer.Ordinal);
        foreach (var channel in Channel.All)
            if (Find(root, channel) is YamlMappingNode words && Words(channel, words, variables) is { } read) channels[channel] = read;
        if (channels.Count == 0) Fault(root, "no channel has words");
        var template = new Template(code, version, cls, Text(root, "name", required: false) ?? code, variables, channels, Dlt(root));
        if (faults.Count == before && template.Dlt?.Registered is not null) CheckRegistered(root, template);
        return faults.Count == before ? template : null;
    }

    private List<Variable> Variables(YamlMappingNode root)
    {
        var read = new List<Variable>();
        if (Find(root, "variables") is not YamlSequenceNode list) return read;
        foreach (var node in list)
        {
            if (node is not YamlMappingNode map)
            {
                Fault(node, "variables: a mapping belongs here");
                continue;
            }

            var name = Text(map, "name") ?? "";
            var type = Text(map, "type", required: false) ?? "text";
            var max = int.TryParse(Text(map, "max", required: false) ?? "30", out var n) && n is > 0 and <= 2000 ? n : 0;
            if (!Name().IsMatch(name) || read.Any(v => v.Name == name)) Fault(map, $"variables: '{name}' is no name, or is there twice");
            if (!Types.Contains(type)) Fault(map, $"variables: '{type}' is not one of {string.Join(", ", Types)}");
            if (max == 0) Fault(map, "variables: max is a number from 1 to 2000");
            read.Add(new(name, type, max));
        }

        return read;
    }

    private Wordings? Words(string channel, YamlMappingNode node, List<Variable> variables)
    {
        var nested = Find(node, "body") is YamlMappingNode;
        var body = Texts(channel, nested ? (YamlMappingNode)Find(node, "body")! : node, variables);
        var subject = Find(node, "subject") is YamlMappingNode s ? Texts(channel + ".subject", s, variables) : null;
        if (channel == "email" && subject is null) Fault(node, "email: 'subject' is missing");
        if (channel == "sms")
            foreach (var (lang, text) in body)
                if (text.Length > 1000) Fault(node, $"sms.{lang}: longer than 1,000 characters");
        return new(body, subject, Text(node, "approved", required: false));
    }

    private Dictionary<string, string> Texts(string what, YamlMappingNode node, List<Variable> variables)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.Children)
        {
            var lang = key.ToString();
            if (lang is "subject" or "body" or "approved") continue;
            if (Lang.Find(lang) is null) Fault(key, $"{what}: '{lang}' is not a language");
            else if (value is not YamlScalarNode { Value: { Length: > 0 } text }) Fault(value, $"{what}.{lang}: a text belongs here");
            else
            {
                texts[lang] = text.Trim();
                foreach (Match m in Place().Matches(text))
                    if (!variables.Any(v => v.Name == m.Groups[1].Value)) Fault(value, $"{what}.{lang}: {{{m.Groups[1].Value}}} is not among the variables");
            }
        }

        if (!texts.ContainsKey("en")) Fault(node, $"{what}: English is missing");
        return texts;
    }

    private DltIds? Dlt(YamlMappingNode root)
    {
        if (Find(root, "dlt") is not YamlMappingNode node) return null;
        var category = Text(node, "category", required: false) ?? "service-implicit";
        if (!Categories.Contains(category)) Fault(node, $"dlt.category: '{category}' is not one of {string.Join(", ", Categories)}");
        var entity = Text(node, "entity", required: false);
        if (entity is not null && !Nineteen().IsMatch(entity)) Fault(node, "dlt.entity: 19 digits belong here");
        var header = Text(node, "header", required: false);
        if (header is not null && !Header().IsMatch(header)) Fault(node, "dlt.header: six letters belong here, or six digits for promotion");
        var ids = Find(node, "templates") is YamlMappingNode t ? t.Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString(), StringComparer.Ordinal) : [];
        foreach (var (lang, id) in ids)
            if (!Nineteen().IsMatch(id)) Fault(node, $"dlt.templates.{lang}: 19 digits belong here");
        var registered = Find(node, "registered") is YamlMappingNode r ? r.Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString(), StringComparer.Ordinal) : null;
        return new(entity, header, category, ids, registered);
    }

    private void CheckRegistered(YamlMappingNode root, Template template)
    {
        foreach (var (lang, registered) in template.Dlt!.Registered!)
        {
            if (!template.Channels.TryGetValue("sms", out var sms) || !sms.Body.TryGetValue(lang, out var text)) continue;
            var sample = template.Variables.Aggregate(text, (all, v) => all.Replace($"{{{v.Name}}}", v.Type is "url" ? "https://a.in" : v.Type == "email" ? "a@b.in" : "123", StringComparison.Ordinal));
            if (Wording.Dlt.Compare(registered, sample) is { } m) Fault(Find(root, "dlt")!, $"sms.{lang} leaves the registered text at character {m.Position + 1}: '{m.Expected}' belongs there");
        }
    }

    private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private string? Text(YamlMappingNode map, string key, bool required = true)
    {
        if (Find(map, key) is YamlScalarNode { Value: { Length: > 0 } text }) return text;
        if (required) Fault(map, $"'{key}' is missing");
        return null;
    }

    private void Fault(YamlNode node, string text) => Fault((int)node.Start.Line, (int)node.Start.Column, text);

    private Template? Fault(int line, int column, string text)
    {
        faults.Add(new PackFault(file, Math.Max(1, line), Math.Max(1, column), text));
        return null;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{1,60}$")]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Place();

    [GeneratedRegex("^[0-9]{19}$")]
    private static partial Regex Nineteen();

    [GeneratedRegex("^([A-Za-z]{6}|[0-9]{6})$")]
    private static partial Regex Header();
}
