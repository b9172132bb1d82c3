using System.Net;
using Microsoft.Extensions.Configuration;

namespace Sahulat.Messaging.Deliver;

/// <summary>What a provider is given. <paramref name="Id"/> stays the same however often a message is tried: a provider that takes a key takes this one.</summary>
internal sealed record Outgoing(Guid Id, int Attempt, string Class, string Template, string? Reference, Accept.Step Step);

internal enum Hand
{
    /// <summary>The provider has it; a receipt may follow.</summary>
    Accepted,

    /// <summary>The provider has it and tells nothing more: counts as delivered.</summary>
    Delivered,

    /// <summary>This message will never go this way: not tried again, nor elsewhere on this channel.</summary>
    Refused,

    /// <summary>Not taken now, and surely not taken: may be tried again, by another provider too.</summary>
    Down,

    /// <summary>Asked to wait.</summary>
    Busy,

    /// <summary>Nobody knows: the answer did not come. To be settled before any other way is tried.</summary>
    Unknown,
}

/// <param name="Ref">The provider's own id of the message.</param>
internal sealed record Handed(Hand Kind, string? Ref = null, string? Reason = null, TimeSpan? After = null)
{
    public static readonly Handed Ok = new(Hand.Accepted);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Too many calls (429): waits as long as the provider asks for (RFC 9110, Retry-After), five minutes at most. Null for any other answer.</summary>
    public static Handed? TooMany(HttpResponseMessage answer, string provider) =>
        answer.StatusCode != HttpStatusCode.TooManyRequests ? null : new(Hand.Busy, Reason: $"{provider}-429", After: answer.Headers.RetryAfter?.Delta is { } wait ? wait < LongestWait ? wait : LongestWait : TimeSpan.FromSeconds(5));
}

/// <summary>One account with one provider: a new channel is one class of this kind and one block of settings.</summary>
internal interface IProvider
{
    /// <summary>Whether a message given twice with the same id goes out once.</summary>
    bool TakesKey => false;

    Task<Handed> Send(Outgoing message, CancellationToken ct);

    /// <summary>Asks what became of a message whose answer did not come; null when the provider cannot tell.</summary>
    Task<Handed?> Ask(Outgoing message, CancellationToken ct) => Task.FromResult<Handed?>(null);
}

/// <summary>A call that a provider made to us, as it came.</summary>
internal sealed record HookCall(string Method, string Path, Dictionary<string, string> Query, Dictionary<string, string> Headers, byte[] Body);

/// <summary>What a call told of a message: its state by our id or by the provider's.</summary>
internal sealed record Told(Guid? Id, string? Ref, string Status, string? Reason = null);

/// <param name="External">The provider's id, by which a repeated call is known.</param>
internal sealed record Said(string External, string Channel, string From, string To, string Text, DateTimeOffset? At = null, Media? Media = null);

/// <summary>A picture or document that the person sent; its content is fetched from the provider when it is wanted.</summary>
internal sealed record Media(string Id, string? Name);

/// <summary>A provider from which what people sent can be fetched.</summary>
internal interface IMediaSource
{
    /// <returns>Null when it is gone or larger than <paramref name="most"/> bytes.</returns>
    Task<byte[]?> Fetch(string id, int most, CancellationToken ct);
}

internal sealed record HookRead(IReadOnlyList<Told> Receipts, IReadOnlyList<Said> Messages)
{
    public static readonly HookRead Nothing = new([], []);
}

/// <summary>A provider that calls us.</summary>
internal interface IHook
{
    /// <summary>Whether the call is the provider's own; decided before anything is kept. A response, when given, answers a handshake and ends it.</summary>
    HttpStatusCode Verify(HookCall call, out string? response);

    /// <exception cref="FormatException">The call cannot be read.</exception>
    HookRead Read(HookCall call);

    /// <summary>What the provider is answered once the call is kept, as JSON; null for nothing.</summary>
    string? Answer(HookCall call) => null;
}

/// <summary>The settings block <c>Sahulat:Messaging:Providers:{Name}</c>.</summary>
/// <param name="Window">Calls at the same time.</param>
/// <param name="PerSecond">Segments a second that the account allows; 0 when it does not say.</param>
/// <param name="Weight">The share among providers of the same channel, 1 to 100.</param>
internal sealed record ProviderSettings(string Name, string Kind, string Channel, int Window, double PerSecond, int Weight, TimeSpan Timeout, IConfigurationSection Section)
{
    public static ProviderSettings Read(IConfigurationSection s) => new(
        s.Key, s["Kind"] ?? throw new InvalidOperationException($"{s.Path}: Kind is missing"), s["Channel"] ?? "sms",
        Math.Clamp(s.GetValue("Window", 32), 1, 4096), s.GetValue("PerSecond", 0d), Math.Clamp(s.GetValue("Weight", 100), 1, 100), TimeSpan.FromSeconds(s.GetValue("Timeout", 10d)), s);

    public string Required(string key) => Section[key] is { Length: > 0 } value ? value : throw new InvalidOperationException($"{Section.Path}: {key} is missing");
}

/// <summary>A class of <see cref="IProvider"/> that settings may name.</summary>
internal sealed record ProviderKind(string Kind, Type Type)
{
    public static ProviderKind Of<T>(string kind) where T : class, IProvider => new(kind, typeof(T));
}
