using Sahulat.Kernel.Data;

namespace Sahulat.Contracts.Messaging;

/// <summary>What a person wrote to us.</summary>
/// <param name="Channel">sms, whatsapp, telegram, web, ussd or voice.</param>
/// <param name="From">The person's address on that channel: for sms a mobile number in E.164.</param>
public sealed record SaidText(Guid Id, string Channel, string From, string Text, DateTimeOffset At)
{
    /// <summary>When the person was last asked something by a conversation that still waits for the answer: the text answers only what was asked later. Null when none waits.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>A room that waits for short answers (a rating by keypad): asked before a conversation takes the text.</summary>
public interface IReplies
{
    /// <summary>Whether the text can be such an answer at all, told without looking anything up.</summary>
    bool Could(string text);

    /// <summary>Of these addresses the ones from which an answer may be waited for: asked once for many, before any of them is asked for in earnest.</summary>
    Task<IReadOnlyCollection<string>> Waits(Work work, IReadOnlyCollection<string> from);

    /// <returns>Null when the text is not an answer that this room waits for; else what to say back, empty for nothing.</returns>
    Task<string?> Take(Work work, SaidText said);
}
