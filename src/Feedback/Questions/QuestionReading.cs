using System.Text.RegularExpressions;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Feedback.Questions;

/// <summary>Reads <c>feedback/questions.yaml</c>. Every fault is told with its line.</summary>
internal sealed partial class QuestionReading(string file, IReadOnlySet<string> services, IReadOnlySet<string> categories, List<PackFault> faults)
{
    private static readonly string[] Known = ["expires_days", "remind_after_hours", "questions", "sets"];

    public QuestionFile? Read(string yaml)
    {
        var before = faults.Count;
        YamlMappingNode root;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode map)
            {
                faults.Add(new PackFault(file, 1, 1, "a mapping belongs here"));
                return null;
            }

            root = map;
        }
        catch (YamlException e)
        {
            faults.Add(new PackFault(file, Math.Max(1, (int)e.Start.Line), Math.Max(1, (int)e.Start.Column), e.Message));
            return null;
        }

        foreach (var (key, _) in root.Children)
            if (!Known.Contains(key.ToString())) Fault(key, $"unknown key '{key}'");
        var expires = Number(root, "expires_days", 1, 365);
        var remind = Number(root, "remind_after_hours", 1, 720);
        if (expires * 24 <= remind) Fault(root, "the link expires before the reminder");
        var questions = Questions(root);
        var sets = Sets(root, questions);
        return faults.Count == before ? new QuestionFile(expires, remind, questions, sets) : null;
    }

    private List<Question> Questions(YamlMappingNode root)
    {
        var read = new List<Question>();
        foreach (var map in Maps(root, "questions"))
        {
            Only(map, "code", "text");
            var code = (Find(map, "code") as YamlScalarNode)?.Value ?? "";
            if (!Code().IsMatch(code)) Fault(map, $"code: '{code}' is not small letters, digits and dashes");
            if (read.Any(q => q.Code == code)) Fault(map, $"code: '{code}' is there twice");
            var text = new LocalText();
            if (Find(map, "text") is YamlMappingNode words)
            {
                foreach (var (key, value) in words.Children)
                {
                    if (Lang.Find(key.ToString()) is null) Fault(key, $"text: '{key}' is not a language");
                    else if (value is YamlScalarNode { Value: { Length: > 0 and <= 200 } t }) text[key.ToString()] = t;
                    else Fault(value, $"text.{key}: a text of at most 200 characters belongs here");
                }
            }

            foreach (var lang in Lang.All.Where(l => !text.ContainsKey(l.Code))) Fault(map, $"text: '{lang.Code}' is missing");
            read.Add(new(code, text));
        }

        return read;
    }

    private List<QuestionSet> Sets(YamlMappingNode root, List<Question> questions)
    {
        var read = new List<QuestionSet>();
        foreach (var map in Maps(root, "sets"))
        {
            Only(map, "services", "categories", "ask");
            var (forServices, forCategories, ask) = (Words(map, "services"), Words(map, "categories"), Words(map, "ask"));
            foreach (var service in forServices.Where(s => !services.Contains(s))) Fault(map, $"services: there is no service '{service}'");
            foreach (var category in forCategories.Where(c => !categories.Contains(c))) Fault(map, $"categories: no service has the category '{category}'");
            foreach (var code in ask.Where(a => questions.All(q => q.Code != a))) Fault(map, $"ask: there is no question '{code}'");
            if (ask.Count is 0 or > QuestionFile.Most || ask.Distinct().Count() != ask.Count) Fault(map, $"ask: one to {QuestionFile.Most} questions, each once, belong here");
            foreach (var twice in forServices.Where(s => read.Any(r => r.Services.Contains(s))).Concat(forCategories.Where(c => read.Any(r => r.Categories.Contains(c))))) Fault(map, $"'{twice}' has a set already");
            if (forServices.Count == 0 && forCategories.Count == 0 && read.Any(r => r.Services.Count == 0 && r.Categories.Count == 0)) Fault(map, "there is a set for everybody already");
            read.Add(new(forServices, forCategories, ask));
        }

        return read;
    }

    private IEnumerable<YamlMappingNode> Maps(YamlMappingNode root, string key)
    {
        if (Find(root, key) is not YamlSequenceNode list)
        {
            Fault(root, $"{key}: a list belongs here");
            yield break;
        }

        foreach (var node in list)
        {
            if (node is YamlMappingNode map) yield return map;
            else Fault(node, $"{key}: a mapping belongs here");
        }
    }

    private List<string> Words(YamlMappingNode map, string key)
    {
        if (Find(map, key) is not { } node) return [];
        if (node is YamlSequenceNode list && list.All(n => n is YamlScalarNode)) return [.. list.Select(n => ((YamlScalarNode)n).Value ?? "")];
        Fault(node, $"{key}: a list of codes belongs here");
        return [];
    }

    private int Number(YamlMappingNode map, string key, int least, int most)
    {
        if (Find(map, key) is YamlScalarNode { Value: { } text } && int.TryParse(text, out var n) && n >= least && n <= most) return n;
        Fault(Find(map, key) ?? map, $"{key}: a whole number from {least} to {most} belongs here");
        return least;
    }

    private void Only(YamlMappingNode map, params string[] keys)
    {
        foreach (var (key, _) in map.Children)
            if (!keys.Contains(key.ToString())) Fault(key, $"unknown key '{key}'");
    }

    private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private void Fault(YamlNode node, string text) => faults.Add(new PackFault(file, Math.Max(1, (int)node.Start.Line), Math.Max(1, (int)node.Start.Column), text));

    [GeneratedRegex("^[a-z][a-z0-9-]{1,40}$")]
    private static partial Regex Code();
}
