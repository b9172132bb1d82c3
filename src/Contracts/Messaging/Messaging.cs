using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Messaging;

/// <summary>A notice to one person.</summary>
/// <param name="Template">Key of a message template of the data pack (<c>messages/{Template}.yaml</c>), else the text <c>message.{Template}</c> of a room; <paramref name="Values"/> fill its variables in their order.</param>
/// <param name="Mobile">Null where the person is reached another way: <see cref="Email"/>.</param>
/// <param name="Class">otp or notice; the template's own class decides how it travels.</param>
/// <param name="Reference">Makes sending idempotent: the same (reference, template) is sent once.</param>
public sealed record OutgoingMessage(string Template, string Lang, string? Mobile, IReadOnlyList<string> Values, string Class, string Reference)
{
    /// <summary>In the order to try; those that this installation has no account for are passed over. Null: SMS.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>For the channel email.</summary>
    public string? Email { get; init; }

    /// <summary>For the channel email: goes with it. A message whose file is too large is not sent, and says so where it tells.</summary>
    public MailFile? File { get; init; }

    /// <summary>Whether the sender wants to know what becomes of it: <see cref="MessageTold"/>.</summary>
    public bool Tell { get; init; }
}

/// <summary>A file that goes with a mail.</summary>
/// <param name="Name">As the person sees it, in any script.</param>
/// <param name="Type">Media type.</param>
public sealed record MailFile(string Name, string Type, byte[] Content)
{
    /// <summary>Of one file: what every mail server takes, also after base64.</summary>
    public const int MostMegabytes = 5;

    public static bool Fits(long bytes) => bytes <= MostMegabytes * 1024L * 1024;
}

/// <summary>Stream <c>message/{id:N}</c>. What became of a message whose sender asked to be told: once when a provider has it, once when it ends.</summary>
/// <param name="Reference">The sender's own.</param>
/// <param name="Status">sent, delivered or failed.</param>
/// <param name="Reason">Why it failed, as a code.</param>
public sealed record MessageTold(string Reference, string Status, string? Channel, string? Reason) : IJournalBody
{
    public static string Kind => "messaging.told";
}

/// <summary>The gateway to people's phones: keeps the message and sends it through the channel's providers. Where the installation says so, messages are shown on a screen instead.</summary>
public interface IMessageGateway
{
    /// <summary>Whether this installation can send by a channel (sms, email, …).</summary>
    bool Serves(string channel);

    Task Send(OutgoingMessage message, CancellationToken ct) => Send([message], ct);

    /// <summary>Many at once; each is sent once, however often it comes.</summary>
    Task Send(IReadOnlyList<OutgoingMessage> messages, CancellationToken ct);
}

/// <summary>Conversations with the program.</summary>
public interface ITalk
{
    /// <summary>Whether any can be held: a pack with flows is loaded.</summary>
    ValueTask<bool> Open(CancellationToken ct);
}

/// <summary>Keys of other departments' systems, to send messages with.</summary>
public interface IMessageKeys
{
    /// <summary>Opens the service when it is new.</summary>
    /// <param name="kind">live, team (to guests only) or test (nothing leaves).</param>
    /// <param name="trial">Whether a new service starts on trial: to guests only, few a day.</param>
    /// <returns>The key: shown once.</returns>
    Task<Result<string>> Create(string service, string name, string kind, bool trial, CancellationToken ct);
}
