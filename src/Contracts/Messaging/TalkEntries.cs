using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Messaging;

/// <summary>Stream <c>talk/{conversation:N}</c>: an official answers a conversation in the program's place.</summary>
public sealed record TalkTaken(string Post, string Channel) : IJournalBody
{
    public static string Kind => "messaging.talk-taken";
}

/// <param name="To">flow: the program goes on; waiting: another official may take it; closed.</param>
public sealed record TalkReturned(string Post, string To) : IJournalBody
{
    public static string Kind => "messaging.talk-returned";
}
