namespace Sahulat.Contracts.Messaging;

/// <summary>A notice to one person.</summary>
/// <param name="Template">Text key <c>message.{Template}</c>; <paramref name="Values"/> fill {0}, {1}, ….</param>
/// <param name="Class">otp or notice.</param>
/// <param name="Reference">Makes sending idempotent: the same (reference, template) is sent once.</param>
public sealed record OutgoingMessage(string Template, string Lang, string Mobile, IReadOnlyList<string> Values, string Class, string Reference);

/// <summary>The gateway to people's phones. The development form shows messages on a screen.</summary>
public interface IMessageGateway
{
    Task Send(OutgoingMessage message, CancellationToken ct) => Send([message], ct);

    /// <summary>Many at once; each is sent once, however often it comes.</summary>
    Task Send(IReadOnlyList<OutgoingMessage> messages, CancellationToken ct);
}
