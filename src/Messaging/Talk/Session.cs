using System.Text.Json.Serialization;
using Sahulat.Kernel.Language;

namespace Sahulat.Messaging.Talk;

/// <summary>One thing a person may choose. <paramref name="Key"/> comes back from a button; people may type the number or the words.</summary>
internal sealed record Option(string Key, string Label);

/// <param name="At">The node that waits or acts; in a frame below, the node to go on at, or null to end with it.</param>
internal sealed record Frame(string Flow, int Version, string? At);

/// <summary>Where a conversation stands. Never changed, only replaced.</summary>
internal sealed record Session
{
    public string Lang { get; init; } = "en";

    /// <summary>The innermost flow is last; empty when the conversation has ended.</summary>
    public IReadOnlyList<Frame> Stack { get; init; } = [];

    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, IReadOnlyList<Option>> Lists { get; init; } = new Dictionary<string, IReadOnlyList<Option>>();

    /// <summary>What was offered last, in the order in which the person saw it.</summary>
    public IReadOnlyList<Option> Offered { get; init; } = [];

    /// <summary>The number that the person has proved to hold, in E.164.</summary>
    public string? Proved { get; init; }

    public int Misses { get; init; }

    /// <summary>Nodes gone through since the person last said something.</summary>
    public int Steps { get; init; }

    /// <summary>When the program or an official last wrote to the person.</summary>
    public DateTimeOffset? SpokeAt { get; init; }

    /// <summary>Answers since the conversation began.</summary>
    public int Turns { get; init; }

    /// <summary>What was said in this turn before an action that is not done yet.</summary>
    public string Saying { get; init; } = "";

    /// <summary>The last nodes gone through, for whoever looks for a fault in a flow.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>Pages of a long reply that the channel has not shown yet.</summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    /// <summary>The minute in which messages are counted, how many came in it, and whether the person was told to wait.</summary>
    public long Minute { get; init; }

    public int InMinute { get; init; }

    public bool Told { get; init; }

    [JsonIgnore]
    public bool Ended => Stack.Count == 0;

    [JsonIgnore]
    public Lang Language => Kernel.Language.Lang.Find(Lang) ?? Kernel.Language.Lang.En;
}

internal abstract record Input;

/// <summary>What a person wrote, pressed or spoke.</summary>
internal sealed record Said(string Text) : Input;

/// <summary>An action is done.</summary>
internal sealed record Did(string Outcome) : Input
{
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, IReadOnlyList<Option>> Lists { get; init; } = new Dictionary<string, IReadOnlyList<Option>>();

    /// <summary>A number that is now proved.</summary>
    public string? Proved { get; init; }
}

/// <summary>The person did not answer in the time that the node gives.</summary>
internal sealed record TimedOut : Input
{
    public static readonly TimedOut It = new();
}

/// <summary>Too long ago: what comes next begins anew.</summary>
internal sealed record Expired(string Text) : Input;

/// <summary>An official gave the conversation back.</summary>
internal sealed record HandedBack : Input
{
    public static readonly HandedBack It = new();
}

/// <param name="Expects">choice, text, digits, or nothing.</param>
internal sealed record Reply(string Text, IReadOnlyList<Option> Options, string Expects, bool Ends);

/// <summary>An action to be done before the conversation can go on.</summary>
internal sealed record Doing(string Name, IReadOnlyDictionary<string, string> With);

/// <summary>What one step of a conversation makes: exactly one of a reply and an action; or silence.</summary>
/// <param name="Person">A person at the desk is called.</param>
/// <param name="Fault">The permanent code of what is wrong with the flow.</param>
internal sealed record Sprint(Session Session, Reply? Reply, Doing? Doing = null, bool Person = false, string? Fault = null, bool Stopped = false);
