using System.Text.RegularExpressions;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Flows;

namespace Sahulat.Messaging.Talk;

/// <summary>The words of the program itself, by key.</summary>
internal delegate string Phrases(Lang lang, string key);

/// <summary>(flows, session, input) to (session, reply or action): no clock, no database, no channel. Ends for every input within <see cref="MostSteps"/> nodes and never throws.</summary>
internal static partial class Engine
{
    public const int MostSteps = 100, MostTurns = 500, MostDeep = 8, MostValue = 20_000;

    /// <summary>Stands between what one node says and what the next says.</summary>
    public const string Between = "\n\n";

    /// <summary>The texts of the program itself that a conversation says.</summary>
    public static readonly string[] Own = [.. new[] { "expired", "broken", "too-long", "too-fast", "stopped", "help", "lost", "not-understood", "no-mobile", "no-digits", "no-text" }.Select(k => "messaging.talk." + k)];

    private const int MostPath = 40, MissesBeforeHelp = 3;

    public static Sprint Step(Book book, Phrases phrases, Session session, Input input)
    {
        var run = new Run(book, phrases, session);
        return input switch
        {
            Said said => run.Said(FlowWords.Safe(said.Text)),
            Expired late => run.Begin(FlowWords.Safe(late.Text), "messaging.talk.expired"),
            Did did => run.Did(did),
            TimedOut => run.TimedOut(),
            HandedBack => run.Back(),
            _ => run.Silent(),
        };
    }

    public static string Fill(string text, IReadOnlyDictionary<string, string> values, Lang lang) => Place().Replace(text, m =>
    {
        var value = values.GetValueOrDefault(m.Groups[1].Value) ?? "";
        // Latin letters and digits keep their order inside Urdu and Kashmiri (UAX 9).
        return lang.RightToLeft && value.Any(c => char.IsAsciiLetterOrDigit(c)) && !value.Contains('\n', StringComparison.Ordinal) ? $"\u2068{value}\u2069" : value;
    });

    private static string Plain(string text, IReadOnlyDictionary<string, string> values) => Place().Replace(text, m => values.GetValueOrDefault(m.Groups[1].Value) ?? "");

    private sealed class Run(Book book, Phrases phrases, Session s)
    {
        private Session s = s;

        public Sprint Silent() => new(s, null);

        public Sprint Said(string text)
        {
            var clean = FlowWords.Clean(text);
            s = s with { Steps = 0, Turns = s.Turns + 1, Saying = "", Rest = [] };
            if (book.Common.Command(clean) is { } command) return Command(command);
            if (s.Ended) return Begin(text, null);
            if (s.Turns > MostTurns) return Stop("messaging.talk.too-long", "flow-too-long");
            if (Here() is not { Ask: { } ask } node) return Begin(text, null);
            // Somebody dials in again: the question that waits is asked again.
            if (text.Length == 0 && s.Values.GetValueOrDefault("media") is null or "") return Wait(node);
            s = s with { Values = With("said", text) };
            return Answer(node, ask, text, clean);
        }

        /// <summary>A new conversation: the flow that the words begin, else the menu.</summary>
        public Sprint Begin(string text, string? before)
        {
            var clean = FlowWords.Clean(text);
            s = s with { Steps = 0, Turns = 1, Saying = before is null || s.Ended ? "" : phrases(s.Language, before), Stack = [], Values = new Dictionary<string, string> { ["said"] = Cut(text), ["media"] = "" }, Lists = new Dictionary<string, IReadOnlyList<Option>>(), Offered = [], Misses = 0, Rest = [] };
            if (book.Common.Command(clean) is { } command && command != "menu") return Command(command);
            return Enter(book.Begun(clean) ?? book.Find(book.Common.Menu));
        }

        public Sprint Did(Did did)
        {
            if (Here() is not { Do: not null } node || !node.On.TryGetValue(did.Outcome, out var to)) return Stop("messaging.talk.broken", "flow-outcome-unknown");
            var values = new Dictionary<string, string>(s.Values);
            foreach (var (name, value) in did.Values) values[name] = value.Length > MostValue ? value[..MostValue] : value;
            var lists = new Dictionary<string, IReadOnlyList<Option>>(s.Lists);
            foreach (var (name, list) in did.Lists) lists[name] = list;
            s = s with { Values = values, Lists = lists, Proved = did.Proved ?? s.Proved };
            return Go(to);
        }

        public Sprint TimedOut() => Here() is { Ask.AfterTo: { } to } ? Go(to, fresh: true) : Silent();

        public Sprint Back()
        {
            s = s with { Steps = 0, Saying = "" };
            return s.Ended ? Enter(book.Find(book.Common.Menu)) : s.Stack[^1].At is { } at ? Go(at) : Pop();
        }

