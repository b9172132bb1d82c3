using Sahulat.Kernel.Language;

namespace Sahulat.Messaging.Flows;

/// <summary>One version of a conversation as data: <c>data/{pack}/flows/{key}.yaml</c>. Immutable.</summary>
/// <param name="Takes">Values that a flow which enters this one has set before.</param>
/// <param name="Begins">Words that begin it, cleaned by <see cref="FlowWords.Clean"/>.</param>
internal sealed record Flow(string Key, int Version, string Name, string Start, TimeSpan Idle, IReadOnlyList<string> Takes, IReadOnlySet<string> Begins, IReadOnlyDictionary<string, Node> Nodes);

/// <summary>First says, then sets, then exactly one of: ask, do, route, enter, person, end, or on to the next node.</summary>
internal sealed record Node(string Id)
{
    public LocalText? Say { get; init; }

    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    /// <summary>The language of what follows, as a code or a value.</summary>
    public string? Language { get; init; }

    public Ask? Ask { get; init; }

    public string? Do { get; init; }

    public IReadOnlyDictionary<string, string> With { get; init; } = new Dictionary<string, string>();

    /// <summary>The node for each outcome of <see cref="Do"/>.</summary>
    public IReadOnlyDictionary<string, string> On { get; init; } = new Dictionary<string, string>();

    public Route? Route { get; init; }

    /// <summary>Another flow, after whose end this one goes on at <see cref="To"/>, or ends too.</summary>
    public string? Enter { get; init; }

    /// <summary>Hands over to a person at the desk; goes on at <see cref="To"/> when handed back.</summary>
    public bool Person { get; init; }

    public bool End { get; init; }

    public string? To { get; init; }

    public IEnumerable<string> Next()
    {
        if (Ask is { } ask)
        {
            foreach (var choice in ask.Choices) yield return choice.To;
            if (ask.Else is { } other) yield return other;
            if (ask.AfterTo is { } late) yield return late;
        }

        foreach (var (_, to) in On) yield return to;
        if (Route is { } route)
        {
            foreach (var (_, to) in route.Cases) yield return to;
            yield return route.Else;
        }

        if (To is { } next) yield return next;
    }
}

/// <summary>What a node waits for: one of a few choices, one of a list that an action made, or words.</summary>
/// <param name="Kind">choices, list, text, mobile or digits.</param>
/// <param name="As">The value that takes the answer.</param>
/// <param name="Secret">The answer is not kept with the conversation (a one-time code).</param>
internal sealed record Ask(string Kind, IReadOnlyList<Choice> Choices, string? List, string? As, int Max, bool Secret, string? Else, TimeSpan? After, string? AfterTo);

/// <param name="Words">Other words for it, cleaned.</param>
internal sealed record Choice(string Key, LocalText Label, IReadOnlySet<string> Words, string To);

/// <summary>By the content of a value.</summary>
internal sealed record Route(string By, IReadOnlyDictionary<string, string> Cases, string Else);

/// <summary>What every conversation understands at any time, and the agents' ready replies: <c>flows/common.yaml</c>.</summary>
internal sealed record Common(IReadOnlyDictionary<string, IReadOnlySet<string>> Commands, IReadOnlyDictionary<string, LocalText> Replies, string Menu, string Status, string Lang)
{
    public static readonly string[] Names = ["stop", "help", "menu", "status", "lang"];

    public static readonly Common Empty = new(new Dictionary<string, IReadOnlySet<string>>(), new Dictionary<string, LocalText>(), "", "", "");

    public string? Command(string cleaned)
    {
        foreach (var (name, words) in Commands)
            if (words.Contains(cleaned)) return name;
        return null;
    }
}
