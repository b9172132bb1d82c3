using System.Text.RegularExpressions;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Flows;

/// <summary>What is wrong across the nodes of a flow and across flows: ways that lead nowhere, nodes that nobody reaches, circles in which nobody is asked, values that nothing sets.</summary>
internal static partial class FlowChecks
{
    public static void Check(FlowFile file, Flow flow, IReadOnlyDictionary<string, Flow> all, Common common, IReadOnlyDictionary<string, DoingKind> doings)
    {
        if (!flow.Nodes.ContainsKey(flow.Start)) file.Fault((YamlDotNet.RepresentationModel.YamlNode?)null, $"start: there is no node '{flow.Start}'");
        foreach (var word in flow.Begins.Where(w => common.Command(w) is not null)) file.Fault((YamlDotNet.RepresentationModel.YamlNode?)null, $"begins: '{word}' is a command of every conversation");
        var known = Known(flow, doings);
        foreach (var node in flow.Nodes.Values)
        {
            foreach (var to in node.Next().Where(t => !flow.Nodes.ContainsKey(t)).Distinct()) file.Fault(node.Id, $"{node.Id}: there is no node '{to}'");
            if (node.Enter is { } enter && !all.ContainsKey(enter)) file.Fault(node.Id, $"{node.Id}: there is no flow '{enter}'");
            else if (node.Enter is { } entered)
                foreach (var missing in all[entered].Takes.Where(t => !known.Contains(t))) file.Fault(node.Id, $"{node.Id}: flow '{entered}' takes '{missing}', which nothing sets");
            if (node.Do is { } name) Doing(file, node, name, doings);
            if (node.Ask is { Kind: "list", List: { } list } && !flow.Nodes.Values.Any(n => n.Do is { } d && doings.TryGetValue(d, out var kind) && kind.Lists.Contains(list)) && !flow.Takes.Contains(list))
                file.Fault(node.Id, $"{node.Id}: no action makes the list '{list}'");
            if (node.Route is { } route && !known.Contains(route.By)) file.Fault(node.Id, $"{node.Id}: nothing sets '{route.By}'");
            foreach (var word in node.Ask?.Choices.SelectMany(c => c.Words.Append(c.Key)).Where(w => common.Command(w) is not null).Distinct() ?? []) file.Fault(node.Id, $"{node.Id}: '{word}' is a command of every conversation");
            foreach (var text in (node.Say?.Values ?? Enumerable.Empty<string>()).Concat(node.With.Values).Concat(node.Set.Values).Append(node.Language ?? ""))
                foreach (Match m in Place().Matches(text))
                    if (!known.Contains(m.Groups[1].Value)) file.Fault(node.Id, $"{node.Id}: nothing sets {{{m.Groups[1].Value}}}");
        }

        Unreached(file, flow);
        foreach (var id in Circles(flow)) file.Fault(id, $"{id}: goes round without asking anything");
    }

    /// <summary>Texts that a flow says by SMS and no operator would carry, each with the text to register.</summary>
    public static void Unregistered(FlowFile file, Flow flow, Registered known)
    {
        foreach (var node in flow.Nodes.Values.Where(n => n.Say is not null || n.Ask is { Kind: "choices" or "list" }))
            foreach (var lang in known.Langs)
            {
                var text = node.Say?.In(lang) ?? "";
                Option[] options = node.Ask switch { { Kind: "choices" } ask => [.. ask.Choices.Select(c => new Option(c.Key, c.Label.In(lang)))], { Kind: "list" } => [new Option("", "{one}")], _ => [] };
                var sample = new Reply(Place().Replace(text, "1"), [.. options.Select(o => o with { Label = Place().Replace(o.Label, "1") })], "", false);
                if (Saying.Registered(sample, known).Any(p => p.Template is null)) file.Fault(node.Id, $"{node.Id}.{lang.Code}: no SMS text is registered for it (dlt.yaml): {Saying.Sms(Registered.Form(Saying.Numbered(text, options)))}");
            }
    }

    private static void Doing(FlowFile file, Node node, string name, IReadOnlyDictionary<string, DoingKind> doings)
    {
        if (!doings.TryGetValue(name, out var kind))
        {
            file.Fault(node.Id, $"{node.Id}: there is no action '{name}'; there are {string.Join(", ", doings.Keys.Order(StringComparer.Ordinal))}");
            return;
        }

        foreach (var outcome in kind.Outcomes.Where(o => !node.On.ContainsKey(o))) file.Fault(node.Id, $"{node.Id}: '{name}' can end in '{outcome}', for which 'on' says nothing");
        foreach (var outcome in node.On.Keys.Where(o => !kind.Outcomes.Contains(o))) file.Fault(node.Id, $"{node.Id}: '{name}' never ends in '{outcome}'");
        foreach (var given in node.With.Keys.Where(w => !kind.Takes.Contains(w))) file.Fault(node.Id, $"{node.Id}: '{name}' takes no '{given}'");
    }

    /// <summary>Every value that some node of the flow can have set.</summary>
    private static HashSet<string> Known(Flow flow, IReadOnlyDictionary<string, DoingKind> doings)
    {
        var known = new HashSet<string>(flow.Takes, StringComparer.Ordinal) { "said", "media" };
        foreach (var node in flow.Nodes.Values)
        {
            known.UnionWith(node.Set.Keys);
            if (node.Ask?.As is { } name) known.UnionWith([name, name + "_label"]);
            if (node.Do is { } action && doings.TryGetValue(action, out var kind)) known.UnionWith(kind.Gives);
        }

        return known;
    }

    private static void Unreached(FlowFile file, Flow flow)
    {
        var (reached, waiting) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>([flow.Start]));
        while (waiting.TryDequeue(out var id))
            if (flow.Nodes.TryGetValue(id, out var node) && reached.Add(id))
                foreach (var to in node.Next()) waiting.Enqueue(to);
        foreach (var id in flow.Nodes.Keys.Where(id => !reached.Contains(id))) file.Fault(id, $"{id}: no way leads here");
    }

    /// <summary>The first node of every circle that can be gone round without an answer of the person.</summary>
    private static IEnumerable<string> Circles(Flow flow)
    {
        var state = new Dictionary<string, int>(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var id in flow.Nodes.Keys) Walk(id);
        return found;

        void Walk(string start)
        {
            // An own stack: a flow may be long.
            var stack = new Stack<(string Id, IEnumerator<string> Next)>();
            Push(start);
            while (stack.TryPeek(out var top))
            {
                if (!top.Next.MoveNext())
                {
                    state[top.Id] = 2;
                    stack.Pop();
                }
                else if (state.GetValueOrDefault(top.Next.Current) == 1) found.Add(top.Next.Current);
                else Push(top.Next.Current);
            }

            void Push(string id)
            {
                if (state.ContainsKey(id) || !flow.Nodes.TryGetValue(id, out var node)) return;
                state[id] = 1;
                stack.Push((id, (node.Ask is not null || node.Person ? [] : node.Next()).GetEnumerator()));
            }
        }
    }

    [GeneratedRegex(@"\{([a-z0-9_]*)\}")]
    private static partial Regex Place();
}
