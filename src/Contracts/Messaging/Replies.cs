using Sahulat.Kernel.Data;

namespace Sahulat.Contracts.Messaging;

/// <summary>What a person wrote to us.</summary>
/// <param name="Channel">sms, whatsapp, telegram, web, ussd or voice.</param>
/// <param name="From">The person's address on that channel: for sms a mobile number in E.164.</param>
public sealed record SaidText(Guid Id, string Channel, string From, string Text, DateTimeOffset At);

/// <summary>A room that waits for short answers (a rating by keypad): asked before a conversation takes the text.</summary>
public interface IReplies
{
    /// <returns>Null when the text is not an answer that this room waits for; else what to say back, empty for nothing.</returns>
    Task<string?> Take(Work work, SaidText said);
}
