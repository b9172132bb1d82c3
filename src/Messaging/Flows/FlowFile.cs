using System.Globalization;
using System.Text.RegularExpressions;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Messaging.Flows;

/// <summary>Reads one file of flows. Every fault is told with its line and column, all at once.</summary>
internal sealed partial class FlowFile(string file, List<PackFault> faults)
{
    private static readonly string[] Top = ["flow", "version", "name", "start", "idle", "takes", "begins", "nodes"];
    private static readonly string[] InNode = ["say", "set", "language", "ask", "do", "with", "on", "route", "enter", "person", "end", "to"];
    private static readonly string[] InAsk = ["choices", "list", "text", "mobile", "digits", "as", "max", "secret", "else", "after"];
    private const int LongestText = 600;

    /// <summary>Where each node stands, for the checks across nodes.</summary>
    public Dictionary<string, YamlNode> Places { get; } = new(StringComparer.Ordinal);

    public Flow? Read(string yaml)
    {
        if (Root(yaml) is not { } root) return null;
        var before = faults.Count;
        OnlyKnown(root, Top, "a flow");
        var key = Text(root, "flow") ?? "";
        if (!Name().IsMatch(key)) Fault(root, $"flow: '{key}' is not small letters, digits and dashes");
        if (!int.TryParse(Text(root, "version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1) Fault(root, "version: a whole number of 1 or more belongs here");
        var idle = Span(root, "idle") ?? TimeSpan.FromMinutes(30);
        if (idle > TimeSpan.FromDays(7)) Fault(root, "idle: a conversation does not wait longer than seven days");
        var nodes = new Dictionary<string, Node>(StringComparer.Ordinal);
        if (Find(root, "nodes") is not YamlMappingNode all) Fault(root, "'nodes' is missing");
        else
            foreach (var (id, node) in all.Children)
            {
                Places[id.ToString()] = id;
                if (!Name().IsMatch(id.ToString())) Fault(id, $"nodes: '{id}' is not small letters, digits and dashes");
                if (node is YamlMappingNode map) nodes[id.ToString()] = ReadNode(id.ToString(), map);
                else Fault(node, $"{id}: a mapping belongs here");
            }

        var flow = new Flow(key, version, Text(root, "name", required: false) ?? key, Text(root, "start") ?? "", idle, Words(root, "takes"), Find(root, "begins") is { } b ? Keywords(b, "begins", all: true) : new HashSet<string>(), nodes);
        return faults.Count == before ? flow : null;
    }

    public Common? ReadCommon(string yaml)
    {
        if (Root(yaml) is not { } root) return null;
        var before = faults.Count;
        OnlyKnown(root, ["commands", "replies", "menu", "status", "lang"], "common.yaml");
        var commands = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        var map = Find(root, "commands") as YamlMappingNode;
        foreach (var name in Common.Names)
            if (map is null || Find(map, name) is not { } words) Fault(map ?? root, $"commands: '{name}' is missing");
            else commands[name] = Keywords(words, name, all: true);
        foreach (var twice in commands.SelectMany(c => c.Value).GroupBy(w => w).Where(g => g.Count() > 1)) Fault(map!, $"commands: '{twice.Key}' stands for two");
        var replies = new Dictionary<string, LocalText>(StringComparer.Ordinal);
        if (Find(root, "replies") is YamlMappingNode ready)
            foreach (var (key, text) in ready.Children)
                if (Local(text, $"replies.{key}", LongestText) is { } read) replies[key.ToString()] = read;
        var common = new Common(commands, replies, Text(root, "menu") ?? "", Text(root, "status") ?? "", Text(root, "lang") ?? "");
        return faults.Count == before ? common : null;
    }

    public Registered? ReadRegistered(string yaml)
    {
        if (Root(yaml) is not { } root) return null;
        var before = faults.Count;
        OnlyKnown(root, ["entity", "header", "flows", "langs", "templates"], "dlt.yaml");
        var (entity, header) = (Text(root, "entity") ?? "", Text(root, "header") ?? "");
        if (!Nineteen().IsMatch(entity)) Fault(Find(root, "entity") ?? root, "entity: 19 digits belong here");
        if (!Header().IsMatch(header)) Fault(Find(root, "header") ?? root, "header: six letters belong here");
        foreach (var code in Words(root, "langs").Where(l => Lang.Find(l) is null)) Fault(Find(root, "langs"), $"langs: '{code}' is not a language");
        var templates = Pairs(root, "templates");
        foreach (var (id, text) in templates)
        {
            if (!Nineteen().IsMatch(id)) Fault(Find(root, "templates"), $"templates: '{id}' is not 19 digits");
            if (!Registered.Fixed(text)) Fault(Find(root, "templates"), $"templates: {id} has no words beside its variables; no operator registers that");
        }

        var langs = Words(root, "langs").Select(Lang.Find).OfType<Lang>().ToArray();
        return faults.Count == before ? new Registered(entity, header, Words(root, "flows"), langs.Length > 0 ? langs : [.. Lang.All], templates) : null;
    }

    private Node ReadNode(string id, YamlMappingNode map)
    {
        OnlyKnown(map, InNode, id);
        var tails = new[] { "ask", "do", "route", "enter", "person", "end" }.Where(t => Find(map, t) is not null).ToArray();
        if (tails.Length > 1) Fault(map, $"{id}: {string.Join(" and ", tails)} cannot stand in one node");
        var to = Text(map, "to", required: false);
        if (tails.Length == 0 && to is null) Fault(map, $"{id}: nothing follows; it needs ask, do, route, enter, person, end or to");
        if (to is not null && tails.Length == 1 && tails[0] is "route" or "end" or "do") Fault(map, $"{id}: '{tails[0]}' and 'to' cannot stand in one node");
        return new Node(id)
        {
            Say = Find(map, "say") is { } say ? Local(say, $"{id}.say", LongestText) : null,
            Set = Pairs(map, "set"),
            Language = Text(map, "language", required: false),
            Ask = Find(map, "ask") is { } ask ? ReadAsk(id, ask, to) : null,
            Do = Text(map, "do", required: false),
            With = Pairs(map, "with"),
            On = Pairs(map, "on"),
            Route = Find(map, "route") is YamlMappingNode route ? new Route(Text(route, "by") ?? "", Pairs(route, "cases"), Text(route, "else") ?? "") : null,
            Enter = Text(map, "enter", required: false),
            Person = Text(map, "person", required: false) == "true",
            End = Text(map, "end", required: false) == "true",
            To = to,
        };
    }

    private Ask? ReadAsk(string id, YamlNode node, string? to)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, $"{id}.ask: a mapping belongs here");
            return null;
        }

        OnlyKnown(map, InAsk, $"{id}.ask");
        var kinds = new[] { "choices", "list", "text", "mobile", "digits" }.Where(k => Find(map, k) is not null).ToArray();
        if (kinds.Length != 1) Fault(map, $"{id}.ask: exactly one of choices, list, text, mobile, digits belongs here");
        var kind = kinds.Length > 0 ? kinds[0] : "text";
        var choices = new List<Choice>();
        if (kind == "choices" && Find(map, "choices") is YamlSequenceNode list)
        {
            var few = list.Children.Count <= 3;
            foreach (var c in list) ReadChoice(id, c, few ? 20 : 24, choices);
            if (choices.Count == 0) Fault(list, $"{id}.ask: no choice is there");
            foreach (var twice in choices.SelectMany(c => c.Words.Append(c.Key).Distinct()).GroupBy(w => w).Where(g => g.Count() > 1)) Fault(map, $"{id}.ask: '{twice.Key}' stands for two choices");
        }

        if (kind != "choices" && to is null) Fault(map, $"{id}: after an answer nothing follows; 'to' is missing");
        if (kind == "choices" && to is not null) Fault(map, $"{id}: each choice says where to; 'to' cannot stand beside them");
        string? asWhat = kind switch { "choices" => Text(map, "as", required: false), "list" => Text(map, "as"), _ => Text(map, kind) };
        if (asWhat is not null && !Value().IsMatch(asWhat)) Fault(map, $"{id}.ask: '{asWhat}' is not the name of a value: small letters, digits and _");
        var after = Find(map, "after") as YamlMappingNode;
        var wait = after is null ? null : Span(after, "wait", required: true);
        if (wait > TimeSpan.FromDays(7)) Fault(after!, $"{id}.ask.after: longer than seven days");
        var max = 500;
        if (Text(map, "max", required: false) is { } m && (!int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out max) || max is < 1 or > FlowWords.Most)) Fault(map, $"{id}.ask: max is a number from 1 to {FlowWords.Most}");
        return new(kind, choices, kind == "list" ? Text(map, "list") : null, asWhat, max, Text(map, "secret", required: false) == "true", Text(map, "else", required: false), wait, after is null ? null : Text(after, "to"));
    }

    private void ReadChoice(string id, YamlNode node, int longest, List<Choice> choices)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, $"{id}.ask: a choice is a mapping of key, label, words and to");
            return;
        }

        OnlyKnown(map, ["key", "label", "words", "to"], $"{id}.ask");
        var key = Text(map, "key") ?? "";
        if (!Name().IsMatch(key)) Fault(map, $"{id}.ask: '{key}' is not small letters, digits and dashes");
        var label = Find(map, "label") is { } l ? Local(l, $"{id}.{key}", longest) : null;
        if (label is null) Fault(map, $"{id}.ask: 'label' of {key} is missing");
        var words = Find(map, "words") is { } w ? Keywords(w, $"{id}.{key}", all: false) : [];
        foreach (var text in label?.Values ?? Enumerable.Empty<string>()) words.Add(FlowWords.Clean(text));
        choices.Add(new(key, label ?? [], words, Text(map, "to") ?? ""));
    }

    /// <summary>A text in all five languages.</summary>
    private LocalText? Local(YamlNode node, string what, int longest)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, $"{what}: texts by language belong here");
            return null;
        }

        var text = new LocalText();
        foreach (var (lang, value) in map.Children)
        {
            if (Lang.Find(lang.ToString()) is null) Fault(lang, $"{what}: '{lang}' is not a language");
            else if (value is not YamlScalarNode { Value: { Length: > 0 } words }) Fault(value, $"{what}.{lang}: a text belongs here");
            else if (words.Length > longest) Fault(value, $"{what}.{lang}: {words.Length} characters, {longest} at most");
            else text[lang.ToString()] = words.Trim();
        }

        foreach (var lang in Lang.All.Where(l => !map.Children.ContainsKey(new YamlScalarNode(l.Code)))) Fault(node, $"{what}: {lang.Code} is missing");
        return text;
    }

    private HashSet<string> Keywords(YamlNode node, string what, bool all)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        if (node is not YamlMappingNode map)
        {
            Fault(node, $"{what}: words by language belong here");
            return words;
        }

        foreach (var (lang, list) in map.Children)
        {
            if (lang.ToString() != "roman" && Lang.Find(lang.ToString()) is null) Fault(lang, $"{what}: '{lang}' is neither a language nor 'roman'");
            if (list is not YamlSequenceNode sequence)
            {
                Fault(list, $"{what}.{lang}: a list of words belongs here");
                continue;
            }

            foreach (var word in sequence)
                if (FlowWords.Clean(word.ToString()) is { Length: > 0 } clean) words.Add(clean);
                else Fault(word, $"{what}.{lang}: '{word}' has no letter");
        }

        if (all)
            foreach (var lang in Lang.All.Where(l => !map.Children.ContainsKey(new YamlScalarNode(l.Code)))) Fault(node, $"{what}: {lang.Code} is missing");
        return words;
    }

    private YamlMappingNode? Root(string yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root) return root;
            faults.Add(new PackFault(file, 1, 1, "a mapping belongs here"));
        }
        catch (YamlException e)
        {
            faults.Add(new PackFault(file, Math.Max(1, (int)e.Start.Line), Math.Max(1, (int)e.Start.Column), e.InnerException?.Message ?? e.Message));
        }

        return null;
    }

    private void OnlyKnown(YamlMappingNode map, string[] known, string where)
    {
        foreach (var (key, _) in map.Children)
            if (!known.Contains(key.ToString())) Fault(key, $"{where}: unknown key '{key}'");
    }

    private Dictionary<string, string> Pairs(YamlMappingNode map, string key)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(map, key) is not { } found) return read;
        if (found is not YamlMappingNode pairs) Fault(found, $"{key}: a mapping belongs here");
        else
            foreach (var (name, value) in pairs.Children)
                if (value is YamlScalarNode scalar) read[name.ToString()] = scalar.Value ?? "";
                else Fault(value, $"{key}.{name}: a text belongs here");
        return read;
    }

    private List<string> Words(YamlMappingNode map, string key) => Find(map, key) is YamlSequenceNode list ? [.. list.Select(n => n.ToString())] : [];

    /// <summary>30s, 10m, 2h or 1d.</summary>
    private TimeSpan? Span(YamlMappingNode map, string key, bool required = false)
    {
        if (Text(map, key, required) is not { } text) return null;
        if (Duration().Match(text) is { Success: true } m && int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) is > 0 and var n)
            return m.Groups[2].Value switch { "s" => TimeSpan.FromSeconds(n), "m" => TimeSpan.FromMinutes(n), "h" => TimeSpan.FromHours(n), _ => TimeSpan.FromDays(n) };
        Fault(Find(map, key)!, $"{key}: '{text}' is not a time as 30s, 10m, 2h or 1d");
        return null;
    }

    private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private string? Text(YamlMappingNode map, string key, bool required = true)
    {
        if (Find(map, key) is YamlScalarNode { Value: { Length: > 0 } text }) return text;
        if (required) Fault(map, $"'{key}' is missing");
        return null;
    }

    public void Fault(YamlNode? node, string text) => faults.Add(new PackFault(file, (int)Math.Max(1, node?.Start.Line ?? 1), (int)Math.Max(1, node?.Start.Column ?? 1), text));

    public void Fault(string node, string text) => Fault(Places.GetValueOrDefault(node), text);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,40}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,40}$")]
    private static partial Regex Value();

    [GeneratedRegex("^[0-9]{19}$")]
    private static partial Regex Nineteen();

    [GeneratedRegex("^[A-Za-z]{6}$")]
    private static partial Regex Header();

    [GeneratedRegex("^([0-9]{1,4})([smhd])$")]
    private static partial Regex Duration();
}
