namespace Sahulat.Messaging.Talk;

/// <summary>Who talks, and where.</summary>
/// <param name="Id">The conversation.</param>
/// <param name="Network">Where the person comes from, to count attempts by: the number, or the internet address.</param>
/// <param name="Turn">Names this answer once for all, so that an action tried again is done once.</param>
internal sealed record Talker(Guid Id, string Channel, string Address, string Network, string Turn, DateTimeOffset Now);

internal sealed record DoingCall(Talker Who, Session Session, IReadOnlyDictionary<string, string> With)
{
    public string this[string name] => With.GetValueOrDefault(name) ?? "";

    public string Value(string name) => Session.Values.GetValueOrDefault(name) ?? "";
}

/// <summary>An action that flows may name: what it takes, how it can end, which values and lists it sets.</summary>
/// <param name="Outside">It waits for a database or another room: such a conversation is carried on apart from the others of its batch. The simulator does not do it but asks its author how it should end.</param>
internal sealed record DoingKind(string Name, string[] Takes, string[] Outcomes, string[] Gives, string[] Lists, bool Outside, Func<DoingCall, CancellationToken, ValueTask<Did>> Do);

internal interface IDoings
{
    IEnumerable<DoingKind> All { get; }
}