        private Sprint Command(string command)
        {
            switch (command)
            {
                case "stop":
                    s = s with { Stack = [], Offered = [], Values = new Dictionary<string, string>(), Lists = new Dictionary<string, IReadOnlyList<Option>>(), Rest = [] };
                    return new(s, new Reply(phrases(s.Language, "messaging.talk.stopped"), [], "nothing", true), Stopped: true);
                case "help":
                    Say(phrases(s.Language, "messaging.talk.help"));
                    return s.Ended || Here() is not { Ask: not null } node ? Enter(book.Find(book.Common.Menu)) : Wait(node);
                case "menu":
                    s = s with { Stack = [], Values = new Dictionary<string, string>(), Lists = new Dictionary<string, IReadOnlyList<Option>>() };
                    return Enter(book.Find(book.Common.Menu));
                case "status":
                    s = s with { Stack = [] };
                    return Enter(book.Find(book.Common.Status));
                default:
                    // The question that waits is asked again in the new language.
                    if (s.Stack.Count >= MostDeep) s = s with { Stack = [] };
                    return Enter(book.Find(book.Common.Lang));
            }
        }

        private Sprint Answer(Node node, Ask ask, string text, string clean)
        {
            switch (ask.Kind)
            {
                case "choices":
                    if (Pick(text, clean) is { } key && ask.Choices.FirstOrDefault(c => c.Key == key) is { } byKey) return Chosen(ask, byKey);
                    if (ask.Choices.FirstOrDefault(c => c.Words.Contains(clean)) is { } byWord) return Chosen(ask, byWord);
                    break;
                case "list":
                    if (Pick(text, clean) is { } picked && s.Offered.FirstOrDefault(o => o.Key == picked) is { } option)
                    {
                        s = s with { Values = With(ask.As!, option.Key, ask.As + "_label", option.Label), Misses = 0 };
                        return Go(node.To!);
                    }

                    break;
                case "mobile":
                    if (Mobile.Normalise(text) is { } mobile) return Taken(node, ask, mobile);
                    break;
                case "digits":
                    if (FlowWords.Digits(text) is { } digits && digits.Length <= ask.Max) return Taken(node, ask, digits);
                    break;
                default:
                    if (text.Length > 0 && text.Length <= ask.Max) return Taken(node, ask, text);
                    break;
            }

            if (ask.Else is { } other) return Go(other);
            s = s with { Misses = s.Misses + 1 };
            Say(phrases(s.Language, s.Misses >= MissesBeforeHelp ? "messaging.talk.lost" : ask.Kind switch { "mobile" => "messaging.talk.no-mobile", "digits" => "messaging.talk.no-digits", "text" => "messaging.talk.no-text", _ => "messaging.talk.not-understood" }));
            return Wait(node);
        }

        private Sprint Chosen(Ask ask, Choice choice)
        {
            s = s with { Misses = 0, Values = ask.As is { } name ? With(name, choice.Key, name + "_label", choice.Label.In(s.Language)) : s.Values };
            return Go(choice.To);
        }

        private Sprint Taken(Node node, Ask ask, string value)
        {
            s = s with { Misses = 0, Values = With(ask.As!, value) };
            return Go(node.To!);
        }

        /// <summary>The key of what was offered: by the key of a button, by number in any script, by its words, or by a part that only one has.</summary>
        private string? Pick(string text, string clean)
        {
            var offered = s.Offered;
            if (offered.FirstOrDefault(o => o.Key == text.Trim()) is { } same) return same.Key;
            if (FlowWords.Digits(text) is { Length: <= 3 } digits && int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) is var n && n >= 1 && n <= offered.Count) return offered[n - 1].Key;
            if (clean.Length == 0) return null;
            if (offered.FirstOrDefault(o => FlowWords.Clean(o.Label) == clean) is { } whole) return whole.Key;
            var parts = clean.Length < 3 ? [] : offered.Where(o => FlowWords.Clean(o.Label).Contains(clean, StringComparison.Ordinal)).Take(2).ToArray();
            return parts.Length == 1 ? parts[0].Key : null;
        }

        private Sprint Enter(Flow? flow)
        {
            if (flow is null) return Stop("messaging.talk.broken", "flow-unknown");
            s = s with { Stack = [.. s.Stack, new Frame(flow.Key, flow.Version, flow.Start)], Offered = [], Misses = 0 };
            return Go(flow.Start);
        }

        /// <summary>From node to node until somebody must answer, an action must be done, or the end.</summary>
        private Sprint Go(string to, bool fresh = false)
        {
            if (fresh) s = s with { Steps = 0, Saying = "" };
            while (true)
            {
                if (s.Steps >= MostSteps) return Stop("messaging.talk.broken", "flow-loops");
                if (book.Find(s.Stack[^1].Flow, s.Stack[^1].Version)?.Nodes.GetValueOrDefault(to) is not { } node) return Stop("messaging.talk.broken", "flow-node-unknown");
                s = s with { Steps = s.Steps + 1, Stack = [.. s.Stack.Take(s.Stack.Count - 1), s.Stack[^1] with { At = to }], Path = [.. s.Path.Skip(Math.Max(0, s.Path.Count - MostPath + 1)), $"{s.Stack[^1].Flow}/{to}"] };
                if (node.Set.Count > 0)
                {
                    var values = new Dictionary<string, string>(s.Values);
                    foreach (var (name, value) in node.Set) values[name] = Cut(Plain(value, s.Values));
                    s = s with { Values = values };
                }

                if (node.Language is { } lang && Lang.Find(Plain(lang, s.Values)) is { } known) s = s with { Lang = known.Code };
                if (node.Say is { } say) Say(Fill(say.In(s.Language), s.Values, s.Language));
                if (node.Ask is not null) return Wait(node, again: true);
                if (node.Do is { } name2) return new(s, null, new Doing(name2, node.With.ToDictionary(w => w.Key, w => Plain(w.Value, s.Values))));
                if (node.Person)
                {
                    s = s with { Stack = [.. s.Stack.Take(s.Stack.Count - 1), s.Stack[^1] with { At = node.To }], Offered = [] };
                    return Flush("text", false) with { Person = true };
                }

                if (node.Enter is { } enter)
                {
                    if (s.Stack.Count >= MostDeep || book.Find(enter) is not { } inner) return Stop("messaging.talk.broken", "flow-too-deep");
                    s = s with { Stack = [.. s.Stack.Take(s.Stack.Count - 1), s.Stack[^1] with { At = node.To }, new Frame(inner.Key, inner.Version, inner.Start)] };
                    to = inner.Start;
                    continue;
                }

                if (node.End)
                {
                    if (Popped() is not { } next) return Flush("nothing", true);
                    to = next;
                    continue;
                }

                to = node.Route is { } route ? route.Cases.GetValueOrDefault(s.Values.GetValueOrDefault(route.By) ?? "") ?? route.Else : node.To!;
            }
        }

        /// <summary>Ends the innermost flow.</summary>
        /// <returns>Where the one below goes on; null when none is left.</returns>
        private string? Popped()
        {
            var stack = s.Stack.Take(s.Stack.Count - 1).ToList();
            while (stack.Count > 0 && stack[^1].At is null) stack.RemoveAt(stack.Count - 1);
            s = s with { Stack = stack, Offered = [] };
            return stack.Count == 0 ? null : stack[^1].At;
        }

        private Sprint Pop() => Popped() is { } next ? Go(next) : Enter(book.Find(book.Common.Menu));

        /// <param name="again">The question itself was just said.</param>
        private Sprint Wait(Node node, bool again = false)
        {
            if (!again && node.Say is { } say) Say(Fill(say.In(s.Language), s.Values, s.Language));
            var ask = node.Ask!;
            s = s with { Offered = ask.Kind switch { "choices" => [.. ask.Choices.Select(c => new Option(c.Key, c.Label.In(s.Language)))], "list" => s.Lists.GetValueOrDefault(ask.List!) ?? [], _ => [] } };
            return Flush(ask.Kind switch { "choices" or "list" => "choice", "mobile" or "digits" => "digits", _ => "text" }, false);
        }

        private Sprint Flush(string expects, bool ends)
        {
            var text = s.Saying;
            s = s with { Saying = "" };
            return new(s, text.Length == 0 && s.Offered.Count == 0 ? null : new Reply(text, ends ? [] : s.Offered, expects, ends));
        }

        private Sprint Stop(string phrase, string fault)
        {
            s = s with { Stack = [], Offered = [], Saying = "", Rest = [] };
            return new(s, new Reply(phrases(s.Language, phrase), [], "nothing", true), Fault: fault);
        }

        private Node? Here() => s.Stack.Count > 0 && s.Stack[^1] is { At: { } at } frame ? book.Find(frame.Flow, frame.Version)?.Nodes.GetValueOrDefault(at) : null;

        private void Say(string text) => s = s with { Saying = s.Saying.Length == 0 ? text : s.Saying + Between + text };

        private Dictionary<string, string> With(params string[] pairs)
        {
            var values = new Dictionary<string, string>(s.Values);
            for (var i = 0; i < pairs.Length; i += 2) values[pairs[i]] = Cut(pairs[i + 1]);
            return values;
        }

        private static string Cut(string value) => value.Length > FlowWords.Most ? value[..FlowWords.Most] : value;
    }

    [GeneratedRegex(@"\{([a-z0-9_]*)\}")]
    private static partial Regex Place();
}
